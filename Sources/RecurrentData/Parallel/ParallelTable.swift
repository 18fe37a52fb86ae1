import RecurrentFormats

/// Rows of a table with a sentence and its translations in each.
struct ParallelTable {
  private enum Rows {
    case tabs(DataBytes, isQuoted: Bool, skips: Int)
    case delimited(DelimitedFile, skips: Int)
    case objects(JSONLinesFile)
    case columns(ColumnTable)
  }

  private let path: String
  private let rows: Rows
  /// The names of the columns, or their numbers.
  let columns: [String]
  /// Whether the columns stand in an order.
  var haveOrder: Bool { if case .objects = rows { false } else { true } }

  /// Opens a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ source: DataSource, sides: ParallelSides) throws {
    path = source.name
    switch source.storage {
    case .columns(let table):
      (rows, columns) = (.columns(table), table.names)
      return
    case .records:
      throw DataError.malformed(
        path: path, place: .line(1), expected: "a table", found: source.memoryName ?? "")
    case .path, .bytes, .value: break
    }
    if let value = try source.value() {
      let objects: [JSONValue] = if case .list(let own) = value { own } else { [value] }
      let file = try JSONLinesFile(objects, path: path)
      (rows, columns) = (.objects(file), try ParallelTable.names(file))
      return
    }
    let file = try DataBytes(source)
    try file.requireLines()
    if source.format.map({ $0 == .jsonl }) ?? file.beginsWithBrace {
      let lines = try JSONLinesFile(file)
      (rows, columns) = (.objects(lines), try ParallelTable.names(lines))
      return
    }
    let delimiter = try ParallelTable.delimiter(file)
    var head: [[String]] = []
    let isHeader: Bool
    if delimiter == 0x09 {
      let isQuoted = TabbedFields.areQuoted(file)
      try TabbedFields.forEach(file, isQuoted: isQuoted) { (_, fields) throws(DataError) in
        head.append(fields.map { String(decoding: $0, as: UTF8.self) })
        return head.count < 2
      }
      guard !head.isEmpty else { throw DataError.empty(path: path) }
      isHeader = sides.isHeader(head[0], before: head.dropFirst().first)
      rows = .tabs(file, isQuoted: isQuoted, skips: isHeader ? 1 : 0)
    } else {
      let table = try DelimitedFile(file, dialect: DelimitedDialect(delimiter: delimiter, hasHeader: false))
      for row in 0..<min(2, table.count) { head.append(try table.record(row)) }
      isHeader = sides.isHeader(head[0], before: head.dropFirst().first)
      rows = .delimited(table, skips: isHeader ? 1 : 0)
    }
    columns = isHeader ? head[0].map(\.trimmingBlanks) : head[0].indices.map { "\($0 + 1)" }
  }

  private static func delimiter(_ file: DataBytes) throws(DataError) -> UInt8 {
    if file.format == .tsv { return 0x09 }
    let found = file.withBytes { bytes in
      DialectSniffer(bytes, from: file.textStart(bytes), isTabbed: false, path: file.path).best()
        .delimiter
    }
    // blanks stand inside of sentences
    return found == 0x20 ? 0x09 : found
  }

  private static func names(_ file: JSONLinesFile) throws(DataError) -> [String] {
    members(try file.object(0)).keys.sorted()
  }

  /// The members of an object, or those of its member `translation`, which has one for each language.
  private static func members(_ object: [String: JSONValue]) -> [String: JSONValue] {
    if case .object(let own)? = object["translation"] { own } else { object }
  }

  /// Calls `body` with the sentence and the translations of each row.
  ///
  /// - Throws: ``DataError`` where a row has other columns or no text in one.
  func forEachRow(
    _ places: ParallelSides.Places, _ body: (_ line: Int, _ source: String, _ targets: [String]) -> Void
  ) throws(DataError) {
    switch rows {
    case .tabs(let file, let isQuoted, var skips):
      try TabbedFields.forEach(file, isQuoted: isQuoted) { (line, fields) throws(DataError) in
        guard fields.count == columns.count else {
          throw .malformed(
            path: path, place: .line(line), expected: "\(columns.count) fields between tabs",
            found: "\(fields.count)")
        }
        skips -= 1
        if skips >= 0 { return true }
        func text(_ place: Int) -> String { String(decoding: fields[place], as: UTF8.self) }
        body(line, text(places.source), places.targets.map(text))
        return true
      }
    case .delimited(let table, let skips):
      for row in stride(from: skips, to: table.count, by: 1) {
        let fields = try table.record(row)
        body(table.line(of: row), fields[places.source], places.targets.map { fields[$0] })
      }
    case .columns(let table):
      for row in 0..<table.count {
        let fields = table.fields(row)
        body(row + 1, fields[places.source], places.targets.map { fields[$0] })
      }
    case .objects(let file):
      for row in 0..<file.count {
        let members = ParallelTable.members(try file.object(row))
        func texts(_ place: Int) throws(DataError) -> [String] {
          try self.texts(members[columns[place]], file.line(of: row), columns[place])
        }
        guard let source = try texts(places.source).first else {
          throw malformed(file.line(of: row), columns[places.source], "a text", "an empty list")
        }
        var targets: [String] = []
        for place in places.targets { targets += try texts(place) }
        body(file.line(of: row), source, targets)
      }
    }
  }

  private func malformed(_ line: Int, _ column: String, _ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .field(line: line, column: column), expected: expected, found: found)
  }

  /// A text, or each of a list of them; a missing one is empty.
  private func texts(_ value: JSONValue?, _ line: Int, _ column: String) throws(DataError) -> [String] {
    switch value {
    case .text(let text): return [text]
    case .null, nil: return [""]
    case .list(let values):
      var texts: [String] = []
      for value in values {
        guard case .text(let text) = value else {
          throw malformed(line, column, "a list of texts", "another value in it")
        }
        texts.append(text)
      }
      return texts
    case .number, .bool, .object: throw malformed(line, column, "a text or a list of texts", "another value")
    }
  }
}

