/// The values of a table in which every row is a whole series, or the parts of a period, a row for each value.
struct WideRows: Sendable {
  /// The names of the columns of times and values.
  static let names = (time: "time", value: "value")

  /// When the values of a row were.
  enum Times: Sendable {
    /// By the step.
    case named([String])
    /// Parts of a period, of which each row is one.
    case parts(PeriodParts, of: TimeColumns)
    /// A part in each row, the years by the step.
    case rows(column: Int, years: [String])
  }

  private let table: RecordTable
  /// The columns that are kept as they are, and those that are steps.
  private let kept: [Int], steps: Range<Int>
  /// What names a series; nil for one alone.
  private let name: SeriesName?
  private let times: Times
  /// The rows of the table that have a value, and for each the number of its first value.
  private var rows: [Int] = []
  private var starts: [Int] = [0]

  /// The names of all columns: that of the series first.
  var columns: [String] {
    (name?.columns(kept.map { table.columns[$0] }) ?? []) + [WideRows.names.time, WideRows.names.value]
  }

  /// The number of values.
  var count: Int { starts[rows.count] }
  /// Whether there are several series, or one with a name.
  var hasNames: Bool { name != nil }

  /// Looks for the values of rows; empty fields at the end of a row are none.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - steps: the columns with values.
  ///   - kept: the columns that are kept.
  ///   - name: what names a series.
  ///   - times: when values were.
  /// - Throws: ``DataError``, also for a period that is none.
  init(
    _ table: RecordTable, steps: Range<Int>, kept: [Int], name: SeriesName?, times: Times
  ) throws(DataError) {
    (self.table, self.steps, self.kept, self.name, self.times) = (table, steps, kept, name, times)
    var (rows, starts) = ([Int](), [0])
    try table.forEachRow { row, fields throws(DataError) in
      guard let last = steps.last(where: { !table.isMissing(fields[$0].trimmingBlanks) }) else {
        return
      }
      var count = last - steps.lowerBound + 1
      if case .parts(let parts, let periods) = times {
        count = min(count, parts.count(at: try periods.moment(fields, row: row).wall))
      }
      rows.append(row)
      starts.append(starts[starts.count - 1] + count)
    }
    (self.rows, self.starts) = (rows, starts)
  }

  /// Which of the columns have numbers, by those of the table.
  func numericColumns(_ numeric: Set<Int>) -> Set<Int> {
    let count = columns.count
    let own = kept.enumerated().filter { numeric.contains($0.element) }.map {
      $0.offset + count - 2 - kept.count
    }
    var areNumbers = false
    if case .named(let texts) = times { areNumbers = texts.allSatisfy { FieldNumber.plain($0) != nil } }
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
    let (place, step) = place(of: value)
    let fields = try table.row(rows[place])
    return row(of: fields, step: step, time: try time(of: fields, row: rows[place])(step))
  }

  private func row(of fields: [String], step: Int, time: String) -> [String] {
    (name?.fields(kept.map { fields[$0] }) ?? []) + [time, fields[steps.lowerBound + step]]
  }

  /// The times of the values of a row by the step.
  private func time(of fields: [String], row: Int) throws(DataError) -> (Int) -> String {
    switch times {
    case .named(let texts): return { texts[$0] }
    case .parts(let parts, let periods):
      let start = try periods.moment(fields, row: row).wall
      return { parts.text(start, $0) }
    case .rows(let column, let years):
      guard let (kind, number) = PeriodParts.row(fields[column], of: table.columns[column]) else {
        throw table.malformed(row, column, "a month or a quarter", "\"\(fields[column].prefix(40))\"")
      }
      let behind = kind == .quarters ? "Q\(number)" : "-\(number < 10 ? "0" : "")\(number)"
      return { years[$0] + behind }
    }
  }

  func eachRow(
    to end: Int, _ body: (_ row: Int, _ fields: [String]) throws(DataError) -> Void
  ) throws(DataError) {
    for (place, row) in rows.enumerated() where starts[place] < end {
      let fields = try table.row(row)
      let time = try time(of: fields, row: row)
      for value in starts[place]..<min(starts[place + 1], end) {
        let step = value - starts[place]
        try body(value, self.row(of: fields, step: step, time: time(step)))
      }
    }
  }
}
