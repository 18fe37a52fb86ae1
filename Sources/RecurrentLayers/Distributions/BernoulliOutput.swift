#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// K yes-or-no questions, each with a probability of its own and independent of the others, by a score s for each: keys of a piano,
/// labels of a picture.
///
///     p(y) = product over k of sigmoid(s_k)^y_k (1 - sigmoid(s_k))^(1 - y_k)
public struct BernoulliOutput: OutputDistribution {
  /// K, the number of questions.
  public let count: Int

  /// A distribution of `count` zeros and ones.
  public init(count: Int) { self.count = count }

  /// The K scores, any numbers: P = K.
  public var parameters: [OutputParameter] { (0..<count).map { OutputParameter("score \($0)", .shape) } }
  /// D = K zeros and ones.
  public var size: Int { count }

  /// The weighted mean of `-log p(y)`, of shape [], in nats: the sum over all K.
  ///
  /// - Parameters:
  ///   - numbers: s, `[N, K]`.
  ///   - targets: y, `[N, K]`, zeros and ones.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    // softplus(s) - y s, which is right also where a probability is 0 or 1 in floats
    var losses = softplus(numbers) - targets * numbers
    var total = Float(numbers.shape[0])
    if let weights {
      losses = losses * weights.reshaped(to: [weights.count, 1])
      total = weights.detached.sum().scalar
    }
    return losses.sum() * (total > 0 ? 1 / total : 0)
  }

  /// Zeros and ones; draw `index` takes K numbers of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    zip(parameters, key.uniforms(count, from: index * count)).map {
      Double($1) < BernoulliOutput.probability($0) ? 1 : 0
    }
  }

  /// The probability of each.
  public func mean(_ parameters: [Double]) -> [Double] { parameters.map(BernoulliOutput.probability) }

  /// 1 where zero has less than the share `level` of the probability.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    parameters.map { 1 - BernoulliOutput.probability($0) < level ? 1 : 0 }
  }

  /// `-log p(y)` in nats of one draw.
  public func negativeLogLikelihood(_ parameters: some Collection<Float>, _ values: (Int) -> Bool) -> Double {
    var sum = 0.0
    for (index, score) in parameters.array.enumerated() {
      let s = Double(values(index) ? -score : score)
      sum += max(s, 0) + log1p(exp(-abs(s)))
    }
    return sum
  }

  /// The probability of one, `1 / (1 + e^-s)`, by its score s.
  public static func probability(_ score: Double) -> Double { 1 / (1 + exp(-score)) }
}
