/// What each column of a table is for: as somebody said, else by names and values.
struct TableRoles {
  private(set) var input: Int?
  private(set) var inputIsFile = false
  /// Whether the input are strokes of a pen.
  private(set) var areStrokes = false
  /// Where the pieces of files begin and end, in seconds; nil where files are read whole.
  private(set) var segment: (start: Int, end: Int)?
  private(set) var label: Int?
  private(set) var split: Int?
  private(set) var group: Int?
  private(set) var id: Int?
  /// The columns that were found to name a sequence together.
  private var idColumns: [Int] = []
  private(set) var time: Int?
  /// Columns of numbers that are read.
  private(set) var values: [Int] = []
  /// Columns that are not read although nobody said so, with the reason.
  private(set) var leftOut: [Int: String] = [:]
  /// What was assumed.
  var notes: [DataNote] = []
  /// How the times are written; nil where they are numbers.
  private(set) var dates: DateColumn?

  /// Whether the steps have times, and not numbers alone.
  var hasTimes: Bool { time != nil && timesMatter }
  private var timesMatter = false
  /// Whether every row must have a class.
  private(set) var needsLabels = true
  /// Whether labels are numbers, of which each may be another one.
  private(set) var labelsAreNumbers = false

  /// Decides about the columns of a table, which gets one more where several together tell sequences apart.
  init(_ table: inout RecordTable, _ asked: RecordColumns, needsLabels: Bool) throws {
    if let name = asked.id {
      table = try table.identified(by: name).table
    }
    try self.init(table: table, asked, needsLabels: needsLabels)
    // the rest is decided once it is known that several columns name a sequence
    guard idColumns.count > 1 else { return }
    var again = asked
    again.id = idColumns.map { table.columns[$0] }.joined(separator: ",")
    let known = notes.filter { $0.setting == "id-column" }
    try self.init(&table, again, needsLabels: needsLabels)
    notes += known
  }

