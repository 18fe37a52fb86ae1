/// A file in the style of the CoNLL tasks: a word a line with its tags behind it, an empty line between sentences.
///
/// Columns stand between tabs, or between blanks where lines have none. Lines that begin with `#` and are no row are comments,
/// `-DOCSTART-` ends a sentence. Where the first column numbers the words of each sentence, as in CoNLL-U, the second one holds
/// the words; rows such as `3-4` and `5.1`, which repeat or add words, are left out, and of ten columns the fourth is the tag.
public struct CoNLLFile: Sendable {
  /// One sentence.
  public struct Sentence: Sendable, Equatable {
    /// The words, as they stand.
    public var words: [String]
    /// For each word its tag; empty where none are read.
    public var tags: [String]
    /// For each word its line, from 1.
    public var lines: [Int]
  }

  /// The sentences.
  public let sentences: [Sentence]
  /// The columns of the words and of the tags, from 0; nil where no tags are read.
  public let wordColumn: Int, tagColumn: Int?

  /// Endings that such files usually have.
  static let endings = ["conll", "conllu", "bio", "iob", "iob2", "ner", "pos"]

  /// Whether a text is one of these: words with as many tags on every line, and an empty line among the first thousand; with
  /// `width` 1 also one word on every line.
  static func recognizes(_ file: DataBytes, width least: Int = 2) -> Bool {
    guard let lines = try? file.lines().prefix(1000) else { return false }
    let widths = lines.map { line in line.split { $0 == "\t" || $0 == " " }.count }
    let filled = widths.filter { $0 > 0 }
    if least == 1, !filled.isEmpty, filled.allSatisfy({ $0 == 1 }) { return true }
    guard let width = filled.first, width >= least, width <= 20 else { return false }
    return widths.dropLast().contains(0) && filled.count { $0 == width } * 10 >= filled.count * 9
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - wordColumn: where the word stands, from 0; nil for the first that does not number the words.
  ///   - tagColumn: where the tag stands; nil for the last column, of CoNLL-U the part of speech.
  ///   - needsTags: whether words without tags are refused; if not, no tags are read.
  /// - Throws: ``DataError``.
  public init(
    _ file: DataBytes, wordColumn: Int? = nil, tagColumn: Int? = nil, needsTags: Bool = true
  ) throws(DataError) {
    let rows = CoNLLRows(try file.lines())
    guard let width = rows.width else { throw .empty(path: file.path) }
    let isNumbered = wordColumn == nil && rows.areNumbered
    let word = wordColumn ?? (isNumbered ? 1 : 0)
    let tag = tagColumn ?? (isNumbered && width == 10 ? 3 : width - 1)
    var sentences: [Sentence] = []
    for sentence in rows.sentences {
      var current = Sentence(words: [], tags: [], lines: [])
      for row in sentence where !isNumbered || !row.fields[0].contains(where: { $0 == "-" || $0 == "." }) {
        let count = row.fields.count
        let isWhole = count == width && (tag != word || !needsTags)
        // where no tags are read, the last column may be missing
        guard isWhole || !needsTags && width > 1 && count == width - 1, row.fields.indices.contains(word),
          !needsTags || row.fields.indices.contains(tag)
        else {
          throw .malformed(
            path: file.path, place: .line(row.line),
            expected: needsTags
              ? "\(max(width, word + 2)) columns, a word and its tag among them"
              : "\(width) column\(width == 1 ? "" : "s"), a word among them",
            found: "\(count)")
        }
        current.words.append(String(row.fields[word]))
        if needsTags { current.tags.append(String(row.fields[tag])) }
        current.lines.append(row.line)
      }
      if !current.words.isEmpty { sentences.append(current) }
    }
    guard !sentences.isEmpty else { throw .empty(path: file.path) }
    self.sentences = sentences
    self.wordColumn = word
    self.tagColumn = needsTags ? tag : nil
  }
}

/// The rows of a file in columns, sentence by sentence, without comments.
private struct CoNLLRows {
  struct Row {
    var fields: [Substring]
    var line: Int
  }

  private(set) var sentences: [[Row]] = []
  /// Columns of the first row; nil where there is none.
  private(set) var width: Int?

  init(_ lines: [String]) {
    let usesTabs = CoNLLRows.areTabbed(lines)
    let rows = lines.enumerated().map { Row(fields: CoNLLRows.fields($1, usesTabs), line: $0 + 1) }
    func mayBeComment(_ row: Row) -> Bool { row.fields.first?.hasPrefix("#") ?? false }
    func isMark(_ row: Row) -> Bool { row.fields.first == "-DOCSTART-" }
    let certain = rows.filter { !$0.fields.isEmpty && !mayBeComment($0) && !isMark($0) }
    width = certain.first?.fields.count
    let tags = Set(certain.compactMap(\.fields.last))
    var current: [Row] = []
    for row in rows {
      // a comment may have as many words as there are columns, but its last one is no tag
      if mayBeComment(row),
        row.fields.count != width || usesTabs && !lines[row.line - 1].contains("\t")
          || !usesTabs && row.fields.count > 1 && !tags.contains(row.fields.last ?? "")
      {
        continue
      }
      guard !row.fields.isEmpty, !isMark(row) else {
        if !current.isEmpty { sentences.append(current) }
        current = []
        continue
      }
      current.append(row)
    }
    if !current.isEmpty { sentences.append(current) }
  }

  /// Whether the first column counts the words of each sentence.
  var areNumbered: Bool {
    guard let width, width >= 2, sentences.contains(where: { $0.count > 1 }) else { return false }
    return sentences.allSatisfy { sentence in
      var last = 0
      for row in sentence {
        let parts = row.fields[0].split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." }
        guard parts.count <= 2, parts.allSatisfy({ Int($0) != nil }) else { return false }
        if parts.count == 2 { continue }
        guard Int(parts[0]) == last + 1 else { return false }
        last += 1
      }
      return last > 0
    }
  }

  /// Whether tabs alone separate columns, so that a word may have blanks in it: every row has one, and some row no blanks.
  private static func areTabbed(_ lines: [String]) -> Bool {
    var hasPlainRow = false
    for line in lines where !line.hasPrefix("#") && !line.hasPrefix("-DOCSTART-") {
      let fields = fields(line, true)
      if fields.isEmpty { continue }
      guard line.contains("\t") else { return false }
      if !fields.contains(where: { $0.contains(" ") }) { hasPlainRow = true }
    }
    return hasPlainRow
  }

  private static func fields(_ line: String, _ usesTabs: Bool) -> [Substring] {
    guard usesTabs else { return line.split { $0 == "\t" || $0 == " " } }
    return line.split(separator: "\t").compactMap { field in
      let start = field.drop { $0 == " " }
      guard let end = start.lastIndex(where: { $0 != " " }) else { return nil }
      return start[...end]
    }
  }
}
