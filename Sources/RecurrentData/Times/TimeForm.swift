/// How moments are printed: as fine as those of the data, by their clock.
public struct TimeForm: Sendable, Equatable, Codable {
  /// What a printed moment says.
  enum Style: Sendable, Equatable, Codable {
    /// `2024-12-31`, or `2024-12-31T23:59:59` where it is not midnight.
    case moment
    /// `2024`.
    case year
    /// `2024/25`: what stands between the years, and the digits of the second.
    case years(mark: String, digits: Int)
    /// `2024-12`.
    case month
    /// `2024Q4`, `2024-W52`, `2024S2`: what stands between the year and the digits of the part.
    case part(WrittenTime.Unit, mark: String)
    /// Digits alone: so many units a second since the beginning of 1970.
    case epoch(Double)
  }

  /// What a moment says.
  var style: Style
  /// What stands behind a time of day, such as `Z` or `+01:00`; empty where the data have no zone.
  var zone: String

  init(_ style: Style = .moment, zone: String = "") { (self.style, self.zone) = (style, zone) }

  /// The form of a written time, with the offset that its clock has.
  init(of written: WrittenTime, text: String) {
    switch written.unit {
    case .year:
      let parts = text.trimmingBlanks.split(whereSeparator: { $0 == "-" || $0 == "/" })
      let mark = parts.count == 2 && parts[0].count == 4 ? text.first { $0 == "-" || $0 == "/" } : nil
      self.init(mark.map { .years(mark: String($0), digits: parts[1].count) } ?? .year)
    case .month: self.init(.month)
    case .half, .quarter, .week: self.init(.part(written.unit, mark: TimeForm.mark(written.unit, in: text)))
    case .day, .time: self.init(.moment, zone: TimeForm.zone(written.offset))
    }
  }

  /// What stands between a year and the digits behind it; what is usual where the year does not stand in front.
  private static func mark(_ unit: WrittenTime.Unit, in text: String) -> String {
    let rest = text.trimmingBlanks.drop { $0.isNumber }
    let mark = rest.prefix { !$0.isNumber }
    let usual = unit == .quarter ? "Q" : unit == .half ? "H" : "-W"
    return rest.last?.isNumber == true && mark.count < text.trimmingBlanks.count - 3 && !mark.isEmpty
      && rest.count < text.count - 3
      ? String(mark) : usual
  }

  /// `Z` for none, `+01:00`; empty where nothing is said.
  static func zone(_ offset: Int?) -> String {
    guard let offset else { return "" }
    if offset == 0 { return "Z" }
    let minutes = abs(offset) / 60
    func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(offset < 0 ? "-" : "+")\(digits(minutes / 60)):\(digits(minutes % 60))"
  }

  /// A moment of the clock in words.
  public func text(_ seconds: Double) -> String {
    let time = CalendarTime(seconds: seconds)
    switch style {
    case .moment:
      let text = StepClock.text(seconds, .calendar)
      if zone.isEmpty { return text }
      return (text.contains("T") ? text : text + "T00:00:00") + zone
    case .year: return "\(time.year)"
    case .years(let mark, let digits): return "\(time.year)\(mark)\("\(time.year + 1)".suffix(digits))"
    case .month: return String(CalendarTime(seconds: seconds).dateText.prefix(7))
    case .part(.week, let mark):
      // the year of a week is that of its Thursday
      let thursday = CalendarTime(seconds: seconds + Double(3 - time.weekday) * 86_400)
      let week = Int(thursday.dayOfYear) / 7 + 1
      return "\(thursday.year)\(mark)\(week < 10 ? "0" : "")\(week)"
    case .part(let unit, let mark):
      return "\(time.year)\(mark)\((time.month - 1) / (unit == .half ? 6 : 3) + 1)"
    case .epoch(1): return StepClock.text((seconds * 1e6).rounded() / 1e6, .seconds)
    case .epoch(let scale):
      let number = (seconds * scale).rounded()
      return abs(number) < 9e18 ? "\(Int(number))" : "\(number)"
    }
  }
}
