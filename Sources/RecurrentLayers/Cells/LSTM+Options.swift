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

// The parameters of the options.
extension LSTMOptions {
  /// How many blocks of H rows the weights have.
  var gateCount: Int { couplesGates ? 3 : 4 }

  func projection(hiddenSize: Int, key: RandomKey) -> Tensor? {
    projectionSize.map { bound(hiddenSize).matrix(rows: $0, columns: hiddenSize, key: key) }
  }

  func peephole(hiddenSize: Int, key: RandomKey) -> Tensor? {
    guard hasPeepholes else { return nil }
    return bound(hiddenSize).matrix(rows: gateCount - 1, columns: hiddenSize, key: key)
      .reshaped(to: [clampedProduct(gateCount - 1, hiddenSize)])
  }

  func norm(hiddenSize: Int) -> RecurrentWeights.Norm? {
    guard normalizesLayers else { return nil }
    let sums = [clampedProduct(gateCount, hiddenSize)]
    return RecurrentWeights.Norm(
      inputScale: Tensor(ones: sums), hiddenScale: Tensor(ones: sums), cellScale: Tensor(ones: [hiddenSize]),
      cellShift: Tensor(zeros: [hiddenSize]))
  }

  private func bound(_ hiddenSize: Int) -> Initializer { .uniform(bound: 1 / Float(hiddenSize).squareRoot()) }
}

// What the options do in a step; without them nothing.
extension LSTM {
  package var weights: RecurrentWeights {
    var weights = plainWeights
    weights.projection = weightProjection
    weights.peephole = weightPeephole
    weights.norm = norm
    return weights
  }

  package var options: RecurrentOptions {
    RecurrentOptions(
      couplesGates: couplesGates, cellClip: cellClip, zoneoutHidden: .expected(regularization.zoneout),
      zoneoutCell: .expected(regularization.zoneoutCell))
  }

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

  /// s: the sums of inputs and state for each gate, `[B, H]`; no f where it is 1 - i.
  func sums(_ x: Tensor, _ hidden: Tensor) -> (i: Tensor, f: Tensor?, g: Tensor, o: Tensor) {
    let all: Tensor
    if let norm {
      let zero = norm.inputScale.backend.filled(0, shape: norm.inputScale.shape)
      all =
        layerNorm(
          matmul(x, weightInputHidden, transposeB: true), weight: norm.inputScale,
          bias: biasInputHidden ?? zero)
        + layerNorm(
          matmul(hidden, weightHiddenHidden, transposeB: true), weight: norm.hiddenScale,
          bias: biasHiddenHidden ?? zero)
    } else {
      let (fromInput, fromState) = preactivations(x, hidden)
      all = fromInput + fromState
    }
    func gate(_ index: Int) -> Tensor { all.block(index, width: hiddenSize) }
    return couplesGates ? (gate(0), nil, gate(1), gate(2)) : (gate(0), gate(1), gate(2), gate(3))
  }

  enum Peephole { case input, forget, output }

  /// The sums of a gate that sees the cell state: s + p * c.
  func peeped(_ sums: Tensor, at cell: Tensor, _ peephole: Peephole) -> Tensor {
    guard let weightPeephole else { return sums }
    let part =
      switch peephole {
      case .input: 0
      case .forget: 1
      case .output: couplesGates ? 1 : 2
      }
    return sums + weightPeephole.sliced(axis: 0, part * hiddenSize..<(part + 1) * hiddenSize) * cell
  }

  /// The cell state within its bounds.
  func clipped(_ cell: Tensor) -> Tensor {
    cellClip.map { maximum(minimum(cell, cell.constant($0)), cell.constant(-$0)) } ?? cell
  }

  /// a_c * N(c) + b_c.
  func normalized(_ cell: Tensor) -> Tensor {
    norm.map { layerNorm(cell, weight: $0.cellScale, bias: $0.cellShift) } ?? cell
  }

  /// W_hr m.
  func projected(_ m: Tensor) -> Tensor {
    weightProjection.map { matmul(m, $0, transposeB: true) } ?? m
  }
}
