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
    let text = try file.withBytes { (bytes) throws(DataError) in
      if case .invalid(let index) = checkUTF8(bytes.bindMemory(to: UInt8.self)) {
        throw DataError.invalidUTF8(path: file.path, byteOffset: index, byte: bytes[index])
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    var sentences: [Sentence] = []
    var current = Sentence(words: [], tags: [], line: 1)
    var width: Int?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.split { $0 == "\t" || $0 == " " || $0 == "\r" }
      // comments, and the marks between documents
      if fields.first?.hasPrefix("#") ?? false, fields.count != width { continue }
      guard let first = fields.first, first != "-DOCSTART-" else {
        if !current.words.isEmpty { sentences.append(current) }
        current = Sentence(words: [], tags: [], line: index + 2)
        continue
      }
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
