import RecurrentTestSupport
import Testing

@Suite struct RecurrentStepperTests {
  private let key = RandomKey(seed: 5)
  /// The cells that are stepped in memory of their own.
  private static let residents: [CellCatalog] = [.elman, .elmanReLU, .lstm, .gru, .gruResetBefore]

  /// A layer of every kind of fused cell, one on the other, large enough for threads where `hidden` is.
  private func layer(_ kind: CellCatalog, layers: Int, input: Int, hidden: Int) -> RecurrentLayer<AnyCell> {
    RecurrentLayer(layerCount: layers, inputSize: input, initialState: .trained, key: key) {
      kind.make(inputSize: $0, hiddenSize: hidden, key: $1)
    }
  }

  /// Layers and heads, with every instruction set and number of threads.
  @Test(arguments: CellCatalog.allCases, [(1, 5, 7, 3), (2, 1, 70, 150), (3, 4, 9, 40), (1, 2, 130, 260)])
  func stepsAreTheWhole(_ kind: CellCatalog, _ extents: (Int, Int, Int, Int)) throws {
    let (layers, batch, input, hidden) = extents
    try checkSameBits("\(kind) \(extents)") {
      let network = layer(kind, layers: layers, input: input, hidden: hidden)
      let heads = [
        Linear(inputSize: hidden, outputSize: 70, hasBias: false, key: key.child(1)),
        Linear(inputSize: 70, outputSize: 333, key: key.child(2)),
      ]
      let x = Tensor.random([4, batch, input], key: key.child(3))
      let (outputs, end) = network(SequenceBatch(x))
      let scores = heads[1](heads[0](outputs))
      var stepper = RecurrentStepper(network, heads: heads, batchSize: batch)
      #expect(stepper.isResident == RecurrentStepperTests.residents.contains(kind))
      #expect(stepper.outputSize == 333)
      #expect(stepper.output.allSatisfy { $0 == 0 })
      for step in 0..<4 {
        stepper.step(x[step].scalars)
        try requireSameBits(Tensor(stepper.output, shape: [batch, 333]), scores[step], "step \(step)")
      }
      let state = stepper.state.cells.flatMap(\.tensors)
      try requireSameBits(state, end.cells.flatMap(\.tensors), "state")
      return state + [Tensor(stepper.output)]
    }
  }

  /// Copies share nothing that shows, after an even and an odd number of steps.
  @Test(arguments: [0, 1, 2, 3]) func copies(_ steps: Int) throws {
    let network = layer(.lstm, layers: 2, input: 3, hidden: 5)
    var stepper = RecurrentStepper(network)
    for step in 0..<steps { stepper.step([Float(step), 1, -1]) }
    let (before, state) = (stepper.output, stepper.state)
    var (left, right) = (stepper, stepper)
    left.step([1, 2, 3])
    right.step([3, 2, 1])
    #expect(left.output != right.output && stepper.output == before)
    try requireSameBits(
      stepper.state.cells.flatMap(\.tensors), state.cells.flatMap(\.tensors), "the original")
    var again = RecurrentStepper(network, state: state)
    again.step([1, 2, 3])
    #expect(again.output == left.output)
    right.state = state
    right.step([1, 2, 3])
    #expect(right.output == left.output)
  }

  /// Other cells and backends go step by step through tensors, with the same results.
  @Test func unrolled() throws {
    let reference = ReferenceBackend()
    let network = layer(.gru, layers: 2, input: 3, hidden: 5)
    let head = Linear(inputSize: 5, outputSize: 4, key: key)
    let x = Tensor.random([3, 2, 3], key: key)
    let whole = head(network(SequenceBatch(x)).outputs)
    var stepper = Backends.$current.withValue(reference) {
      RecurrentStepper(network.moved(to: reference), heads: [head.moved(to: reference)], batchSize: 2)
    }
    #expect(!stepper.isResident && stepper.output == Array(repeating: 0, count: 8))
    for step in 0..<3 {
      let copy = stepper
      stepper.step(x[step].scalars)
      try requireClose(
        stepper.output.map { Double($0) }, whole[step].scalars.map { Double($0) }, relative: 1e-5,
        absolute: 1e-6,
        "step \(step)")
      #expect(copy.output != stepper.output)
    }
  }

  /// Vectors out of a table are those that the table gives.
  @Test func symbols() {
    let network = layer(.elman, layers: 1, input: 6, hidden: 5)
    let table = Embedding(vocabularySize: 9, size: 6, key: key)
    var (byNumber, byVector) = (
      RecurrentStepper(network, batchSize: 2), RecurrentStepper(network, batchSize: 2)
    )
    for symbols in [[0, 8], [3, 3], [7, 1]] as [[Int32]] {
      symbols.withUnsafeBufferPointer { byNumber.step($0, in: table) }
      byVector.step(table(Indices(symbols)).scalars)
      #expect(byNumber.output == byVector.output)
    }
  }

  /// A step asks nobody for memory: neither the system nor the pool of tensors.
  @Test(
    .enabled(if: AllocationCount.isAvailable), arguments: residents,
    [(1, 1), (8, 1), (1, 2), (8, 2)])
  func stepsDoNotAllocate(_ kind: CellCatalog, _ extents: (Int, Int)) {
    let (batch, threads) = extents
    Backends.$current.withValue(CPUBackend(exactThreadCount: threads)) {
      // with two threads large enough that both work
      let hidden = threads == 1 ? 40 : 250
      let head = Linear(inputSize: hidden, outputSize: 65, key: key)
      let table = Embedding(vocabularySize: 9, size: 12, key: key)
      var stepper = RecurrentStepper(
        layer(kind, layers: 2, input: 12, hidden: hidden), heads: [head], batchSize: batch)
      let input = [Float](repeating: 0.5, count: batch * 12)
      let symbols = [Int32](repeating: 3, count: batch)
      stepper.step(input)
      var sum: Float = 0
      let count = AllocationCount.during {
        for _ in 0..<(threads == 1 ? 1000 : 50) {
          stepper.step(input)
          symbols.withUnsafeBufferPointer { stepper.step($0, in: table) }
          sum += stepper.withOutput { $0[0] }
        }
      }
      #expect(count == 0)
      #expect(sum != 0)
    }
  }

  /// The counter sees what a step by tensors takes.
  @Test(.enabled(if: AllocationCount.isAvailable)) func allocationsAreSeen() {
    let network = layer(.lstm, layers: 1, input: 3, hidden: 5)
    let state = network.initialState(batch: 1)
    #expect(AllocationCount.during { _ = network.step(Tensor(zeros: [1, 3]), state) } > 10)
  }
}
