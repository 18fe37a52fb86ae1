/// How much of the old state each step leaves as it is (Krueger et al. 2016, arXiv:1606.01305).
public enum Zoneout: Sendable {
  /// The same part of every element: what is expected of the drawn form. 0 for nothing.
  case expected(Float)
  /// `[T, B, width of the state]`: all of the elements where it is 1, nothing of those where it is 0.
  case drawn(Tensor)

  /// Whether every step replaces the whole state.
  var isNothing: Bool {
    if case .expected(let rate) = self { return rate == 0 }
    return false
  }
}

/// What a cell does beyond its plain equations, apart from what its additional parameters say.
public struct RecurrentOptions: Sendable {
  /// The activation of ``RecurrentKind/elman``.
  public var activation: Activation
  /// LSTM: f = 1 - i; the weights then have gates i g o.
  public var couplesGates: Bool
  /// LSTM: the bound of the absolute value of c; nil for none.
  public var cellClip: Float?
  /// What of h each step leaves.
  public var zoneoutHidden: Zoneout
  /// LSTM: what of c each step leaves.
  public var zoneoutCell: Zoneout
  /// Factors on h before the recurrent product, `[S, R]`; nil for ones.
  public var recurrentMask: Tensor?
  /// What the operands of products are rounded to. A cell that does more than its plain equations, or that is
  /// ``RecurrentKind/elman``, computes in float32 whatever stands here.
  public var precision: Precision

  /// Options; without arguments those of the plain cell.
  public init(
    activation: Activation = .tanh, couplesGates: Bool = false, cellClip: Float? = nil,
    zoneoutHidden: Zoneout = .expected(0), zoneoutCell: Zoneout = .expected(0), recurrentMask: Tensor? = nil,
    precision: Precision = .float32
  ) {
    self.activation = activation
    self.couplesGates = couplesGates
    self.cellClip = cellClip
    self.zoneoutHidden = zoneoutHidden
    self.zoneoutCell = zoneoutCell
    self.recurrentMask = recurrentMask
    self.precision = precision
  }

  /// Whether, apart from the precision, they change nothing in a cell that is not ``RecurrentKind/elman``.
  public var isPlain: Bool {
    !couplesGates && cellClip == nil && zoneoutHidden.isNothing && zoneoutCell.isNothing
      && recurrentMask == nil
  }
}
