/// What an LSTM may have beyond its plain equations; any combination.
///
///     s  = W_ih x + b_ih + W_hh h + b_hh
///     s  = a_ih * N(W_ih x) + a_hh * N(W_hh h) + b_ih + b_hh              with layer normalisation
///     i  = sigmoid(s_i + p_i * c),  f = sigmoid(s_f + p_f * c)            p with peepholes
///     f  = 1 - i                                                          with coupled gates
///     c' = f * c + i * tanh(s_g),  kept within the clip
///     o  = sigmoid(s_o + p_o * c')
///     m  = o * tanh(c'),  or  o * tanh(a_c * N(c') + b_c)                 with layer normalisation
///     h' = m,  or  W_hr m                                                 with a projection
///
/// N takes the mean away and divides by the deviation, over all gates of a product together. All of it runs inside the
/// fused kernels.
public struct LSTMOptions: Sendable, Equatable, Codable {
  /// Whether the gates see the cell state (Gers and Schmidhuber 2000).
  public var hasPeepholes: Bool
  /// Whether the forget gate is one minus the input gate (Greff et al. 2015, arXiv:1503.04069).
  public var couplesGates: Bool
  /// Whether products and cell state are normalised (Ba et al. 2016, arXiv:1607.06450).
  public var normalizesLayers: Bool
  /// The width of h, smaller than H (Sak et al. 2014, arXiv:1402.1128); nil for h as wide as c.
  public var projectionSize: Int?
  /// The bound of the absolute value of the cell state; nil for none.
  public var cellClip: Float?

  /// Options; without arguments the plain LSTM.
  public init(
    hasPeepholes: Bool = false, couplesGates: Bool = false, normalizesLayers: Bool = false,
    projectionSize: Int? = nil, cellClip: Float? = nil
  ) {
    trapUnless(
      projectionSize.map { $0 > 0 } ?? true,
      "LSTMOptions: expected a positive projection size, received \(projectionSize ?? 0)")
    trapUnless(
      cellClip.map { $0 > 0 } ?? true, "LSTMOptions: expected a positive cell clip, received \(cellClip ?? 0)"
    )
    self.hasPeepholes = hasPeepholes
    self.couplesGates = couplesGates
    self.normalizesLayers = normalizesLayers
    self.projectionSize = projectionSize
    self.cellClip = cellClip
  }
}
