/// Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078), by default in PyTorch's form with the reset gate after the
/// product.
///
///     r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
///     z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
///     n = tanh(W_in x + b_in + r * (W_hn h + b_hn))          reset after the product
///     n = tanh(W_in x + b_in + W_hn (r * h) + b_hn)          reset before the product
///     h' = (1 - z) * n + z * h
///
/// Parameters are stored as PyTorch stores them: `weight_ih [3H, I]`, `weight_hh [3H, H]`, `bias_ih [3H]`,
/// `bias_hh [3H]`, gates r z n.
public struct GRU: FusedCell {
  /// h, `[B, H]`.
  public typealias State = Tensor

  /// The equations in primitives: what backends without the cell in one piece run, and what the others are checked against.
  package func equations(
    _ x: Tensor, _ state: Tensor, noise: RecurrentNoise
  ) -> (gates: [(name: String, values: Tensor)], state: Tensor) {
    let (size, h) = (outputSize, noise.recurrentMask.map { state * $0 } ?? state)
    let (fromInput, fromState) = preactivations(x, h)
    func input(_ gate: Int) -> Tensor { fromInput.block(gate, width: size) }
    func recurrent(_ gate: Int) -> Tensor { fromState.block(gate, width: size) }
    let r = sigmoid(input(0) + recurrent(0))
    let z = sigmoid(input(1) + recurrent(1))
    let n: Tensor
    switch reset {
    case .afterProduct: n = tanh(input(2) + r * recurrent(2))
    case .beforeProduct:
      let rows = 2 * size..<3 * size
      n = tanh(
        input(2)
          + matmul(
            r * h, weightHiddenHidden.sliced(axis: 0, rows), transposeB: true,
            bias: biasHiddenHidden?.sliced(axis: 0, rows)))
    }
    let next = zoned((1 - z) * n + z * state, state, kept: noise.keptHidden, rate: regularization.zoneout)
    return ([("reset", r), ("update", z), ("candidate", n)], next)
  }

  /// Where the reset gate acts.
  public enum Reset: String, Sendable, Codable, CaseIterable {
    /// On the product of the recurrent weights with the state: PyTorch, cuDNN, Keras with `reset_after=True`.
    case afterProduct
    /// On the state: the first published form, Keras with `reset_after=False`, ONNX by default.
    case beforeProduct
  }

  /// `[3H, I]`, gates r z n.
  public var weightInputHidden: Tensor
  /// `[3H, H]`, gates r z n.
  public var weightHiddenHidden: Tensor
  /// `[3H]`, or nil without biases.
  public var biasInputHidden: Tensor?
  /// `[3H]`, or nil without biases.
  public var biasHiddenHidden: Tensor?
  /// Where the reset gate acts.
  public let reset: Reset
  /// Noise in training.
  public var regularization: RecurrentRegularization
  /// What the operands of products are rounded to, where the backend has the cell in one piece.
  public package(set) var precision = Precision.float32
  package var preparedWeights: PreparedWeights?

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  public init(
    inputSize: Int, hiddenSize: Int, reset: Reset = .afterProduct, hasBias: Bool = true,
    regularization: RecurrentRegularization = .none, initialization: RecurrentInitialization = .uniform,
    key: RandomKey
  ) {
    var initialization = initialization
    initialization.forgetBias = initialization.updateBias
    let weights = initialization.weights(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, forgetGate: 1, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    self.reset = reset
    self.regularization = regularization
  }

  package var kind: RecurrentKind { reset == .afterProduct ? .gru : .gruResetBefore }
}
