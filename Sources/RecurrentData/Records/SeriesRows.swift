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
  /// Other columns by their place.
  private(set) var texts: [Int: [String]] = [:]
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
      if column == id || statics.contains(column) {
        texts[column] = []
      } else if wanted.contains(column) || table.isNumeric(column) {
        numbers[column] = []
      } else {
        texts[column] = []
      }
    }
    try read(statics)
    if id == nil { try guessID(besides: wanted.union(statics)) }
    // a column of numbers may name the series, too
    if let id, let column = numbers.removeValue(forKey: id) {
      texts[id] = column.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
    }
  }

  private mutating func read(_ statics: Set<Int>) throws {
    let (numeric, worded) = (Array(numbers.keys), Array(texts.keys))
    for column in numeric { numbers[column]?.reserveCapacity(table.count) }
    for row in 0..<table.count {
      let fields = try table.row(row)
      if let time {
        times.append(try moment(fields[time], row: row, column: time))
      } else {
        times.append(Double(row))
      }
      for column in numeric {
        let value = try table.number(fields[column], row: row, column: column)
        guard value?.isFinite ?? true else {
          throw malformed(row, column, "a finite number, or nothing", "\"\(fields[column].prefix(40))\"")
        }
        numbers[column]?.append(value ?? .nan)
      }
      for column in worded {
        let isStatic = statics.contains(column)
        texts[column]?.append(
          isStatic
            ? try table.plainText(fields[column], row: row, column: column) : fields[column].trimmingBlanks)
      }
    }
  }

  private func moment(_ field: String, row: Int, column: Int) throws(DataError) -> Double {
    if let dates {
      if let moment = CalendarTime(field, order: dates.order) { return moment.seconds }
      let asked = table.format?.dateOrder.map { " as --date-order \($0.rawValue) says" } ?? " like the others"
      throw malformed(
        row, column, "a date\(asked), such as 2024-12-31 23:59", "\"\(field.prefix(40))\"")
    }
    guard let number = try table.number(field, row: row, column: column), number.isFinite else {
      throw malformed(row, column, "a time", "\"\(field.prefix(40))\"")
    }
    return number
  }

  func malformed(_ row: Int, _ column: Int, _ expected: String, _ found: String) -> DataError {
    .malformed(
      path: table.path, place: .field(line: table.line(of: row), column: table.columns[column]),
      expected: expected, found: found)
  }

  // MARK: Guesses

  /// A column by name, or the first with dates.
  private mutating func guessedTime(besides wanted: Set<Int>) throws -> Int? {
    let rows = try (0..<min(table.count, 50)).map { try table.row($0) }
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
        DataNote(.assumed, "no column holds times: rows are steps one after the other", flag: "--time"))
      return nil
    }
    notes.append(DataNote(.assumed, "times are in the column \"\(table.columns[column])\"", flag: "--time"))
    return column
  }

  /// How the dates are written; nil for numbers.
  private func timeOrder() throws -> DateColumn? {
    guard let time else { return nil }
    // eight digits are a date where the first rows are dates that exist
    let texts = try (0..<min(table.count, 2000)).map { try table.row($0)[time].trimmingBlanks }
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
    guard let time, let twice = firstDuplicate({ _ in "" }) else { return }
    let named = SeriesColumns.idNames.compactMap { name in
      table.columns.indices.first { table.columns[$0].lowercased() == name }
    }
    for column in named + texts.keys.sorted() where column != time && !taken.contains(column) {
      let names: [String]
      if let words = texts[column] {
        names = words
      } else if let values = numbers[column] {
        names = values.map { "\($0)" }
      } else {
        continue
      }
      guard firstDuplicate({ names[$0] }) == nil else { continue }
      id = column
      notes.append(
        DataNote(
          .assumed, "rows with the same \"\(table.columns[column])\" are one series", flag: "--id-column"))
      return
    }
    throw malformed(
      twice.again, time,
      "each time once, or a column that tells series apart (--id-column)",
      "the time of line \(table.line(of: twice.first)) again")
  }

  /// Two rows with one time and one name.
  func firstDuplicate(_ name: (Int) -> String) -> (first: Int, again: Int)? {
    struct Key: Hashable {
      var name: String
      var time: Double
    }
    var seen: [Key: Int] = [:]
    seen.reserveCapacity(times.count)
    for row in times.indices {
      if let first = seen.updateValue(row, forKey: Key(name: name(row), time: times[row])) {
        return (first, row)
      }
    }
    return nil
  }
}
