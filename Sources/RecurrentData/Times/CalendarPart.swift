/// A part of a moment that a column says beside the time itself: as it stands, or counted from another beginning.
enum CalendarPart: Sendable {
  case year, quarter, month, week, day, dayOfYear, hour, minute, weekday

  private static let weekdays: Set<String> = [
    "weekday", "dow", "dayofweek", "day_of_week", "day of week", "wochentag", "wday", "jour_semaine",
    "dia_semana",
  ]

  /// The part that a column of this name usually has; nil for none.
  init?(name: String) {
    if CalendarPart.weekdays.contains(name.lowercased()) {
      self = .weekday
      return
    }
    switch TimePart(name: name) {
    case .year?: self = .year
    case .quarter?: self = .quarter
    case .month?: self = .month
    case .week?: self = .week
    case .day?: self = .day
    case .dayOfYear?: self = .dayOfYear
    case .hour?: self = .hour
    case .minute?: self = .minute
    case .second?, nil: return nil
    }
  }

  /// After how many the numbers begin anew; nil where they do not, or not after the same number.
  private var period: Double? {
    switch self {
    case .weekday: 7
    case .hour: 24
    case .minute: 60
    case .month: 12
    case .quarter: 4
    case .year, .week, .day, .dayOfYear: nil
    }
  }

  private func number(_ moment: CalendarTime) -> Double {
    switch self {
    case .year: Double(moment.year)
    case .quarter: Double((moment.month - 1) / 3 + 1)
    case .month: Double(moment.month)
    case .week:
      // the week of a day is that of its Thursday
      (CalendarTime(seconds: moment.seconds + Double(3 - moment.weekday) * 86_400).dayOfYear / 7).rounded(
        .down) + 1
    case .day: Double(moment.day)
    case .dayOfYear: moment.dayOfYear.rounded(.down) + 1
    case .hour: moment.hourOfDay.rounded(.down)
    case .minute: (moment.hourOfDay * 60).rounded(.down).truncatingRemainder(dividingBy: 60)
    case .weekday: Double(moment.weekday)
    }
  }

  /// Whether numbers are this part of moments in all rows that have one, all counted from one beginning.
  func isSaid(by values: [Double], of moments: [CalendarTime]) -> Bool {
    var shift: Double?
    for (value, moment) in zip(values, moments) where value.isFinite {
      var own = value - number(moment)
      if let period {
        own = (own.truncatingRemainder(dividingBy: period) + period).truncatingRemainder(dividingBy: period)
      }
      if let shift { if shift != own { return false } } else { shift = own }
    }
    return shift != nil && (period != nil || shift == 0)
  }
}
