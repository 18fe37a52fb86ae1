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
public struct LSTM: FusedCell {
  /// The equations in primitives: what backends without the cell in one piece run, and what the others are checked against.
  package func equations(
    _ x: Tensor, _ state: State, noise: RecurrentNoise
  ) -> (gates: [(name: String, values: Tensor)], state: State) {
    let sums = sums(x, noise.recurrentMask.map { state.hidden * $0 } ?? state.hidden)
    let i = sigmoid(peeped(sums.i, at: state.cell, .input))
    let f = sums.f.map { sigmoid(peeped($0, at: state.cell, .forget)) } ?? 1 - i
    let g = tanh(sums.g)
    let c = clipped(f * state.cell + i * g)
    let o = sigmoid(peeped(sums.o, at: c, .output))
    let h = projected(o * tanh(normalized(c)))
    let next = State(
      hidden: zoned(h, state.hidden, kept: noise.keptHidden, rate: regularization.zoneout),
      cell: zoned(c, state.cell, kept: noise.keptCell, rate: regularization.zoneoutCell))
    return ([("input", i), ("forget", f), ("candidate", g), ("output", o)], next)
  }

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
    let weights = initialization.weights(
      gates: options.gateCount, inputSize: inputSize, hiddenSize: hiddenSize,
      stateSize: options.projectionSize, hasBias: hasBias, forgetGate: options.couplesGates ? nil : 1,
      key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    weightProjection = options.projection(hiddenSize: hiddenSize, key: key.child(4))
    weightPeephole = options.peephole(hiddenSize: hiddenSize, key: key.child(5))
    norm = options.norm(hiddenSize: hiddenSize)
    couplesGates = options.couplesGates
    cellClip = options.cellClip
    self.regularization = regularization
  }

  package var kind: RecurrentKind { .lstm }

  /// H: the width of the cell state; that of the output, ``Cell/outputSize``, is R.
  public var hiddenSize: Int { weightProjection?.shape[1] ?? outputSize }

  /// The zero state for `batch` rows.
  public func initialState(batch: Int) -> State {
    let backend = weightHiddenHidden.backend
    return State(
      hidden: backend.filled(0, shape: [batch, outputSize]),
      cell: backend.filled(0, shape: [batch, hiddenSize]))
  }

  package static func state(hidden: Tensor, cell: Tensor?) -> State {
    State(hidden: hidden, cell: cell ?? hidden)
  }
  package static func parts(of state: State) -> (hidden: Tensor, cell: Tensor?) { (state.hidden, state.cell) }
}
