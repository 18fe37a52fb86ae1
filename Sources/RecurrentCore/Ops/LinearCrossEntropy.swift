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
