#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the calendar says about a moment, as points on circles: the last hour of a day lies beside the first one.
public enum CalendarFeature: String, Sendable, Codable, CaseIterable {
  /// Within the hour.
  case minuteOfHour = "minute"
  /// Within the day.
  case hourOfDay = "hour"
  /// Within the week.
  case dayOfWeek = "weekday"
  /// Within the year.
  case dayOfYear = "day-of-year"
  /// Within the year, by months.
  case monthOfYear = "month"

  /// Sine and cosine of the moment's place on its circle, once and twice around.
  public static let width = 4

  /// The place within the period, from 0 to below 1.
  func phase(_ time: CalendarTime) -> Double {
    switch self {
    case .minuteOfHour: time.hourOfDay - time.hourOfDay.rounded(.down)
    case .hourOfDay: time.hourOfDay / 24
    case .dayOfWeek: (Double(time.weekday) + time.hourOfDay / 24) / 7
    case .dayOfYear: time.dayOfYear / 366
    case .monthOfYear: Double(time.month - 1) / 12
    }
  }

  /// The numbers of a moment.
  public func values(at seconds: Double) -> [Float] {
    let angle = 2 * Double.pi * phase(CalendarTime(seconds: seconds))
    return [Float(sin(angle)), Float(cos(angle)), Float(sin(2 * angle)), Float(cos(2 * angle))]
  }

  /// The features that can tell steps of a frequency apart, where the training part is long enough to learn from them:
  /// at least one and a half turns of the circle.
  public static func standard(_ frequency: SeriesFrequency, stepCount: Int) -> [CalendarFeature] {
    let year: (CalendarFeature, Double)
    let size: Double
    switch frequency {
    case .steps: return []
    case .months(let count):
      return count < 12 && stepCount * count >= 18 ? [.monthOfYear] : []
    case .businessDays: (size, year) = (86_400 * 7 / 5, (.dayOfYear, 365))
    case .seconds(let seconds): (size, year) = (seconds, (.dayOfYear, 365))
    }
    let days = size / 86_400
    return [(.minuteOfHour, 1.0 / 24), (.hourOfDay, 1), (.dayOfWeek, 7), year].filter { _, period in
      days <= period / 2 && Double(stepCount) * days >= 1.5 * period
    }.map(\.0)
  }
}
