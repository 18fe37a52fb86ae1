import RecurrentCore

/// A moment as it stands in a text: what the clock shows, how fine it is, and the offset from UTC where there is one.
struct WrittenTime: Equatable {
  /// What the smallest part of a written time counts.
  enum Unit: Int, Sendable, Codable, Comparable {
    case year, half, quarter, month, week, day, time

    static func < (a: Unit, b: Unit) -> Bool { a.rawValue < b.rawValue }
  }

  /// Seconds since the beginning of 1970 by the clock that is shown.
  private(set) var wall = 0.0
  /// Seconds by which that clock is ahead of UTC; nil where nothing says so.
  var offset: Int?
  /// The smallest part.
  var unit = Unit.day
  var year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0.0

  /// Seconds since the beginning of 1970; without an offset the clock counts as UTC.
  var seconds: Double { wall - Double(offset ?? 0) }

  /// What is read where the other rows of a column say so.
  struct Extras: OptionSet, Sendable {
    let rawValue: Int
    /// Digits alone: years, `YYYYMM`, `YYYYDDD`, `YYYYMMDDHH`, `YYYYMMDDHHMM`, `YYYYMMDDHHMMSS`.
    static let digits = Extras(rawValue: 1)
    /// Six digits are a year and a week.
    static let weeks = Extras(rawValue: 2)
    /// `2001-02` is a year that ends in the next one, and no month.
    static let spans = Extras(rawValue: 4)
    /// `2000:1`, `2000.1` are quarters, and no months.
    static let quarters = Extras(rawValue: 8)
  }

  /// Reads a text; of a span of time, such as `1.3.2023 00:00 - 1.3.2023 01:00`, its beginning.
  ///
  /// - Parameters:
  ///   - order: of the parts of dates with slashes, points or dashes.
  ///   - extras: what is read besides.
  init?(_ text: String, order: CalendarTime.PartOrder, extras: Extras = []) {
    var text = text
    let isRead = text.withUTF8 { whole in
      let bytes = TimeCursor.withoutBrackets(whole)
      return read(bytes, order, extras) || readBeginning(bytes, order)
    }
    guard isRead, finish() else { return nil }
  }

