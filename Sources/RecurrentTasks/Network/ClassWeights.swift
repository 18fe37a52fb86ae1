/// How much the examples of each class count in training where rare classes are not to be lost among frequent ones.
enum ClassWeights {
  /// How much more an example counts than one of the most frequent class, at most: a handful of examples is no better known
  /// for being counted a hundred times.
  static let bound = 10

  /// Weights by the frequency of the classes: inversely to it, at most ``bound`` times that of the most frequent class, and
  /// 1 in the mean over all examples.
  ///
  /// - Parameter counts: examples of each class; one without examples gets 1.
  static func balanced(_ counts: [Int]) -> [Float] {
    let most = Double(counts.max() ?? 0)
    let ratios = counts.map { $0 > 0 ? min(Double(bound), most / Double($0)) : 0 }
    let total = zip(ratios, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    let mean = total / Double(max(counts.reduce(0, +), 1))
    return ratios.map { $0 > 0 ? Float($0 / mean) : 1 }
  }

  /// Throws where weights of so many classes are impossible.
  static func check(_ key: String, _ weights: [Float]?, count: Int) throws(ValueIssue) {
    guard let weights else { return }
    try ValueIssue.check("the count of \(key)", weights.count, equals: count, "that of the labels")
    try ValueIssue.check(key, each: weights, in: 0...1e30)
  }

  /// The weighted mean of cross-entropies with label smoothing, each example with the weight of its own class.
  ///
  ///     loss_n = w_y ((1 - s) (-log p_y) + s / C * sum over c of (-log p_c)),   p = softmax(scores)
  ///     mean   = sum of loss_n / sum of w_y
  ///
  /// ``crossEntropy(_:_:classWeights:labelSmoothing:ignoredLabel:lengths:)`` weights what smoothing gives to class c by w_c,
  /// as PyTorch does: with a weight of 35 that is more than the label of a frequent class gets, which is then never learnt.
  ///
  /// - Parameters:
  ///   - scores: `[N, C]`.
  ///   - labels: `[N]`, each in 0 ..< C.
  ///   - weights: `[C]`, w.
  ///   - smoothing: s in 0 ..< 1.
  static func smoothedLoss(_ scores: Tensor, _ labels: [Int], weights: [Float], smoothing: Float) -> Tensor {
    let (count, classes) = (scores.shape[0], scores.shape[1])
    let total = labels.reduce(0) { $0 + weights[$1] }
    guard total > 0 else { return scores.constant(0) }
    var targets: [Float] = []
    targets.reserveCapacity(count * classes)
    for label in labels {
      let weight = weights[label] / total
      for place in 0..<classes {
        targets.append(weight * (smoothing / Float(classes) + (place == label ? 1 - smoothing : 0)))
      }
    }
    return -(logSoftmax(scores) * Tensor(targets, shape: [count, classes])).sum()
  }
}
