import RecurrentCore

extension AxisTicks {
  /// A distance of marks on an axis of times.
  private enum TimeStep: Equatable {
    case seconds(Int), days(Int), weeks(Int), months(Int), years(Int)

    /// About how many seconds it has.
    var size: Double {
      switch self {
      case .seconds(let count): Double(count)
      case .days(let count): Double(count) * 86_400
      case .weeks(let count): Double(count) * 604_800
      case .months(let count): Double(count) * 2_629_746
      case .years(let count): Double(count) * 31_556_952
      }
    }

    static let all: [TimeStep] =
      [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map {
        .seconds($0)
      } + [.days(1), .days(2), .weeks(1), .weeks(2), .months(1), .months(2), .months(3), .months(6)]
      + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map { .years($0) }
  }

  /// Round moments within ends that stay, both in seconds since the beginning of 1970; numbers where the ends
  /// are beyond the years 1 to 9999 or less than a second apart.
  init(times ends: ClosedRange<Double>) {
    let years = -62_135_596_800.0...253_402_300_799.0
    guard years.contains(ends.lowerBound), years.contains(ends.upperBound),
      ends.upperBound - ends.lowerBound >= 1,
      let step = TimeStep.all.first(where: { $0.size * 7 >= ends.upperBound - ends.lowerBound })
    else {
      self.init(within: ends)
      return
    }
    let moments = AxisTicks.moments(ends, step)
    var marks: [Mark] = []
    var last: String?
    for moment in moments {
      let (label, context) = AxisTicks.label(moment, step)
      marks.append(Mark(value: moment, label: label, context: context == last ? nil : context))
      last = context
    }
    self.init(low: ends.lowerBound, high: ends.upperBound, marks: marks)
  }

  private static func moments(_ ends: ClosedRange<Double>, _ step: TimeStep) -> [Double] {
    func every(_ distance: Double, from origin: Double) -> [Double] {
      let first = ((ends.lowerBound - origin) / distance).rounded(.up)
      let last = ((ends.upperBound - origin) / distance).rounded(.down)
      return stride(from: first, through: last, by: 1).map { origin + $0 * distance }
    }
    func everyMonths(_ distance: Int) -> [Double] {
      let first = CivilDate(containing: ends.lowerBound).year * 12 / distance * distance
      let last = CivilDate(containing: ends.upperBound).year * 12 + 11
      return stride(from: first, through: last, by: distance).map { month in
        Double(CivilDate(year: month / 12, month: month % 12 + 1, day: 1).daysSince1970) * 86_400
      }.filter(ends.contains)
    }
    switch step {
    case .seconds(let count): return every(Double(count), from: 0)
    case .days(let count): return every(Double(count) * 86_400, from: 0)
    // 1970 began on a Thursday
    case .weeks(let count): return every(Double(count) * 604_800, from: 4 * 86_400)
    case .months(let count): return everyMonths(count)
    case .years(let count): return everyMonths(count * 12)
    }
  }

  private static func label(_ moment: Double, _ step: TimeStep) -> (label: String, context: String?) {
    let date = CivilDate(containing: moment)
    let (year, day) = (date.year, date.day)
    let monthName = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][date.month - 1]
    switch step {
    case .years: return ("\(year)", nil)
    case .months: return (monthName, "\(year)")
    case .weeks, .days: return ("\(day) \(monthName)", "\(year)")
    case .seconds(let count):
      let second = Int(moment.rounded()) - date.daysSince1970 * 86_400
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      let clock = "\(two(second / 3600)):\(two(second / 60 % 60))"
      return (count % 60 == 0 ? clock : clock + ":\(two(second % 60))", "\(day) \(monthName) \(year)")
    }
  }
}
