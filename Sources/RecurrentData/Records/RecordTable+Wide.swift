extension RecordTable {
  /// The names of the columns of a table that was made long.
  static let longColumns = (time: "time", value: "value")

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
    let others = columns.indices.filter { !steps.contains($0) }
    var (rows, lines) = ([[String]](), [Int]())
    for row in 0..<count {
      let fields = try self.row(row)
      guard let last = steps.last(where: { !FieldNumber.isMissing(fields[$0].trimmingBlanks) }) else {
        continue
      }
      for step in first...last {
        rows.append(
          others.map { fields[$0] } + [areDates ? columns[step] : "\(step - first + 1)", fields[step]])
        lines.append(line(of: row))
      }
    }
    guard !rows.isEmpty else { return nil }
    let own = RecordTable.longColumns
    return try RecordTable(
      of: self, columns: others.map { columns[$0] } + [own.time, own.value], rows: rows, lines: lines)
  }

  /// Whether names are the same but for numbers that follow each other.
  private static func areNumbered(_ names: [String]) -> Bool {
    let numbers = names.map { Int($0.drop { !$0.isNumber }) }
    let stems = Set(names.map { $0.prefix { !$0.isNumber } })
    guard stems.count == 1, let first = numbers.first ?? nil else { return false }
    return numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }
}
