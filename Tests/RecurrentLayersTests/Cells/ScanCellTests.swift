import RecurrentTestSupport
import Testing

/// The cells whose recurrence is element by element.
@Suite struct ScanCellTests {
  @Test(arguments: CellShape.awkward)
  func minGRU(_ s: CellShape) throws {
    try checkCell(MinGRU(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 1)), s)
    try checkCell(MinGRU(inputSize: s.I, hiddenSize: s.H, candidate: .positive, key: RandomKey(seed: 2)), s)
  }

  @Test(arguments: CellShape.awkward)
  func minLSTM(_ s: CellShape) throws {
    try checkCell(MinLSTM(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 3)), s)
    try checkCell(MinLSTM(inputSize: s.I, hiddenSize: s.H, candidate: .positive, key: RandomKey(seed: 4)), s)
  }

  @Test(arguments: CellShape.awkward)
  func indRNN(_ s: CellShape) throws {
    try checkCell(IndRNN(inputSize: s.I, hiddenSize: s.H, key: RandomKey(seed: 5)), s)
    try checkCell(IndRNN(inputSize: s.I, hiddenSize: s.H, activation: .tanh, key: RandomKey(seed: 6)), s)
  }

  @Test(arguments: CellShape.awkward + [CellShape(5, 4, 18, 18)])
  func sru(_ s: CellShape) throws {
    try checkCell(SRU(inputSize: s.I, hiddenSize: s.H, skipBias: -1, key: RandomKey(seed: 7)), s)
  }

  @Test(arguments: CellShape.awkward)
  func qrnn(_ s: CellShape) throws {
    for (window, pooling) in [(1, .f), (2, .fo), (3, .ifo)] as [(Int, QRNN.Pooling)] {
      try checkCell(
        QRNN(inputSize: s.I, hiddenSize: s.H, window: window, pooling: pooling, key: RandomKey(seed: 8)), s)
    }
  }

  @Test func withoutBias() throws {
    let s = CellShape(5, 3, 2, 20)
    try checkCell(MinGRU(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 9)), s)
    try checkCell(MinLSTM(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 10)), s)
    try checkCell(IndRNN(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 11)), s)
    try checkCell(QRNN(inputSize: s.I, hiddenSize: s.H, hasBias: false, key: RandomKey(seed: 12)), s)
  }

  /// Layers on layers, both directions, resets, given states.
  @Test(arguments: [CellCatalog.minGRU, .minLSTM, .sru, .qrnn], [true, false])
  func layers(_ kind: CellCatalog, _ isBidirectional: Bool) throws {
    try checkLayer(
      RecurrentLayer(
        layerCount: 2, inputSize: 3, isBidirectional: isBidirectional, dropoutRate: 0.3,
        key: RandomKey(seed: 19)
      ) { kind.make(inputSize: $0, hiddenSize: 6, key: $1) }, steps: 5, rows: 4)
  }

  /// What stands beyond the lengths, even no number at all, reaches neither outputs nor gradients.
  @Test(arguments: [CellCatalog.minGRU, .minLSTM, .indRNN, .sru, .qrnn, .slstm, .mlstm])
  func nothingBeyondTheLengthsIsRead(_ kind: CellCatalog) throws {
    let layer = RecurrentLayer(layerCount: 2, inputSize: 6, isBidirectional: true, key: RandomKey(seed: 13)) {
      kind.make(inputSize: $0, hiddenSize: 6, key: $1)
    }
    let lengths = [2, 0, 4]
    let clean = Tensor.random([5, 3, 6], key: RandomKey(seed: 14))
    var dirty = clean.scalars
    for index in dirty.indices where index / 18 >= lengths[index / 6 % 3] { dirty[index] = .nan }
    let results = [clean, Tensor(dirty, shape: clean.shape)].map { values in
      let (value, gradient) = valueAndGradient(of: layer) {
        square($0(SequenceBatch(values, lengths: lengths)).outputs).sum()
      }
      return [value] + gradient.parameters.map(\.value)
    }
    for (found, expected) in zip(results[1], results[0]) {
      try requireSameBits(found, expected, "\(kind.rawValue) with NaN beyond the lengths")
    }
  }

  /// Large preactivations neither overflow nor lose the gradient.
  @Test(arguments: [CellCatalog.minGRU, .minLSTM, .sru, .qrnn])
  func extremeInputs(_ kind: CellCatalog) {
    let cell = kind.make(inputSize: 3, hiddenSize: 5, key: RandomKey(seed: 15))
    for size in [1e3, -1e3, 1e15] as [Float] {
      let x = Tensor(filled: size, shape: [4, 2, 3])
      let (value, gradient) = valueAndGradient(of: cell) { cell in
        let plan = SequencePlan(stepCount: 4, batchSize: 2)
        return cell.scan(x, from: cell.initialState(batch: 2), plan: plan).outputs.sum()
      }
      #expect(value.scalar.isFinite)
      #expect(gradient.parameters.allSatisfy { $0.value.scalars.allSatisfy(\.isFinite) })
    }
  }

  @Test func recurrentWeightsOfIndRNN() {
    let cell = IndRNN(inputSize: 2, hiddenSize: 300, memoryLength: 10, key: RandomKey(seed: 16))
    let bound = IndRNN.bound(memoryLength: 10)
    #expect(abs(bound - 1.0717735) < 1e-6)
    #expect(cell.weightHiddenHidden.scalars.allSatisfy { (0...bound).contains($0) })
  }

  /// The scaling correction: at the first step the variance of the output is about that of the input.
  @Test(arguments: [(400, 400), (200, 400)]) func scaleOfSRU(_ sizes: (Int, Int)) {
    for bias in [0, -2] as [Float] {
      let cell = SRU(
        inputSize: sizes.0, hiddenSize: sizes.1, skipBias: bias, key: RandomKey(seed: 17))
      let x = Tensor(
        normalWithMean: 0, deviation: 1, shape: [50, sizes.0], key: RandomKey(seed: 18))
      let output = cell.step(x, cell.initialState(batch: 50)).output
      let variance = square(output).mean().scalar
      #expect(variance > 0.6 && variance < 1.6, "variance \(variance)")
    }
  }
}
