/// The mean pinball loss of several quantiles (Koenker and Bassett 1978): least where a prediction of level q is above a
/// share q of the targets.
///
///     loss = q max(y - p, 0) + (1 - q) max(p - y, 0) = |y - p| / 2 + (q - 1/2) (y - p)
///
/// - Parameters:
///   - predictions: p `[..., Q]`, a quantile for each level.
///   - targets: y, the shape of the predictions without Q.
///   - levels: q, each in 0 ..< 1.
///   - weights: how much each target counts, the shape of the targets; nil for all the same. A target that counts for
///     nothing must be a number all the same.
/// - Returns: the mean over what counts and over the levels, of shape []; 0 where nothing counts.
public func quantileLoss(
  _ predictions: Tensor, _ targets: Tensor, levels: [Float], weights: Tensor? = nil
) -> Tensor {
  trapUnless(
    predictions.shape == targets.shape + [levels.count],
    "quantileLoss: expected predictions of shape \(targets.shape + [levels.count]), received \(predictions.shape)"
  )
  trapUnless(
    levels.allSatisfy { $0 > 0 && $0 < 1 },
    "quantileLoss: expected levels between 0 and 1, received \(levels)")
  let (prediction, target, node) = (predictions.detached, targets.detached, predictions.node)
  let (backend, count) = (prediction.backend, levels.count)
  let rows = target.viewed(as: [target.count, 1])
  let difference = backend.binary(.subtract, rows, prediction.viewed(as: [target.count, count]))
  let slopes = backend.tensor(levels.map { $0 - 0.5 }, shape: [count])
  let half = backend.filled(0.5, shape: [])
  var scale = Float(1) / Float(max(target.count, 1) * count)
  let shares = weights.map { weights -> Tensor in
    trapUnless(
      weights.shape == targets.shape,
      "quantileLoss: expected weights of shape \(targets.shape), received \(weights.shape)")
    let total = weights.detached.sum().scalar
    scale = total > 0 ? 1 / (total * Float(count)) : 0
    return weights.detached.viewed(as: [target.count, 1])
  }
  var losses = backend.binary(.multiply, backend.unary(.abs, difference), half)
  losses = losses.combined(.add, difference.combined(.multiply, slopes))
  if let shares { losses = losses.combined(.multiply, shares) }
  let factor = scale
  trapUnless(targets.node == nil, "quantileLoss: targets are not differentiated")
  return (losses.sum() * factor).recorded(from: predictions) { upstream, gradients in
    // with respect to y - p: 1/2 sign(y - p) + q - 1/2
    var gradient = difference.mapped(.sign).combined(.multiply, half).combined(.add, slopes)
    if let shares { gradient = gradient.combined(.multiply, shares) }
    gradient = gradient.combined(.multiply, upstream.combined(.multiply, upstream.constant(-factor)))
    gradients.add(gradient.viewed(as: prediction.shape), to: node)
  }
}
