import RecurrentCore

/// A moment as seconds since the beginning of 1970, without leap seconds; times without a zone count as UTC.
public struct CalendarTime: Sendable, Equatable, Comparable, Codable {
  /// Seconds since the beginning of 1970.
  public var seconds: Double

  /// A moment.
  public init(seconds: Double) { self.seconds = seconds }

  /// Which comes first.
  public static func < (a: CalendarTime, b: CalendarTime) -> Bool { a.seconds < b.seconds }

  /// In which order a date with slashes or points has its parts.
  public enum PartOrder: String, Sendable, Codable, CaseIterable {
    /// 2024/12/31.
    case yearMonthDay = "ymd"
    /// 31.12.2024.
    case dayMonthYear = "dmy"
    /// 12/31/2024.
    case monthDayYear = "mdy"
  }

  /// The moment of year, month and day in the Gregorian calendar.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Double = 0) {
    guard (1...9999).contains(year), (1...12).contains(month), (0...24).contains(hour),
      (0...59).contains(minute),
      second >= 0, second < 61, hour < 24 || (minute == 0 && second == 0),
      (1...CivilDate.days(inMonth: month, of: year)).contains(day)
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    seconds = Double(days * 86_400 + hour * 3600 + minute * 60) + second
  }

  /// Reads ISO 8601 (`2024-12-31`, `2024-12-31T23:59:59.5Z`, `2024-12-31 23:59 +01:00`, `20241231`), dates with slashes
  /// or points in the given order and dates with an English month (`Dec 31 2024`, `31-Dec-2024`), each with or without a
  /// time; and months (`2024-12`, `Dec 2024`), which stand for their first day.
  public init?(_ text: String, order: PartOrder = .dayMonthYear) {
    if let named = CalendarTime.named(text) {
      self = named
      return
    }
    let parts = text.trimmingBlanks.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "T" || $0 == " "
    }
    guard let date = parts.first, let (year, month, day) = CalendarTime.date(date, order: order) else {
      return nil
    }
    var (hour, minute, second, shift) = (0, 0, 0.0, 0.0)
    if parts.count == 2 {
      guard let time = CalendarTime.time(parts[1]) else { return nil }
      (hour, minute, second, shift) = time
    }
    guard
      let local = CalendarTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    seconds = local.seconds - shift
  }

  private static func date(_ text: Substring, order: PartOrder) -> (year: Int, month: Int, day: Int)? {
    if text.count == 8, let number = Int(text) { return (number / 10_000, number / 100 % 100, number % 100) }
    let separators: [Character] = ["-", "/", "."]
    guard let separator = separators.first(where: text.contains) else { return nil }
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    if parts.count == 2, numbers.count == 2, parts[0].count == 4 { return (numbers[0], numbers[1], 1) }
    guard parts.count == 3, numbers.count == 3 else { return nil }
    // four digits in front are a year whatever the order
    if parts[0].count == 4 { return (numbers[0], numbers[1], numbers[2]) }
    switch order {
    case .yearMonthDay: return (year(parts[0]), numbers[1], numbers[2])
    case .dayMonthYear: return (year(parts[2]), numbers[1], numbers[0])
    case .monthDayYear: return (year(parts[2]), numbers[0], numbers[1])
    }
  }

  /// The year that digits mean: two of them are one from 1970 to 2069.
  private static func year(_ digits: Substring) -> Int {
    guard let number = Int(digits) else { return 0 }
    return digits.count <= 2 ? number + (number < 70 ? 2000 : 1900) : number
  }

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  /// The moment of a date with the name of its month, in full or its first three letters or more: `Jan 1 2000`,
  /// `1 January 2000 13:45`, `01-Jan-00`, `Jan 2000`; nil where there is no month.
  private static func named(_ text: String) -> CalendarTime? {
    var month: Int?
    var numbers: [Substring] = []
    var clock = ""
    for token in text.split(whereSeparator: { " ,-/".contains($0) }) {
      let word = (token.last == "." ? token.dropLast() : token).lowercased()
      if token.contains(":") || word == "am" || word == "pm" {
        clock += word
      } else if Int(token) != nil {
        numbers.append(token)
      } else if month == nil, word.count >= 3,
        let place = monthNames.firstIndex(where: { $0.hasPrefix(word) })
      {
        month = place + 1
      } else if !["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(word.prefix(3)) {
        return nil
      }
    }
    guard let month, (1...2).contains(numbers.count) else { return nil }
    // the year has four digits, or is the last number
    let place = numbers.firstIndex { $0.count == 4 } ?? numbers.count - 1
    let day = numbers.count == 2 ? Int(numbers[1 - place]) : numbers[0].count == 4 ? 1 : nil
    guard let day else { return nil }
    var time: (hour: Int, minute: Int, second: Double, shift: Double)? = (0, 0, 0, 0)
    if !clock.isEmpty { time = self.time(Substring(clock)) }
    guard let time else { return nil }
    return CalendarTime(
      year: year(numbers[place]), month: month, day: day, hour: time.hour, minute: time.minute,
      second: time.second)
  }

  private static func time(_ text: Substring) -> (hour: Int, minute: Int, second: Double, shift: Double)? {
    var clock = text
    var shift = 0.0
    if clock.last == "Z" || clock.last == "z" {
      clock.removeLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let zone = clock[clock.index(after: sign)...].filter { $0 != ":" }
      guard let number = Int(zone), zone.count == 2 || zone.count == 4 else { return nil }
      let minutes = zone.count == 2 ? number * 60 : number / 100 * 60 + number % 100
      guard (0...14 * 60).contains(minutes) else { return nil }
      shift = Double(minutes * 60) * (clock[sign] == "-" ? -1 : 1)
      clock = clock[..<sign]
    }
    let isAfternoon: Bool? =
      clock.lowercased().hasSuffix("pm") ? true : clock.lowercased().hasSuffix("am") ? false : nil
    if isAfternoon != nil { clock.removeLast(2) }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map {
      String($0).trimmingBlanks
    }
    guard (1...3).contains(parts.count), var hour = Int(parts[0]) else { return nil }
    let minute = parts.count > 1 ? Int(parts[1]) : 0
    let second = parts.count > 2 ? Double(parts[2]) : 0
    guard let minute, let second else { return nil }
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    return (hour, minute, second, shift)
  }

  // MARK: The calendar

  private var date: CivilDate { CivilDate(containing: seconds) }
  private var secondOfDay: Double { seconds - Double(date.daysSince1970) * 86_400 }

  /// The year.
  public var year: Int { date.year }
  /// The month, from 1.
  public var month: Int { date.month }
  /// The day of the month, from 1.
  public var day: Int { date.day }
  /// The day of the week, Monday 0.
  public var weekday: Int { ((Int((seconds / 86_400).rounded(.down)) + 3) % 7 + 7) % 7 }
  /// Hours since midnight.
  public var hourOfDay: Double { secondOfDay / 3600 }
  /// Days since the beginning of the year, from 0.
  public var dayOfYear: Double {
    let date = date
    return Double(date.daysSince1970 - CivilDate(year: date.year, month: 1, day: 1).daysSince1970)
      + secondOfDay / 86_400
  }

  /// So many months later, at the same time of the same day, or of the last one of a month that is shorter.
  public func adding(months count: Int) -> CalendarTime {
    var date = date
    let total = date.year * 12 + date.month - 1 + count
    (date.year, date.month) = (total >= 0 ? total / 12 : (total - 11) / 12, (total % 12 + 12) % 12 + 1)
    date.day = min(date.day, CivilDate.days(inMonth: date.month, of: date.year))
    return CalendarTime(seconds: Double(date.daysSince1970) * 86_400 + secondOfDay)
  }

  /// `2024-12-31`, or `2024-12-31T23:59:59` where it is not midnight.
  public var text: String {
    let own = date
    func digits(_ number: Int, _ count: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let date = "\(digits(own.year, 4))-\(digits(own.month, 2))-\(digits(own.day, 2))"
    let second = Int(secondOfDay)
    if second == 0 { return date }
    return date + "T\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))"
  }
}
