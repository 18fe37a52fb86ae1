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
  /// Elman's network with the activation of the options.
  case elman

  /// How many blocks of H rows the weights have; one less for an LSTM with coupled gates.
  public var gateCount: Int {
    switch self {
    case .lstm: 4
    case .gru, .gruResetBefore: 3
    case .elmanTanh, .elmanReLU, .elman: 1
    }
  }
}

/// A cell, what it reads and how it walks over it.
public struct RecurrentCall: Sendable {
  /// Which cell.
  public var kind: RecurrentKind
  /// Its parameters.
  public var weights: RecurrentWeights
  /// The parameters in the backend's own form, when they were prepared.
  public var prepared: PreparedWeights?
  /// What it does beyond its plain equations.
  public var options: RecurrentOptions
  /// `[T, B, I]`.
  public var input: Tensor
  /// The state before the first step of each segment, `[S, R]`.
  public var hidden: Tensor
  /// The cell state before the first step of each segment, `[S, H]`; nil for cells that have none.
  public var cell: Tensor?
  /// Which rows are read in which order.
  public var plan: SequencePlan

  /// Whether the cell has nothing but its plain equations.
  public var isPlain: Bool { kind != .elman && options.isPlain && weights.isPlain }

  package init(
    kind: RecurrentKind, weights: RecurrentWeights, prepared: PreparedWeights?,
    options: RecurrentOptions = RecurrentOptions(), input: Tensor, hidden: Tensor, cell: Tensor?,
    plan: SequencePlan
  ) {
    self.kind = kind
    self.weights = weights
    self.prepared = prepared
    self.options = options
    self.input = input
    self.hidden = hidden
    self.cell = cell
    self.plan = plan
  }
}

/// What a cell computed over a sequence.
public struct RecurrentResult: Sendable {
  /// `[T, B, R]`, zero where no segment is.
  public var output: Tensor
  /// The state after the last step of each segment, `[S, R]`.
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
  /// `[T, B, R]`.
  public var output: Tensor?
  /// `[S, R]`.
  public var hidden: Tensor?
  /// `[S, H]`.
  public var cell: Tensor?
}

/// Gradients of everything that went into a cell over a sequence.
public struct RecurrentGradient: Sendable {
  /// `[T, B, I]`, when wanted.
  public var input: Tensor?
  /// `[S, R]`.
  public var hidden: Tensor
  /// `[S, H]`.
  public var cell: Tensor?
  /// In the shapes of the parameters.
  public var weights: RecurrentWeights
}
