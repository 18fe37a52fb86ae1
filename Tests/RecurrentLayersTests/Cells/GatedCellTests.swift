import RecurrentTestSupport
import Testing

/// Gates and cell states of every step as outputs.
@Suite struct GatedCellTests {
  @Test(arguments: [CellShape(5, 3, 2, 4), CellShape(6, 9, 17, 70)])
  func traces(_ s: CellShape) throws {
    let key = RandomKey(seed: 51)
    for variant in LSTMVariant.all {
      try check(variant.cell(s, key: key), s) { $0.trace($1, from: $2, plan: $3) }
    }
    let plain = LSTM(inputSize: s.I, hiddenSize: s.H, key: key)
    try check(plain, s) { $0.trace($1, from: $2, plan: $3) }
    for reset in GRU.Reset.allCases {
      try check(GRU(inputSize: s.I, hiddenSize: s.H, reset: reset, key: key), s) {
        $0.trace($1, from: $2, plan: $3)
      }
    }
  }

  private func check<C: Cell>(
    _ cell: C, _ s: CellShape, _ trace: (C, Tensor, C.State, SequencePlan) -> RecurrentTrace
  ) throws {
    let key = RandomKey(seed: 52)
    let lengths = (0..<s.B).map { $0 * 5 % (s.T + 1) }
    let plan = SequencePlan(stepCount: s.T, batchSize: s.B, lengths: lengths, direction: .backward)
    let x = Tensor.random([s.T, s.B, s.I], key: key)
    let state = cell.initialState(batch: plan.segmentCount).tensors.enumerated().map {
      Tensor.random($1.shape, key: key.child($0))
    }
    let seen = trace(cell, x, C.State(tensors: state), plan)
    try requireSameBits(
      seen.output, cell.scan(x, from: C.State(tensors: state), plan: plan).outputs, "\(C.self) output")
    let reference = ReferenceBackend()
    let exact = trace(
      cell.moved(to: reference), x.moved(to: reference),
      C.State(tensors: state.map { $0.moved(to: reference) }), plan)
    try requireClose(seen.gates, exact.gates, relative: 1e-5, absolute: 1e-6, "\(C.self) gates")
    #expect((seen.cells == nil) == (exact.cells == nil))
    if let cells = seen.cells, let expected = exact.cells {
      try requireClose(cells, expected, relative: 1e-5, absolute: 1e-6, "\(C.self) cell states")
    }
    #expect(seen.gates.scalars.contains { $0 > 0.01 && $0 < 0.99 })
  }
}
