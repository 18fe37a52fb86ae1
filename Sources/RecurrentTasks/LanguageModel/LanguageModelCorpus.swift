/// The text of a language model, cut into parts and turned into tokens.
///
/// The vocabulary is fitted on the training part alone.
public struct LanguageModelCorpus: Sendable {
  /// The fitted vocabulary.
  public let vocabulary: TextVocabulary
  /// The part that is trained on.
  public let training: EncodedText
  /// The part that validates; empty for none.
  public let validation: EncodedText
  /// The part that tests; empty for none.
  public let test: EncodedText
  /// Where the text came from.
  public let sources: [Source]

  /// A file of text.
  public struct Source: Sendable, Equatable, Codable {
    /// The name of the file, without folders.
    public var name: String
    /// Its size.
    public var bytes: Int
    /// The SHA-256 digest of its content.
    public var sha256: String
    /// `training`, `validation`, or `text` for a file that is cut into parts.
    public var role: String
  }

  /// The text of files, read and checked but not yet fitted.
  public struct Text: Sendable {
    fileprivate let training: String
    fileprivate let validation: String
    fileprivate let test: String
    fileprivate let sources: [Source]
    /// Characters of the training part.
    public let trainingCharacterCount: Int

    /// Reads files of UTF-8 text.
    ///
    /// - Parameters:
    ///   - paths: the text; several files are one text.
    ///   - validationPaths: files for validation; empty to cut the text instead.
    ///   - split: shares for training, validation and test, by position; used without validation files.
    /// - Throws: ``DataError``.
    public init(paths: [String], validationPaths: [String], split: TextSplit) throws {
      let isCut = validationPaths.isEmpty
      let (text, textSources) = try Text.read(paths, role: isCut ? "text" : "training")
      let (other, otherSources) = try Text.read(validationPaths, role: "validation")
      sources = textSources + otherSources
      guard isCut else {
        training = text
        validation = other
        test = ""
        trainingCharacterCount = text.unicodeScalars.count
        return
      }
      let scalars = text.unicodeScalars
      let ranges = split.ranges(count: scalars.count)
      let first = scalars.index(scalars.startIndex, offsetBy: ranges.training.count)
      let second = scalars.index(first, offsetBy: ranges.validation.count)
      training = String(scalars[..<first])
      validation = String(scalars[first..<second])
      test = String(scalars[second...])
      trainingCharacterCount = ranges.training.count
    }

    private static func read(_ paths: [String], role: String) throws -> (text: String, sources: [Source]) {
      var text = ""
      var sources: [Source] = []
      for path in paths {
        var digest = SHA256()
        var bytes = 0
        try UTF8TextReader([DataSource(path)]).forEachChunk { chunk in
          digest.update(UnsafeRawBufferPointer(chunk))
          bytes += chunk.count
          text += String(decoding: chunk, as: UTF8.self)
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        sources.append(Source(name: name, bytes: bytes, sha256: digest.finish(), role: role))
      }
      return (text, sources)
    }
  }

  /// Fits the vocabulary on the training part and encodes all parts.
  ///
  /// - Throws: ``DataError``.
  public init(_ text: Text, unit: TextUnit, vocabularySize: Int?, minimumCount: Int) throws {
    vocabulary = try TextVocabulary.fit(
      unit: unit, texts: [text.training], size: vocabularySize, minimumCount: minimumCount)
    training = vocabulary.encode(text.training)
    validation = vocabulary.encode(text.validation)
    test = vocabulary.encode(text.test)
    sources = text.sources
  }

  /// All tokens by falling frequency in the training part; nil where the vocabulary is in that order.
  public var tokenOrder: [Int32]? {
    switch vocabulary.unit {
    case .character, .word: return nil
    case .byte, .bpe: break
    }
    var counts = [Int](repeating: 0, count: vocabulary.count)
    for id in training.ids { counts[Int(id)] += 1 }
    return counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
      .map { Int32($0) }
  }

  /// How many tokens of a unit the training part has, roughly: enough to choose defaults before the vocabulary exists.
  public static func estimatedTokenCount(_ text: Text, unit: TextUnit) -> Int {
    switch unit {
    case .character, .byte: text.trainingCharacterCount
    case .bpe: text.trainingCharacterCount / 3
    case .word: text.trainingCharacterCount / 5
    }
  }
}
