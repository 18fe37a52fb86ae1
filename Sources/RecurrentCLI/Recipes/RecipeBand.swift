import Recurrent

/// Between which values a figure is expected.
///
/// With the same seed a training gives the same bits on every machine; a band is for what changes between versions: the order of
/// random numbers, a default, a better method. Whatever moves a figure as another seed would is inside.
enum RecipeBand: Sendable {
  /// Three standard deviations of the seeds to both sides of their mean, at least `least`.
  case seeds(least: Double)
  /// The 95 % interval of draws of whole sequences, for one seed; as the table prints it.
  case interval(Double, Double)
  /// So much to both sides of the figure of one seed, for a reason.
  case around(Double, why: String)

  /// The ends.
  ///
  /// - Parameter values: of the seeds, at least one.
  func range(around values: [Double]) -> ClosedRange<Double> {
    let spread = MetricSpread("", values)
    switch self {
    case .seeds(let least):
      let half = max(3 * spread.deviation, least)
      return spread.mean - half...spread.mean + half
    case .interval(let low, let high): return low...high
    case .around(let half, _): return spread.mean - half...spread.mean + half
    }
  }

  /// Why it is as wide as it is.
  ///
  /// - Parameter values: of the seeds.
  func reason(_ values: [Double]) -> String {
    switch self {
    case .seeds(let least):
      let deviation = MetricSpread("", values).deviation
      return 3 * deviation >= least
        ? "three standard deviations of \(values.count) seeds"
        : "± \(significant(least, 1)), more than three standard deviations of \(values.count) seeds"
    case .interval: return "the 95 % interval of the test part, of one seed"
    case .around(_, let why): return why
    }
  }
}
