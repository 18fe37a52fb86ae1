/// Which words of a sentence belong to which of its translation, in the notation of Pharaoh: `0-0 1-2 2-1`, source before target,
/// counted from 0.
public struct WordAlignment: Sendable, Equatable, Codable {
  /// Two words that belong together.
  public struct Link: Sendable, Hashable, Codable {
    /// The places of the words, from 0.
    public var source, target: Int

    /// Two words that belong together.
    public init(source: Int, target: Int) { (self.source, self.target) = (source, target) }
  }

  /// The links, in any order.
  public var links: [Link]

  /// An alignment.
  public init(_ links: [Link] = []) { self.links = links }

  /// Each word of the translation with the word of the source that has the largest weight, the first of several; words whose
  /// weights are all zero or no numbers belong to none.
  ///
  /// - Parameter attention: `[target][source]`.
  public init(attention: [[Float]]) {
    links = attention.enumerated().compactMap { target, weights in
      var best: (source: Int, weight: Float)?
      for (source, weight) in weights.enumerated() where weight > best?.weight ?? 0 {
        best = (source, weight)
      }
      return best.map { Link(source: $0.source, target: target) }
    }
  }

  /// The links on one line.
  public var text: String { links.map { "\($0.source)-\($0.target)" }.joined(separator: " ") }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - text: links between blanks; an empty one has none.
  ///   - path: the file, for errors.
  ///   - line: its line.
  /// - Throws: ``DataError/malformed(path:place:expected:found:)``.
  public init(_ text: String, path: String, line: Int) throws(DataError) {
    links = []
    for part in text.split(whereSeparator: \.isWhitespace) {
      let places = part.split(separator: "-", omittingEmptySubsequences: false)
      guard places.count == 2, let source = WordAlignment.place(places[0]),
        let target = WordAlignment.place(places[1])
      else {
        throw .malformed(
          path: path, place: .line(line), expected: "links such as 0-0 1-2", found: "\"\(part.prefix(40))\"")
      }
      links.append(Link(source: source, target: target))
    }
  }

  /// The number of a word, which no sentence has a billion of.
  private static func place(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count < 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Reads a file with the alignment of a pair in each line.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func read(_ source: DataSource) throws -> [WordAlignment] {
    let file = try DataBytes(source)
    try file.requireLines()
    var (cursor, alignments) = (LineCursor(file), [WordAlignment]())
    while true {
      var text = ""
      let line = cursor.line
      guard cursor.next({ text = String(decoding: $0, as: UTF8.self) }) else { return alignments }
      alignments.append(try WordAlignment(text, path: file.path, line: line))
    }
  }
}
