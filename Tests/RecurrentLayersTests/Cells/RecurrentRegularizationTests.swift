import RecurrentTestSupport
import Testing

@Suite struct RecurrentRegularizationTests {
  static let all = RecurrentRegularization(
    zoneout: 0.3, zoneoutCell: 0.2, inputDropout: 0.2, recurrentDropout: 0.4, weightDrop: 0.3)

  /// Zoneout in inference is the expected mixture, in every cell.
  @Test(arguments: [CellShape(5, 3, 2, 4), CellShape(4, 13, 5, 70)])
  func expectedZoneout(_ s: CellShape) throws {
    let key = RandomKey(seed: 41)
    let noise = RecurrentRegularization(zoneout: 0.3, recurrentDropout: 0.4)
    try checkCell(GRU(inputSize: s.I, hiddenSize: s.H, regularization: noise, key: key), s)
    try checkCell(
      GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, regularization: noise, key: key), s)
    try checkCell(Elman(inputSize: s.I, hiddenSize: s.H, regularization: noise, key: key), s)
    try checkCell(
      Elman(inputSize: s.I, hiddenSize: s.H, activation: .relu, regularization: noise, key: key), s)
  }

  /// With noise drawn, outputs and all gradients agree with the equations in double and have the same bits on any
  /// number of threads and with any instruction set.
  @Test(arguments: [CellShape(6, 3, 2, 4), CellShape(4, 13, 5, 70), CellShape(5, 1, 20, 130)])
  func drawn(_ s: CellShape) throws {
    let key = RandomKey(seed: 49)
    for variant in LSTMVariant.all {
      var cell = variant.cell(s, key: key)
      cell.regularization = Self.all
      try check(cell, s, variant.description)
    }
    try check(GRU(inputSize: s.I, hiddenSize: s.H, regularization: Self.all, key: key), s)
    try check(
      GRU(inputSize: s.I, hiddenSize: s.H, reset: .beforeProduct, regularization: Self.all, key: key), s)
    try check(Elman(inputSize: s.I, hiddenSize: s.H, regularization: Self.all, key: key), s)
    try check(
      Elman(
        inputSize: s.I, hiddenSize: s.H, activation: Activation(.softsign), regularization: Self.all, key: key
      ),
      s)
  }

  private func check<C: Cell>(_ cell: C, _ s: CellShape, _ name: String = "") throws {
    let key = RandomKey(seed: 43)
    let lengths = (0..<s.B).map { $0 == 1 ? 0 : $0 == 0 ? s.T : 1 + $0 * 7 % s.T }
    let resets = key.child(1).uniforms(s.T * s.B).map { $0 < 0.2 }
    let plan = SequencePlan(stepCount: s.T, batchSize: s.B, lengths: lengths, resets: resets)
    let state = cell.initialState(batch: plan.segmentCount).tensors.enumerated().map {
      Tensor.random($1.shape, key: key.child(2).child($0))
    }
    let inputs = [Tensor.random([s.T, s.B, s.I], key: key.child(3))] + state
    func results(_ cell: C, _ inputs: [Tensor]) -> [Tensor] {
      let (outputs, final) = cell.scan(
        inputs[0], from: C.State(tensors: Array(inputs.dropFirst())), plan: plan,
        mode: .training(key.child(4)))
      return [outputs] + final.tensors
    }
    func loss(_ cell: C, _ inputs: [Tensor]) -> Tensor {
      results(cell, inputs).enumerated().map {
        ($1 * Tensor.random($1.shape, key: key.child(5).child($0))).sum()
      }
      .reduce(Tensor(0), +)
    }
    var tolerance = GradientTolerance()
    (tolerance.elements, tolerance.smallTensor) = (1, 1)
    do {
      try checkGradient(of: cell, inputs: inputs, tolerance: tolerance) { loss($0, $1) }
    } catch {
      throw CheckFailure("\(C.self) \(name) \(s) with noise: \(error)")
    }
    let plain = cell.scan(inputs[0], from: C.State(tensors: state), plan: plan)
    #expect(results(cell, inputs)[0].scalars != plain.outputs.scalars, "no noise in training")
    try checkSameBits("\(C.self) \(s) with noise") {
      let point = ModelWithInputs(model: cell, inputs: inputs)
      let (_, outputs, gradient) = valueAndGradient(of: point) {
        (loss($0.model, $0.inputs), results($0.model, $0.inputs).map(\.detached))
      }
      return outputs + gradient.parameters.map(\.value)
    }
  }

  /// With a rate near one the state stays what it was: zoneout acts on the right side.
  @Test func zoneoutKeepsTheOldState() {
    let noise = RecurrentRegularization(zoneout: 0.999, zoneoutCell: 0.999)
    let cell = LSTM(inputSize: 2, hiddenSize: 3, regularization: noise, key: RandomKey(seed: 44))
    let state = LSTM.State(
      hidden: Tensor(filled: 0.5, shape: [4, 3]), cell: Tensor(filled: -2, shape: [4, 3]))
    let plan = SequencePlan(stepCount: 1, batchSize: 4)
    let x = Tensor.random([1, 4, 2], key: RandomKey(seed: 45))
    let (outputs, next) = cell.scan(x, from: state, plan: plan, mode: .training(RandomKey(seed: 46)))
    #expect(outputs.scalars.filter { $0 == 0.5 }.count >= 11)
    #expect(next.cell.scalars.filter { $0 == -2 }.count >= 11)
    let expected = cell.step(x[0], state)
    #expect(expected.output.scalars.allSatisfy { $0 != 0.5 && abs($0 - 0.5) < 0.01 })
  }

  /// One mask for all steps: what is dropped is dropped in every step.
  @Test func recurrentDropoutIsTheSameInEveryStep() {
    let noise = RecurrentRegularization(recurrentDropout: 0.5)
    var cell = Elman(
      inputSize: 1, hiddenSize: 8, activation: Activation(.affine), regularization: noise,
      key: RandomKey(seed: 47))
    cell.weightInputHidden = Tensor(zeros: [8, 1])
    cell.biasInputHidden = Tensor(zeros: [8])
    cell.biasHiddenHidden = Tensor(zeros: [8])
    cell.weightHiddenHidden = Tensor((0..<64).map { $0 % 9 == 0 ? 1 : 0 }, shape: [8, 8])
    let plan = SequencePlan(stepCount: 3, batchSize: 2)
    let (outputs, _) = cell.scan(
      Tensor(zeros: [3, 2, 1]), from: Tensor(ones: [2, 8]), plan: plan, mode: .training(RandomKey(seed: 48)))
    let values = outputs.scalars
    for unit in 0..<16 {
      #expect([0, 2].contains(values[unit]))
      #expect(values[16 + unit] == values[unit] * values[unit])
      #expect(values[32 + unit] == values[unit] * values[unit] * values[unit])
    }
    #expect(Set(values[0..<16]) == [0, 2])
  }
}
