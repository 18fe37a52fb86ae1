import RecurrentTestSupport
import Testing

/// The cells of xLSTM.
@Suite struct ExponentialCellTests {
  /// The most heads up to 4 that divide the units.
  private func heads(_ s: CellShape) -> Int { [4, 3, 2].first { s.H % $0 == 0 } ?? 1 }

  /// A normaliser that a step can have left.
  private func valid(_ state: SLSTM.State) -> SLSTM.State {
    var state = state
    state.normalizer = abs(state.normalizer) + 0.5
    return state
  }

  @Test(arguments: CellShape.awkward)
  func slstm(_ s: CellShape) throws {
    let cell = SLSTM(inputSize: s.I, hiddenSize: s.H, headCount: heads(s), key: RandomKey(seed: 1))
    try checkCell(cell, s, validState: valid)
  }

  @Test func slstmOfOneWideHead() throws {
    let s = CellShape(4, 7, 3, 150)
    let cell = SLSTM(inputSize: s.I, hiddenSize: s.H, headCount: 1, key: RandomKey(seed: 2))
    try checkCell(cell, s, validState: valid)
  }

  /// Gates with weights, so that their gradients are checked.
  private func randomGates(_ cell: MLSTM) -> MLSTM {
    var cell = cell
    cell.weightGate = .random(cell.weightGate.shape, key: RandomKey(seed: 3))
    cell.biasGate = .random(cell.biasGate.shape, bound: 2, key: RandomKey(seed: 4))
    return cell
  }

  @Test(arguments: CellShape.awkward)
  func mlstm(_ s: CellShape) throws {
    let cell = MLSTM(inputSize: s.I, hiddenSize: s.H, headCount: heads(s), key: RandomKey(seed: 5))
    try checkCell(randomGates(cell), s)
  }

  @Test func mlstmOfOneWideHead() throws {
    let s = CellShape(6, 3, 3, 67)
    let cell = MLSTM(inputSize: s.I, hiddenSize: s.H, headCount: 1, key: RandomKey(seed: 6))
    try checkCell(randomGates(cell), s)
  }

  /// The first step counts in full however small its gate, and gates of any size give numbers.
  @Test(arguments: [CellCatalog.slstm, .mlstm], [0, 90, -90, 1e4, -1e4] as [Float])
  func extremeGates(_ kind: CellCatalog, _ bias: Float) {
    let cell = kind.make(inputSize: 3, hiddenSize: 8, key: RandomKey(seed: 7)).mappingParameters {
      $0.hasPrefix("bias") ? $1 + bias : $1
    }
    let x = Tensor.random([6, 2, 3], key: RandomKey(seed: 8))
    let (value, gradient) = valueAndGradient(of: cell) { cell in
      let plan = SequencePlan(stepCount: 6, batchSize: 2)
      return square(cell.scan(x, from: cell.initialState(batch: 2), plan: plan).outputs).sum()
    }
    #expect(value.scalar.isFinite)
    #expect(gradient.parameters.allSatisfy { $0.value.scalars.allSatisfy(\.isFinite) })
  }

  /// What the stabiliser scales it does not change: a state of other units goes on in the same way.
  @Test func stabilizer() throws {
    let cell = randomGates(MLSTM(inputSize: 3, hiddenSize: 8, headCount: 2, key: RandomKey(seed: 9)))
    let x = Tensor.random([3, 3], key: RandomKey(seed: 10))
    let (_, state) = cell.step(x, cell.initialState(batch: 3))
    var other = state
    other.memory = state.memory * exp(Tensor(1))
    other.normalizer = state.normalizer * exp(Tensor(1))
    other.stabilizer = state.stabilizer - 1
    let (output, _) = cell.step(x, state)
    try requireClose(
      cell.step(x, other).output, output, relative: 1e-5, absolute: 1e-6, "a state in other units")
  }
}
