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
public struct GRU: GatedCell {
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
    let weights = initialization.weights(
      gates: 3, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, forgetGate: nil, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    self.reset = reset
    self.regularization = regularization
  }

  package var kind: RecurrentKind { reset == .afterProduct ? .gru : .gruResetBefore }
  /// The width of the input.
  public var inputSize: Int { weightInputHidden.shape[1] }
  /// The width of the output.
  public var outputSize: Int { weightHiddenHidden.shape[1] }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { walkParameters(&visitor) }

  /// The zero state for `batch` rows.
  public func initialState(batch: Int) -> Tensor {
    weightHiddenHidden.backend.filled(0, shape: [batch, outputSize])
  }

  /// One step for B independent rows.
  public func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) { fusedStep(x, state) }

  /// The next state and the gates r z n side by side, in primitives.
  package func gatesAndState(
    _ x: Tensor, _ state: Tensor, noise: RecurrentNoise
  ) -> (state: Tensor, gates: Tensor) {
    let size = outputSize
    let operand = noise.recurrentMask.map { state * $0 } ?? state
    let (fromInput, fromState) = preactivations(x, operand)
    let r = sigmoid(gate(0, of: fromInput, size: size) + gate(0, of: fromState, size: size))
    let z = sigmoid(gate(1, of: fromInput, size: size) + gate(1, of: fromState, size: size))
    let recurrent: Tensor
    switch reset {
    case .afterProduct: recurrent = r * gate(2, of: fromState, size: size)
    case .beforeProduct:
      recurrent = matmul(
        r * operand, weightHiddenHidden.sliced(axis: 0, 2 * size..<3 * size), transposeB: true,
        bias: biasHiddenHidden?.sliced(axis: 0, 2 * size..<3 * size))
    }
    let n = tanh(gate(2, of: fromInput, size: size) + recurrent)
    let next = zoned(
      (1 - z) * n + z * state, state, kept: noise.keptHidden, rate: regularization.zoneout)
    return (next, concatenate([r, z, n], axis: 1))
  }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: Tensor, plan: SequencePlan) -> (outputs: Tensor, state: Tensor) {
    fusedScan(x, from: state, plan: plan)
  }

  /// A whole sequence with noise in training; see ``Cell/scan(_:from:plan:mode:)``.
  public func scan(
    _ x: Tensor, from state: Tensor, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: Tensor) {
    regularizedScan(x, from: state, plan: plan, mode: mode)
  }

  /// What has happened in every step of a sequence, for looking at: the activated gates.
  ///
  /// - Parameters:
  ///   - x: `[T, B, I]`.
  ///   - state: one row for each segment of the plan.
  ///   - plan: which rows are read in which order.
  /// - Returns: outputs `[T, B, H]` and gates r z n `[T, B, 3H]`, off the tape; zero where the plan reads nothing.
  public func trace(_ x: Tensor, from state: Tensor, plan: SequencePlan) -> RecurrentTrace {
    traced(x, from: state, plan: plan)
  }

  /// The same with its weights in the form that kernels read.
  public func prepared() -> GRU { preparedCopy() }

  /// The same with the operands of its products rounded to `precision`.
  public func with(precision: Precision) -> GRU { copy(with: precision) }
}
