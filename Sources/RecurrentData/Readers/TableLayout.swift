/// Where the records of a table begin and what its columns are called, found out from its first lines.
struct TableLayout {
  /// What stands between fields, and whether columns have names.
  private(set) var dialect: DelimitedDialect
  /// Where the first record begins, and on which line.
  private(set) var start: (offset: Int, line: Int)
  /// The names of the columns.
  private(set) var columns: [String]
  /// Whether a record without anything in it is none; else it is one whose values are missing.
  private(set) var skipsEmptyRows = false
  /// A column of times, by which a line at the end is known that is no record; nil where there is none.
  private(set) var timeColumn: Int?
  /// Whether lines that begin with a number sign are no records.
  private(set) var hasComments = false
  /// The bytes of the line that names the columns; nil without one.
  private(set) var head: Range<Int>?
  /// What was found.
  private(set) var notes: [DataNote] = []

  /// Looks at the first lines.
  ///
  /// - Parameters:
  ///   - bytes: of the whole text.
  ///   - begin: where it begins, behind a byte order mark.
  ///   - isTabbed: whether the name of the file says that there are tabs.
  ///   - hasHeader: whether the first line has names; nil to find it out.
  init(
    _ bytes: UnsafeRawBufferPointer, from begin: Int, isTabbed: Bool, path: String, format: TableFormat?,
    hasHeader asked: Bool?
  ) throws(DataError) {
    func cutting(below preamble: TablePreamble) -> DialectSniffer.Cut {
      let sniffer = DialectSniffer(
        bytes, from: preamble.offset, line: preamble.line, isTabbed: isTabbed && preamble.delimiter == nil,
        path: path)
      let delimiter = format?.delimiter?.byte ?? preamble.delimiter
      return delimiter.map(sniffer.cut) ?? sniffer.best()
    }
    var preamble = TablePreamble(bytes, from: begin)
    let bare = preamble
    if let lines = format?.skippedLines { preamble.skip(lines: lines) } else { preamble.passComments() }
    var cut = cutting(below: preamble)
    if preamble.areRecords(cut) { (preamble, cut) = (bare, cutting(below: bare)) }
    guard !cut.rows.isEmpty else { throw .empty(path: path) }
    dialect = DelimitedDialect(delimiter: cut.delimiter)
    hasComments = !preamble.comments.isEmpty
    if hasComments {
      let first = preamble.comments[0].prefix(40)
      notes.append(
        DataNote(
          .found, "\(preamble.comments.count) lines of comments above the table are left out: \"\(first)\""))
    }
    let head = TableHead(
      cut, lines: asked == false ? 0 : format?.headerLines, isWhole: format?.skippedLines != nil)
    let (count, kinds) = (head.count, head.kinds)
    if head.top > 0 {
      let above = cut.rows[0].fields.joined(separator: " ").prefix(40)
      notes.append(
        DataNote(
          .assumed, "the table begins on line \(cut.rows[head.top].line), below \"\(above)\"",
          setting: "skip-lines"))
    }
    let rows = Array(cut.rows[head.top...])
    dialect.hasHeader = count > 0
    if count > 0, cut.width > 1 {
      let begin = rows[0].offset
      self.head = begin..<(bytes[begin...].firstIndex(of: 0x0A) ?? bytes.count)
    }
    let body = Array(rows[count...])
    dialect.hasDecimalComma = TableLayout.hasDecimalComma(body.map(\.fields), cut.delimiter)
    var heads = rows[..<count].map { $0.fields.map(\.trimmingBlanks) }.filter { !TableHead.isRule($0) }
    if count == 0, asked == nil, format?.headerLines == nil,
      let named = preamble.names(cut.delimiter, count: cut.width)
    {
      heads = [named]
      dialect.hasHeader = true
      notes.append(DataNote(.found, "the names of the columns are those of the comment above"))
    }
    start = body.first.map { ($0.offset, $0.line) } ?? (bytes.count, 0)
    // of rows that have more fields than others one more counts, which may be empty throughout
    let widest = body.map(\.fields.count).max() ?? 0
    let width = max(min(widest, cut.width + 1), heads.first?.count ?? 0)
    columns = []
    columns = name(heads, width: width, usual: cut.width, body: body.map(\.fields))
    if heads.count > 1, format?.headerLines == nil {
      let others = heads.dropFirst().map { $0.joined(separator: " ").trimmingBlanks }.joined(separator: "; ")
      notes.append(
        DataNote(
          .assumed,
          "the first \(heads.count) lines name columns and say more about them (\"\(others.prefix(60))\")",
          setting: "header-lines"))
    }
    timeColumn = kinds.kinds.firstIndex(of: .time)
    skipsEmptyRows = kinds.kinds.contains { $0 == .time || $0 == .text }
  }

  private static func hasDecimalComma(_ body: [[String]], _ delimiter: UInt8) -> Bool {
    guard delimiter != DialectSniffer.comma else { return false }
    // 1,005 may be a thousand and five: only what is no number with a point decides
    var (commas, points) = (0, 0)
    for field in body.prefix(50).joined() {
      let text = field.trimmingBlanks
      let (comma, point) = (FieldNumber.parse(text, .comma), FieldNumber.parse(text, .point))
      if comma != nil, point == nil { commas += 1 }
      if point != nil, comma == nil { points += 1 }
    }
    return commas > 0 && points == 0
  }

  // MARK: Names

  /// The names of columns, each another one; columns at the end without a name and without anything in them are none.
  ///
  /// - Parameters:
  ///   - heads: the lines with names.
  ///   - width: fields of the widest rows.
  ///   - usual: fields of most rows.
  ///   - body: the first rows.
  private mutating func name(
    _ heads: [[String]], width: Int, usual: Int, body: [[String]]
  ) -> [String] {
    guard let first = heads.first else {
      // fields behind the last delimiter of every row are no column
      let isTrailing =
        width > 1 && body.allSatisfy { $0.count < width || $0[width - 1].trimmingBlanks.isEmpty }
      return (0..<(isTrailing && body.count > 1 ? width - 1 : width)).map { "\($0 + 1)" }
    }
    var names = TableLayout.joined(heads)
    func isEmpty(_ column: Int) -> Bool {
      body.allSatisfy { column >= $0.count || $0[column].trimmingBlanks.isEmpty }
    }
    if names.count == width - 1, first.count == width - 1, usual == width, !isEmpty(width - 1) {
      // rows have a number or a name in front, as R writes them
      names.insert("", at: 0)
    }
    while names.count > 1, names[names.count - 1].isEmpty, isEmpty(names.count - 1) { names.removeLast() }
    var seen: Set<String> = []
    for column in names.indices {
      if names[column].isEmpty { names[column] = "column \(column + 1)" }
      if seen.insert(names[column]).inserted { continue }
      let name = names[column]
      var number = 2
      while !seen.insert("\(name).\(number)").inserted { number += 1 }
      names[column] = "\(name).\(number)"
      notes.append(
        DataNote(.warning, "two columns are called \"\(name)\"; the second is \"\(names[column])\""))
    }
    return names
  }

  /// The names of the first line; where some are missing or alike, together with those of the lines below, a name above several
  /// columns for each of them.
  private static func joined(_ heads: [[String]]) -> [String] {
    var names = heads[0]
    guard heads.count > 1, Set(names).count < names.count || names.contains("") else { return names }
    for column in names.indices.dropFirst() where names[column].isEmpty { names[column] = names[column - 1] }
    return names.indices.map { column in
      ([names[column]] + heads.dropFirst().map { column < $0.count ? $0[column] : "" })
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
  }
}
