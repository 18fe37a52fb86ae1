#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The number y of one of K classes, by a score s for each: `p(y) = softmax(s)[y]`.
public struct CategoricalOutput: OutputDistribution {
  /// K, the number of classes.
  public let count: Int

  /// A distribution over the classes 0 ..< `count`.
  public init(count: Int) { self.count = count }

  /// The K scores, any numbers: P = K.
  public var parameters: [OutputParameter] { (0..<count).map { OutputParameter("score \($0)", .shape) } }
  /// D = 1: the number of the class.
  public var size: Int { 1 }

  /// The weighted mean of the cross-entropies `-log softmax(s)[y]`, of shape [], in nats.
  ///
  /// - Parameters:
  ///   - numbers: s, `[N, K]`.
  ///   - targets: y, `[N, 1]`, each in 0 ..< K. Traps at others.
  ///   - weights: `[N]`; nil for ones.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    let labels = targets.scalars.map { target in
      trapUnless(
        target >= 0 && target < Float(count),
        "CategoricalOutput.loss: the class \(target) is outside 0 ..< \(count)")
      return Int32(target)
    }
    let losses = crossEntropyLosses(
      logits: numbers, labels: Indices(labels), classWeights: nil, labelSmoothing: 0, ignoredLabel: -1)
    return weightedMean(losses, weights)
  }

  /// The number of a class, by one uniform number of the key: the first up to which lies more than that share.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    [Float(least(above: Double(key.uniform(at: index)), parameters))]
  }

  /// `-log softmax(s)[y]` of one class in double precision.
  public func loss(_ scores: [Double], of label: Int) -> Double {
    let largest = scores.max() ?? 0
    return largest - scores[label] + log(scores.reduce(0) { $0 + exp($1 - largest) })
  }

  /// The mean of the class numbers, `sum over k of k softmax(s)[k]`.
  public func mean(_ parameters: [Double]) -> [Double] {
    [probabilities(parameters).enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }]
  }

  /// The least class up to which lies at least the share `level` of the probability.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    [Double(least(above: level.nextDown, parameters))]
  }

  /// `softmax(s)`.
  public func probabilities(_ scores: [Double]) -> [Double] {
    let largest = scores.max() ?? 0
    let weights = scores.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The first class up to which lies more than a share of the probability.
  private func least(above share: Double, _ scores: [Double]) -> Int {
    var sum = 0.0
    let all = probabilities(scores)
    return all.firstIndex {
      sum += $0
      return sum > share
    } ?? all.count - 1
  }
}
