/// The columns of a table that say when a row was, and how they are read.
struct TimeColumns: Sendable {
  /// How fields become moments.
  enum Reading: Sendable {
    /// Numbers that are no moments.
    case numbers
    /// A date, with a time of day or not.
    case dates(DateColumn)
    /// Numbers of a unit of which so many are a second, since the beginning of 1970.
    case epoch(Double)
    /// Days since the end of 1899.
    case excel
    /// A date, and a time of day in another column: its digits, or an hour as a number.
    case dateAndClock(DateColumn)
    /// A part in each column.
    case parts([TimePart])
  }

  /// A moment by the clock of the data, and by how many seconds that is ahead of UTC where the data say so.
  struct Moment {
    var wall: Double
    var offset: Int?
  }

  /// The columns, the date before the time of day.
  let places: [Int]
  /// How they are read.
  let reading: Reading
  /// How moments are printed, but for the zone.
  let form: TimeForm
  /// What was found and assumed.
  private(set) var notes: [DataNote] = []
  private let table: RecordTable

  init(_ table: RecordTable, _ places: [Int], _ reading: Reading) throws(DataError) {
    (self.table, self.places, self.reading) = (table, places, reading)
    switch reading {
    case .numbers: form = TimeForm()
    case .epoch(let scale): form = TimeForm(.epoch(scale))
    case .parts(let parts):
      form = TimeForm(
        parts.count == 1
          ? .year
          : parts.contains(.day) || parts.contains(.dayOfYear)
            ? .moment
            : parts.contains(.month)
              ? .month
              : parts.contains(.quarter) ? .part(.quarter, mark: "Q") : .part(.week, mark: "-W"))
    case .dateAndClock, .excel: form = TimeForm()
    case .dates(let dates):
      let first = try table.row(0)[places[0]]
      form = dates.written(first).map { TimeForm(of: $0, text: first) } ?? TimeForm()
    }
    switch reading {
    case .dates(let dates), .dateAndClock(let dates): notes += [dates.note].compactMap { $0 }
    case .epoch(let scale):
      let unit = TableFormat.TimeUnit.allCases.first { $0.perSecond == scale }?.name ?? "units"
      if table.format?.timeUnit == nil {
        notes.append(
          DataNote(.assumed, "times are \(unit) since the beginning of 1970", setting: "time-unit"))
      }
    case .excel:
      if table.format?.timeUnit == nil {
        notes.append(DataNote(.assumed, "times are days as Excel counts them", setting: "time-unit"))
      }
    case .numbers, .parts: break
    }
  }

  /// The names of the columns, with commas between them.
  var name: String { places.map { table.columns[$0] }.joined(separator: ",") }

  /// Whether moments are of the calendar.
  var isCalendar: Bool {
    if case .numbers = reading { return false }
    return true
  }

  /// What numbers that are moments count; nil for others.
  var unit: TableFormat.TimeUnit? {
    switch reading {
    case .numbers: nil
    case .epoch(let scale): TableFormat.TimeUnit.allCases.first { $0.perSecond == scale }
    case .dates(let dates): dates.extras.contains(.weeks) ? .week : dates.readsDigits ? .date : nil
    case .excel: .excel
    case .dateAndClock, .parts: nil
    }
  }

  /// How the dates are written; nil without any.
  var dates: DateColumn? {
    switch reading {
    case .dates(let dates), .dateAndClock(let dates): dates
    case .numbers, .epoch, .excel, .parts: nil
    }
  }

  /// The moment of a row.
  ///
  /// - Throws: ``DataError`` where there is none.
  func moment(_ fields: [String], row: Int) throws(DataError) -> Moment {
    switch reading {
    case .numbers, .epoch, .excel:
      guard let number = try table.number(fields[places[0]], row: row, column: places[0]), number.isFinite
      else { throw malformed(fields, row, 0, "a time") }
      if case .epoch(let scale) = reading { return Moment(wall: number / scale) }
      if case .excel = reading { return Moment(wall: TableFormat.seconds(excel: number)) }
      return Moment(wall: number)
    case .dates(let dates): return try moment(fields, row, dates)
    case .dateAndClock(let dates):
      var moment = try moment(fields, row, dates)
      guard let clock = ClockTime.seconds(fields[places[1]]) else {
        throw malformed(fields, row, 1, "a time of day, such as 23:59")
      }
      moment.wall += clock
      return moment
    case .parts(let kinds):
      var parts = TimeParts()
      for (place, part) in kinds.enumerated() {
        guard let number = TimeParts.number(fields[places[place]], part) else {
          throw malformed(
            fields, row, place,
            "the \(part) of a time, from \(part.range.lowerBound) to \(part.range.upperBound)")
        }
        parts.set(part, number)
      }
      guard let wall = parts.wall else { throw malformed(fields, row, kinds.count - 1, "a day that exists") }
      return Moment(wall: wall)
    }
  }

  private func moment(_ fields: [String], _ row: Int, _ dates: DateColumn) throws(DataError) -> Moment {
    guard let written = dates.written(fields[places[0]]) else {
      let asked = table.format?.dateOrder.map { " as `date-order` \($0.rawValue) says" } ?? " like the others"
      throw malformed(fields, row, 0, "a date\(asked), such as 2024-12-31 23:59")
    }
    return Moment(wall: written.wall, offset: written.offset)
  }

  private func malformed(_ fields: [String], _ row: Int, _ place: Int, _ expected: String) -> DataError {
    table.malformed(row, places[place], expected, "\"\(fields[places[place]].prefix(40))\"")
  }
}

/// Times of day without a date.
enum ClockTime {
  /// Seconds since midnight that a field says: `23:59`, `18.00.00`, `1:30 PM`, or an hour as a number; nil for anything else.
  static func seconds(_ field: String) -> Double? {
    let text = field.trimmingBlanks
    if let hour = FieldNumber.plain(text), !text.contains(".") || hour == hour.rounded() {
      if (0...24).contains(hour), hour == hour.rounded() { return hour * 3600 }
      // 1430 is half past two in the afternoon
      let (hours, minutes) = ((hour / 100).rounded(.down), hour.truncatingRemainder(dividingBy: 100))
      return hour == hour.rounded() && (0...24).contains(hours) && minutes < 60
        ? hours * 3600 + minutes * 60 : nil
    }
    return marked(text)
  }

  /// Whether a field is a time of day with a mark between hours and minutes.
  static func isMarked(_ field: String) -> Bool { marked(field.trimmingBlanks) != nil }

  private static func marked(_ text: String) -> Double? {
    guard text.utf8.count >= 3, text.utf8.count <= 20 else { return nil }
    var text = text
    return text.withUTF8 { bytes in
      var (cursor, written) = (TimeCursor(bytes), WrittenTime())
      guard written.readTimeOfDay(&cursor), written.hour <= 24, written.minute < 60, written.second < 61
      else { return nil }
      cursor.passBlanks()
      guard cursor.isAtEnd else { return nil }
      return Double(written.hour * 3600 + written.minute * 60) + written.second
    }
  }
}
