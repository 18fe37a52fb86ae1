/// The mean of (prediction - target)².
///
/// - Parameters:
///   - predictions: any shape; `[T, B, F]` with `lengths`.
///   - targets: the same shape.
///   - lengths: how many steps of each row count; nil for all.
/// - Returns: the mean over everything that counts, of shape [].
public func squaredError(_ predictions: Tensor, _ targets: Tensor, lengths: [Int]? = nil) -> Tensor {
  meanLoss(square(predictions - targets), lengths: lengths)
}

/// The mean of |prediction - target|; shapes as for ``squaredError(_:_:lengths:)``.
public func absoluteError(_ predictions: Tensor, _ targets: Tensor, lengths: [Int]? = nil) -> Tensor {
  meanLoss(abs(predictions - targets), lengths: lengths)
}

/// The mean of Huber's loss (1964): d² / 2 for |d| up to `delta`, beyond it delta (|d| - delta / 2), with
/// d = prediction - target; shapes as for ``squaredError(_:_:lengths:)``.
public func huberLoss(_ predictions: Tensor, _ targets: Tensor, delta: Float = 1, lengths: [Int]? = nil)
  -> Tensor
{
  trapUnless(delta > 0, "huberLoss: expected a positive delta, received \(delta)")
  let distance = abs(predictions - targets)
  let near = minimum(distance, distance.constant(delta))
  // near² / 2 + delta (distance - near)
  return meanLoss(square(near) * 0.5 + (distance - near) * delta, lengths: lengths)
}

/// The mean binary cross-entropy of sigmoid(logit) with targets in [0, 1], in nats.
///
///     loss = w y softplus(-x) + (1 - y) softplus(x)
///
/// - Parameters:
///   - logits: x, any shape; `[T, B, F]` with `lengths`.
///   - targets: y, the same shape.
///   - positiveWeight: w, of a shape that is repeated over the logits; nil for one.
///   - lengths: how many steps of each row count; nil for all.
public func binaryCrossEntropy(
  _ logits: Tensor, _ targets: Tensor, positiveWeight: Tensor? = nil, lengths: [Int]? = nil
) -> Tensor {
  var positive = targets * softplus(-logits)
  if let positiveWeight { positive = positive * positiveWeight }
  return meanLoss(positive + (1 - targets) * softplus(logits), lengths: lengths)
}

/// The mean of losses `[T, B, F]` over the real steps, or over everything.
private func meanLoss(_ losses: Tensor, lengths: [Int]?) -> Tensor {
  guard let lengths else { return losses.mean() }
  trapUnless(
    losses.rank == 3 && lengths.count == losses.shape[1],
    "lengths need losses [T, B, F] with \(lengths.count) rows, received shape \(losses.shape)")
  let (steps, features) = (losses.shape[0], losses.shape[2])
  let count = lengths.reduce(0) { $0 + min($1, steps) } * features
  let mask = lengthMask(lengths, stepCount: steps, like: losses)
  return (losses * mask).sum() * (count > 0 ? 1 / Float(count) : 0)
}
