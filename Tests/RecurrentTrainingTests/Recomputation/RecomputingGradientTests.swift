import RecurrentTestSupport
import Testing

@Suite struct RecomputingGradientTests {
  @Test(arguments: [CellShape(17, 3, 2, 4), CellShape(13, 1, 3, 17)])
  func equalsThePlainGradient(_ shape: CellShape) throws {
    try checkRecomputation(shape) { LSTM(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try checkRecomputation(shape) { GRU(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try checkRecomputation(shape) {
      GRU(inputSize: $0, hiddenSize: shape.H, reset: .beforeProduct, key: $1)
    }
    try checkRecomputation(shape) { Elman(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try checkRecomputation(shape) { CellCatalog.lstm.make(inputSize: $0, hiddenSize: shape.H, key: $1) }
  }

  /// The noise on states and weights belongs to steps of the whole sequence too.
  @Test func optionsOfCells() throws {
    let shape = CellShape(13, 3, 2, 6)
    let noise = RecurrentRegularization(
      zoneout: 0.2, zoneoutCell: 0.3, inputDropout: 0.2, recurrentDropout: 0.2, weightDrop: 0.2)
    try checkRecomputation(shape) {
      LSTM(
        inputSize: $0, hiddenSize: 6,
        options: LSTMOptions(hasPeepholes: true, normalizesLayers: true, projectionSize: 4),
        regularization: noise, key: $1)
    }
    let state = RecurrentRegularization(zoneout: 0.2, inputDropout: 0.2, weightDrop: 0.2)
    try checkRecomputation(shape) { Elman(inputSize: $0, hiddenSize: 6, regularization: state, key: $1) }
  }

  /// Gradients flow over every border: the whole is not what truncation gives.
  @Test func isNotTruncated() throws {
    let loss = LastStep(stepCount: 24)
    let model = LastStep.Model(factor: Tensor([0.97]))
    let (value, _, gradient) = try valueAndGradient(
      of: model, loss, recomputing: Recomputation(stepCount: 24, chunkLength: 5))
    #expect(abs(Double(value.scalar) - power(0.97, 24)) < 1e-6)
    #expect(abs(Double(gradient.factor.scalar) - 24 * power(0.97, 23)) < 1e-5)
  }

  #if os(Linux)
  @Test func refusesBothDirections() async {
    await #expect(processExitsWith: .failure) {
      let layer = RecurrentLayer(inputSize: 2, isBidirectional: true, key: RandomKey(seed: 1)) {
        LSTM(inputSize: $0, hiddenSize: 3, key: $1)
      }
      _ = layer(SequenceBatch(Tensor(zeros: [6, 1, 2])).part(0..<3))
    }
  }
  #endif
}

private func power(_ base: Double, _ exponent: Int) -> Double {
  (0..<exponent).reduce(1) { product, _ in product * base }
}

/// s' = a s from s = 1; the loss is the last state: a^T.
private struct LastStep: SequenceLoss {
  struct Model: Module {
    var factor: Tensor
    mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("factor", &factor) }
  }

  let stepCount: Int

  func initialState(of model: Model) -> Tensor { Tensor(ones: [1]) }

  func loss(_ model: Model, over steps: Range<Int>, from state: Tensor) -> (loss: Tensor, state: Tensor) {
    let next = steps.reduce(state) { state, _ in state * model.factor }
    return (next.sum() * (steps.upperBound == stepCount ? 1 : 0), next)
  }
}
