/// Intervals whose coverage is the nominal one on data like those that they were fitted to (split conformal
/// prediction, Vovk et al. 2005; for quantiles Romano et al. 2019, arXiv:1905.03222).
public struct ConformalIntervals: Sendable, Equatable, Codable {
  /// By how much the intervals of one nominal share are widened.
  public struct Widening: Sendable, Equatable, Codable {
    /// The nominal coverage: the share of truths that the intervals are to hold.
    public var nominal: Double
    /// For each step of the horizon by how much both sides move outwards; negative for inwards.
    public var steps: [Double]
  }

  /// For each nominal share, by rising shares.
  public var widenings: [Widening]

  /// Fits the widenings.
  ///
  /// A step with n scores has a coverage of up to n / (n + 1); for more, and with scores that are not numbers
  /// left out, the largest one is taken, and without any 0.
  ///
  /// - Parameters:
  ///   - nominals: the shares.
  ///   - scores: for each share and step of the horizon how far the truths lay outside of the interval,
  ///     negative within.
  public init(nominals: [Double], scores: [[[Double]]]) {
    widenings = zip(nominals, scores).map { nominal, steps in
      Widening(nominal: nominal, steps: steps.map { ConformalIntervals.quantile($0, nominal) })
    }.sorted { $0.nominal < $1.nominal }
  }

  /// How far a truth lies outside of an interval, negative within; the score that the widenings are fitted
  /// to.
  public static func score(truth: Double, low: Double, high: Double) -> Double {
    max(low - truth, truth - high)
  }

  /// The widening of an interval.
  ///
  /// - Parameters:
  ///   - nominal: its share.
  ///   - step: of the horizon, from 0.
  /// - Returns: nil where nothing was fitted for the share or the step.
  public func widening(nominal: Double, step: Int) -> Double? {
    guard let own = widenings.first(where: { abs($0.nominal - nominal) < 1e-9 }) else { return nil }
    return own.steps.indices.contains(step) ? own.steps[step] : nil
  }

  /// The nominal coverage of the bounds of regressions.
  static let regressionCoverage = 0.9

  /// The smallest score that at least `share` of n + 1 are not above, of which one is unknown; 0 without scores.
  static func quantile(_ scores: [Double], _ share: Double) -> Double {
    let sorted = scores.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return 0 }
    // a product that is whole must not become the next number by its last bit
    let rank = Int((Double(sorted.count + 1) * share - 1e-9).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}
