/// A fused cell whose gates can be looked at.
package protocol GatedCell: FusedCell {
  /// The next state and the activated gates side by side, in primitives.
  func gatesAndState(_ x: Tensor, _ state: State, noise: RecurrentNoise) -> (state: State, gates: Tensor)
}

extension GatedCell {
  package func equations(
    _ x: Tensor, _ state: State, noise: RecurrentNoise
  ) -> (output: Tensor, state: State) {
    let (next, _) = gatesAndState(x, state, noise: noise)
    return (Self.parts(of: next).hidden, next)
  }

  /// What happens inside the cell over a sequence, off the tape.
  func traced(_ x: Tensor, from state: State, plan: SequencePlan) -> RecurrentTrace {
    var call = call(x.detached, from: state.detached, plan: plan)
    call.weights = call.weights.map(\.detached)
    if x.backend.fuses(.recurrent(kind)) { return x.backend.recurrentTrace(call) }
    let cell = mappingParameters { $1.detached }
    let width = weightInputHidden.shape[0]
    let steps = cell.unrolled(call.input, from: state.detached, plan: plan) { _, x, state in
      let (next, gates) = cell.gatesAndState(x, state, noise: .none)
      let parts = Self.parts(of: next)
      return (concatenate([parts.hidden, gates] + [parts.cell].compactMap { $0 }, axis: 1), next)
    }.outputs
    let state = outputSize
    return RecurrentTrace(
      output: steps.sliced(axis: 2, 0..<state), gates: steps.sliced(axis: 2, state..<state + width),
      cells: call.cell == nil ? nil : steps.sliced(axis: 2, state + width..<steps.shape[2]))
  }
}
