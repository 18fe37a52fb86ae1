/// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gate, Gers et al. 2000), in PyTorch's form.
///
///     i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
///     f = sigmoid(W_if x + b_if + W_hf h + b_hf)
///     g = tanh(W_ig x + b_ig + W_hg h + b_hg)
///     o = sigmoid(W_io x + b_io + W_ho h + b_ho)
///     c' = f * c + i * g
///     h' = o * tanh(c')
///
/// Parameters are stored as PyTorch stores them: `weight_ih [4H, I]`, `weight_hh [4H, H]`, `bias_ih [4H]`,
/// `bias_hh [4H]`, gates i f g o.
public struct LSTM: FusedCell {
  /// `[4H, I]`, gates i f g o.
  public var weightInputHidden: Tensor
  /// `[4H, H]`, gates i f g o.
  public var weightHiddenHidden: Tensor
  /// `[4H]`, or nil without biases.
  public var biasInputHidden: Tensor?
  /// `[4H]`, or nil without biases.
  public var biasHiddenHidden: Tensor?
  /// What the operands of products are rounded to, where the backend has the cell in one piece.
  public package(set) var precision = Precision.float32
  package var preparedWeights: PreparedWeights?

  /// The state of an LSTM.
  public struct State: RecurrentState {
    /// h, `[B, H]`.
    public var hidden: Tensor
    /// c, `[B, H]`.
    public var cell: Tensor

    /// A state of two tensors `[B, H]`.
    public init(hidden: Tensor, cell: Tensor) {
      self.hidden = hidden
      self.cell = cell
    }

    /// h and c.
    public var tensors: [Tensor] { [hidden, cell] }

    /// From h and c.
    public init(tensors: [Tensor]) { self.init(hidden: tensors[0], cell: tensors[1]) }
  }

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  public init(
    inputSize: Int, hiddenSize: Int, hasBias: Bool = true, initialization: RecurrentInitialization = .uniform,
    key: RandomKey
  ) {
    let weights = initialization.weights(
      gates: 4, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, forgetGate: 1, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
  }

  package var kind: RecurrentKind { .lstm }
  /// The width of the input.
  public var inputSize: Int { weightInputHidden.shape[1] }
  /// The width of the output.
  public var outputSize: Int { weightHiddenHidden.shape[1] }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { walkParameters(&visitor) }

  /// The zero state for `batch` rows.
  public func initialState(batch: Int) -> State {
    let zero = weightHiddenHidden.backend.filled(0, shape: [batch, outputSize])
    return State(hidden: zero, cell: zero)
  }

  /// One step for B independent rows.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) {
    if let result = fusedStep(x, state) { return result }
    let (fromInput, fromState) = preactivations(x, state.hidden)
    let sums = fromInput + fromState
    let (i, f) = (sigmoid(gate(0, of: sums)), sigmoid(gate(1, of: sums)))
    let (g, o) = (tanh(gate(2, of: sums)), sigmoid(gate(3, of: sums)))
    let cell = f * state.cell + i * g
    let hidden = o * tanh(cell)
    return (hidden, State(hidden: hidden, cell: cell))
  }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    fusedScan(x, from: state, plan: plan)
  }

  /// The same with its weights in the form that kernels read.
  public func prepared() -> LSTM { preparedCopy() }

  /// The same with the operands of its products rounded to `precision`.
  public func with(precision: Precision) -> LSTM { copy(with: precision) }

  package static func state(hidden: Tensor, cell: Tensor?) -> State {
    State(hidden: hidden, cell: cell ?? hidden)
  }
  package static func parts(of state: State) -> (hidden: Tensor, cell: Tensor?) { (state.hidden, state.cell) }
}