  private init(table: RecordTable, _ asked: RecordColumns, needsLabels: Bool) throws {
    self.needsLabels = needsLabels
    labelsAreNumbers = asked.labelKind == .number
    func place(_ name: String?) throws(DataError) -> Int? {
      guard let name else { return nil }
      return try table.column(name)
    }
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    func guess(_ names: [String], _ what: String, _ setting: String) -> Int? {
      guard let place = RecordColumns.first(names, in: table.columns), !ignored.contains(place) else {
        return nil
      }
      notes.append(DataNote(.assumed, "\(what) is the column \"\(table.columns[place])\"", setting: setting))
      return place
    }
    let kind = asked.labelKind ?? .category
    let strokes = try table.columnOfStrokes()
    let readsStrokes = try strokes != nil && (asked.input == nil || place(asked.input) == strokes)
    label =
      try place(asked.label)
      ?? guess(
        RecordColumns.labelNames + (readsStrokes ? RecordColumns.drawingNames : []), kind.name, kind.setting)
    if label == nil, needsLabels {
      let known = Set([asked.input, asked.split, asked.group, asked.id, asked.time].compactMap { $0 })
      let free = table.columns.indices.filter {
        !ignored.contains($0) && !known.contains(table.columns[$0])
          && !RecordColumns.isOfAnotherKind(table.columns[$0])
      }
      // a row with a time is a step, and a class of steps is none of sequences
      let areSteps =
        asked.id == nil && table.columns.contains(where: RecordColumns.isTime)
        && !table.columns.contains { RecordColumns.inputNames.contains($0.lowercased()) }
      label = areSteps ? nil : try TableRoles.columnOfClasses(table, among: free)
      guard let label else {
        let shown = table.columns.count > 20 ? table.columns.prefix(20) + ["..."] : table.columns[...]
        throw DataError.invalidSetting(
          name: kind.setting,
          expected: "the column with \(kind.name), for no name or content in \(table.path) tells which it is",
          found: "none; the columns are \(shown.map { "\"\($0)\"" }.joined(separator: ", "))")
      }
      notes.append(
        DataNote(
          .assumed, "\(kind.name) is the column \"\(table.columns[label])\", which alone has few values",
          setting: kind.setting))
    }
    split = try place(asked.split) ?? guess(RecordColumns.splitNames, "the part", "split-column")
    group = try place(asked.group)
    id = try asked.id.map { name throws(DataError) in
      try table.joined.isEmpty ? table.column(name) : table.columns.count - 1
    }
    if readsStrokes, let strokes {
      (input, areStrokes) = (strokes, true)
      notes.append(
        DataNote(
          .found, "the input are the strokes of a pen in the column \"\(table.columns[strokes])\"",
          setting: "input-column"))
      group = group ?? guess(RecordColumns.writerNames, "who writes", "group-column")
      return
    }
    input = try place(asked.input)
    if input == nil, id == nil,
      let column = RecordColumns.first(RecordColumns.inputNames, in: table.columns), column != label,
      column != split, !ignored.contains(column),
      try table.series(row: 0, column: column) != nil || !table.isNumeric(column),
      try !TableRoles.namesSequences(column, of: table, label, without: ignored)
    {
      input = column
      notes.append(
        DataNote(.assumed, "the input is the column \"\(table.columns[column])\"", setting: "input-column"))
    }
    if input == nil, id == nil {
      let free = Set(table.columns.indices).subtracting(ignored).subtracting(
        [label, split, group, try place(asked.time)].compactMap { $0 })
      input = try TableRoles.columnOfTexts(table, among: free)
      if let input {
        notes.append(
          DataNote(.assumed, "the input is the column \"\(table.columns[input])\"", setting: "input-column"))
      }
    }
    if let input {
      inputIsFile = try TableRoles.hasFiles(table, input)
      if inputIsFile { findSegments(table, without: ignored.union([label, split, group].compactMap { $0 })) }
      return
    }
    if id == nil {
      let asked = try place(asked.time)
      idColumns = try TableRoles.sequenceNumber(
        table, without: ignored.union([label, split].compactMap { $0 }), label, time: asked, &notes)
      id = idColumns.first
    }
    time = try place(asked.time)
    if time == nil, id != nil {
      time = guess(RecordColumns.timeNames + RecordColumns.counterNames, "the step", "time")
    }
    if group == nil, id != nil {
      group = guess(
        RecordColumns.groupNames.filter { $0 != id.map { table.columns[$0].lowercased() } },
        "who a sequence comes from", "group-column")
    }
    if let time {
      dates = try TableRoles.dates(of: table, time)
      notes += [dates?.note].compactMap { $0 }
      timesMatter = dates != nil || table.columns[time].lowercased().hasPrefix("time")
    }
    let taken = Set([label, split, group, id, time].compactMap { $0 }).union(ignored).union(table.joined)
    for column in try table.counters() where !taken.contains(column) { leftOut[column] = "numbers the rows" }
    for column in try table.identifiers() where !taken.contains(column) {
      leftOut[column] = "is another one in every row"
    }
    values = table.columns.indices.filter {
      !taken.contains($0) && leftOut[$0] == nil && table.isNumeric($0)
    }
    for column in table.columns.indices where !taken.contains(column) && !table.isNumeric(column) {
      leftOut[column] = leftOut[column] ?? "has no numbers"
    }
    guard !values.isEmpty else {
      throw DataError.invalidSetting(
        name: "input-column",
        expected: "the column with the text or the file, for \(table.path) has no column of numbers",
        found: table.columns.isEmpty
          ? "no columns at all"
          : "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
  }

  /// Leaves out columns of numbers that say the same in all rows, where that leaves others.
  mutating func leaveOut(constant columns: [Int]) {
    guard columns.count < values.count else { return }
    for column in columns { leftOut[column] = "says the same in all rows" }
    values.removeAll { columns.contains($0) }
  }

  /// What was found and assumed, with what is read and what is left out.
  func notes(_ table: RecordTable) -> [DataNote] {
    func listed(_ columns: [Int]) -> String {
      columns.count > 6
        ? "\(columns.count) columns" : columns.map { "\"\(table.columns[$0])\"" }.joined(separator: ", ")
    }
    var notes = notes
    guard input == nil else { return notes }
    for reason in Set(leftOut.values).sorted() {
      let columns = leftOut.keys.filter { leftOut[$0] == reason }.sorted()
      notes.append(
        DataNote(.found, "\(listed(columns)): not used, for \(columns.count == 1 ? "it" : "each") \(reason)"))
    }
    let shape = id == nil ? "the values of a sequence, a step each" : "the channels of a step"
    let names =
      values.count > 6 ? "\(values.count) columns" : values.map { table.columns[$0] }.joined(separator: ", ")
    return notes + [DataNote(.assumed, "\(names): \(shape)", setting: "ignore-columns")]
  }

  /// Columns of numbers that say where pieces of a file begin and end. Pieces of one file are never in two parts.
  private mutating func findSegments(_ table: RecordTable, without taken: Set<Int>) {
    guard let start = RecordColumns.first(RecordColumns.startNames, in: table.columns),
      let end = RecordColumns.first(RecordColumns.endNames, in: table.columns),
      [start, end].allSatisfy({ table.isNumeric($0) && !taken.contains($0) })
    else { return }
    segment = (start, end)
    group = group ?? input
    notes.append(
      DataNote(
        .assumed,
        "each row is a piece of its file, from \"\(table.columns[start])\" to \"\(table.columns[end])\" in seconds",
        setting: "ignore-columns"))
  }

  /// The column with the longest texts where these have several words, or where there are no numbers; nil for none.
  private static func columnOfTexts(_ table: RecordTable, among columns: Set<Int>) throws -> Int? {
    let worded = columns.filter { !table.isNumeric($0) }.sorted()
    let rows = try table.head(200)
    var best: (column: Int, length: Int, words: Int)?
    for column in worded {
      let length = rows.reduce(0) { $0 + $1[column].utf8.count }
      let words = rows.reduce(0) { $0 + $1[column].count { $0 == " " } + 1 }
      if length > best?.length ?? 0 { best = (column, length, words) }
    }
    guard let best else { return nil }
    return best.words >= 3 * rows.count || worded.count == columns.count ? best.column : nil
  }

  /// The one column with few different values, whole numbers if any; nil where none or several are such.
  private static func columnOfClasses(_ table: RecordTable, among columns: [Int]) throws -> Int? {
    let rows = try table.head(1000)
    let most = min(100, max(2, rows.count / 4))
    let found = columns.filter { column in
      var values: Set<String> = []
      for row in rows {
        let field = row[column].trimmingBlanks
        if field.isEmpty { return false }
        if table.isNumeric(column), Double(field).map({ $0 != $0.rounded() }) ?? true { return false }
        values.insert(field)
        if values.count > most { return false }
      }
      return values.count > 1
    }
    return found.count == 1 ? found[0] : nil
  }

  /// Whether a column names files: by its name, or because one of the first is there.
  private static func hasFiles(_ table: RecordTable, _ column: Int) throws -> Bool {
    if RecordColumns.fileNames.contains(table.columns[column].lowercased()) { return true }
    return try table.head(20).contains { fields in
      let name = fields[column]
      return !name.isEmpty && name.utf8.count < 4096
        && DataFolder.exists(DataFolder.path(name, besides: table.path))
    }
  }

  /// How the dates of a column are written; nil for numbers.
  private static func dates(of table: RecordTable, _ column: Int) throws -> DateColumn? {
    if table.isNumeric(column) { return nil }
    guard let dates = try table.dates(column) else {
      let row = try table.head(2000).firstIndex { CalendarTime.readings($0[column]).isEmpty } ?? 0
      throw table.malformed(
        row, column, "numbers or dates such as 2024-12-31 23:59",
        "\"\(try table.row(row)[column].prefix(40))\"")
    }
    return dates
  }

  /// The moment in a field, in seconds; of numbered steps the number.
  func moment(_ field: String, _ table: RecordTable, row: Int) throws(DataError) -> Double {
    let column = time ?? 0
    if let dates {
      if let moment = CalendarTime(field, order: dates.order) { return moment.seconds }
    } else if let number = try table.number(field, row: row, column: column) {
      return number
    }
    throw table.malformed(row, column, "a time", "\"\(field.prefix(40))\"")
  }
}
