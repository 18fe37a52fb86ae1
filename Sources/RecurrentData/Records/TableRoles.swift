/// What each column of a table is for: as somebody said, else by names and values.
struct TableRoles {
  private(set) var input: Int?
  private(set) var inputIsFile = false
  private(set) var label: Int?
  private(set) var split: Int?
  private(set) var group: Int?
  private(set) var id: Int?
  private(set) var time: Int?
  /// Columns of numbers that are read.
  private(set) var values: [Int] = []
  /// What was assumed.
  private(set) var notes: [DataNote] = []
  private var order: CalendarTime.PartOrder?

  /// Whether the steps have times, and not numbers alone.
  var hasTimes: Bool { time != nil && timesMatter }
  private var timesMatter = false
  /// Whether every row must have a class.
  private(set) var needsLabels = true

  init(_ table: RecordTable, _ asked: RecordColumns, needsLabels: Bool) throws {
    self.needsLabels = needsLabels
    func place(_ name: String?) throws(DataError) -> Int? {
      guard let name else { return nil }
      return try table.column(name)
    }
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    func guess(_ names: [String], _ what: String, _ flag: String) -> Int? {
      guard let place = RecordColumns.first(names, in: table.columns), !ignored.contains(place) else {
        return nil
      }
      notes.append(DataNote(.assumed, "\(what) is the column \"\(table.columns[place])\"", flag: flag))
      return place
    }
    label = try place(asked.label) ?? guess(RecordColumns.labelNames, "the class", "--label-column")
    if label == nil, needsLabels {
      throw DataError.invalidSetting(
        name: "--label-column",
        expected: "the column with the class, for none of \(table.path) is called label or class",
        found: "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    split = try place(asked.split) ?? guess(RecordColumns.splitNames, "the part", "--split-column")
    group = try place(asked.group)
    id = try place(asked.id)
    input = try place(asked.input)
    if input == nil, id == nil,
      let column = RecordColumns.first(RecordColumns.inputNames, in: table.columns), column != label,
      column != split, !ignored.contains(column),
      try table.series(row: 0, column: column) != nil || !table.isNumeric(column)
    {
      input = column
      notes.append(
        DataNote(.assumed, "the input is the column \"\(table.columns[column])\"", flag: "--input-column"))
    }
    if let input {
      inputIsFile = try TableRoles.hasFiles(table, input)
      return
    }
    if id == nil {
      id = TableRoles.sequenceNumber(table, without: ignored.union([label].compactMap { $0 }), &notes)
    }
    time = try place(asked.time)
    if time == nil, id != nil { time = guess(RecordColumns.timeNames, "the step", "--time") }
    if let time {
      order = try TableRoles.order(of: table, time)
      timesMatter = order != nil || table.columns[time].lowercased().hasPrefix("time")
    }
    let taken = Set([label, split, group, id, time].compactMap { $0 }).union(ignored)
    values = table.columns.indices.filter { !taken.contains($0) && table.isNumeric($0) }
    guard !values.isEmpty else {
      throw DataError.invalidSetting(
        name: "--input-column",
        expected: "the column with the text or the file, for \(table.path) has no column of numbers",
        found: "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    let shape = id == nil ? "the values of a sequence, a step each" : "the channels of a step"
    let names =
      values.count > 6 ? "\(values.count) columns" : values.map { table.columns[$0] }.joined(separator: ", ")
    notes.append(DataNote(.assumed, "\(names): \(shape)", flag: "--ignore-columns"))
  }

  /// Whether a column names files: by its name, or because one of the first is there.
  private static func hasFiles(_ table: RecordTable, _ column: Int) throws -> Bool {
    if RecordColumns.fileNames.contains(table.columns[column].lowercased()) { return true }
    return try (0..<min(table.count, 20)).contains { row in
      let name = try table.row(row)[column]
      return !name.isEmpty && name.utf8.count < 4096
        && DataFolder.exists(DataFolder.path(name, besides: table.path))
    }
  }

  /// A column by which rows that follow each other are one sequence.
  private static func sequenceNumber(
    _ table: RecordTable, without taken: Set<Int>, _ notes: inout [DataNote]
  ) -> Int? {
    guard let column = RecordColumns.first(RecordColumns.idNames, in: table.columns), !taken.contains(column),
      let head = try? (0..<min(table.count, 200)).map({ try table.row($0)[column] })
    else { return nil }
    let changes = zip(head, head.dropFirst()).count { $0 != $1 }
    guard changes < head.count - 1 else { return nil }
    notes.append(
      DataNote(
        .assumed, "rows of one \"\(table.columns[column])\" are the steps of a sequence", flag: "--id-column")
    )
    return column
  }

  /// How the dates of a column are written; nil for numbers.
  private static func order(of table: RecordTable, _ column: Int) throws -> CalendarTime.PartOrder? {
    if table.isNumeric(column) { return nil }
    let texts = try (0..<min(table.count, 2000)).map { try table.row($0)[column] }
    guard let order = CalendarTime.order(of: texts) else {
      throw DataError.malformed(
        path: table.path, place: .field(line: table.line(of: 0), column: table.columns[column]),
        expected: "numbers or dates such as 2024-12-31 23:59", found: "\"\(texts[0].prefix(40))\"")
    }
    return order
  }

  /// The moment in a field, in seconds; of numbered steps the number.
  func moment(_ field: String, _ table: RecordTable, row: Int) throws(DataError) -> Double {
    let column = time ?? 0
    if let order {
      if let moment = CalendarTime(field, order: order) { return moment.seconds }
    } else if let number = try table.number(field, row: row, column: column) {
      return number
    }
    throw .malformed(
      path: table.path, place: .field(line: table.line(of: row), column: table.columns[column]),
      expected: "a time",
      found: "\"\(field.prefix(40))\"")
  }
}
