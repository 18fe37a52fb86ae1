/// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gate, Gers et al. 2000), in PyTorch's form.
///
///     i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
///     f = sigmoid(W_if x + b_if + W_hf h + b_hf)
///     g = tanh(W_ig x + b_ig + W_hg h + b_hg)
///     o = sigmoid(W_io x + b_io + W_ho h + b_ho)
///     c' = f * c + i * g
///     h' = o * tanh(c')
///
/// Parameters are stored as PyTorch stores them: `weight_ih [4H, I]`, `weight_hh [4H, R]`, `bias_ih [4H]`,
/// `bias_hh [4H]`, gates i f g o. What ``LSTMOptions`` adds has parameters of its own; R, the width of h, is H unless h
/// is projected.
public struct LSTM: GatedCell {
  /// `[4H, I]`, gates i f g o; with coupled gates `[3H, I]`, i g o.
  public var weightInputHidden: Tensor
  /// `[4H, R]`, gates i f g o; with coupled gates `[3H, R]`, i g o.
  public var weightHiddenHidden: Tensor
  /// `[4H]`, with coupled gates `[3H]`, or nil without biases.
  public var biasInputHidden: Tensor?
  /// `[4H]`, with coupled gates `[3H]`, or nil without biases.
  public var biasHiddenHidden: Tensor?
  /// W_hr `[R, H]`, when h is projected.
  public var weightProjection: Tensor?
  /// p_i p_f p_o `[3H]`, with coupled gates p_i p_o `[2H]`, when there are peepholes.
  public var weightPeephole: Tensor?
  /// The scales of layer normalisation, when there is any.
  public var norm: RecurrentWeights.Norm?
  /// Whether f = 1 - i.
  public let couplesGates: Bool
  /// The bound of |c|, or nil.
  public let cellClip: Float?
  /// Noise in training.
  public var regularization: RecurrentRegularization
  /// What the operands of products are rounded to, where the backend has the cell in one piece.
  public package(set) var precision = Precision.float32
  package var preparedWeights: PreparedWeights?

  /// The state of an LSTM.
  public struct State: RecurrentState {
    /// h, `[B, R]`.
    public var hidden: Tensor
    /// c, `[B, H]`.
    public var cell: Tensor

    /// A state of h `[B, R]` and c `[B, H]`.
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
    inputSize: Int, hiddenSize: Int, hasBias: Bool = true, options: LSTMOptions = LSTMOptions(),
    regularization: RecurrentRegularization = .none, initialization: RecurrentInitialization = .uniform,
    key: RandomKey
  ) {
    let gates = options.couplesGates ? 3 : 4
    let weights = initialization.weights(
      gates: gates, inputSize: inputSize, hiddenSize: hiddenSize, stateSize: options.projectionSize,
      hasBias: hasBias, forgetGate: options.couplesGates ? nil : 1, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    let bound = Initializer.uniform(bound: 1 / Float(hiddenSize).squareRoot())
    weightProjection = options.projectionSize.map {
      bound.matrix(rows: $0, columns: hiddenSize, key: key.child(4))
    }
    weightPeephole =
      options.hasPeepholes
      ? bound.matrix(rows: gates - 1, columns: hiddenSize, key: key.child(5))
        .reshaped(to: [(gates - 1) * hiddenSize]) : nil
    norm =
      options.normalizesLayers
      ? RecurrentWeights.Norm(
        inputScale: Tensor(filled: 1, shape: [gates * hiddenSize]),
        hiddenScale: Tensor(filled: 1, shape: [gates * hiddenSize]),
        cellScale: Tensor(filled: 1, shape: [hiddenSize]), cellShift: Tensor(zeros: [hiddenSize]))
      : nil
    couplesGates = options.couplesGates
    cellClip = options.cellClip
    self.regularization = regularization
  }

  package var kind: RecurrentKind { .lstm }
  /// The width of the input.
  public var inputSize: Int { weightInputHidden.shape[1] }
  /// The width of the output: R.
  public var outputSize: Int { weightHiddenHidden.shape[1] }
  /// H: the width of the cell state.
  public var hiddenSize: Int { weightProjection?.shape[1] ?? outputSize }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    walkParameters(&visitor)
    visitor.visit("weight_hr", &weightProjection)
    visitor.visit("weight_peephole", &weightPeephole)
    guard var scales = norm else { return }
    visitor.visit("norm_ih", &scales.inputScale)
    visitor.visit("norm_hh", &scales.hiddenScale)
    visitor.visit("norm_cell", &scales.cellScale)
    visitor.visit("norm_cell_bias", &scales.cellShift)
    norm = scales
  }

  /// The zero state for `batch` rows.
  public func initialState(batch: Int) -> State {
    let backend = weightHiddenHidden.backend
    return State(
      hidden: backend.filled(0, shape: [batch, outputSize]),
      cell: backend.filled(0, shape: [batch, hiddenSize]))
  }

  /// One step for B independent rows.
  public func step(_ x: Tensor, _ state: State) -> (output: Tensor, state: State) { fusedStep(x, state) }

  /// A whole sequence; see ``Cell/scan(_:from:plan:)``.
  public func scan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    fusedScan(x, from: state, plan: plan)
  }

  /// A whole sequence with noise in training; see ``Cell/scan(_:from:plan:mode:)``.
  public func scan(
    _ x: Tensor, from state: State, plan: SequencePlan, mode: Mode
  ) -> (outputs: Tensor, state: State) {
    regularizedScan(x, from: state, plan: plan, mode: mode)
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
