/// A fused cell over a whole sequence, as one entry on the tape.
///
/// - Parameter call: the cell, its input and how it walks; its tensors may be on the tape.
/// - Returns: outputs `[T, B, R]` and final states of the segments `[S, R]` and `[S, H]`; nil where it is to be composed.
package func recurrentScan(_ call: RecurrentCall) -> RecurrentResult? {
  let inputs = [call.input, call.hidden] + [call.cell].compactMap { $0 } + call.weights.tensors
  guard inputs.contains(where: { $0.node != nil }) else {
    return call.input.backend.recurrentForward(call, isTraining: false)
  }
  trapUnless(
    call.options.precision != .int8,
    "recurrentScan: int8 is for inference; train in float32 or bfloat16, then change the precision")
  let tape = Tensor.tape(of: inputs)
  var raw = call
  raw.input = call.input.detached
  raw.hidden = call.hidden.detached
  raw.cell = call.cell?.detached
  raw.weights = call.weights.map(\.detached)
  let detached = raw
  guard let kept = raw.input.backend.recurrentForward(detached, isTraining: true) else { return nil }
  var result = kept
  guard let tape else { return result }

  let wantsInput = call.input.node != nil
  let nodes = (input: call.input.node, hidden: call.hidden.node, cell: call.cell?.node)
  let parameters = call.weights.tensors.map(\.node)
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
    for (value, node) in zip(gradient.weights.tensors, parameters) { gradients.add(value, to: node) }
  }
  result.output = outputs[0]
  result.hidden = outputs[1]
  if outputs.count > 2 { result.cell = outputs[2] }
  result.saved = nil
  return result
}
