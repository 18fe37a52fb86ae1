import RecurrentTestSupport
import Testing

@Suite struct ElmanTests {
  @Test(arguments: Activation.Form.allCases)
  func activations(_ form: Activation.Form) throws {
    for s in [CellShape(5, 3, 2, 4), CellShape(3, 5, 5, 20)] {
      for activation in [Activation(form), Activation(form, alpha: 0.4, beta: 0.3)] {
        try checkCell(
          Elman(inputSize: s.I, hiddenSize: s.H, activation: activation, key: RandomKey(seed: 31)), s)
      }
    }
  }

  /// Values of the functions far from where cells usually are.
  @Test(arguments: [
    (Activation(.affine, alpha: 2, beta: 1), -3 as Float, -5 as Float), (Activation(.leakyReLU), -2, -0.02),
    (Activation(.thresholdedReLU), 0.9, 0), (Activation(.thresholdedReLU), 1.1, 1.1),
    (Activation(.hardSigmoid), 5, 1), (Activation(.hardSigmoid), -5, 0), (Activation(.hardSigmoid), 1, 0.7),
    (Activation(.elu), -100, -1), (Activation(.elu, alpha: 2), 3, 3), (Activation(.softsign), -3, -0.75),
    (Activation(.softplus), 100, 100), (Activation(.scaledTanh, alpha: 3, beta: 2), 50, 3),
  ])
  func values(_ activation: Activation, _ x: Float, _ expected: Float) {
    var cell = Elman(
      inputSize: 1, hiddenSize: 1, activation: activation, hasBias: false, key: RandomKey(seed: 1))
    cell.weightInputHidden = Tensor([1], shape: [1, 1])
    let step = cell.step(Tensor([x], shape: [1, 1]), Tensor(zeros: [1, 1])).output.scalars[0]
    #expect(abs(step - expected) <= 1e-6 * max(1, abs(expected)))
    #expect(abs(activation(Tensor([x])).scalars[0] - expected) <= 1e-6 * max(1, abs(expected)))
  }
}
