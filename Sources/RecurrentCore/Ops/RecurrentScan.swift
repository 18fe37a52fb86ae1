/// A fused cell over a whole sequence, as one entry on the tape.
///
/// - Parameter call: the cell, its input and how it walks; its tensors may be on the tape.
/// - Returns: outputs `[T, B, H]` and final states of the segments `[S, H]`.
package func recurrentScan(_ call: RecurrentCall) -> RecurrentResult {
  guard call.isOnTape else { return call.input.backend.recurrentForward(call, isTraining: false) }
  trapUnless(
    call.precision != .int8,
    "recurrentScan: int8 is for inference; train in float32 or bfloat16, then change the precision")
  let weights = call.weights
  var inputs = [call.input, call.hidden, weights.inputHidden, weights.hiddenHidden]
  inputs += [call.cell, weights.inputBias, weights.hiddenBias].compactMap { $0 }
  let tape = Tensor.tape(of: inputs)
  var raw = call
  raw.input = call.input.detached
  raw.hidden = call.hidden.detached
  raw.cell = call.cell?.detached
  raw.weights = RecurrentWeights(
    inputHidden: weights.inputHidden.detached, hiddenHidden: weights.hiddenHidden.detached,
    inputBias: weights.inputBias?.detached, hiddenBias: weights.hiddenBias?.detached)
  let detached = raw
  var result = raw.input.backend.recurrentForward(detached, isTraining: true)
  guard let tape else { return result }

  let kept = result
  let wantsInput = call.input.node != nil
  let nodes = (
    input: call.input.node, hidden: call.hidden.node, cell: call.cell?.node, ih: weights.inputHidden.node,
    hh: weights.hiddenHidden.node, inputBias: weights.inputBias?.node, hiddenBias: weights.hiddenBias?.node
  )
  let outputs = tape.record([result.output, result.hidden] + (result.cell.map { [$0] } ?? [])) {
    upstream, gradients in
    let gradient = detached.input.backend.recurrentBackward(
      detached, result: kept,
      gradient: RecurrentOutputGradient(
        output: upstream[0], hidden: upstream[1], cell: upstream.count > 2 ? upstream[2] : nil),
      wantsInput: wantsInput)
    if let input = gradient.input { gradients.add(input, to: nodes.input) }
    gradients.add(gradient.hidden, to: nodes.hidden)
    if let cell = gradient.cell { gradients.add(cell, to: nodes.cell) }
    gradients.add(gradient.weights.inputHidden, to: nodes.ih)
    gradients.add(gradient.weights.hiddenHidden, to: nodes.hh)
    if let bias = gradient.weights.inputBias { gradients.add(bias, to: nodes.inputBias) }
    if let bias = gradient.weights.hiddenBias { gradients.add(bias, to: nodes.hiddenBias) }
  }
  result.output = outputs[0]
  result.hidden = outputs[1]
  if outputs.count > 2 { result.cell = outputs[2] }
  result.saved = nil
  return result
}

extension RecurrentCall {
  /// Whether a gradient will be asked for.
  fileprivate var isOnTape: Bool {
    input.node != nil || hidden.node != nil || cell?.node != nil || weights.inputHidden.node != nil
      || weights.hiddenHidden.node != nil || weights.inputBias?.node != nil || weights.hiddenBias?.node != nil
  }
}
