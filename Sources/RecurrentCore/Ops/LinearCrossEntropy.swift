/// The sum over rows of the cross-entropy of softmax over a linear map, times `scale`: that of
/// ``crossEntropySum(logits:labels:classWeights:labelSmoothing:ignoredLabel:scale:)`` of the logits
/// hidden weight^T + bias, which never exist all at once where the backend fuses the two.
///
/// The gradients are computed together with the loss, while the logits of a few rows are at hand, and scaled by the
/// upstream gradient, a single number, when the tape is walked.
///
/// - Parameters:
///   - hidden: `[N, H]`.
///   - weight: `[V, H]`.
///   - bias: `[V]`, or nil for none.
///   - labels: `[N]`, each in 0 ..< V or `ignoredLabel`.
/// - Returns: the sum, of shape [], in nats; and the loss of each row, `[N]`, without the scale and off the tape.
package func linearCrossEntropySum(
  hidden: Tensor, weight: Tensor, bias: Tensor?, labels: Indices, classWeights: Tensor? = nil,
  labelSmoothing: Float = 0, ignoredLabel: Int32 = -100, scale: Float
) -> (sum: Tensor, losses: Tensor) {
  let call = LinearCrossEntropyCall(
    hidden: hidden.detached, weight: weight.detached, bias: bias?.detached, labels: labels,
    classWeights: classWeights?.detached, labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel,
    scale: scale)
  let nodes = (hidden: hidden.node, weight: weight.node, bias: bias?.node)
  let wantsGradient = nodes.hidden != nil || nodes.weight != nil || nodes.bias != nil
  guard let result = call.hidden.backend.linearCrossEntropy(call, wantsGradient: wantsGradient) else {
    return crossEntropySums(
      logits: matmul(hidden, weight, transposeB: true, bias: bias), labels: labels,
      classWeights: classWeights, labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel, scale: scale)
  }
  let total = result.losses.sum() * scale
  guard let gradient = result.gradient else { return (total, result.losses) }
  let recorded = total.recorded(from: hidden, weight, bias ?? weight) { upstream, gradients in
    let factor = upstream.scalar
    func scaled(_ x: Tensor) -> Tensor { factor == 1 ? x : x.combined(.multiply, x.constant(factor)) }
    gradients.add(scaled(gradient.hidden), to: nodes.hidden)
    gradients.add(scaled(gradient.weight), to: nodes.weight)
    if let bias = gradient.bias { gradients.add(scaled(bias), to: nodes.bias) }
  }
  return (recorded, result.losses)
}

/// ``linearCrossEntropySum(hidden:weight:bias:labels:classWeights:labelSmoothing:ignoredLabel:scale:)`` of few rows, for whoever
/// learns from them alone: classes that are unlikely at each of the rows get no gradient of their weights, which are then few rows.
///
/// With p the probabilities and y the labels, the row of the weight's gradient of a class c is left out, zero, where
///
///     | p_nc - [c = y_n] | < neglected     for all n
///
/// Bias and hidden have their whole gradients, and the loss has the bits of the other. The logits exist all at once. A backend that
/// composes the loss neglects nothing.
///
/// - Parameters:
///   - hidden: `[N, H]`.
///   - weight: `[V, H]`.
///   - bias: `[V]`, or nil for none.
///   - labels: `[N]`, each in 0 ..< V.
/// - Returns: the sum, of shape [], in nats; and the loss of each row, `[N]`, without the scale and off the tape.
package func linearCrossEntropySum(
  hidden: Tensor, weight: Tensor, bias: Tensor?, labels: Indices, neglected: Float, scale: Float
) -> (sum: Tensor, losses: Tensor) {
  let own = (hidden: hidden.detached, weight: weight.detached, bias: bias?.detached)
  let nodes = (hidden: hidden.node, weight: weight.node, bias: bias?.node)
  let call = CrossEntropyCall(
    logits: matmul(own.hidden, own.weight, transposeB: true, bias: own.bias), labels: labels,
    classWeights: nil, labelSmoothing: 0, ignoredLabel: -1)
  guard let (losses, saved) = own.hidden.backend.crossEntropy(call) else {
    return linearCrossEntropySum(
      hidden: hidden, weight: weight, bias: bias, labels: labels, ignoredLabel: -1, scale: scale)
  }
  let total = (losses.sum() * scale).recorded(from: hidden, weight, bias ?? weight) { upstream, gradients in
    let factor = scale * upstream.scalar
    let logits = upstream.backend.crossEntropyGradient(call, saved: saved, scale: factor)
    gradients.add(matmul(logits, own.weight), to: nodes.hidden)
    gradients.add(
      weightGradient(logits, own.hidden, neglected: neglected * Swift.abs(factor)), to: nodes.weight)
    gradients.add(logits.sum(axis: 0), to: nodes.bias)
  }
  return (total, losses)
}

/// The gradient `[V, H]` of a weight from that of its logits `[N, V]`, of classes that have one of at least `neglected`.
private func weightGradient(_ logits: Tensor, _ hidden: Tensor, neglected: Float) -> Tensor {
  let (rows, classes) = (logits.shape[0], logits.shape[1])
  guard rows > 0 else { return matmul(logits, hidden, transposeA: true) }
  let largest = abs(logits).max(axis: 0).scalars
  // what is not a number stays so
  let kept = (0..<classes).filter { !(largest[$0] < neglected) }
  guard 2 * kept.count <= classes else { return matmul(logits, hidden, transposeA: true) }
  let all = logits.scalars
  var values: [Float] = []
  values.reserveCapacity(kept.count * rows)
  for column in kept {
    for row in 0..<rows { values.append(all[row * classes + column]) }
  }
  let own = logits.backend.tensor(values, shape: [kept.count, rows])
  return Tensor(summing: matmul(own, hidden), Indices(kept.map { Int32($0) }), rowCount: classes)
}
