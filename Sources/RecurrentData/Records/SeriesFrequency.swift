/// How far the steps of a series are apart.
public enum SeriesFrequency: Sendable, Equatable, Codable {
  /// Numbers that are no moments, so much apart.
  case steps(Double)
  /// Moments so many seconds apart.
  case seconds(Double)
  /// Days from Monday to Friday.
  case businessDays
  /// Moments so many months apart.
  case months(Int)

  /// Whether steps are moments of the calendar.
  public var isCalendar: Bool {
    if case .steps = self { return false }
    return true
  }

  /// When the step `count` steps behind a first one is.
  public func time(_ first: Double, advancedBy count: Int) -> Double {
    switch self {
    case .steps(let size), .seconds(let size): return first + Double(count) * size
    case .months(let size): return CalendarTime(seconds: first).adding(months: count * size).seconds
    case .businessDays:
      let weekday = CalendarTime(seconds: first).weekday
      let place = weekday + count
      let weeks = place >= 0 ? place / 5 : (place - 4) / 5
      return first + Double(weeks * 7 + place - weeks * 5 - weekday) * 86_400
    }
  }

  /// How many steps a time lies behind a first one, and by what share of a step it is off.
  public func place(of time: Double, from first: Double) -> (step: Int, offset: Double) {
    let steps: Double
    switch self {
    case .steps(let size), .seconds(let size): steps = (time - first) / size
    case .months(let size):
      let (a, b) = (CalendarTime(seconds: first), CalendarTime(seconds: time))
      let months = Double((b.year - a.year) * 12 + b.month - a.month)
      // days within a month differ where it is dated by its last day
      let days = abs(b.day - a.day) <= 3 || min(a.day, b.day) >= 28 ? 0 : Double(b.day - a.day) / 31
      steps = (months + days) / Double(size)
    case .businessDays:
      let days = ((time - first) / 86_400).rounded(.down)
      let weekday = Double(CalendarTime(seconds: first).weekday)
      let weeks = ((weekday + days) / 7).rounded(.down)
      let rest = weekday + days - weeks * 7
      // a Saturday or Sunday is off by half a step
      steps = weeks * 5 + min(rest, 4) - weekday + (rest > 4 ? 0.5 : 0)
    }
    guard abs(steps) < 1e9 else { return (Int.max, 0) }
    let step = steps.rounded()
    return (Int(step), abs(steps - step))
  }

  /// The number of steps after which things usually repeat: a day, a week of days, a year of months; 1 where there is none
  /// by the calendar.
  public var seasonLength: Int {
    switch self {
    case .steps: return 1
    case .businessDays: return 5
    case .months(let count): return count <= 6 && 12 % count == 0 ? 12 / count : 1
    case .seconds(let size):
      for period in [86_400.0, 604_800, 31_557_600, 3600, 60] where size > 0 {
        let steps = (period / size).rounded()
        if steps >= 4, steps <= 1440 { return Int(steps) }
      }
      return 1
    }
  }

  /// In words: `hour`, `15 minutes`, `month`.
  public var text: String {
    func words(_ count: Double, _ unit: String) -> String {
      count == 1 ? unit : "\(count == count.rounded() && count < 1e9 ? "\(Int(count))" : "\(count)") \(unit)s"
    }
    switch self {
    case .steps(let size): return size == 1 ? "step" : "step of \(size)"
    case .businessDays: return "working day"
    case .months(let count):
      return count % 12 == 0 ? words(Double(count / 12), "year") : words(Double(count), "month")
    case .seconds(let size):
      for (unit, name) in [(604_800.0, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")]
      where size >= unit && (size / unit).rounded() * unit == size {
        return words(size / unit, name)
      }
      return words(size, "second")
    }
  }

  /// In words: `an hour`, `a month`.
  var textWithArticle: String { (text.hasPrefix("hour") ? "an " : "a ") + text }

  /// As a duration of ISO 8601: `PT15M`, `P1D`, `P1M`; of numbers that are no moments the number.
  public var duration: String {
    switch self {
    case .steps(let size): return size == size.rounded() && abs(size) < 1e15 ? "\(Int(size))" : "\(size)"
    case .businessDays: return "P1D"
    case .months(let count): return count % 12 == 0 ? "P\(count / 12)Y" : "P\(count)M"
    case .seconds(let size):
      guard size < 1e15 else { return "PT\(size)S" }
      let days = (size / 86_400).rounded(.down)
      var text = days > 0 ? "P\(Int(days))D" : "P"
      var rest = size - days * 86_400
      if rest > 0 || days == 0 { text += "T" }
      for (unit, letter) in [(3600.0, "H"), (60, "M")] where rest >= unit {
        text += "\(Int(rest / unit))\(letter)"
        rest -= (rest / unit).rounded(.down) * unit
      }
      return rest > 0 || text == "PT" ? text + "\(SeriesFrequency.decimal(rest))S" : text
    }
  }

  /// A number from 0 to below 60 in digits, without the exponent that a description may have.
  private static func decimal(_ value: Double) -> String {
    if value == value.rounded() { return "\(Int(value))" }
    let parts = "\(value)".split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
    let digits = String(parts[0]).replacing(".", with: "")
    return "0." + String(repeating: "0", count: -exponent - 1) + digits
  }
}
