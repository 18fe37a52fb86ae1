/// The shares of the K components of a mixture, softmax(w) of their scores w.
struct MixtureShares {
  /// K numbers whose sum is 1.
  let values: [Double]

  /// The shares by scores, `[K]`.
  init(_ scores: ArraySlice<Double>) {
    values = CategoricalOutput(count: scores.count).probabilities(Array(scores))
  }

  /// The component that a uniform number from 0 to 1 chooses; never one without a share.
  func component(at uniform: Double) -> Int {
    var sum = 0.0
    return values.firstIndex {
      sum += $0
      return sum > uniform
    } ?? values.lastIndex { $0 > 0 } ?? 0
  }
}
