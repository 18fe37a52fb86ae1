/// Throws unless a recurrent layer keeps its promises, for ragged rows with resets and a given state.
///
/// Checked are: the gradients of all parameters, the input and the state in double and on the CPU; that `walk` forgets
/// nothing; that in inference nothing is random and in training dropout stands between the layers and nowhere else;
/// that every row has the bits of the row alone; and, for layers of one direction, that a sequence in pieces and single
/// steps have the bits of the whole.
///
/// - Parameters:
///   - layer: with random parameters.
///   - steps: T.
///   - rows: B.
public func checkLayer<C: Cell>(_ layer: RecurrentLayer<C>, steps: Int, rows: Int) throws {
  try LayerChecker(layer: layer, steps: steps, rows: rows).check()
}

private struct LayerChecker<C: Cell> {
  let layer: RecurrentLayer<C>
  let steps: Int
  let rows: Int
  let key = RandomKey(seed: 61)

  typealias State = RecurrentLayer<C>.State

  private var name: String {
    """
    \(C.self), \(layer.layerCount) layers, \(layer.isBidirectional ? "two directions, \(layer.merge)" : "one direction"), \
    T\(steps) B\(rows)
    """
  }

  private var values: Tensor { .random([steps, rows, layer.inputSize], key: key.child(0)) }
  private var lengths: [Int] {
    key.child(1).integers(rows, below: steps + 1).enumerated().map { $0 == 0 ? steps : $0 == 1 ? 0 : $1 }
  }
  private var resets: [Bool] { key.child(2).uniforms(steps * rows).map { $0 < 0.2 } }

  /// A random state of `rows` rows on the current backend.
  private var state: State {
    State(
      cells: layer.cells.enumerated().map { index, cell in
        C.State(
          tensors: cell.initialState(batch: rows).tensors.enumerated().map {
            .random($1.shape, key: key.child(3).child(index).child($0))
          })
      })
  }

  private func parts(_ result: (outputs: Tensor, state: State)) -> [Tensor] {
    [result.outputs] + result.state.cells.flatMap(\.tensors)
  }

  private func row(_ state: State, _ row: Int) -> State { State(cells: state.cells.map { $0.rows([row]) }) }

  func check() throws {
    try mirrorCheck(layer)
    try checkGradients()
    try checkModes()
    try checkRows()
    if !layer.isBidirectional { try checkPieces() }
  }

  private func checkGradients() throws {
    let perCell = layer.cells[0].initialState(batch: 1).tensors.count
    let given = state.cells.flatMap(\.tensors)
    // the cells have checks of their own: a direction and an element of each tensor are enough here
    var tolerance = GradientTolerance()
    (tolerance.elements, tolerance.smallTensor) = (1, 1)
    // with a state and without one, where a trained initial state counts
    for hasState in [true, false] {
      let inputs = [values] + (hasState ? given : [])
      try checkGradient(of: layer, inputs: inputs, tolerance: tolerance) { layer, inputs in
        let state = stride(from: 1, to: inputs.count, by: perCell).map {
          C.State(tensors: Array(inputs[$0..<$0 + perCell]))
        }
        let batch = SequenceBatch(inputs[0], lengths: lengths, resets: resets)
        let results = parts(layer(batch, state: hasState ? State(cells: state) : nil, mode: .training(key)))
        return results.enumerated().map { ($1 * Tensor.random($1.shape, key: key.child(4).child($0))).sum() }
          .reduce(Tensor(0), +)
      }
    }
    guard !layer.initialStates.isEmpty else { return }
    let (_, gradient) = valueAndGradient(of: layer) { $0(SequenceBatch(values)).outputs.sum() }
    for (index, parts) in gradient.initialStates.enumerated() {
      try require(
        parts.allSatisfy { $0.scalars.contains { $0 != 0 } },
        "\(name): no gradient for the initial state \(index)")
    }
  }

  /// The layers one after the other by hand, with and without dropout between them.
  private func checkModes() throws {
    let batch = SequenceBatch(values, lengths: lengths)
    try requireSameBits(parts(layer(batch)), parts(layer(batch, mode: .inference)), "\(name): inference")
    for mode in [Mode.inference, .training(key.child(9))] {
      var values = values
      for index in 0..<layer.layerCount {
        if index > 0, let key = mode.rowKey, layer.dropoutRate > 0 {
          values =
            layer.isDropoutVariational
            ? variationalDropout(values, rate: layer.dropoutRate, key: key.child(index))
            : dropout(values, rate: layer.dropoutRate, key: key.child(index))
        }
        values = alone(index)(batch.replacing(values)).outputs
      }
      try requireSameBits(layer(batch, mode: mode).outputs, values, "\(name): layer by layer, \(mode)")
    }
  }

  /// One layer of the stack as a layer of its own.
  private func alone(_ index: Int) -> RecurrentLayer<C> {
    let count = layer.cells.count / layer.layerCount
    let cells = Array(layer.cells[index * count..<(index + 1) * count])
    var result = RecurrentLayer(
      inputSize: cells[0].inputSize, isBidirectional: layer.isBidirectional, merge: layer.merge, key: key
    ) { _, _ in cells[0] }
    result.cells = cells
    if !layer.initialStates.isEmpty {
      result.initialStates = Array(layer.initialStates[index * count..<(index + 1) * count])
    }
    return result
  }

  private func checkRows() throws {
    let (lengths, resets, state) = (lengths, resets, state)
    let whole = layer(SequenceBatch(values, lengths: lengths, resets: resets), state: state)
    for index in 0..<rows {
      let length = lengths[index]
      let own = values.sliced(axis: 1, index..<index + 1).sliced(axis: 0, 0..<length)
      let marks = (0..<length).map { resets[$0 * rows + index] }
      let expected = layer(SequenceBatch(own, resets: marks), state: row(state, index))
      let outputs = whole.outputs.sliced(axis: 1, index..<index + 1)
      try requireSameBits(
        outputs.sliced(axis: 0, 0..<length), expected.outputs, "\(name): row \(index) alone")
      try requireSameBits(
        row(whole.state, index).cells.flatMap(\.tensors), expected.state.cells.flatMap(\.tensors),
        "\(name): final state of row \(index) alone")
      try require(
        outputs.sliced(axis: 0, length..<steps).scalars.allSatisfy { $0 == 0 },
        "\(name): outputs beyond the length of row \(index) are not zero")
    }
  }

  private func checkPieces() throws {
    let whole = parts(layer(SequenceBatch(values, lengths: lengths), state: state))
    let prepared = layer.packed()
    for size in [1, 2, 3] {
      var (state, outputs) = (state, [Tensor]())
      for start in stride(from: 0, to: steps, by: size) {
        let end = min(steps, start + size)
        let rest = lengths.map { max(0, min(end - start, $0 - start)) }
        let piece = SequenceBatch(values.sliced(axis: 0, start..<end), lengths: rest)
        let result = prepared(piece, state: state)
        outputs.append(result.outputs)
        state = result.state
      }
      try requireSameBits(parts((concatenate(outputs), state)), whole, "\(name): pieces of \(size) steps")
    }
    var (state, outputs) = (state, [Tensor]())
    for step in 0..<steps {
      let result = layer.step(values[step], state)
      outputs.append(result.output)
      state = result.state
    }
    try requireSameBits(
      parts((stack(outputs), state)), parts(layer(SequenceBatch(values), state: self.state)),
      "\(name): single steps")
  }
}
