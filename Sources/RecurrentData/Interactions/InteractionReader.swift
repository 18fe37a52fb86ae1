import RecurrentFormats

extension InteractionLog {
  /// Reads interactions.
  ///
  /// Read are tables with a row for each event: shops' logs, MovieLens' `u.data` and `ratings.dat`, RecBole's `.inter`, lines
  /// "user item" that are in order; RecBole's lists of items in a field; and lines of JSON, each an event or a session with its
  /// `items`. A list of items as one value of JSON is a session.
  ///
  /// - Parameters:
  ///   - data: files, bytes, values of JSON or columns in memory; events of one session may stand in several.
  ///   - asked: the columns, where they are said.
  ///   - known: those of other data of the same kind, for the rest.
  ///   - format: how dates and numbers are written, where that is said.
  /// - Throws: ``DataError`` or a format error.
  public init(
    _ data: [DataSource], columns asked: InteractionColumns = InteractionColumns(),
    known: InteractionColumns? = nil, format: TableFormat? = nil
  ) throws {
    var reader = InteractionReader(asked: asked, known: known, format: format)
    for source in data { try reader.read(source) }
    try self.init(reader, of: data)
  }

  private init(_ reader: InteractionReader, of data: [DataSource]) throws(DataError) {
    guard reader.events.count > 0 else { throw .empty(path: data.first?.name ?? "the data") }
    guard reader.timedCount == 0 || reader.timedCount == reader.events.count else {
      throw .invalidSetting(
        name: "time", expected: "in all of the data or in none of them",
        found: "\(reader.timedCount) of \(reader.events.count) events with a time")
    }
    self = reader.events.log()
    isOfUsers = reader.isOfUsers
    columns = reader.columns
    notes = reader.notes
  }
}

/// Reads sources one after the other.
private struct InteractionReader {
  let asked: InteractionColumns
  let known: InteractionColumns?
  let format: TableFormat?
  var events = InteractionEvents()
  var timedCount = 0
  var isOfUsers = false
  var columns = InteractionColumns()
  var notes: [DataNote] = []
  /// Lists of items by their session, for which the rows of RecBole have a prefix each.
  private var listed: [String: [String]] = [:]

  init(asked: InteractionColumns, known: InteractionColumns?, format: TableFormat?) {
    (self.asked, self.known, self.format) = (asked, known, format)
  }

  private mutating func append(session: String, item: String, time: Double?) {
    events.append(session: session, item: item, time: time)
    if time != nil { timedCount += 1 }
  }

  private mutating func note(_ new: [DataNote]) {
    for note in new where !notes.contains(note) { notes.append(note) }
  }

  mutating func read(_ source: DataSource) throws {
    if source.isFolder { throw DataError.isFolder(path: source.name) }
    if let lines = try InteractionReader.lines(source) { return try read(lines) }
    var own: [DataNote] = []
    let text = try InteractionText.table(source, notes: &own)
    note(own)
    let asks = [asked.session, asked.item, asked.time, asked.list].compactMap { $0 }
    let table = try RecordTable(text, format: format) { names in
      !names.contains { asks.contains($0) || InteractionRole($0) != nil }
    }
    let filled = asked.filled(from: known, in: table.columns)
    let hasNames = table.columns.contains { Int($0) == nil }
    let found =
      try hasNames || !asks.isEmpty || filled.item != nil
      ? filled.resolved(in: table.columns, of: source.name) : unnamed(table)
    note(found.notes)
    (columns, isOfUsers) = (found.columns, isOfUsers || found.isOfUsers)
    try read(table, found.columns)
  }

  /// The columns of a table without names, by their number and by what stands in them.
  private func unnamed(
    _ table: RecordTable
  ) throws -> (columns: InteractionColumns, isOfUsers: Bool, notes: [DataNote]) {
    let first = try table.row(0)
    let names: [String]
    switch first.count {
    case 2: names = ["user", "item"]
    case 3: names = ["user", "item", "time"]
    case 4 where CalendarTime(first[1].trimmingBlanks) != nil && Double(first[1]) == nil:
      names = ["session", "time", "item"]
    case 4: names = ["user", "item", "", "time"]
    default:
      throw DataError.invalidSetting(
        name: "session",
        expected:
          "the number of a column of \(table.path), which has no names and \(first.count) columns, as "
          + "`item` and `time`", found: "nothing")
    }
    if let time = names.firstIndex(of: "time"), !first[time].contains(where: \.isNumber) {
      // a first line of words is the names of columns that say nothing to us
      throw DataError.invalidSetting(
        name: "session",
        expected: "the name of a column of \(table.path), as `item` and `time`: "
          + first.map { "\"\($0.prefix(40))\"" }.joined(separator: ", "), found: "nothing")
    }
    func place(_ name: String) -> String? { names.firstIndex(of: name).map { "\($0 + 1)" } }
    let words = names.map { $0.isEmpty ? "another" : $0 }.joined(separator: ", ")
    return (
      InteractionColumns(
        session: place("session") ?? place("user"), item: place("item"), time: place("time")),
      names.contains("user"),
      [DataNote(.assumed, "the columns of \(table.path) are \(words)", setting: "session")]
    )
  }

