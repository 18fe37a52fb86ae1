/// The simple recurrent network (Elman 1990), PyTorch's `RNN`.
///
///     h' = f(W_ih x + b_ih + W_hh h + b_hh),   f = tanh or max(0, .)
///
/// Parameters are stored as PyTorch stores them: `weight_ih [H, I]`, `weight_hh [H, H]`, `bias_ih [H]`, `bias_hh [H]`.
public struct Elman: FusedCell {
  /// The function that is applied to the sums.
  public enum Activation: String, Sendable, Codable, CaseIterable {
    /// The hyperbolic tangent.
    case tanh
    /// max(0, x).
    case relu
  }

  /// `[H, I]`.
  public var weightInputHidden: Tensor
  /// `[H, H]`.
  public var weightHiddenHidden: Tensor
  /// `[H]`, or nil without biases.
  public var biasInputHidden: Tensor?
  /// `[H]`, or nil without biases.
  public var biasHiddenHidden: Tensor?
  /// The function that is applied to the sums.
  public let activation: Activation
  /// What the operands of products are rounded to, where the backend has the cell in one piece.
  public package(set) var precision = Precision.float32
  package var preparedWeights: PreparedWeights?

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  public init(
    inputSize: Int, hiddenSize: Int, activation: Activation = .tanh, hasBias: Bool = true,
    initialization: RecurrentInitialization = .uniform, key: RandomKey
  ) {
    let weights = initialization.weights(
      gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, forgetGate: nil, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    self.activation = activation
  }

  package var kind: RecurrentKind { activation == .tanh ? .elmanTanh : .elmanReLU }
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
  public func step(_ x: Tensor, _ state: Tensor) -> (output: Tensor, state: Tensor) {
    if let result = fusedStep(x, state) { return result }
    let (fromInput, fromState) = preactivations(x, state)
    let next = activation == .tanh ? tanh(fromInput + fromState) : relu(fromInput + fromState)
    return (next, next)
  }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: Tensor, plan: SequencePlan) -> (outputs: Tensor, state: Tensor) {
    fusedScan(x, from: state, plan: plan)
  }

  /// The same with its weights in the form that kernels read.
  public func prepared() -> Elman { preparedCopy() }

  /// The same with the operands of its products rounded to `precision`.
  public func with(precision: Precision) -> Elman { copy(with: precision) }
}
