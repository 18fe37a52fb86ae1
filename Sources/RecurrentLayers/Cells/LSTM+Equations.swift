// The equations in primitives: what backends without fused cells run, and what the fused ones are checked against.
extension LSTM {
  package var weights: RecurrentWeights {
    var weights = plainWeights
    weights.projection = weightProjection
    weights.peephole = weightPeephole
    weights.norm = norm
    return weights
  }

  package var options: RecurrentOptions {
    RecurrentOptions(
      couplesGates: couplesGates, cellClip: cellClip, zoneoutHidden: .expected(regularization.zoneout),
      zoneoutCell: .expected(regularization.zoneoutCell))
  }

  /// What has happened in every step of a sequence, for looking at: the activated gates and the cell states.
  ///
  /// - Parameters:
  ///   - x: `[T, B, I]`.
  ///   - state: one row for each segment of the plan.
  ///   - plan: which rows are read in which order.
  /// - Returns: outputs `[T, B, R]`, gates `[T, B, 4H]` in the order of the weights and cell states `[T, B, H]`, off
  ///   the tape; zero where the plan reads nothing.
  public func trace(_ x: Tensor, from state: State, plan: SequencePlan) -> RecurrentTrace {
    traced(x, from: state, plan: plan)
  }

  /// The next state and the activated gates side by side.
  package func gatesAndState(_ x: Tensor, _ state: State, noise: RecurrentNoise) -> (
    state: State, gates: Tensor
  ) {
    let size = hiddenSize
    let sums = sums(x, noise.recurrentMask.map { state.hidden * $0 } ?? state.hidden)
    func peephole(_ part: Int, _ cell: Tensor) -> Tensor? {
      weightPeephole.map { $0.sliced(axis: 0, part * size..<(part + 1) * size) * cell }
    }
    func gate(_ index: Int, part: Int, cell: Tensor) -> Tensor {
      let own = self.gate(index, of: sums, size: size)
      return sigmoid(peephole(part, cell).map { own + $0 } ?? own)
    }
    let i = gate(0, part: 0, cell: state.cell)
    let f = couplesGates ? 1 - i : gate(1, part: 1, cell: state.cell)
    let g = tanh(self.gate(couplesGates ? 1 : 2, of: sums, size: size))
    var cell = f * state.cell + i * g
    if let cellClip {
      cell = maximum(minimum(cell, cell.constant(cellClip)), cell.constant(-cellClip))
    }
    let o = gate(couplesGates ? 2 : 3, part: couplesGates ? 1 : 2, cell: cell)
    let output = norm.map { layerNorm(cell, weight: $0.cellScale, bias: $0.cellShift) } ?? cell
    var hidden = o * tanh(output)
    if let weightProjection { hidden = matmul(hidden, weightProjection, transposeB: true) }
    let next = State(
      hidden: zoned(hidden, state.hidden, kept: noise.keptHidden, rate: regularization.zoneout),
      cell: zoned(cell, state.cell, kept: noise.keptCell, rate: regularization.zoneoutCell))
    return (next, concatenate(couplesGates ? [i, g, o] : [i, f, g, o], axis: 1))
  }

  private func sums(_ x: Tensor, _ hidden: Tensor) -> Tensor {
    guard let norm else {
      let (fromInput, fromState) = preactivations(x, hidden)
      return fromInput + fromState
    }
    let zero = norm.inputScale.backend.filled(0, shape: norm.inputScale.shape)
    return layerNorm(
      matmul(x, weightInputHidden, transposeB: true), weight: norm.inputScale, bias: biasInputHidden ?? zero)
      + layerNorm(
        matmul(hidden, weightHiddenHidden, transposeB: true), weight: norm.hiddenScale,
        bias: biasHiddenHidden ?? zero)
  }
}
