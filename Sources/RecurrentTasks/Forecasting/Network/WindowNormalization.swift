/// How the numbers of a window are brought to a common scale: from the look-back alone, so that a series of another level or
/// size than any in training is read as well as they are.
public enum WindowNormalization: String, Sendable, Codable, CaseIterable {
  /// The last value is taken away (Lin et al. 2023, arXiv:2308.11200), and the deviation of the training part divides.
  case last
  /// The last value is taken away, and the deviation of the look-back divides.
  case lastAndDeviation = "last-deviation"
  /// The mean of the look-back is taken away, and its deviation divides (Kim et al. 2022, "Reversible instance
  /// normalization").
  case meanAndDeviation = "mean-deviation"
  /// The mean size of the look-back divides (Salinas et al. 2020, arXiv:1704.04110): for counts and what is never below
  /// zero.
  case meanSize = "mean-size"
  /// The last value is taken away, and the recent size of the steps from one value to the next divides: for prices.
  case lastAndVolatility = "last-volatility"

  /// What is taken away and what divides.
  public struct Scale: Sendable, Equatable {
    /// What is taken away.
    public var offset: Double
    /// What divides; above zero.
    public var size: Double

    /// A value on the common scale.
    public func normalized(_ value: Double) -> Double { (value - offset) / size }
    /// A number on the common scale as a value.
    public func restored(_ number: Double) -> Double { number * size + offset }
  }

  /// How slowly volatility forgets, a step (J.P. Morgan 1996, "RiskMetrics").
  static let volatilityDecay = 0.94

  /// The scale of a look-back.
  ///
  /// - Parameters:
  ///   - values: of the look-back, NaN where one is missing.
  ///   - deviation: of the training part.
  public func scale(_ values: some Sequence<Double>, deviation: Double) -> Scale {
    var (count, sum, squares, size, last) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (changes, weight) = (0.0, 0.0)
    for value in values where value.isFinite {
      if count > 0 {
        let change = value - last
        changes = changes * WindowNormalization.volatilityDecay + change * change
        weight = weight * WindowNormalization.volatilityDecay + 1
      }
      count += 1
      sum += value
      size += abs(value)
      last = value
    }
    guard count > 0 else { return Scale(offset: 0, size: deviation > 0 ? deviation : 1) }
    let mean = sum / count
    for value in values where value.isFinite { squares += (value - mean) * (value - mean) }
    let own = (squares / count).squareRoot()
    // of a look-back that is constant nothing can be said but its level
    func positive(_ candidate: Double) -> Double {
      let floor = 1e-4 * max(deviation, 1e-4 * size / count)
      return max(candidate, floor > 0 ? floor : 1)
    }
    switch self {
    case .last: return Scale(offset: last, size: deviation > 0 ? deviation : 1)
    case .lastAndDeviation: return Scale(offset: last, size: positive(own))
    case .meanAndDeviation: return Scale(offset: mean, size: positive(own))
    case .meanSize: return Scale(offset: 0, size: positive(size / count))
    case .lastAndVolatility:
      return Scale(offset: last, size: positive((changes / max(weight, 1)).squareRoot()))
    }
  }
}
