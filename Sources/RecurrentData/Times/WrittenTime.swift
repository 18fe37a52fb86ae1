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

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - order: of the parts of dates with slashes, points or dashes.
  ///   - readsDigits: whether digits alone are read: years, `YYYYMM`, `YYYYMMDDHH`, `YYYYMMDDHHMM`, `YYYYMMDDHHMMSS`.
  init?(_ text: String, order: CalendarTime.PartOrder, readsDigits: Bool = false) {
    var text = text
    let isRead = text.withUTF8 { bytes in
      var cursor = TimeCursor(bytes)
      if readDate(&cursor, order: order, readsDigits: readsDigits) { return true }
      self = WrittenTime()
      return readWords(bytes)
    }
    guard isRead, finish() else { return nil }
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
  mutating func setWeek(_ week: Int, weekday: Int, of year: Int) -> Bool {
    guard (1...9999).contains(year), (1...53).contains(week), (1...7).contains(weekday) else { return false }
    // the fourth of January is in the first week
    let fourth = CivilDate(year: year, month: 1, day: 4).daysSince1970
    let monday = fourth - ((fourth + 3) % 7 + 7) % 7
    let date = CivilDate(daysSince1970: monday + (week - 1) * 7 + weekday - 1)
    if week == 53, CivilDate(daysSince1970: monday + 52 * 7 + 3).year != year { return false }
    (self.year, month, day, unit) = (date.year, date.month, date.day, .week)
    wall = Double(date.daysSince1970) * 86_400
    return true
  }

  /// Reads a date of digits with a clock, a month, a year, a quarter or a week, the whole of a text.
  private mutating func readDate(
    _ cursor: inout TimeCursor, order: CalendarTime.PartOrder, readsDigits: Bool
  ) -> Bool {
    cursor.passBlanks()
    guard let first = cursor.number() else { return false }
    if let mark = cursor.pass(anyOf: "-/.") {
      cursor.passBlanks()
      guard let second = cursor.number() else { return readLetter(first, &cursor, readsDigits) }
      if cursor.next == mark {
        cursor.skip()
        cursor.passBlanks()
        guard let third = cursor.number(), setDate(first, second, third, order) else { return false }
        _ = mark == UInt8(ascii: ".") ? cursor.pass(anyOf: ".") : nil
        return readClock(&cursor)
      }
      guard first.count == 4 || second.count == 4, first.count <= 2 || second.count <= 2 else { return false }
      (year, month) = first.count == 4 ? (first.value, second.value) : (second.value, first.value)
      unit = .month
      cursor.passBlanks()
      return cursor.isAtEnd
    }
    if readDigits(first, isAsked: readsDigits, &cursor) { return true }
    return readLetter(first, &cursor, readsDigits)
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
    _ number: TimeCursor.Number, isAsked: Bool, _ cursor: inout TimeCursor
  ) -> Bool {
    let (value, count) = (number.value, number.count)
    func isWhole(_ cursor: inout TimeCursor) -> Bool {
      cursor.passFootnote()
      return cursor.isAtEnd
    }
    switch count {
    case 4 where isAsked:
      (year, unit) = (value, .year)
      return isWhole(&cursor)
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

/// Goes through the bytes of a time.
struct TimeCursor {
  /// Digits: what they say, and how many there are.
  struct Number {
    var value: Int
    var count: Int

    /// The year that they mean: two digits are one from 1970 to 2069.
    var year: Int { count <= 2 ? value + (value < 70 ? 2000 : 1900) : value }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int = 0) { (self.bytes, self.index) = (bytes, index) }

  var isAtEnd: Bool { index >= bytes.count }
  /// The next byte; 0 at the end.
  var next: UInt8 { index < bytes.count ? bytes[index] : 0 }
  /// The next byte, a letter in lower case.
  var nextLetter: UInt8 { next >= 0x41 && next <= 0x5A ? next + 32 : next }

  mutating func skip() { index += 1 }

  /// Passes over blanks, also those that do not break a line.
  mutating func passBlanks() {
    while index < bytes.count {
      if bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D {
        index += 1
      } else if index + 1 < bytes.count, bytes[index] == 0xC2, bytes[index + 1] == 0xA0 {
        index += 2
      } else if index + 2 < bytes.count, bytes[index] == 0xE2, bytes[index + 1] == 0x80,
        bytes[index + 2] == 0xAF || bytes[index + 2] == 0x89
      {
        index += 3
      } else {
        return
      }
    }
  }

  /// Passes over a mark of a footnote at the end, such as `(1)` or `*`, and blanks.
  mutating func passFootnote() {
    passBlanks()
    let begin = index
    if next == UInt8(ascii: "(") || next == UInt8(ascii: "[") {
      skip()
      guard number()?.count ?? 9 <= 2, next == UInt8(ascii: ")") || next == UInt8(ascii: "]") else {
        index = begin
        return
      }
      skip()
    } else {
      while next == UInt8(ascii: "*") { skip() }
    }
    passBlanks()
  }

  /// The next byte where it is one of some, which is passed over then.
  mutating func pass(anyOf marks: StaticString) -> UInt8? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    for place in 0..<marks.utf8CodeUnitCount where (marks.utf8Start + place).pointee == byte {
      index += 1
      return byte
    }
    return nil
  }

  /// Up to 18 digits; nil where there are none.
  mutating func number() -> Number? {
    var number = Number(value: 0, count: 0)
    while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39, number.count < 18 {
      number.value = number.value * 10 + Int(bytes[index] - 0x30)
      number.count += 1
      index += 1
    }
    return number.count == 0 ? nil : number
  }

  /// The letters of a word, in lower case; empty where there are none. Letters beyond ASCII count.
  mutating func word() -> String {
    let begin = index
    while index < bytes.count,
      bytes[index] >= 0x80 || bytes[index] | 0x20 >= 0x61 && bytes[index] | 0x20 <= 0x7A
    {
      index += 1
    }
    return String(decoding: bytes[begin..<index], as: UTF8.self).lowercased()
  }
}
