/// In which order the dates of a column have their parts: as somebody said, as only one order fits all rows, or as only in
/// one order the rows are regular steps. Anything else is a question.
struct DateColumn: Sendable {
  /// The order to read with.
  let order: CalendarTime.PartOrder
  /// Whether other orders would give other moments.
  let isDecisive: Bool
  /// What was found or assumed.
  let note: DataNote?

  /// Rows that must be alike for a question to arise before the rest is looked at.
  private static let sampleCount = 2000
  /// Different moments that must be regular: fewer may be so by chance.
  private static let regularCount = 6

  /// Whether digits alone are dates.
  private(set) var readsDigits = false

  /// Dates that are digits alone, of which the order is no question.
  init(digits: ()) { (order, isDecisive, note, readsDigits) = (.yearMonthDay, false, nil, true) }

  /// The moment that a field says; nil where it says none.
  func written(_ field: String) -> WrittenTime? {
    WrittenTime(field, order: order, readsDigits: readsDigits)
  }

  /// Looks at a column.
  ///
  /// - Parameters:
  ///   - count: rows.
  ///   - format: what somebody said.
  ///   - known: how other data of the same kind were read, for what the rows leave open.
  ///   - text: the field of a row.
  ///   - malformed: the error of a row.
  /// - Returns: nil where there are no dates, in whatever order.
  /// - Throws: what `malformed` makes of a date that can be read in several ways.
  init?(
    count: Int, format: TableFormat?, known: TableFormat?, text: (Int) throws -> String,
    malformed: (_ row: Int, _ expected: String, _ found: String) -> DataError
  ) throws {
    if let asked = format?.dateOrder {
      (order, isDecisive, note) = (asked, true, nil)
      return
    }
    var left: [CalendarTime.PartOrder] = [.dayMonthYear, .monthDayYear, .yearMonthDay]
    var areDifferent = false
    for row in 0..<count {
      if !areDifferent, row >= DateColumn.sampleCount { break }
      let field = try text(row)
      if field.isEmpty { continue }
      if CalendarTime.beginsWithYear(field) {
        if CalendarTime(field) == nil { return nil }
        continue
      }
      let readings = left.compactMap { order in CalendarTime(field, order: order).map { (order, $0) } }
      guard let first = readings.first else { return nil }
      left = readings.map(\.0)
      if readings.contains(where: { $0.1 != first.1 }) { areDifferent = true }
      if left.count == 1 { break }
    }
    let question =
      !areDifferent || left.count == 1
      ? nil
      : try (0..<count).first { row in
        let field = try text(row)
        let first = CalendarTime(field, order: left[0])
        return left.contains { CalendarTime(field, order: $0) != first }
      }
    guard let question else {
      (order, isDecisive) = (left[0], left.count == 1)
      note = isDecisive ? DateColumn.note(.found, left[0], "") : nil
      return
    }
    isDecisive = true
    if let own = known?.dateOrder, left.contains(own) {
      (order, note) = (own, DateColumn.note(.found, own, ", as in training"))
      return
    }
    if left.contains(.dayMonthYear), try text(question).prefix(while: { $0 != " " }).contains(".") {
      (order, note) = (.dayMonthYear, DateColumn.note(.assumed, .dayMonthYear, ", as dates with points are"))
      return
    }
    let regular = try left.filter { order in
      DateColumn.areRegular(try (0..<count).compactMap { CalendarTime(try text($0), order: order)?.seconds })
    }
    guard regular.count == 1 else {
      let field = try text(question).trimmingBlanks
      let ways = left.compactMap { order in
        CalendarTime(field, order: order).map { "`date-order` \(order.rawValue) reads \($0.text)" }
      }
      throw malformed(
        question, "dates that can be read in one way alone (\(ways.joined(separator: ", ")))",
        "\"\(field.prefix(40))\"")
    }
    order = regular[0]
    note = DateColumn.note(.assumed, order, ", for only so they are regular steps")
  }

  private static func note(_ kind: DataNote.Kind, _ order: CalendarTime.PartOrder, _ reason: String)
    -> DataNote
  {
    let words =
      switch order {
      case .yearMonthDay: "year, month, day"
      case .dayMonthYear: "day, month, year"
      case .monthDayYear: "month, day, year"
      }
    return DataNote(kind, "dates are read as \(words)\(reason)", setting: "date-order")
  }

  /// Whether different moments are steps of the calendar without a gap.
  private static func areRegular(_ times: [Double]) -> Bool {
    let moments = Set(times).sorted()
    guard moments.count >= regularCount,
      let frequency = SeriesFrequency.found(in: [moments], isCalendar: true)
    else { return false }
    return moments.enumerated().allSatisfy { index, time in
      let (step, offset) = frequency.place(of: time, from: moments[0])
      return step == index && offset < 0.01
    }
  }
}

extension RecordTable {
  /// How the dates of a column are written; nil where they are none.
  ///
  /// - Throws: ``DataError`` where they can be read in several ways.
  func dates(_ column: Int) throws -> DateColumn? {
    try DateColumn(count: count, format: format, known: knownFormat) {
      try row($0)[column].trimmingBlanks
    } malformed: { row, expected, found in
      malformed(row, column, expected, found)
    }
  }
}