  /// Reads a moment, the whole of a text.
  private mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ order: CalendarTime.PartOrder, _ extras: Extras
  ) -> Bool {
    self = WrittenTime()
    var cursor = TimeCursor(bytes)
    if readDate(&cursor, order: order, extras) { return true }
    self = WrittenTime()
    cursor = TimeCursor(bytes)
    if cursor.passWeekday(), readDate(&cursor, order: order, []) { return true }
    self = WrittenTime()
    return readWords(bytes)
  }

  /// Reads the first of two moments, or of a moment and a time of day: `A - B`, `A to B`, and `A/B` as in ISO 8601.
  private mutating func readBeginning(
    _ bytes: UnsafeBufferPointer<UInt8>, _ order: CalendarTime.PartOrder
  ) -> Bool {
    for mark in [" - ", " – ", " to ", " bis ", "/"] as [StaticString] {
      let (start, count) = (mark.utf8Start, mark.utf8CodeUnitCount)
      guard bytes.count > 15 + count else { return false }
      let place = (8..<bytes.count - count - 3).first { place in
        (0..<count).allSatisfy { bytes[place + $0] == start[$0] }
      }
      guard let place else { continue }
      let rest = UnsafeBufferPointer(rebasing: bytes[(place + count)...])
      var end = WrittenTime()
      var clock = TimeCursor(rest)
      let isEnd = end.read(rest, order, []) || end.readTimeOfDay(&clock) && clock.isAtEnd
      if isEnd, end.unit >= .day, read(UnsafeBufferPointer(rebasing: bytes[..<place]), order, []),
        unit == end.unit, unit == .time || (year, month, day) < (end.year, end.month, end.day)
      {
        return true
      }
    }
    return false
  }

  init() {}

  /// Checks the parts and counts the seconds.
  private mutating func finish() -> Bool {
    guard
      let time = CalendarTime(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return false }
    if unit == .week { return true }
    wall = time.seconds
    return true
  }

  /// Takes over a week of ISO 8601; false where the year has none of that number.
  mutating func setWeek(_ week: Int, weekday: Int?, of year: Int) -> Bool {
    let named = weekday
    let weekday = weekday ?? 1
    guard (1...9999).contains(year), (1...53).contains(week), (1...7).contains(weekday) else { return false }
    // the fourth of January is in the first week
    let fourth = CivilDate(year: year, month: 1, day: 4).daysSince1970
    let monday = fourth - ((fourth + 3) % 7 + 7) % 7
    let date = CivilDate(daysSince1970: monday + (week - 1) * 7 + weekday - 1)
    if week == 53, CivilDate(daysSince1970: monday + 52 * 7 + 3).year != year { return false }
    (self.year, month, day, unit) = (date.year, date.month, date.day, named == nil ? .week : .day)
    wall = Double(date.daysSince1970) * 86_400
    return true
  }

  /// Takes over a day by its number in the year; false where there is none.
  private mutating func setDayOfYear(_ number: Int, of year: Int) -> Bool {
    guard (1...366).contains(number), (1...9999).contains(year) else { return false }
    let date = CivilDate(
      daysSince1970: CivilDate(year: year, month: 1, day: 1).daysSince1970 + number - 1)
    guard date.year == year else { return false }
    (self.year, month, day) = (date.year, date.month, date.day)
    return true
  }

  /// Whether a second number is the year behind a first one, in two digits or four. What may be a month is no such year unless it
  /// is asked for.
  private static func isNextYear(
    _ second: TimeCursor.Number, _ first: TimeCursor.Number, _ extras: Extras
  ) -> Bool {
    guard first.count == 4 else { return false }
    if second.count == 4 { return second.value == first.value + 1 }
    return second.count == 2 && second.value == (first.value + 1) % 100
      && (second.value > 12 || second.value == 0 || extras.contains(.spans))
  }

  /// Reads a date of digits with a clock, a month, a year, a quarter or a week, the whole of a text.
  private mutating func readDate(
    _ cursor: inout TimeCursor, order: CalendarTime.PartOrder, _ extras: Extras
  ) -> Bool {
    cursor.passBlanks()
    guard let first = cursor.number() else { return false }
    if extras.contains(.quarters) {
      guard first.count == 4, cursor.pass(anyOf: "-/.:") != nil, let second = cursor.number(),
        second.count == 1,
        (1...4).contains(second.value), cursor.isAtEnd
      else { return false }
      (year, month, unit) = (first.value, 3 * second.value - 2, .quarter)
      return true
    }
    if let mark = cursor.pass(anyOf: "-/.") {
      cursor.passBlanks()
      guard let second = cursor.number() else { return readLetter(first, &cursor) }
      if cursor.next == mark {
        cursor.skip()
        cursor.passBlanks()
        guard let third = cursor.number(), setDate(first, second, third, order) else { return false }
        _ = mark == UInt8(ascii: ".") ? cursor.pass(anyOf: ".") : nil
        return readClock(&cursor)
      }
      if mark != UInt8(ascii: "."), WrittenTime.isNextYear(second, first, extras) {
        (year, unit) = (first.value, .year)
        cursor.passBlanks()
        return cursor.isAtEnd
      }
      if first.count == 4, second.count == 3 {
        return setDayOfYear(second.value, of: first.value) && readClock(&cursor)
      }
      guard first.count == 4 || second.count == 4, first.count <= 2 || second.count <= 2 else { return false }
      (year, month) = first.count == 4 ? (first.value, second.value) : (second.value, first.value)
      unit = .month
      cursor.passBlanks()
      return cursor.isAtEnd
    }
    if readDigits(first, extras, &cursor) { return true }
    return readLetter(first, &cursor)
  }

  private mutating func setDate(
    _ a: TimeCursor.Number, _ b: TimeCursor.Number, _ c: TimeCursor.Number, _ order: CalendarTime.PartOrder
  ) -> Bool {
    guard [a, b, c].allSatisfy({ $0.count <= 4 }) else { return false }
    // four digits in front are a year whatever the order
    switch a.count == 4 ? .yearMonthDay : order {
    case .yearMonthDay: (year, month, day) = (a.year, b.value, c.value)
    case .dayMonthYear: (year, month, day) = (c.year, b.value, a.value)
    case .monthDayYear: (year, month, day) = (c.year, a.value, b.value)
    }
    return true
  }

  /// Digits without a mark: `20241231`, with a clock or not, and where they are asked for others, too.
  private mutating func readDigits(
    _ number: TimeCursor.Number, _ extras: Extras, _ cursor: inout TimeCursor
  ) -> Bool {
    let (value, count, isAsked) = (number.value, number.count, extras.contains(.digits))
    func isWhole(_ cursor: inout TimeCursor) -> Bool {
      cursor.passFootnote()
      return cursor.isAtEnd
    }
    switch count {
    case 4 where isAsked:
      (year, unit) = (value, .year)
      return isWhole(&cursor)
    case 6 where isAsked && extras.contains(.weeks):
      return setWeek(value % 100, weekday: nil, of: value / 100) && isWhole(&cursor)
    case 7 where isAsked: return setDayOfYear(value % 1000, of: value / 1000) && isWhole(&cursor)
    case 6 where isAsked:
      (year, month, unit) = (value / 100, value % 100, .month)
      return isWhole(&cursor)
    case 8:
      (year, month, day) = (value / 10_000, value / 100 % 100, value % 100)
      return readClock(&cursor)
    case 10 where isAsked, 12 where isAsked, 14 where isAsked:
      let clock = [10: value * 10_000, 12: value * 100][count] ?? value
      (year, month, day) = (clock / 10_000_000_000, clock / 100_000_000 % 100, clock / 1_000_000 % 100)
      (hour, minute, second) = (clock / 10_000 % 100, clock / 100 % 100, Double(clock % 100))
      unit = .time
      return isWhole(&cursor)
    default: return false
    }
  }
}
