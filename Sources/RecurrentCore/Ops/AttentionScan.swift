/// A decoder with attention in one piece, as one entry on the tape.
///
/// - Parameter call: its tensors may be on the tape.
/// - Returns: outputs `[T, B, H + M]`, what was looked at `[T, B, S]`, which is off the tape, and final states of the segments;
///   nil where it is to be composed.
package func attentionScan(_ call: AttentionScanCall) -> (output: Tensor, attention: Tensor, state: Tensor)? {
  let tensors = [call.inputs, call.state, call.memory, call.keys] + call.weights.tensors
  let backend = call.inputs.backend
  guard let tape = Tensor.tape(of: tensors) else {
    return backend.attentionScan(call, isTraining: false).map { ($0.output, $0.attention, $0.state) }
  }
  trapUnless(call.shared == nil, "attentionScan: rows that are shared have no gradient")
  trapUnless(
    Set(call.sources).count == call.sources.count,
    "attentionScan: two rows look at one row of the memory, which has no gradient: \(call.sources)")
  var raw = call
  (raw.inputs, raw.state) = (call.inputs.detached, call.state.detached)
  (raw.memory, raw.keys) = (call.memory.detached, call.keys.detached)
  raw.weights = call.weights.map(\.detached)
  guard let result = backend.attentionScan(raw, isTraining: true) else { return nil }
  let (detached, nodes) = (raw, tensors.map(\.node))
  let outputs = tape.record([result.output, result.state]) { upstream, gradients in
    let own = detached.inputs.backend.attentionScanBackward(
      detached, result: result, output: upstream[0], state: upstream[1])
    for (value, node) in zip([own.inputs, own.state, own.memory, own.keys] + own.weights.tensors, nodes) {
      gradients.add(value, to: node)
    }
  }
  return (outputs[0], result.attention, outputs[1])
}
