/// A scan in one piece, as one entry on the tape.
///
/// - Parameter call: its tensors may be on the tape.
/// - Returns: outputs `[T, B, H]` and final states of the segments; nil where it is to be composed.
package func fusedScan(_ call: ScanCall) -> (output: Tensor, states: [Tensor])? {
  let tensors = call.inputs + call.parameters + call.states
  let backend = call.inputs[0].backend
  guard let tape = Tensor.tape(of: tensors) else {
    return backend.scanForward(call, isTraining: false).map { ($0.output, $0.states) }
  }
  var raw = call
  raw.inputs = call.inputs.map(\.detached)
  raw.parameters = call.parameters.map(\.detached)
  raw.states = call.states.map(\.detached)
  guard let result = backend.scanForward(raw, isTraining: true) else { return nil }
  let detached = raw
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
