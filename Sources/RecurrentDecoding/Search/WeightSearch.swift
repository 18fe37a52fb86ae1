import RecurrentCore

/// Finds the weights of a language model: the error of a validation part is measured at points of a grid, along one weight and
/// then the other, until neither helps; then the grid becomes finer.
///
/// Errors are counts, so that many points are equally good: of the best ones beside each other the middle one is taken, which
/// other data are likeliest to agree with. Nothing is random.
public struct WeightSearch: Sendable, Equatable {
  /// What was tried.
  public struct Trial: Sendable, Equatable {
    /// The weight of the language model's logarithms.
    public var alpha: Double
    /// What each word adds.
    public var beta: Double
    /// The error there, such as a word error rate.
    public var error: Double
  }

  /// What came of a search.
  public struct Result: Sendable, Equatable {
    /// The weights to use.
    public var best: Trial
    /// Everything that was tried, in its order.
    public var trials: [Trial]
  }

  /// Where alpha may lie.
  public var alphas: ClosedRange<Double>
  /// Where beta may lie.
  public var betas: ClosedRange<Double>
  /// The points of a line.
  public var pointCount: Int
  /// How often the grid becomes finer.
  public var refinementCount: Int

  /// A search over ranges; seven points a line, in three rounds, of which each has a third of the range of the one before.
  public init(
    alphas: ClosedRange<Double> = 0...3, betas: ClosedRange<Double> = -2...4, pointCount: Int = 7,
    refinementCount: Int = 2
  ) {
    trapUnless(pointCount > 1, "WeightSearch: expected at least two points a line, received \(pointCount)")
    trapUnless(
      alphas.lowerBound.isFinite && alphas.upperBound.isFinite && betas.lowerBound.isFinite
        && betas.upperBound.isFinite, "WeightSearch: expected finite ranges, received \(alphas) and \(betas)")
    (self.alphas, self.betas) = (alphas, betas)
    (self.pointCount, self.refinementCount) = (pointCount, refinementCount)
  }

  /// The weights with the smallest error.
  ///
  /// - Parameter error: the error of two weights, alpha and beta; it is asked once for each pair. NaN counts as infinity.
  /// - Returns: the best weights and the way to them.
  /// - Throws: what `error` throws.
  public func run<E: Error>(
    _ error: (_ alpha: Double, _ beta: Double) throws(E) -> Double
  ) throws(E) -> Result {
    var trials: [Trial] = []
    func measure(_ alpha: Double, _ beta: Double) throws(E) -> Trial {
      if let known = trials.first(where: { $0.alpha == alpha && $0.beta == beta }) { return known }
      let own = try error(alpha, beta)
      trials.append(Trial(alpha: alpha, beta: beta, error: own.isNaN ? .infinity : own))
      return trials[trials.count - 1]
    }
    var best = try measure(middle(alphas), middle(betas))
    var widths = (alpha: alphas.upperBound - alphas.lowerBound, beta: betas.upperBound - betas.lowerBound)
    for _ in 0...max(0, refinementCount) {
      for _ in 0..<WeightSearch.largestTurnCount {
        let before = best.error
        let alphas = points(around: best.alpha, widths.alpha, in: alphas)
        best = try choose(alphas, best) { alpha throws(E) in try measure(alpha, best.beta) }
        let betas = points(around: best.beta, widths.beta, in: betas)
        best = try choose(betas, best) { beta throws(E) in try measure(best.alpha, beta) }
        if !(best.error < before) { break }
      }
      widths = (widths.alpha / 3, widths.beta / 3)
    }
    return Result(best: best, trials: trials)
  }

  /// How often both lines are searched on one grid at most.
  private static let largestTurnCount = 4

  private func middle(_ range: ClosedRange<Double>) -> Double { (range.lowerBound + range.upperBound) / 2 }

  /// The points of a line of a width around a value, moved into the range.
  private func points(around value: Double, _ width: Double, in range: ClosedRange<Double>) -> [Double] {
    let lower = max(range.lowerBound, min(value - width / 2, range.upperBound - width))
    let step = width / Double(pointCount - 1)
    let points = (0..<pointCount).map { min(range.upperBound, lower + Double($0) * step) }
    return width > 0 ? points : [value]
  }

  /// The best point of a line: the middle of the longest run of best ones; the present one where none is better.
  private func choose<E: Error>(
    _ points: [Double], _ present: Trial, _ measure: (Double) throws(E) -> Trial
  ) throws(E) -> Trial {
    var trials: [Trial] = []
    for point in points { trials.append(try measure(point)) }
    let smallest = trials.reduce(Double.infinity) { min($0, $1.error) }
    guard smallest <= present.error else { return present }
    var (best, start) = (0..<0, 0)
    for place in 0...trials.count where place == trials.count || trials[place].error > smallest {
      if place - start > best.count { best = start..<place }
      start = place + 1
    }
    return best.isEmpty ? present : trials[best.lowerBound + (best.count - 1) / 2]
  }
}