extension ParallelCorpus {
  /// Adds the rows of a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func append(
    table source: DataSource, _ sides: ParallelSides, needsTargets: Bool, part: DataPart? = nil
  ) throws {
    let table = try ParallelTable(source, sides: sides)
    let places = try sides.places(
      in: table.columns, path: source.name, haveOrder: table.haveOrder, needsTargets: needsTargets)
    if places.areAssumed {
      let targets = places.targets.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
      notes.append(
        DataNote(
          .assumed,
          "column \"\(table.columns[places.source])\" of \(source.name) has the sentences"
            + (targets.isEmpty ? "" : ", column \(targets) their translations"), setting: "source-column"))
    }
    beginSection(source.name, part: part)
    columns =
      columns ?? [
        "source": [table.columns[places.source]], "target": places.targets.map { table.columns[$0] },
      ]
    var odd: (line: Int, text: String)?
    try table.forEachRow(places) { line, own, targets in
      for text in [own] + targets where text.utf8.contains(0) { odd = odd ?? (line: line, text: text) }
      appendSource(ParallelCorpus.line(own).utf8, line: line)
      for target in targets { appendTarget(ParallelCorpus.line(target).utf8, line: line) }
      endPair()
    }
    if let odd {
      throw DataError.malformed(
        path: source.name, place: .line(odd.line), expected: "text without the character NUL", found: "U+0000"
      )
    }
  }

  /// A text on one line: what breaks it becomes a blank, with the blanks around it.
  static func line(_ text: String) -> String {
    func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    guard text.utf8.contains(where: isBreak) else { return text }
    return text.split(whereSeparator: \.isNewline).map { String($0).trimmingBlanks }.filter { !$0.isEmpty }
      .joined(
        separator: " ")
  }
}
