#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A vector y of D numbers by one of K normal distributions without correlation (Bishop 1994):
///
///     p(y) = sum over k of softmax(w)[k] product over d of N(y_d | m_kd, s_kd)
///
/// The sum is taken in the logarithm, without a floor.
public struct DiagonalMixtureOutput: OutputDistribution {
  /// K, the number of normal distributions.
  public let count: Int
  /// D, the numbers of a vector.
  public let size: Int
  /// What standard deviations stay above.
  public let leastDeviation: Float

  /// A mixture of `count` normal distributions of vectors of `size` numbers.
  public init(count: Int, size: Int, leastDeviation: Float = 1e-2) {
    trapUnless(
      count >= 1 && size >= 1,
      "DiagonalMixtureOutput: expected a component and a number or more, received \(count) and \(size)")
    (self.count, self.size, self.leastDeviation) = (count, size, leastDeviation)
  }

  /// P = K (1 + 2D).
  public var parameterCount: Int { count * (1 + 2 * size) }

  /// K weights, then for each component its D means, then for each its D deviations.
  public var parameters: [OutputParameter] {
    func all(_ name: String, _ role: OutputParameter.Role) -> [OutputParameter] {
      (0..<count * size).map {
        OutputParameter(
          "\(name) \($0 / size) \($0 % size)", role, least: role == .scale ? leastDeviation : nil)
      }
    }
    return (0..<count).map { OutputParameter("weight \($0)", .shape) } + all("mean", .location)
      + all("deviation", .scale)
  }

  /// The weighted mean of `-log p(y)`, of shape [], in nats.
  ///
  /// - Parameters:
  ///   - numbers: of the network, `[N, P]`.
  ///   - targets: y, `[N, D]`. Those without weight must be numbers all the same.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let rows = targets.shape[0]
    trapUnless(
      numbers.shape == [rows, parameterCount] && targets.shape == [rows, size],
      "DiagonalMixtureOutput.loss: expected [N, \(parameterCount)] and targets [N, \(size)], received "
        + "\(numbers.shape) and \(targets.shape)")
    func block(_ first: Int) -> Tensor {
      numbers.sliced(axis: 1, first..<first + count * size).reshaped(to: [rows, count, size])
    }
    let deviations = softplus(block(count * (1 + size))) + leastDeviation
    let distances = (targets.reshaped(to: [rows, 1, size]) - block(count)) / deviations
    let densities =
      -(square(distances) * 0.5 + log(deviations)).sum(axis: 2)
      - Float(size) * Float(DiagonalMixtureOutput.halfNormalizer)
    let logs = logSoftmax(numbers.sliced(axis: 1, 0..<count)) + densities
    let largest = logs.detached.max(axis: 1)
    let sums = exp(logs - largest.reshaped(to: [rows, 1])).sum(axis: 1)
    return weightedMean(-(log(sums) + largest), weights)
  }

  /// log(2π) / 2.
  private static let halfNormalizer = 0.918_938_533_204_672_7

  /// A draw, by the uniform numbers (1 + D) `index` and those behind it: the first chooses among the K.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    let start = (1 + size) * index
    let chosen = MixtureShares(parameters[..<count]).component(at: Double(key.uniform(at: start)))
    return (0..<size).map { place in
      let normal = normalQuantile(Double(key.uniform(at: start + 1 + place)) + 0x1p-25)
      return Float(
        parameters[count + chosen * size + place] + normal
          * parameters[count * (1 + size) + chosen * size + place])
    }
  }

  /// The mean of each number.
  public func mean(_ parameters: [Double]) -> [Double] {
    let shares = MixtureShares(parameters[..<count]).values
    return (0..<size).map { place in
      shares.indices.reduce(0) { $0 + shares[$1] * parameters[count + $1 * size + place] }
    }
  }

  /// The quantile of each number by itself, by halving an interval; 0 < `level` < 1.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    let shares = MixtureShares(parameters[..<count]).values
    let far = abs(normalQuantile(min(level, 1 - level) / 2)) + 1
    return (0..<size).map { place in
      let parts = (0..<count).map { index in
        Gaussian(
          mean: parameters[count + index * size + place],
          deviation: parameters[count * (1 + size) + index * size + place])
      }
      var low = parts.map { $0.mean - far * $0.deviation }.min() ?? 0
      var high = parts.map { $0.mean + far * $0.deviation }.max() ?? 0
      for _ in 0..<80 {
        let middle = low + (high - low) / 2
        if zip(shares, parts).reduce(0, { $0 + $1.0 * $1.1.cumulative(middle) }) < level {
          low = middle
        } else {
          high = middle
        }
      }
      return high
    }
  }
}
