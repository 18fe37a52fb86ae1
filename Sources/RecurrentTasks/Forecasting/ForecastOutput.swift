#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a network says about a step, and how it learns to.
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

  /// Whether it is a distribution that can be drawn from.
  public var isDistribution: Bool { self == .gaussian || self == .studentT || self == .negativeBinomial }

  /// Numbers of a step.
  public func size(levels: [Double]) -> Int {
    switch self {
    case .mean, .median: 1
    case .quantiles: levels.count
    case .gaussian, .negativeBinomial: 2
    case .studentT: 3
    }
  }

  /// Keeps scales away from zero, in units of the window's scale.
  static let leastScale: Float = 1e-3
  /// With these the variance is still finite.
  static let leastDegrees: Float = 2.1

  /// The mean loss of what a network gives out.
  ///
  /// - Parameters:
  ///   - numbers: `[N, O]`.
  ///   - truths: on the scale of the window `[N]`.
  ///   - weights: 0 where a truth is missing `[N]`.
  ///   - sizes: what one on the scale of the window is `[N]`; for counts.
  ///   - levels: of the quantiles.
  func loss(
    _ numbers: Tensor, truths: Tensor, weights: Tensor, sizes: [Float], levels: [Double]
  ) -> Tensor {
    let count = truths.count
    func part(_ index: Int) -> Tensor {
      numbers.sliced(axis: 1, index..<index + 1).reshaped(to: [count])
    }
    switch self {
    case .mean:
      return weighted(square(part(0) - truths), weights)
    case .median:
      return quantileLoss(numbers, truths, levels: [0.5], weights: weights)
    case .quantiles:
      let all = quantileLoss(numbers, truths, levels: levels.map { Float($0) }, weights: weights)
      guard let middle = levels.firstIndex(where: { abs($0 - 0.5) < 1e-9 }) else { return all }
      // the median is what most is evaluated by, and one of many levels only
      return all
        + quantileLoss(
          numbers.sliced(axis: 1, middle..<middle + 1), truths, levels: [0.5], weights: weights)
    case .gaussian:
      return gaussianLoss(
        truths, mean: part(0), scale: softplus(part(1)) + ForecastOutput.leastScale, weights: weights)
    case .studentT:
      return studentTLoss(
        truths, mean: part(0), scale: softplus(part(1)) + ForecastOutput.leastScale,
        degrees: softplus(part(2)) + ForecastOutput.leastDegrees, weights: weights)
    case .negativeBinomial:
      let size = Tensor(sizes)
      let counts = Tensor(zip(truths.detached.scalars, sizes).map { ($0 * $1).rounded() })
      return negativeBinomialLoss(
        counts, mean: (softplus(part(0)) + ForecastOutput.leastScale) * size,
        dispersion: softplus(part(1)) + ForecastOutput.leastScale, weights: weights)
    }
  }

  private func weighted(_ losses: Tensor, _ weights: Tensor) -> Tensor {
    let total = weights.scalars.reduce(0, +)
    return (losses * weights).sum() * (total > 0 ? 1 / total : 0)
  }

  /// The distribution that a step's numbers stand for, on the scale of the window; nil where they stand for none.
  func distribution(_ numbers: ArraySlice<Float>, size: Double) -> (any Distribution)? {
    let first = numbers.startIndex
    func positive(_ index: Int, _ least: Float) -> Double {
      let x = Double(numbers[first + index])
      return (x > 30 ? x : log1p(exp(x))) + Double(least)
    }
    switch self {
    case .mean, .median, .quantiles: return nil
    case .gaussian:
      return Gaussian(mean: Double(numbers[first]), deviation: positive(1, ForecastOutput.leastScale))
    case .studentT:
      return StudentT(
        location: Double(numbers[first]), scale: positive(1, ForecastOutput.leastScale),
        degrees: positive(2, ForecastOutput.leastDegrees))
    case .negativeBinomial:
      return NegativeBinomial(
        mean: positive(0, ForecastOutput.leastScale) * size,
        dispersion: positive(1, ForecastOutput.leastScale))
    }
  }

  /// What a draw or quantile of the distribution is on the scale of the window.
  func onWindowScale(_ value: Double, size: Double) -> Double {
    self == .negativeBinomial ? value / size : value
  }

  /// Mean and quantiles of a step on the scale of the window.
  func normalized(_ numbers: ArraySlice<Float>, size: Double, levels: [Double]) -> (
    mean: Double, quantiles: [Double]
  ) {
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

/// The mean of a distribution whose quantiles are known: those between are taken to lie on lines, those beyond to be the
/// outermost.
func quantileMean(_ quantiles: [Double], levels: [Double]) -> Double {
  guard let first = quantiles.first, let last = quantiles.last else { return 0 }
  var sum = first * levels[0] + last * (1 - levels[levels.count - 1])
  for place in 1..<max(levels.count, 1) {
    sum += 0.5 * (quantiles[place] + quantiles[place - 1]) * (levels[place] - levels[place - 1])
  }
  return sum
}
