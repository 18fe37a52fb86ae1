/// The ends of an axis and its marks.
struct AxisTicks: Equatable {
  /// A mark.
  struct Mark: Equatable {
    /// Where it stands.
    var value: Double
    /// What stands at it.
    var label: String
    /// What stands in a second line: the day of an hour, the year of a month.
    var context: String?
  }

  /// The ends.
  let low, high: Double
  /// The marks, by rising value.
  let marks: [Mark]

  /// Ends and marks.
  init(low: Double, high: Double, marks: [Mark]) {
    (self.low, self.high, self.marks) = (low, high, marks)
  }

  /// About six round numbers, with round numbers at both ends, around all of `values`.
  init(covering values: some Sequence<Double>) {
    let (low, high) = AxisTicks.range(of: values)
    let (step, decimals) = AxisTicks.step(low, high)
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    self.init(
      low: first * step, high: last * step,
      marks: AxisTicks.marks(stride(from: first, through: last, by: 1).map { $0 * step }, step, decimals))
  }

  /// Round numbers within ends that stay.
  init(within ends: ClosedRange<Double>) {
    let (low, high) = AxisTicks.range(of: [ends.lowerBound, ends.upperBound])
    let (step, decimals) = AxisTicks.step(low, high)
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    self.init(
      low: low, high: high,
      marks: AxisTicks.marks(stride(from: first, through: last, by: 1).map { $0 * step }, step, decimals))
  }

  /// The smallest and largest of what can stand on an axis, apart from each other.
  static func range(of values: some Sequence<Double>) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where isDrawable(value) { (low, high) = (min(low, value), max(high, value)) }
    guard low <= high else { return (0, 1) }
    return high > low ? (low, high) : (low - max(0.5, low.ulp * 4), high + max(0.5, high.ulp * 4))
  }

  /// Whether a number can stand on an axis: none that is infinite or makes a range overflow.
  static func isDrawable(_ value: Double) -> Bool { abs(value) < 1e100 }

  /// A round distance that fits about six times, and the decimals that its multiples need.
  private static func step(_ low: Double, _ high: Double) -> (step: Double, decimals: Int) {
    var step = 1.0
    var decimals = 0
    let target = (high - low) / 6
    while step * 10 <= target { step *= 10 }
    while step > target, step > 1e-300 {
      step /= 10
      decimals += 1
    }
    for factor in [1.0, 2, 5, 10] where step * factor >= target {
      step *= factor
      if factor == 10 { decimals = max(0, decimals - 1) }
      break
    }
    return (step, decimals)
  }

  private static func marks(_ values: [Double], _ step: Double, _ decimals: Int) -> [Mark] {
    let size = values.map { abs($0) }.max() ?? 0
    let units = [(1e9, "G"), (1e6, "M")]
    if decimals == 0, let (unit, letter) = units.first(where: { size >= $0.0 && step * 1000 >= $0.0 }) {
      let places = [1, 0.1, 0.01, 0.001].firstIndex { step / unit >= $0 * 0.999 } ?? 3
      if size / unit < 1e6 {
        return values.map { Mark(value: $0, label: $0 == 0 ? "0" : rounded($0 / unit, places) + letter) }
      }
    }
    if decimals > 6 || size >= 1e15 {
      return values.map { Mark(value: $0, label: significant($0, 3)) }
    }
    return values.map { Mark(value: $0, label: rounded($0, decimals)) }
  }
}
