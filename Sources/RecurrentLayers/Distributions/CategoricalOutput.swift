#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The number of one of K classes, by a score for each.
public struct CategoricalOutput: OutputDistribution {
  /// K.
  public let count: Int

  /// So many classes.
  public init(count: Int) { self.count = count }

  /// The scores, which softmax makes probabilities of.
  public var parameters: [OutputParameter] { (0..<count).map { OutputParameter("score \($0)", .shape) } }
  /// One.
  public var size: Int { 1 }

  /// The mean cross-entropy of class numbers `[N, 1]`.
  public func loss(_ numbers: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
    var known = [Float](repeating: 0, count: numbers.count)
    for (row, target) in targets.scalars.enumerated() { known[row * count + Int(target)] = 1 }
    return weightedMean(-(logSoftmax(numbers) * Tensor(known, shape: numbers.shape)).sum(axis: 1), weights)
  }

  /// A class, by one uniform number of the key.
  public func sample(_ parameters: [Double], key: RandomKey, index: Int) -> [Float] {
    [Float(least(above: Double(key.uniform(at: index)), parameters))]
  }

  /// The mean of the class numbers.
  public func mean(_ parameters: [Double]) -> [Double] {
    [probabilities(parameters).enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }]
  }

  /// The least class up to which lies at least the share `level` of the probability.
  public func quantile(_ level: Double, _ parameters: [Double]) -> [Double] {
    [Double(least(above: level.nextDown, parameters))]
  }

  private func probabilities(_ scores: [Double]) -> [Double] {
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
