/// The cross-entropy of softmax over classes with the true labels, one loss a row.
///
///     loss = (1 - s) w_y (-log p_y) + s / V * sum over c of w_c (-log p_c),   p = softmax(logits)
///
/// - Parameters:
///   - logits: `[N, V]`.
///   - labels: `[N]`, each in 0 ..< V or `ignoredLabel`.
///   - classWeights: `[V]`, w; nil for ones.
///   - labelSmoothing: s in 0 ..< 1 (Szegedy et al. 2016).
///   - ignoredLabel: rows with this label have loss and gradient zero.
/// - Returns: `[N]`, in nats.
package func crossEntropyLosses(
  logits: Tensor, labels: Indices, classWeights: Tensor?, labelSmoothing: Float, ignoredLabel: Int32
) -> Tensor {
  let classes = logits.shape[1]
  let smoothing = labelSmoothing
  // composed of primitives: one-hot rows weigh the log-probabilities
  let spread = smoothing / Float(classes)
  let weights = classWeights?.scalars ?? Array(repeating: 1, count: classes)
  var targets = [Float](repeating: 0, count: logits.count)
  for (row, label) in labels.values.enumerated() where label != ignoredLabel {
    for c in 0..<classes { targets[row * classes + c] = spread * weights[c] }
    targets[row * classes + Int(label)] += (1 - smoothing) * weights[Int(label)]
  }
  return -(logSoftmax(logits) * logits.backend.tensor(targets, shape: logits.shape)).sum(axis: 1)
}

/// The sum of the losses of all rows, times `scale`, in one piece where the backend can.
package func crossEntropySum(
  logits: Tensor, labels: Indices, classWeights: Tensor?, labelSmoothing: Float, ignoredLabel: Int32,
  scale: Float
) -> Tensor {
  crossEntropySums(
    logits: logits, labels: labels, classWeights: classWeights, labelSmoothing: labelSmoothing,
    ignoredLabel: ignoredLabel, scale: scale
  ).sum
}

/// The same, and beside it the loss of each row, `[N]`, without the scale and off the tape.
func crossEntropySums(
  logits: Tensor, labels: Indices, classWeights: Tensor?, labelSmoothing: Float, ignoredLabel: Int32,
  scale: Float
) -> (sum: Tensor, losses: Tensor) {
  let call = CrossEntropyCall(
    logits: logits.detached, labels: labels, classWeights: classWeights?.detached,
    labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel)
  guard let (losses, saved) = call.logits.backend.crossEntropy(call) else {
    let losses = crossEntropyLosses(
      logits: logits, labels: labels, classWeights: classWeights, labelSmoothing: labelSmoothing,
      ignoredLabel: ignoredLabel)
    return (losses.sum() * scale, losses.detached)
  }
  let node = logits.node
  let total = (losses.sum() * scale).recorded(from: logits) { upstream, gradients in
    gradients.add(
      upstream.backend.crossEntropyGradient(call, saved: saved, scale: scale * upstream.scalar), to: node)
  }
  return (total, losses)
}
