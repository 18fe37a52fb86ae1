/// The cells that backends may fuse over a whole sequence. Gate order and equations are PyTorch's.
public enum RecurrentKind: Int, Sendable, CaseIterable {
  /// Long short-term memory, gates i f g o.
  case lstm
  /// Gated recurrent unit, gates r z n, the reset gate after the product.
  case gru
  /// Gated recurrent unit, gates r z n, the reset gate before the product.
  case gruResetBefore
  /// Elman's network with tanh.
  case elmanTanh
  /// Elman's network with max(x, 0).
  case elmanReLU

  /// How many blocks of H rows the weights have.
  public var gateCount: Int {
    switch self {
    case .lstm: 4
    case .gru, .gruResetBefore: 3
    case .elmanTanh, .elmanReLU: 1
    }
  }
}

/// The parameters of a fused cell, G gates of H units over I inputs.
public struct RecurrentWeights: Sendable {
  /// `[G * H, I]`.
  public var inputHidden: Tensor
  /// `[G * H, H]`.
  public var hiddenHidden: Tensor
  /// `[G * H]`, or nil for a cell without biases.
  public var inputBias: Tensor?
  /// `[G * H]`, or nil for a cell without biases.
  public var hiddenBias: Tensor?

  /// The parameters of a cell; both biases or none.
  public init(inputHidden: Tensor, hiddenHidden: Tensor, inputBias: Tensor?, hiddenBias: Tensor?) {
    trapUnless(
      (inputBias == nil) == (hiddenBias == nil),
      "RecurrentWeights: expected both biases or none, received one")
    self.inputHidden = inputHidden
    self.hiddenHidden = hiddenHidden
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
  }

  /// I.
  public var inputSize: Int { inputHidden.shape[1] }
  /// H.
  public var hiddenSize: Int { hiddenHidden.shape[1] }
}

/// A cell, what it reads and how it walks over it.
public struct RecurrentCall: Sendable {
  /// Which cell.
  public var kind: RecurrentKind
  /// Its parameters.
  public var weights: RecurrentWeights
  /// The parameters in the backend's own form, when they were prepared.
  public var prepared: PreparedWeights?
  /// What the operands of products are rounded to.
  public var precision: Precision
  /// `[T, B, I]`.
  public var input: Tensor
  /// The state before the first step of each segment, `[S, H]`.
  public var hidden: Tensor
  /// The cell state before the first step of each segment, `[S, H]`; nil for cells that have none.
  public var cell: Tensor?
  /// Which rows are read in which order.
  public var plan: SequencePlan

  package init(
    kind: RecurrentKind, weights: RecurrentWeights, prepared: PreparedWeights?,
    precision: Precision = .float32, input: Tensor, hidden: Tensor, cell: Tensor?, plan: SequencePlan
  ) {
    self.kind = kind
    self.weights = weights
    self.prepared = prepared
    self.precision = precision
    self.input = input
    self.hidden = hidden
    self.cell = cell
    self.plan = plan
  }
}

/// What a cell computed over a sequence.
public struct RecurrentResult: Sendable {
  /// `[T, B, H]`, zero where no segment is.
  public var output: Tensor
  /// The state after the last step of each segment, `[S, H]`.
  public var hidden: Tensor
  /// The cell state after the last step of each segment, `[S, H]`; nil for cells that have none.
  public var cell: Tensor?
  package var saved: TensorStorage?

  package init(output: Tensor, hidden: Tensor, cell: Tensor?, saved: TensorStorage?) {
    self.output = output
    self.hidden = hidden
    self.cell = cell
    self.saved = saved
  }
}

/// Upstream gradients of a cell over a sequence; nil for zero.
public struct RecurrentOutputGradient: Sendable {
  /// `[T, B, H]`.
  public var output: Tensor?
  /// `[S, H]`.
  public var hidden: Tensor?
  /// `[S, H]`.
  public var cell: Tensor?
}

/// Gradients of everything that went into a cell over a sequence.
public struct RecurrentGradient: Sendable {
  /// `[T, B, I]`, when wanted.
  public var input: Tensor?
  /// `[S, H]`.
  public var hidden: Tensor
  /// `[S, H]`.
  public var cell: Tensor?
  /// In the shapes of the parameters.
  public var weights: RecurrentWeights
}
