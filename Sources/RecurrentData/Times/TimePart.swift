/// What a column counts where a moment stands in several columns.
enum TimePart: Int, Sendable, CaseIterable {
  case year, quarter, month, week, day, dayOfYear, hour, minute, second

  private static let names: [(part: TimePart, names: Set<String>)] = [
    (
      .year,
      [
        "year", "yr", "yyyy", "yy", "jahr", "année", "annee", "año", "ano", "anno", "jaar", "år", "rok",
        "год", "年",
        "yil",
      ]
    ),
    (.quarter, ["quarter", "qtr", "q", "quartal", "trimestre", "季度"]),
    (
      .month,
      [
        "month", "mon", "mm", "mo", "mnth", "monat", "mois", "mes", "mês", "mese", "maand", "месяц", "月",
        "period",
      ]
    ),
    (.week, ["week", "wk", "isoweek", "iso_week", "kw", "woche", "semaine", "semana", "周"]),
    (.day, ["day", "dd", "dy", "dom", "mday", "tag", "jour", "dia", "día", "giorno", "dag", "день", "日"]),
    (.dayOfYear, ["doy", "yday", "dayofyear", "day_of_year", "julian_day", "jday"]),
    (
      .hour,
      [
        "hour", "hr", "hh", "he", "hour_ending", "hour ending", "stunde", "heure", "hora", "ora", "uur",
        "час", "时",
        "時",
      ]
    ),
    (.minute, ["minute", "min", "mn", "mi", "minuto", "分"]),
    (.second, ["second", "sec", "ss", "sekunde", "seconde", "秒"]),
  ]

  /// What a column of this name counts; nil where it says nothing.
  init?(name: String) {
    let name = name.trimmingBlanks.lowercased()
    guard let part = TimePart.names.first(where: { $0.names.contains(name) })?.part else { return nil }
    self = part
  }

  /// The numbers that it may have.
  var range: ClosedRange<Int> {
    switch self {
    case .year: 1000...2999
    case .quarter: 1...4
    case .month: 1...12
    case .week: 1...53
    case .day: 1...31
    case .dayOfYear: 1...366
    case .hour: 0...24
    case .minute, .second: 0...59
    }
  }
}

/// Numbers of parts that are one moment.
struct TimeParts {
  private var numbers: [TimePart: Int] = [:]

  /// The number that a field says of a part; nil where it says none.
  static func number(_ field: String, _ part: TimePart) -> Int? {
    let text = field.trimmingBlanks
    let number: Int?
    if let value = FieldNumber.plain(text), value == value.rounded(), abs(value) < 1e6 {
      number = Int(value)
    } else if part == .month, let named = MonthNames.number(text.lowercased()) {
      number = named
    } else if let first = text.first, "QqMmWw".contains(first) {
      number = Int(text.dropFirst())
    } else {
      number = nil
    }
    return number.flatMap { part.range.contains($0) ? $0 : nil }
  }

  /// Takes over a part.
  mutating func set(_ part: TimePart, _ number: Int) { numbers[part] = number }

  /// Seconds since the beginning of 1970 by the clock of the parts; nil where there is no such moment.
  var wall: Double? {
    guard let year = numbers[.year] else { return nil }
    var start: Double?
    if let week = numbers[.week], numbers[.month] == nil {
      var written = WrittenTime()
      start = written.setWeek(week, weekday: numbers[.day], of: year) ? written.wall : nil
    } else if let day = numbers[.dayOfYear] {
      start = CalendarTime(year: year, month: 1, day: 1).map { $0.seconds + Double(day - 1) * 86_400 }
    } else {
      let month = numbers[.month] ?? numbers[.quarter].map { 3 * $0 - 2 } ?? 1
      start = CalendarTime(year: year, month: month, day: numbers[.day] ?? 1)?.seconds
    }
    let clock = [(TimePart.hour, 3600.0), (.minute, 60), (.second, 1)]
      .reduce(0) { $0 + Double(numbers[$1.0] ?? 0) * $1.1 }
    return start.map { $0 + clock }
  }
}
