/// A scan in one piece, as one entry on the tape. Ask `fuses(.scan(kind))` first.
///
/// - Parameter call: its tensors may be on the tape.
/// - Returns: outputs `[T, B, H]` and final states of the segments.
package func fusedScan(_ call: ScanCall) -> (output: Tensor, states: [Tensor]) {
  let tensors = call.inputs + call.parameters + call.states
  let backend = call.inputs[0].backend
  guard let tape = Tensor.tape(of: tensors) else {
    let result = backend.scanForward(call, isTraining: false)
    return (result.output, result.states)
  }
  var raw = call
  raw.inputs = call.inputs.map(\.detached)
  raw.parameters = call.parameters.map(\.detached)
  raw.states = call.states.map(\.detached)
  let (detached, result) = (raw, backend.scanForward(raw, isTraining: true))
  let nodes = tensors.map(\.node)
  let outputs = tape.record([result.output] + result.states) { upstream, gradients in
    let gradient = backend.scanBackward(
      detached, result: result, output: upstream[0], states: Array(upstream.dropFirst()))
    for (value, node) in zip(gradient.inputs + gradient.parameters + gradient.states, nodes) {
      gradients.add(value, to: node)
    }
  }
  return (outputs[0], Array(outputs.dropFirst()))
}
