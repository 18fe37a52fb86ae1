#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a network predicts for a step, and its loss.
public enum ForecastOutput: String, Sendable, Codable, CaseIterable {
  /// The mean, by the squared error; intervals come from the validation part alone.
  case mean
  /// The median, by the absolute error; intervals come from the validation part alone.
  case median
  /// Quantiles, by the pinball loss.
  case quantiles
  /// A normal distribution, by its likelihood.
  case gaussian
  /// Student's t distribution, by its likelihood: for what is now and then far off.
  case studentT = "student-t"
  /// A negative binomial distribution, by its likelihood: for counts, with ``WindowNormalization/meanSize`` or another
  /// scale that takes nothing away.
  case negativeBinomial = "negative-binomial"

  /// Keeps scales away from zero, in units of the window's scale.
  private static let leastScale: Float = 1e-3
  /// With these the variance is still finite.
  private static let leastDegrees: Float = 2.1

  /// The parameters of a distribution, in order: their names, what those above zero are at least, and whether the scale and
  /// the level of the data belong to them. None for what is no distribution.
  var parameters: [(name: String, least: Float?, isScaled: Bool, isShifted: Bool)] {
    switch self {
    case .mean, .median, .quantiles: []
    case .gaussian: [("mean", nil, true, true), ("deviation", Self.leastScale, true, false)]
    case .studentT:
      [
        ("location", nil, true, true), ("scale", Self.leastScale, true, false),
        ("degrees", Self.leastDegrees, false, false),
      ]
    case .negativeBinomial:
      [("mean", Self.leastScale, true, false), ("dispersion", Self.leastScale, false, false)]
    }
  }

  /// Whether it is a distribution that can be drawn from.
  public var isDistribution: Bool { !parameters.isEmpty }

  /// Numbers of a step.
  public func size(levels: [Double]) -> Int {
    isDistribution ? parameters.count : self == .quantiles ? levels.count : 1
  }

  /// The parameters that numbers of a network `[..., O]` stand for, each `[..., 1]`.
  func parameters(_ numbers: Tensor) -> [Tensor] {
    let axis = numbers.rank - 1
    return parameters.enumerated().map { index, parameter in
      let own = numbers.sliced(axis: axis, index..<index + 1)
      return parameter.least.map { softplus(own) + $0 } ?? own
    }
  }

  /// The mean loss of what a network gives out.
  ///
  /// - Parameters:
  ///   - outputs: `[..., O]`, N numbers for each of the O.
  ///   - truths: on the scale of the window `[N]`.
  ///   - weights: 0 where a truth is missing `[N]`.
  ///   - sizes: what one on the scale of the window is `[N]`; for counts.
  ///   - levels: of the quantiles.
  func loss(
    _ outputs: Tensor, truths: [Float], weights: [Float], sizes: [Float], levels: [Double]
  ) -> Tensor {
    let count = truths.count
    let numbers = outputs.reshaped(to: [count, outputs.shape[outputs.rank - 1]])
    let (truths, weights) = (Tensor(truths), Tensor(weights))
    let own = parameters(numbers).map { $0.reshaped(to: [count]) }
    switch self {
    case .mean:
      let total = weights.scalars.reduce(0, +)
      let losses = square(numbers.reshaped(to: [count]) - truths)
      return (losses * weights).sum() * (total > 0 ? 1 / total : 0)
    case .median:
      return quantileLoss(numbers, truths, levels: [0.5], weights: weights)
    case .quantiles:
      let all = quantileLoss(numbers, truths, levels: levels.map { Float($0) }, weights: weights)
      guard let middle = levels.index(of: 0.5) else { return all }
      // the median is what most is evaluated by, and one of many levels only
      return all
        + quantileLoss(
          numbers.sliced(axis: 1, middle..<middle + 1), truths, levels: [0.5], weights: weights)
    case .gaussian: return gaussianLoss(truths, mean: own[0], scale: own[1], weights: weights)
    case .studentT:
      return studentTLoss(truths, mean: own[0], scale: own[1], degrees: own[2], weights: weights)
    case .negativeBinomial:
      let counts = Tensor(zip(truths.scalars, sizes).map { ($0 * $1).rounded() })
      return negativeBinomialLoss(
        counts, mean: own[0] * Tensor(sizes), dispersion: own[1], weights: weights)
    }
  }

  /// The distribution that a step's numbers stand for, on the scale of the window; nil where they stand for none.
  func distribution(_ numbers: ArraySlice<Float>, size: Double) -> (any Distribution)? {
    let own = zip(parameters, numbers).map { parameter, number in
      let x = Double(number)
      return parameter.least.map { (x > 30 ? x : log1p(exp(x))) + Double($0) } ?? x
    }
    return switch self {
    case .mean, .median, .quantiles: nil
    case .gaussian: Gaussian(mean: own[0], deviation: own[1])
    case .studentT: StudentT(location: own[0], scale: own[1], degrees: own[2])
    case .negativeBinomial: NegativeBinomial(mean: own[0] * size, dispersion: own[1])
    }
  }

  /// What a draw or quantile of the distribution is on the scale of the window.
  func onWindowScale(_ value: Double, size: Double) -> Double {
    self == .negativeBinomial ? value / size : value
  }

  /// Mean and quantiles of a step on the scale of the window.
  func summary(
    of numbers: ArraySlice<Float>, size: Double, levels: [Double]
  ) -> (mean: Double, quantiles: [Double]) {
    if let distribution = distribution(numbers, size: size) {
      return (
        onWindowScale(distribution.mean, size: size),
        levels.map { onWindowScale(distribution.quantile($0), size: size) }
      )
    }
    if self == .quantiles {
      // quantiles that cross are put in order (Chernozhukov et al. 2010)
      let sorted = numbers.map { Double($0) }.sorted()
      return (quantileMean(sorted, levels: levels), sorted)
    }
    let value = Double(numbers[numbers.startIndex])
    return (value, levels.map { _ in value })
  }
}
