/// The values of a table in which every row is a whole series, a row for each value.
struct WideRows: Sendable {
  /// The names of the columns of times and values.
  static let names = (time: "time", value: "value")

  private let table: RecordTable
  /// The columns that are kept as they are, and those that are steps.
  private let kept: [Int], steps: Range<Int>
  /// What the times are, by the step.
  private let times: [String]
  /// The rows of the table that have a value, and for each the number of its first value.
  private var rows: [Int] = []
  private var starts: [Int] = [0]

  /// The names of all columns.
  var columns: [String] { kept.map { table.columns[$0] } + [WideRows.names.time, WideRows.names.value] }

  /// The number of values.
  var count: Int { starts[rows.count] }

  /// Looks for the values of rows; empty fields at the end of a row are none.
  init(_ table: RecordTable, steps: Range<Int>, times: [String]) throws(DataError) {
    (self.table, self.steps, self.times) = (table, steps, times)
    kept = table.columns.indices.filter { !steps.contains($0) }
    var (rows, starts) = ([Int](), [0])
    try table.forEachRow { row, fields in
      guard let last = steps.last(where: { !FieldNumber.isMissing(fields[$0].trimmingBlanks) }) else {
        return
      }
      rows.append(row)
      starts.append(starts[starts.count - 1] + last - steps.lowerBound + 1)
    }
    (self.rows, self.starts) = (rows, starts)
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
    kept.map { fields[$0] } + [times[step], fields[steps.lowerBound + step]]
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
    guard steps.count >= 8, let name = columns.indices.first, !isNumeric(name), let first = steps.first,
      steps == Array(first..<first + steps.count)
    else { return nil }
    let names = steps.map { columns[$0] }
    let areDates = !CalendarTime.orders(of: names).isEmpty
    guard areDates || RecordTable.areNumbered(names) else { return nil }
    let rows = try WideRows(
      self, steps: first..<first + steps.count,
      times: areDates ? names : (1...steps.count).map { "\($0)" })
    return rows.count > 0 ? try RecordTable(of: self, rows) : nil
  }

  /// Whether names are the same but for numbers that follow each other.
  private static func areNumbered(_ names: [String]) -> Bool {
    let numbers = names.map { Int($0.drop { !$0.isNumber }) }
    let stems = Set(names.map { $0.prefix { !$0.isNumber } })
    guard stems.count == 1, let first = numbers.first ?? nil else { return false }
    return numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }
}
