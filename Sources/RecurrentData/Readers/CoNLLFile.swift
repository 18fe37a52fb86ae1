/// A file in the style of the CoNLL tasks: a token a line with its tags behind it, an empty line between sentences.
public struct CoNLLFile: Sendable {
  /// One sentence.
  public struct Sentence: Sendable, Equatable {
    /// The words.
    public var words: [String]
    /// For each word its tag.
    public var tags: [String]
    /// The line of the first word.
    public var line: Int
  }

  /// The sentences.
  public let sentences: [Sentence]

  /// Endings that such files usually have.
  static let endings = ["conll", "conllu", "bio", "iob", "iob2", "ner", "pos"]

  /// Whether a text is one of these: words with as many tags on every line, and an empty line among the first thousand.
  static func recognizes(_ file: DataBytes) -> Bool {
    guard let lines = try? file.lines().prefix(1000) else { return false }
    let widths = lines.map { line in line.split { $0 == "\t" || $0 == " " }.count }
    guard let width = widths.first(where: { $0 > 0 }), width >= 2, width <= 20 else { return false }
    let filled = widths.filter { $0 > 0 }
    return widths.dropLast().contains(0) && filled.count { $0 == width } * 10 >= filled.count * 9
  }

  /// Reads a file, which gzip may have compressed.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - wordColumn: where the word stands, from 0.
  ///   - tagColumn: where the tag stands; nil for the last column.
  /// - Throws: ``DataError`` or a format error.
  public init(path: String, wordColumn: Int = 0, tagColumn: Int? = nil) throws {
    try self.init(DataBytes(path: path), wordColumn: wordColumn, tagColumn: tagColumn)
  }

  /// Reads a file that was opened.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes, wordColumn: Int = 0, tagColumn: Int? = nil) throws(DataError) {
    var sentences: [Sentence] = []
    var current = Sentence(words: [], tags: [], line: 0)
    var width: Int?
    var hasTabs = false
    for (index, line) in try file.lines().enumerated() {
      let fields = line.split { $0 == "\t" || $0 == " " }
      // a comment may have as many words as there are columns, but no tabs
      if line.hasPrefix("#"), fields.count != width || hasTabs && !line.contains("\t") { continue }
      // a mark between documents
      guard let first = fields.first, first != "-DOCSTART-" else {
        if !current.words.isEmpty { sentences.append(current) }
        current = Sentence(words: [], tags: [], line: 0)
        continue
      }
      if current.words.isEmpty { current.line = index + 1 }
      hasTabs = hasTabs || line.contains("\t")
      width = width ?? fields.count
      let tagPlace = tagColumn ?? fields.count - 1
      guard fields.count == width, fields.count >= 2, fields.indices.contains(tagPlace),
        fields.indices.contains(wordColumn)
      else {
        throw .malformed(
          path: file.path, place: .line(index + 1),
          expected: "\(width ?? 2) columns, a word and its tag among them",
          found: "\(fields.count)")
      }
      current.words.append(String(fields[wordColumn]))
      current.tags.append(String(fields[tagPlace]))
    }
    if !current.words.isEmpty { sentences.append(current) }
    guard !sentences.isEmpty else { throw .empty(path: file.path) }
    self.sentences = sentences
  }
}
