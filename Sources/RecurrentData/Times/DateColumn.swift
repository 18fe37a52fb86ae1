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

  /// What is read that a field alone would not say.
  private(set) var extras: WrittenTime.Extras = []
  /// Whether digits alone are dates.
  var readsDigits: Bool { extras.contains(.digits) }

  /// Dates that are digits alone, of which the order is no question.
  ///
  /// - Parameter areWeeks: whether six of them are a year and a week.
  init(digits: (), areWeeks: Bool = false) {
    (order, isDecisive, extras) = (.yearMonthDay, false, areWeeks ? [.digits, .weeks] : .digits)
    note =
      areWeeks ? DataNote(.assumed, "six digits are read as a year and a week", setting: "time-unit") : nil
  }

  /// The moment that a field says; nil where it says none.
  func written(_ field: String) -> WrittenTime? {
    // whole numbers in a column of decimals
    let isDecimal = readsDigits && field.hasSuffix(".0")
    return WrittenTime(isDecimal ? String(field.dropLast(2)) : field, order: order, extras: extras)
  }

  /// Dates that are a year, a mark and the number of a quarter.
  init(quarters example: String) {
    (order, isDecisive, extras) = (.yearMonthDay, false, .quarters)
    note = DateColumn.quarterNote(example)
  }

  private static func quarterNote(_ example: String) -> DataNote {
    DataNote(.assumed, "\(example) is read as a year and a quarter", setting: "time")
  }

  /// Whether texts are years with the numbers of quarters, `2000:1` or `2000.1`, most of them one behind the other, so that they are
  /// no months.
  static func areQuarters(_ texts: Set<String>) -> Bool {
    guard texts.count >= 6 else { return false }
    var numbers: [Int] = []
    for text in texts {
      guard let time = WrittenTime(text, order: .yearMonthDay, extras: .quarters) else { return false }
      numbers.append(4 * time.year + (time.month - 1) / 3)
    }
    numbers.sort()
    return 2 * zip(numbers, numbers.dropFirst()).count { $1 == $0 + 1 } >= numbers.count - 1
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
    let head = Set(try (0..<min(count, DateColumn.sampleCount)).map(text)).subtracting([""])
    if DateColumn.areQuarters(head), let first = head.min() {
      (order, isDecisive, extras) = (.yearMonthDay, false, .quarters)
      note = DateColumn.quarterNote(first)
      return
    }
    var left: [CalendarTime.PartOrder] = [.dayMonthYear, .monthDayYear, .yearMonthDay]
    var areDifferent = false
    // of years that each end in the next one, as seasons and school years do, no single one decides
    var (season, spans, years, isVaried) = (String?.none, 0, 0, false)
    for row in 0..<count {
      if !areDifferent, row >= DateColumn.sampleCount { break }
      let field = try text(row)
      if field.isEmpty { continue }
      if CalendarTime.beginsWithYear(field) {
        guard CalendarTime(field) != nil else { return nil }
        years += 1
        season = season ?? field
        isVaried = isVaried || field != season
        if WrittenTime(field, order: .yearMonthDay, extras: .spans)?.unit == .year { spans += 1 }
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
    if spans > 2, spans == years, isVaried, let season {
      (extras, order, isDecisive) = (.spans, .yearMonthDay, false)
      note = DataNote(
        .assumed, "\(season.trimmingBlanks) is read as a year that ends in the next one",
        setting: "date-order")
      return
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
