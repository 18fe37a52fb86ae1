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
  /// The mean size of the look-back and of the training part divides, the latter as if it were that of
  /// `trainingSteps` further steps: for counts that are mostly zero, whose look-back alone may say nothing of their size.
  case shrunkenMeanSize = "shrunken-mean-size"
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

  /// What the mean size of the training part counts beside that of a look-back, in steps.
  static let trainingSteps = 20.0

  /// Whether the last value is taken away, so that zero is the forecast that nothing changes.
  var takesLastAway: Bool {
    switch self {
    case .last, .lastAndDeviation, .lastAndVolatility: true
    case .meanAndDeviation, .meanSize, .shrunkenMeanSize: false
    }
  }

  /// How slowly volatility forgets, a step (J.P. Morgan 1996, "RiskMetrics").
  static let volatilityDecay = 0.94

  /// The scale of a look-back.
  ///
  /// - Parameters:
  ///   - values: of the look-back, NaN where one is missing.
  ///   - deviation: of the training part.
  ///   - center: the mean of the training part.
  public func scale(_ values: [Double], deviation: Double, center: Double = 0) -> Scale {
    let usual = deviation > 0 ? deviation : 1
    guard let last = values.last(where: \.isFinite) else {
      return Scale(offset: 0, size: self == .shrunkenMeanSize && center != 0 ? abs(center) : usual)
    }
    lazy var known = values.filter(\.isFinite)
    var count: Double { Double(known.count) }
    var mean: Double { known.reduce(0, +) / count }
    var total: Double { known.reduce(0) { $0 + abs($1) } }
    var own: Double {
      let mean = mean
      return (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
    // of a look-back that is constant nothing can be said but its level
    func positive(_ candidate: Double) -> Double {
      let floor = 1e-4 * max(deviation, 1e-4 * total / count)
      return max(candidate, floor > 0 ? floor : 1)
    }
    return switch self {
    case .last: Scale(offset: last, size: usual)
    case .lastAndDeviation: Scale(offset: last, size: positive(own))
    case .meanAndDeviation: Scale(offset: mean, size: positive(own))
    case .meanSize: Scale(offset: 0, size: positive(total / count))
    case .shrunkenMeanSize:
      Scale(
        offset: 0,
        size: positive(
          (total + WindowNormalization.trainingSteps * abs(center))
            / (count + WindowNormalization.trainingSteps)))
    case .lastAndVolatility: Scale(offset: last, size: positive(WindowNormalization.volatility(known)))
    }
  }

  /// The root of the mean squared step from one value to the next, the latest of which count most.
  private static func volatility(_ values: [Double]) -> Double {
    var (changes, weight) = (0.0, 0.0)
    for (value, before) in zip(values.dropFirst(), values) {
      changes = changes * volatilityDecay + (value - before) * (value - before)
      weight = weight * volatilityDecay + 1
    }
    return (changes / max(weight, 1)).squareRoot()
  }
}
