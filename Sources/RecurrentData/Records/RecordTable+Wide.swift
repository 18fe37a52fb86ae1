/// The values of a table in which every row is a whole series, a row for each value.
struct WideRows: Sendable {
  /// The names of the columns of times and values.
  static let names = (time: "time", value: "value")

  private let table: RecordTable
  /// The columns that are kept as they are, and those that are steps.
  private let kept: [Int], steps: Range<Int>
  /// What names a series.
  private let name: SeriesName
  /// What the times are, by the step.
  private let times: [String]
  /// The rows of the table that have a value, and for each the number of its first value.
  private var rows: [Int] = []
  private var starts: [Int] = [0]

  /// The names of all columns: that of the series first.
  var columns: [String] {
    name.columns(kept.map { table.columns[$0] }) + [WideRows.names.time, WideRows.names.value]
  }

  /// The number of values.
  var count: Int { starts[rows.count] }

  /// Looks for the values of rows; empty fields at the end of a row are none.
  init(_ table: RecordTable, steps: Range<Int>, times: [String]) throws(DataError) {
    (self.table, self.steps, self.times) = (table, steps, times)
    kept = table.columns.indices.filter { !steps.contains($0) }
    name = try SeriesName(table, kept)
    var (rows, starts) = ([Int](), [0])
    try table.forEachRow { row, fields in
      guard let last = steps.last(where: { !table.isMissing(fields[$0].trimmingBlanks) }) else {
        return
      }
      rows.append(row)
      starts.append(starts[starts.count - 1] + last - steps.lowerBound + 1)
    }
    (self.rows, self.starts) = (rows, starts)
  }

  /// Which of the columns have numbers, by those of the table.
  func numericColumns(_ numeric: Set<Int>) -> Set<Int> {
    let count = columns.count
    let own = kept.enumerated().filter { numeric.contains($0.element) }.map {
      $0.offset + count - 2 - kept.count
    }
    let areNumbers = times.allSatisfy { FieldNumber.plain($0) != nil }
    return Set(own.filter { $0 > 0 } + [count - 1] + (areNumbers ? [count - 2] : []))
  }

  /// Where a value stands: which of the rows, and which step.
  private func place(of value: Int) -> (row: Int, step: Int) {
    var (low, high) = (0, rows.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= value { low = middle } else { high = middle }
    }
    return (low, value - starts[low])
  }

  func line(of value: Int) -> Int { table.line(of: rows[place(of: value).row]) }

  func fields(_ value: Int) throws(DataError) -> [String] {
    let (row, step) = place(of: value)
    return self.row(of: try table.row(rows[row]), step: step)
  }

  private func row(of fields: [String], step: Int) -> [String] {
    name.fields(kept.map { fields[$0] }) + [times[step], fields[steps.lowerBound + step]]
  }

  func eachRow(
    to end: Int, _ body: (_ row: Int, _ fields: [String]) throws(DataError) -> Void
  ) throws(DataError) {
    for (place, row) in rows.enumerated() where starts[place] < end {
      let fields = try table.row(row)
      for value in starts[place]..<min(starts[place + 1], end) {
        try body(value, self.row(of: fields, step: value - starts[place]))
      }
    }
  }
}

extension RecordTable {
  /// Where every row is a whole series, as in the files of the M competitions, the same with a row for each value; nil for any
  /// other table.
  ///
  /// The first column names the series; those with numbers are its steps, either numbered (`V1`, `V2`) or dates. Other
  /// columns are kept as they are. Empty fields at the end of a row are no steps.
  func long() throws -> RecordTable? {
    let steps = columns.indices.filter { isNumeric($0) }
    guard steps.count >= 8, let name = columns.indices.first, !isNumeric(name),
      CalendarTime.orders(of: try head(20).map { $0[name] }).isEmpty
    else { return nil }
    // other numbers may stand before the steps
    guard let last = steps.last else { return nil }
    let run = steps.reversed().enumerated().prefix { $0.element == last - $0.offset }
    guard var first = run.last?.element else { return nil }
    func names(from first: Int) -> [String] { columns[first...last].map(\.trimmingBlanks) }
    while last - first >= 8, RecordTable.areTimes([columns[last]]), !RecordTable.areTimes(names(from: first))
    {
      first += 1
    }
    let own = names(from: first)
    let areDates = RecordTable.areTimes(own)
    guard areDates || first == steps[0] && RecordTable.areNumbered(own) else { return nil }
    let rows = try WideRows(
      self, steps: first..<last + 1,
      times: areDates ? own.map(RecordTable.time) : (1...own.count).map { "\($0)" })
    return rows.count > 0 ? RecordTable(of: self, rows) : nil
  }

  /// What the head of a column says as a time: also `1960 [YR1960]` and `X1960` are a year.
  private static func time(_ name: String) -> String {
    let word = name.prefix { $0 != " " && $0 != "[" }
    let digits = word.first == "X" || word.first == "Y" ? word.dropFirst() : word
    return name.contains("[") || digits.count == 4 && digits.allSatisfy(\.isNumber) ? String(digits) : name
  }

  /// Whether names are different dates, months, quarters or years.
  private static func areTimes(_ names: [String]) -> Bool {
    let names = names.map(time)
    guard Set(names).count == names.count else { return false }
    if !CalendarTime.orders(of: names).isEmpty { return true }
    let dates = DateColumn(digits: ())
    return names.allSatisfy { name in
      name.utf8.count >= 4 && dates.written(name).map { (1000...2999).contains($0.year) } ?? false
    }
  }

  /// Whether names are the same but for numbers that follow each other.
  private static func areNumbered(_ names: [String]) -> Bool {
    let numbers = names.map { Int($0.drop { !$0.isNumber }) }
    let stems = Set(names.map { $0.prefix { !$0.isNumber } })
    guard stems.count == 1, let first = numbers.first ?? nil else { return false }
    return numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }
}