  private mutating func read(_ table: RecordTable, _ columns: InteractionColumns) throws {
    func place(_ name: String?) throws -> Int? { try name.map { try table.column($0) } }
    guard let session = try place(columns.session) else { return }
    let (item, list) = (try place(columns.item), try place(columns.list))
    let clock = try InteractionClock(table, time: try place(columns.time), date: try place(columns.date))
    for row in 0..<table.count {
      let fields = try table.row(row)
      func filled(_ column: Int, _ what: String) throws(DataError) -> String {
        let text = fields[column].trimmingBlanks
        guard !text.isEmpty else { throw table.malformed(row, column, what, "nothing") }
        return text
      }
      let name = try filled(session, "a session")
      if let list {
        var items = fields[list].split(separator: " ").map(String.init)
        if let item, !fields[item].trimmingBlanks.isEmpty { items.append(fields[item].trimmingBlanks) }
        guard !items.isEmpty else { throw table.malformed(row, list, "items", "nothing") }
        keep(items, of: name)
      } else if let item {
        append(session: name, item: try filled(item, "an item"), time: try clock?.seconds(fields, row: row))
      }
    }
    for (name, items) in listed.sorted(by: { $0.key < $1.key }) {
      for item in items { append(session: name, item: item, time: nil) }
    }
    listed = [:]
  }

  /// Keeps a list, unless it is the beginning of another one of its session; what goes on elsewhere is a session of its own.
  private mutating func keep(_ items: [String], of name: String) {
    var (own, number) = (name, 1)
    while let other = listed[own] {
      if other.starts(with: items) { return }
      if items.starts(with: other) { break }
      number += 1
      own = "\(name) (\(number))"
    }
    listed[own] = items
  }

  // MARK: JSON

  /// The objects of a source of JSON; nil where it is a table.
  private static func lines(_ source: DataSource) throws -> JSONLinesFile? {
    switch source.storage {
    case .records:
      throw DataError.malformed(
        path: source.name, place: .line(1), expected: "interactions", found: source.memoryName ?? "")
    case .columns: return nil
    case .path, .bytes, .value: break
    }
    if let value = try source.value() { return try JSONLinesFile(objects(value), path: source.name) }
    let file = try DataBytes(source)
    let isLines =
      source.format == .jsonl || ["jsonl", "ndjson"].contains(DataFolder.ending(source.name))
      || file.beginsWithBrace
    return isLines ? try JSONLinesFile(file) : nil
  }

  /// A list of objects as it is; of anything else, the items of one session.
  private static func objects(_ value: JSONValue) -> [JSONValue] {
    guard case .list(let values) = value else { return [value] }
    let areObjects = values.contains { if case .object = $0 { true } else { false } }
    return areObjects ? values : [.object(["items": value])]
  }

  private mutating func read(_ lines: JSONLinesFile) throws {
    let names = Set(try lines.object(0).keys)
    let filled = asked.filled(from: known, in: names.sorted())
    var resolved = filled
    let sorted = names.sorted()
    resolved.session =
      filled.session ?? sorted.first { InteractionRole($0) == .session }
      ?? sorted.first { InteractionRole($0) == .user }
    resolved.list = filled.list ?? sorted.first { InteractionRole($0) == .list }
    resolved.item = filled.item ?? sorted.first { InteractionRole($0) == .item }
    resolved.time = filled.time ?? sorted.first { InteractionRole($0) == .time }
    guard let key = resolved.list ?? resolved.item else {
      throw DataError.malformed(
        path: lines.path, place: .line(lines.line(of: 0)),
        expected: "an event with a session and an item, or a session with its items",
        found: "an object with \(sorted.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    columns = resolved
    if let session = resolved.session, InteractionRole(session) == .user { isOfUsers = true }
    for row in 0..<lines.count {
      let object = try lines.object(row)
      func malformed(_ expected: String, _ found: String) -> DataError {
        .malformed(path: lines.path, place: .line(lines.line(of: row)), expected: expected, found: found)
      }
      func text(_ value: JSONValue?, _ name: String) throws(DataError) -> String {
        guard let text = value?.field, !text.isEmpty, value != .null else {
          throw malformed("\"\(name)\", a text or a number", value == nil ? "none" : "another value")
        }
        return text
      }
      let session =
        if let name = resolved.session { try text(object[name], name) } else { "\(row + 1)" }
      if case .list(let values)? = object[key] {
        for value in values { append(session: session, item: try text(value, key), time: nil) }
        continue
      }
      guard resolved.session != nil || lines.count == 1 else {
        throw malformed("\"session\" beside \"\(key)\"", "none")
      }
      var time: Double?
      if let name = resolved.time {
        switch object[name] {
        case .number(let number)?: time = number * InteractionClock.unit(of: number)
        case .text(let text)?: time = CalendarTime(text)?.seconds
        default: break
        }
        guard let time, time.isFinite else {
          throw malformed("\"\(name)\", a number or a date", "another value")
        }
      }
      append(session: session, item: try text(object[key], key), time: time)
    }
  }
}
