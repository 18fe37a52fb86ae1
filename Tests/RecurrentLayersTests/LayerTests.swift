import RecurrentTestSupport
import Testing

/// The layers without a state.
@Suite struct LayerTests {
  private let key = RandomKey(seed: 81)

  /// Nothing happens in inference; in training the same key drops the same elements, another one others.
  @Test(arguments: [false, true])
  func dropout(_ isVariational: Bool) {
    let layer = Dropout(rate: 0.5, isVariational: isVariational)
    let x = Tensor(ones: [6, 4, 50])
    #expect(layer(x, mode: .inference).scalars == x.scalars)
    let first = layer(x, mode: .training(key)).scalars
    #expect(first == layer(x, mode: .training(key)).scalars)
    #expect(first != layer(x, mode: Mode.training(key).child(1)).scalars)
    #expect(Set(first) == [0, 2])
    // one mask for all steps or a mask for each
    let steps = (0..<6).map { Array(first[$0 * 200..<($0 + 1) * 200]) }
    #expect(Set(steps).count == (isVariational ? 1 : 6))
    #expect(Dropout(rate: 0)(x, mode: .training(key)).scalars == x.scalars)
  }

  /// Prepared weights change no bit and are forgotten when a visitor changes the weights.
  @Test func preparedWeights() throws {
    let linear = Linear(inputSize: 70, outputSize: 33, key: key)
    let cell = LSTM(inputSize: 7, hiddenSize: 20, key: key)
    let (x, y) = (Tensor.random([2, 5, 70], key: key), Tensor.random([3, 7], key: key))
    try requireSameBits(linear.packed()(x), linear(x), "linear")
    let doubled = linear.packed().mappingParameters { $1 * 2 }
    try requireSameBits(doubled(x), linear.mappingParameters { $1 * 2 }(x), "linear with other weights")
    let state = cell.initialState(batch: 3)
    try requireSameBits(cell.packed().step(y, state).output, cell.step(y, state).output, "cell")
    try requireSameBits(
      cell.packed().mappingParameters { $1 * 2 }.step(y, state).output,
      cell.mappingParameters { $1 * 2 }.step(y, state).output, "cell with other weights")
  }

  @Test func gradients() throws {
    try checkGradient(
      of: Linear(inputSize: 5, outputSize: 3, key: key), inputs: [.random([2, 4, 5], key: key)]
    ) { square($0($1[0])).sum() }
    try checkGradient(of: LayerNorm(size: 6), inputs: [.random([2, 3, 6], key: key)]) { layer, inputs in
      (layer(inputs[0]) * Tensor.random([2, 3, 6], key: key.child(1))).sum()
    }
    try checkGradient(of: Embedding(vocabularySize: 6, size: 3, key: key)) { layer, _ in
      square(layer(Indices([5, 0, 5, 2], shape: [2, 2]))).sum()
    }
  }

  @Test func walksVisitEverything() throws {
    try mirrorCheck(Linear(inputSize: 2, outputSize: 3, key: key).packed())
    try mirrorCheck(Linear(inputSize: 2, outputSize: 3, hasBias: false, key: key))
    try mirrorCheck(Embedding(vocabularySize: 2, size: 3, key: key))
    try mirrorCheck(LayerNorm(size: 3))
    try mirrorCheck(LSTM(inputSize: 2, hiddenSize: 3, hasBias: false, key: key))
    let cells: [any Module] = [
      LSTM(inputSize: 2, hiddenSize: 3, key: key), GRU(inputSize: 2, hiddenSize: 3, key: key),
      Elman(inputSize: 2, hiddenSize: 3, key: key),
    ]
    for cell in cells {
      try mirrorCheck(cell)
      #expect(cell.parameters.map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
    }
  }
}
