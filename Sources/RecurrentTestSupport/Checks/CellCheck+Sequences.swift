/// Throws unless a cell keeps the promises about bits that hold in every precision: a sequence in pieces, a row of a
/// ragged batch, a sequence after a reset and one read backwards have the bits of the plain sequence, and prepared weights
/// change none.
///
/// - Parameters:
///   - cell: with random parameters, `shape.I` inputs.
///   - shape: T, B and I of the sequences.
///   - seed: of everything random.
public func checkCellSequences<C: Cell>(_ cell: C, _ shape: CellShape, seed: UInt64 = 7) throws {
  let checker = CellChecker(cell: cell, shape: shape, key: RandomKey(seed: seed))
  let (plan, state) = (checker.plan(ragged: true), checker.randomState(rows: shape.B))
  let begin = state.rows(plan.rowOfSegment)
  try requireSameBits(
    checker.scanned(cell.packed(), checker.input, begin, plan),
    checker.scanned(cell, checker.input, begin, plan), "\(C.self) \(shape): prepared scan")
  try checker.checkPieces()
  try checker.checkRows()
  try checker.checkResets()
  try checker.checkBackward()
}

// The promises about rows, pieces, resets and directions, through a layer of the one cell.
extension CellChecker {
  private typealias Layer = RecurrentLayer<C>

  private var layer: RecurrentLayer<C> { RecurrentLayer(inputSize: shape.I, key: key) { _, _ in cell } }

  private var state: C.State { randomState(rows: shape.B) }

  private func run(_ batch: SequenceBatch, _ state: C.State?) -> (outputs: Tensor, state: C.State) {
    let (outputs, final) = layer(batch, state: state.map { Layer.State(cells: [$0]) })
    return (outputs, final.cells[0])
  }

  /// Step `t` and the following ones of row `row`, `[length, 1, F]`.
  private func steps(_ x: Tensor, row: Int, from t: Int, _ length: Int) -> Tensor {
    x.sliced(axis: 0, t..<t + length).sliced(axis: 1, row..<row + 1)
  }

  /// A sequence cut anywhere, with the state carried over, has the bits of the whole; single steps do too.
  func checkPieces() throws {
    let (values, lengths) = (input, lengths)
    for isRagged in [false, true] {
      let whole = run(SequenceBatch(values, lengths: isRagged ? lengths : nil), state)
      for attempt in 0..<3 {
        var (state, outputs, start) = (state, [Tensor](), 0)
        let sizes = key.child(6).child(attempt).integers(shape.T, below: 3)
        while start < shape.T {
          // the first attempt goes step by step
          let size = min(shape.T - start, attempt == 0 ? 1 : 1 + sizes[start])
          let piece = values.sliced(axis: 0, start..<start + size)
          let rest = lengths.map { max(0, min(size, $0 - start)) }
          let (output, next) = run(SequenceBatch(piece, lengths: isRagged ? rest : nil), state)
          outputs.append(output)
          (state, start) = (next, start + size)
        }
        try requireSameBits(
          parts((concatenate(outputs), state)), parts(whole), "\(C.self) \(shape): a sequence in pieces")
      }
    }
    var (state, outputs) = (state, [Tensor]())
    for t in 0..<shape.T {
      let (output, next) = cell.step(values[t], state)
      outputs.append(output)
      state = next
    }
    try requireSameBits(
      parts((stack(outputs), state)), parts(run(SequenceBatch(values), self.state)),
      "\(C.self) \(shape): single steps")
  }

  /// A row of a ragged batch has the bits of the row alone, zeros behind it, and its own state when it has no steps; no
  /// state is the zero state.
  func checkRows() throws {
    let (values, lengths, state) = (input, lengths, state)
    let whole = run(SequenceBatch(values, lengths: lengths), state)
    for (row, length) in lengths.enumerated() {
      let what = "\(C.self) \(shape): row \(row) of length \(length)"
      let own = state.rows([row])
      let beyond = steps(whole.outputs, row: row, from: length, shape.T - length)
      try require(beyond.scalars.allSatisfy { $0 == 0 }, "\(what): outputs beyond the length are not zero")
      let alone = length == 0 ? nil : run(SequenceBatch(steps(values, row: row, from: 0, length)), own)
      if let alone {
        try requireSameBits(
          steps(whole.outputs, row: row, from: 0, length), alone.outputs, "\(what): outputs")
      }
      try requireSameBits(
        whole.state.rows([row]).tensors, (alone?.state ?? own).tensors, "\(what): final state")
    }
    let zero = cell.initialState(batch: shape.B)
    try requireSameBits(
      parts(run(SequenceBatch(values), nil)), parts(run(SequenceBatch(values), zero)),
      "\(C.self) \(shape): no state is the zero state")
  }

  /// A row with resets has the bits of its segments as sequences of their own.
  func checkResets() throws {
    let (values, lengths, resets, state) = (input, lengths, resets, state)
    let whole = run(SequenceBatch(values, lengths: lengths, resets: resets), state)
    for row in 0..<shape.B {
      var own = state.rows([row])
      for t in 0..<lengths[row] {
        if resets[t * shape.B + row] { own = cell.initialState(batch: 1) }
        let (output, next) = cell.step(steps(values, row: row, from: t, 1)[0], own)
        own = next
        try requireSameBits(
          steps(whole.outputs, row: row, from: t, 1)[0], output,
          "\(C.self) \(shape): row \(row) with resets, output \(t)")
      }
      try requireSameBits(
        whole.state.rows([row]).tensors, own.tensors,
        "\(C.self) \(shape): row \(row) with resets, final state")
    }
  }

  /// Reading a row backwards has the bits of reading its reversed steps forwards.
  func checkBackward() throws {
    let (values, lengths, state) = (input, lengths, state)
    let plan = SequencePlan(stepCount: shape.T, batchSize: shape.B, lengths: lengths, direction: .backward)
    // without resets there is one segment a row; the plan says in which order
    let result = cell.scan(values, from: state.rows(plan.rowOfSegment), plan: plan)
    let final = result.state.rows(plan.lastSegmentOfRow)
    for (row, length) in lengths.enumerated() where length > 0 {
      let what = "\(C.self) \(shape): row \(row) of length \(length) backwards"
      let reversed = concatenate((0..<length).reversed().map { steps(values, row: row, from: $0, 1) })
      let expected = run(SequenceBatch(reversed), state.rows([row]))
      for t in 0..<length {
        try requireSameBits(
          steps(result.outputs, row: row, from: t, 1)[0], expected.outputs[length - 1 - t],
          "\(what): output \(t)")
      }
      try requireSameBits(final.rows([row]).tensors, expected.state.tensors, "\(what): final state")
    }
  }
}
