/// The parameters of a fused cell: G gates of H units over I inputs, with a state h of R numbers; R is H unless h is
/// projected.
public struct RecurrentWeights: Sendable {
  /// `[G * H, I]`.
  public var inputHidden: Tensor
  /// `[G * H, R]`.
  public var hiddenHidden: Tensor
  /// `[G * H]`, or nil for a cell without biases.
  public var inputBias: Tensor?
  /// `[G * H]`, or nil for a cell without biases.
  public var hiddenBias: Tensor?
  /// LSTM: `[R, H]`, from the outputs of the gates to h; nil for none.
  public var projection: Tensor?
  /// LSTM: how the gates see the cell state, `[3 * H]` for i f o, with coupled gates `[2 * H]` for i o; nil for none.
  public var peephole: Tensor?
  /// LSTM: scales of layer normalisation; nil for none.
  public var norm: Norm?

  /// The scales of an LSTM with layer normalisation; the biases of the cell are the shifts of the products.
  public struct Norm: Sendable {
    /// Of the products of the inputs, `[G * H]`.
    public var inputScale: Tensor
    /// Of the products of the state, `[G * H]`.
    public var hiddenScale: Tensor
    /// Of the cell state, `[H]`.
    public var cellScale: Tensor
    /// The shift of the cell state, `[H]`.
    public var cellShift: Tensor

    /// The scales and the shift.
    public init(inputScale: Tensor, hiddenScale: Tensor, cellScale: Tensor, cellShift: Tensor) {
      self.inputScale = inputScale
      self.hiddenScale = hiddenScale
      self.cellScale = cellScale
      self.cellShift = cellShift
    }
  }

  /// The parameters of a cell; both biases or none.
  public init(
    inputHidden: Tensor, hiddenHidden: Tensor, inputBias: Tensor?, hiddenBias: Tensor?,
    projection: Tensor? = nil,
    peephole: Tensor? = nil, norm: Norm? = nil
  ) {
    trapUnless(
      (inputBias == nil) == (hiddenBias == nil),
      "RecurrentWeights: expected both biases or none, received one")
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
    self.projection = projection
    self.peephole = peephole
    self.norm = norm
  }

  /// I.
  public var inputSize: Int { inputHidden.shape[1] }
  /// H.
  public var hiddenSize: Int { projection?.shape[1] ?? hiddenHidden.shape[1] }
  /// R.
  public var stateSize: Int { hiddenHidden.shape[1] }
  /// Whether there are only those of the plain equations.
  public var isPlain: Bool { projection == nil && peephole == nil && norm == nil }

  /// Every parameter that the cell has, always in the same order.
  package var tensors: [Tensor] {
    [inputHidden, hiddenHidden]
      + [
        inputBias, hiddenBias, projection, peephole, norm?.inputScale, norm?.hiddenScale, norm?.cellScale,
        norm?.cellShift,
      ].compactMap { $0 }
  }

  /// The same with `transform` applied to every parameter.
  package func map(_ transform: (Tensor) -> Tensor) -> RecurrentWeights {
    RecurrentWeights(
      inputHidden: transform(inputHidden), hiddenHidden: transform(hiddenHidden),
      inputBias: inputBias.map(transform), hiddenBias: hiddenBias.map(transform),
      projection: projection.map(transform), peephole: peephole.map(transform),
      norm: norm.map {
        Norm(
          inputScale: transform($0.inputScale), hiddenScale: transform($0.hiddenScale),
          cellScale: transform($0.cellScale), cellShift: transform($0.cellShift))
      })
  }
}
