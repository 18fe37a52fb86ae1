#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One number y by a normal distribution whose deviation stays above a least one:
///
///     p(y) = N(y | m, s),  s = log(1 + e^q) + least
///
/// As ``NumberOutput`` of a ``Gaussian``, for data of which a resolution is known, and for draws at a temperature.
public struct NormalOutput: TemperedDistribution {
  /// What the standard deviation stays above.
  public let leastDeviation: Float

  /// A distribution with such a least deviation, above 0.
  public init(leastDeviation: Float = 1e-3) { self.leastDeviation = leastDeviation }

  /// m and s: P = 2.
  public var parameters: [OutputParameter] {
    [.init("mean", .location), .init("deviation", .scale, least: leastDeviation)]
  }
  /// D = 1.
  public var size: Int { 1 }

  /// The weighted mean of `-log p(y)`, of shape [], in nats.
  ///
  /// - Parameters:
  ///   - numbers: m and q, `[N, 2]`.
  ///   - targets: y, `[N, 1]`. Those without weight must be numbers all the same.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let shape = [targets.count]
    let own = parameters(numbers).map { $0.reshaped(to: shape) }
    return gaussianLoss(targets.reshaped(to: shape), mean: own[0], scale: own[1], weights: weights)
  }

  /// `-log p(y)` of one number in double precision.
  public func loss(_ parameters: [Double], of value: Double) -> Double {
    let distance = (value - parameters[0]) / parameters[1]
    return log(parameters[1]) + 0.5 * (distance * distance + GaussianMixtureOutput.normalizer)
  }

  /// A draw, by the uniform number `index` of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    let normal = normalQuantile(Double(key.uniform(at: index)) + 0x1p-25)
    return [Float(parameters[0] + parameters[1] * normal)]
  }

  /// m.
  public func mean(_ parameters: [Double]) -> [Double] { [parameters[0]] }

  /// The number below which lies the share `level` of the probability, 0 < `level` < 1.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    [parameters[0] + parameters[1] * normalQuantile(level)]
  }

  /// The variance times the temperature.
  public func tempered(_ parameters: [Double], temperature: Double) -> [Double] {
    [parameters[0], parameters[1] * temperature.squareRoot()]
  }
}
