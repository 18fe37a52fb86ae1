/// The simple recurrent network (Elman 1990), PyTorch's `RNN`.
///
///     h' = f(W_ih x + b_ih + W_hh h + b_hh),   f = tanh, max(0, .) or any other activation of ONNX
///
/// Parameters are stored as PyTorch stores them: `weight_ih [H, I]`, `weight_hh [H, H]`, `bias_ih [H]`, `bias_hh [H]`.
public struct Elman: FusedCell {
  /// h, `[B, H]`.
  public typealias State = Tensor

  /// The equation in primitives: what backends without the cell in one piece run, and what the others are checked against.
  package func equations(
    _ x: Tensor, _ state: Tensor, noise: RecurrentNoise
  ) -> (gates: [(name: String, values: Tensor)], state: Tensor) {
    let (fromInput, fromState) = preactivations(x, noise.recurrentMask.map { state * $0 } ?? state)
    let next = zoned(
      activation(fromInput + fromState), state, kept: noise.keptHidden, rate: regularization.zoneout)
    return ([], next)
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
  /// Noise in training.
  public var regularization: RecurrentRegularization
  /// What the operands of products are rounded to, where the backend has the cell in one piece.
  public package(set) var precision = Precision.float32
  package var preparedWeights: PreparedWeights?

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  public init(
    inputSize: Int, hiddenSize: Int, activation: Activation = .tanh, hasBias: Bool = true,
    regularization: RecurrentRegularization = .none, initialization: RecurrentInitialization = .uniform,
    key: RandomKey
  ) {
    let weights = initialization.weights(
      gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, forgetGate: nil, key: key)
    weightInputHidden = weights.inputHidden
    weightHiddenHidden = weights.hiddenHidden
    biasInputHidden = weights.inputBias
    biasHiddenHidden = weights.hiddenBias
    self.activation = activation
    self.regularization = regularization
  }

  package var kind: RecurrentKind {
    guard regularization.zoneout == 0 else { return .elman }
    return activation == .tanh ? .elmanTanh : activation == .relu ? .elmanReLU : .elman
  }

  package var maskedKind: RecurrentKind { .elman }

  package var options: RecurrentOptions {
    RecurrentOptions(activation: activation, zoneoutHidden: .expected(regularization.zoneout))
  }
}
