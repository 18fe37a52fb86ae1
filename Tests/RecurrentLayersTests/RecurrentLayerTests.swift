import RecurrentTestSupport
import Testing

@Suite struct RecurrentLayerTests {
  @Test(arguments: DirectionMerge.allCases, InitialState.allCases)
  func twoDirections(_ merge: DirectionMerge, _ initialState: InitialState) throws {
    try checkLayer(
      RecurrentLayer(
        layerCount: 2, inputSize: 3, isBidirectional: true, merge: merge, dropoutRate: 0.3,
        initialState: initialState,
        key: RandomKey(seed: 1)
      ) { LSTM(inputSize: $0, hiddenSize: 5, key: $1) }, steps: 6, rows: 4)
  }

  @Test(arguments: [true, false], InitialState.allCases)
  func oneDirection(_ isVariational: Bool, _ initialState: InitialState) throws {
    try checkLayer(
      RecurrentLayer(
        layerCount: 3, inputSize: 4, dropoutRate: 0.5, isDropoutVariational: isVariational,
        initialState: initialState,
        key: RandomKey(seed: 2)
      ) { GRU(inputSize: $0, hiddenSize: 7, key: $1) }, steps: 5, rows: 3)
    try checkLayer(
      RecurrentLayer(inputSize: 2, initialState: initialState, key: RandomKey(seed: 3)) {
        Elman(inputSize: $0, hiddenSize: 3, key: $1)
      }, steps: 4, rows: 2)
  }

  /// Rows that leave nothing empty but the last place, step by step.
  @Test func onlyTheLastPlaceIsEmpty() throws {
    let layer = RecurrentLayer(inputSize: 2, key: RandomKey(seed: 6)) {
      GRU(inputSize: $0, hiddenSize: 3, key: $1)
    }
    let x = Tensor.random([2, 2, 2], key: RandomKey(seed: 7))
    let expected = layer(SequenceBatch(x, lengths: [2, 1])).outputs
    let reference = ReferenceBackend()
    let found = Backends.$current.withValue(reference) {
      layer.moved(to: reference)(SequenceBatch(x.moved(to: reference), lengths: [2, 1])).outputs
    }
    try requireClose(found, expected, relative: 1e-6, absolute: 1e-7, "unrolled")
    #expect(found.scalars.suffix(3).allSatisfy { $0 == 0 })
  }

  /// Trained initial states take part with their values, after resets too.
  @Test func trainedInitialState() {
    var layer = RecurrentLayer(inputSize: 2, initialState: .trained, key: RandomKey(seed: 4)) {
      Elman(inputSize: $0, hiddenSize: 3, key: $1)
    }
    layer.initialStates[0][0] = Tensor([0.5, -0.5, 1], shape: [1, 3])
    let x = Tensor.random([2, 1, 2], key: RandomKey(seed: 5))
    let given = RecurrentLayer<Elman>.State(cells: [layer.initialStates[0][0]])
    let whole = layer(SequenceBatch(x, resets: [false, true])).outputs.scalars
    let first = layer(SequenceBatch(x.sliced(axis: 0, 0..<1)), state: given).outputs.scalars
    let second = layer(SequenceBatch(x.sliced(axis: 0, 1..<2)), state: given).outputs.scalars
    #expect(whole == first + second)
  }

  @Test func parameterNames() {
    let layer = RecurrentLayer(
      layerCount: 2, inputSize: 3, isBidirectional: true, initialState: .trained, key: RandomKey(seed: 6)
    ) { LSTM(inputSize: $0, hiddenSize: 5, key: $1) }
    let parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "initial_0", "initial_1"]
    let suffixes = ["_l0", "_l0_reverse", "_l1", "_l1_reverse"]
    #expect(layer.parameters.map(\.name) == suffixes.flatMap { suffix in parts.map { $0 + suffix } })
    let shapes = Dictionary(uniqueKeysWithValues: layer.parameters.map { ($0.name, $0.value.shape) })
    #expect(shapes["weight_ih_l0"] == [20, 3] && shapes["weight_ih_l1"] == [20, 10])
    #expect(shapes["initial_1_l1_reverse"] == [1, 5])
    #expect(layer.outputSize == 10 && layer.inputSize == 3)
  }

  @Test func wrongShapesTrap() async {
    await #expect(processExitsWith: .failure) {
      let layer = RecurrentLayer(inputSize: 2, key: RandomKey(seed: 7)) {
        GRU(inputSize: $0, hiddenSize: 3, key: $1)
      }
      _ = layer(SequenceBatch(Tensor(zeros: [4, 1, 3])))
    }
    await #expect(processExitsWith: .failure) {
      let layer = RecurrentLayer(inputSize: 2, isBidirectional: true, key: RandomKey(seed: 7)) {
        GRU(inputSize: $0, hiddenSize: 3, key: $1)
      }
      _ = layer.step(Tensor(zeros: [1, 2]), layer.initialState(batch: 1))
    }
  }
}
