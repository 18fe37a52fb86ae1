/// The text of a language model, cut into parts by position; those of files of their own are whole.
struct LanguageModelText {
  /// The part that is trained on.
  let training: String
  /// The part that validates; empty for none.
  let validation: String
  /// The part that tests; empty for none.
  let test: String

  /// Reads files of UTF-8 text; several files of a part are one text.
  ///
  /// - Parameters:
  ///   - paths: the text.
  ///   - validationPaths: files for validation.
  ///   - testPaths: files for the test.
  ///   - split: the shares of the parts, where there are no files for validation and test.
  /// - Throws: ``DataError``.
  init(paths: [String], validationPaths: [String], testPaths: [String], split: TextSplit) throws {
    let text = try LanguageModelText.read(paths)
    guard validationPaths.isEmpty, testPaths.isEmpty else {
      training = text
      validation = try LanguageModelText.read(validationPaths)
      test = try LanguageModelText.read(testPaths)
      return
    }
    let scalars = text.unicodeScalars
    let ranges = split.ranges(count: scalars.count)
    let first = scalars.index(scalars.startIndex, offsetBy: ranges.training.count)
    let second = scalars.index(first, offsetBy: ranges.validation.count)
    training = String(scalars[..<first])
    validation = String(scalars[first..<second])
    test = String(scalars[second...])
  }

  private static func read(_ paths: [String]) throws -> String {
    var text = ""
    try UTF8TextReader(paths: paths).forEachChunk { text += String(decoding: $0, as: UTF8.self) }
    return text
  }

  /// How many tokens of a unit the training part has, roughly: enough to choose defaults before the vocabulary exists.
  func estimatedTokenCount(unit: TextUnit) -> Int {
    let count = training.unicodeScalars.count
    switch unit {
    case .character, .byte: return count
    case .bpe: return count / 3
    case .word: return count / 5
    }
  }
}
