/// The rows of a table of series, read column by column, and which columns are times, names and numbers.
struct SeriesRows {
  let table: RecordTable
  /// The column with the times; nil where rows are steps.
  private(set) var time: Int?
  /// How the times are written; nil where they are numbers.
  private(set) var dates: DateColumn?
  /// Whether times are moments of the calendar.
  var isCalendar: Bool { dates != nil }
  /// The column that tells series apart.
  private(set) var id: Int?
  /// When each row was, or its number.
  private(set) var times: [Double] = []
  /// Columns of numbers by their place, and their numbers row by row; NaN where one is missing.
  private(set) var numbers: [Int: [Double]] = [:]
  /// The columns that name series or are said to be the same throughout one, by their place.
  private(set) var texts: [Int: InternedColumn] = [:]
  /// The columns that are neither times nor numbers.
  private(set) var wordedColumns: [Int] = []
  /// What was found and assumed.
  private(set) var notes: [DataNote] = []

  /// Reads a table.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ table: RecordTable, _ asked: SeriesColumns) throws {
    self.table = table
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    let wanted = Set(try (asked.targets + asked.known).map { try table.column($0) })
    let statics = Set(try asked.statics.map { try table.column($0) })
    id = try asked.id.map { try table.column($0) }
    time = try asked.time.map { try table.column($0) } ?? guessedTime(besides: wanted)
    dates = try timeOrder()
    notes += [dates?.note].compactMap { $0 } + table.notes
    for column in table.columns.indices where column != time && !ignored.contains(column) {
      if column != id, !statics.contains(column), wanted.contains(column) || table.isNumeric(column) {
        numbers[column] = []
      } else {
        wordedColumns.append(column)
      }
    }
    try read()
    for column in wordedColumns where column == id || statics.contains(column) {
      texts[column] = try self.texts(of: column, isPlain: statics.contains(column))
    }
    if id == nil { try guessID(besides: wanted.union(statics)) }
    // a column of numbers may name the series, too
    if let id, let column = numbers.removeValue(forKey: id) {
      var names = InternedColumn()
      for value in column {
        names.append(value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)")
      }
      texts[id] = names
    }
  }

  /// The texts of a column, which is read for it.
  ///
  /// - Parameter isPlain: whether numbers are written as digits with a point.
  func texts(of column: Int, isPlain: Bool = false) throws(DataError) -> InternedColumn {
    if let known = texts[column] { return known }
    var texts = InternedColumn()
    try table.forEachRow { row, fields throws(DataError) in
      texts.append(
        isPlain
          ? try table.plainText(fields[column], row: row, column: column) : fields[column].trimmingBlanks)
    }
    return texts
  }

  /// Whether a column says the same in all rows of each series.
  func isConstant(_ column: Int, in groups: [[Int]]) throws(DataError) -> Bool {
    if let values = numbers[column] {
      return groups.allSatisfy { own in own.count > 1 && own.allSatisfy { values[$0] == values[own[0]] } }
    }
    // most columns of words differ at once, and are not read whole
    for own in groups.prefix(50) where own.count > 1 {
      if try table.row(own[0])[column].trimmingBlanks != table.row(own[1])[column].trimmingBlanks {
        return false
      }
    }
    let texts = try self.texts(of: column)
    return groups.allSatisfy { own in own.allSatisfy { texts.code($0) == texts.code(own[0]) } }
  }

  private mutating func read() throws {
    let numeric = Array(numbers.keys)
    var (times, columns) = ([Double](), numeric.map { _ in [Double]() })
    times.reserveCapacity(table.count)
    for place in columns.indices { columns[place].reserveCapacity(table.count) }
    try table.forEachRow { row, fields throws(DataError) in
      if let time {
        times.append(try moment(fields[time], row: row, column: time))
      } else {
        times.append(Double(row))
      }
      for (place, column) in numeric.enumerated() {
        let value = try table.number(fields[column], row: row, column: column)
        guard value?.isFinite ?? true else {
          throw malformed(row, column, "a finite number, or nothing", "\"\(fields[column].prefix(40))\"")
        }
        columns[place].append(value ?? .nan)
      }
    }
    self.times = times
    for (place, column) in numeric.enumerated() { numbers[column] = columns[place] }
  }

  private func moment(_ field: String, row: Int, column: Int) throws(DataError) -> Double {
    if let dates {
      if let moment = CalendarTime(field, order: dates.order) { return moment.seconds }
      let asked = table.format?.dateOrder.map { " as `date-order` \($0.rawValue) says" } ?? " like the others"
      throw malformed(
        row, column, "a date\(asked), such as 2024-12-31 23:59", "\"\(field.prefix(40))\"")
    }
    guard let number = try table.number(field, row: row, column: column), number.isFinite else {
      throw malformed(row, column, "a time", "\"\(field.prefix(40))\"")
    }
    return number
  }

  func malformed(_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError {
    table.malformed(row, column, expected, found)
  }

  // MARK: Guesses

  /// A column by name, or the first with dates.
  private mutating func guessedTime(besides wanted: Set<Int>) throws -> Int? {
    let rows = try table.head(50)
    func hasDates(_ column: Int) -> Bool {
      !table.isNumeric(column) && !CalendarTime.orders(of: rows.map { $0[column] }).isEmpty
    }
    func rises(_ column: Int) -> Bool {
      let values = rows.compactMap { Double($0[column]) }
      return values.count == rows.count && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }
    let free = table.columns.indices.filter { !wanted.contains($0) && $0 != id }
    let named = SeriesColumns.timeNames.compactMap { name in
      free.first {
        table.columns[$0].lowercased() == name
          && (hasDates($0) || rises($0) || SeriesColumns.isCertainlyTime(name) && table.isNumeric($0))
      }
    }
    guard let column = named.first ?? free.first(where: hasDates) else {
      notes.append(
        DataNote(.assumed, "no column holds times: rows are steps one after the other", setting: "time"))
      return nil
    }
    notes.append(DataNote(.assumed, "times are in the column \"\(table.columns[column])\"", setting: "time"))
    return column
  }

  /// How the dates are written; nil for numbers.
  private func timeOrder() throws -> DateColumn? {
    guard let time else { return nil }
    // eight digits are a date where the first rows are dates that exist
    let texts = try table.head(2000).map { $0[time].trimmingBlanks }
    let isCompact = texts.allSatisfy { $0.count == 8 && CalendarTime($0) != nil }
    if table.isNumeric(time), !isCompact { return nil }
    guard let dates = try table.dates(time) else {
      let row = texts.firstIndex { CalendarTime.readings($0).isEmpty }
      throw malformed(
        row ?? 0, time, "numbers or dates such as 2024-12-31 23:59", "\"\(texts[row ?? 0].prefix(40))\"")
    }
    return dates
  }

  /// Where times occur more than once there are several series: a column that tells them apart.
  private mutating func guessID(besides taken: Set<Int>) throws(DataError) {
    guard let time, let twice = firstDuplicate({ _ in 0 }) else { return }
    let named = SeriesColumns.idNames.compactMap { name in
      table.columns.indices.first { table.columns[$0].lowercased() == name }
    }
    for column in named + wordedColumns where column != time && !taken.contains(column) {
      if let values = numbers[column] {
        guard firstDuplicate({ values[$0].isNaN ? .infinity : values[$0] }) == nil else { continue }
      } else if wordedColumns.contains(column) {
        let texts = try texts(of: column)
        guard firstDuplicate({ Double(texts.code($0)) }) == nil else { continue }
        self.texts[column] = texts
      } else {
        continue
      }
      id = column
      notes.append(
        DataNote(
          .assumed, "rows with the same \"\(table.columns[column])\" are one series", setting: "id-column"))
      return
    }
    throw malformed(
      twice.again, time,
      "each time once, or a column that tells series apart (`id-column`)",
      "the time of line \(table.line(of: twice.first)) again")
  }

  /// The first row that has the time and the name, which is given as a number, of one before; and that one.
  func firstDuplicate(_ name: (Int) -> Double) -> (first: Int, again: Int)? {
    // rows are mostly in order, and then need none
    if times.indices.dropFirst().allSatisfy({ (name($0 - 1), times[$0 - 1]) < (name($0), times[$0]) }) {
      return nil
    }
    let order = times.indices.map { Int32($0) }.sorted { a, b in
      let (a, b) = (Int(a), Int(b))
      return (name(a), times[a], a) < (name(b), times[b], b)
    }
    var found: (first: Int, again: Int)?
    for (a, b) in zip(order, order.dropFirst()).map({ (Int($0), Int($1)) })
    where name(a) == name(b) && times[a] == times[b] && b < found?.again ?? .max {
      found = (a, b)
    }
    return found
  }
}
