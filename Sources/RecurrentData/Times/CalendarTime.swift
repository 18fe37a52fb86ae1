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

  /// Reads a text: ISO 8601 (`2024-12-31`, `2024-12-31T23:59:59.5Z`, `2024-12-31 23:59 +01:00`, `20241231`, `2024-W05`), dates
  /// with slashes or points in the given order, dates with the name of a month (`Dec 31 2024`, `31-Dec-2024`, `1. März 2023`)
  /// and those of East Asia (`2023年3月1日`), each with or without a time; and what stands for its first day: weeks, months
  /// (`2024-12`, `Dec 2024`, `2024M12`), quarters (`2024Q4`, `Q4 2024`) and halves of years (`2024H2`).
  public init?(_ text: String, order: PartOrder = .dayMonthYear) {
    guard let written = WrittenTime(text, order: order) else { return nil }
    seconds = written.seconds
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

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }

  /// `2024-12-31`.
  var dateText: String {
    let own = date
    return
      "\(CalendarTime.digits(own.year, 4))-\(CalendarTime.digits(own.month, 2))-\(CalendarTime.digits(own.day, 2))"
  }

  /// `2024-12-31`, or `2024-12-31T23:59:59` where it is not midnight.
  public var text: String {
    let second = Int(secondOfDay)
    if second == 0 { return dateText }
    return dateText + "T\(CalendarTime.digits(second / 3600, 2)):\(CalendarTime.digits(second / 60 % 60, 2)):"
      + CalendarTime.digits(second % 60, 2)
  }
}
