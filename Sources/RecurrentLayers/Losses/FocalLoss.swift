/// Cross-entropy that cares less for what is right already (Lin et al. 2017, arXiv:1708.02002).
///
///     loss_n = w_y (1 - p_y)^gamma (-log p_y),   p = softmax(logits)
///     mean   = sum of loss_n / sum of w_y
///
/// - Parameters:
///   - logits: `[N, C]`.
///   - labels: `[N]`, each in 0 ..< C.
///   - gamma: 0 for cross-entropy.
///   - classWeights: `[C]`, w; nil for ones.
/// - Returns: the mean, of shape [].
public func focalLoss(
  _ logits: Tensor, _ labels: Indices, gamma: Float, classWeights: [Float]? = nil
) -> Tensor {
  let (count, classes) = (logits.shape[0], logits.shape[1])
  trapUnless(
    labels.shape == [count], "focalLoss: expected labels of shape [\(count)], received \(labels.shape)")
  let places = labels.values.enumerated().map { Int32($0.offset * classes) + $0.element }
  let own = gather(logSoftmax(logits).reshaped(to: [count * classes, 1]), rows: Indices(places))
  // e^log p of a sure prediction may round to 1
  let doubt = maximum(1 - exp(own), own.constant(1e-7))
  let weights = labels.values.map { classWeights?[Int($0)] ?? 1 }
  let total = weights.reduce(0, +)
  let losses = -own * exp(log(doubt) * gamma) * Tensor(weights, shape: [count, 1], like: logits)
  return losses.sum() * (total > 0 ? 1 / total : 0)
}
