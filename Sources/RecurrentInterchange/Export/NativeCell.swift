import RecurrentFormats

/// A cell in the form of ONNX's RNN, GRU or LSTM: attributes, and weights with the gates in ONNX's order (i o f c; z r h).
struct NativeCell {
  let operatorType: String
  /// Without `direction` and those that depend on it.
  let attributes: [String: ONNXAttribute]
  /// Of one direction; nil for those that the operator has by itself.
  let activation: Activation?
  let hiddenSize: Int
  /// `[G H, I]`.
  let input: Tensor
  /// `[G H, H]`.
  let recurrent: Tensor
  /// `[2 G H]`: those of the input, then those of the state.
  let bias: Tensor?
  /// `[3 H]`, i o f.
  let peephole: Tensor?

  /// nil for a cell that the operators cannot express.
  init?(_ cell: any Cell) {
    switch (cell as? AnyCell)?.base ?? cell {
    case let cell as Elman: self.init(elman: cell)
    case let cell as GRU: self.init(gru: cell)
    case let cell as LSTM: self.init(lstm: cell)
    default: return nil
    }
  }

  private init?(elman cell: Elman) {
    guard cell.regularization.zoneout == 0 else { return nil }
    operatorType = "RNN"
    hiddenSize = cell.outputSize
    attributes = [:]
    activation = cell.activation
    (input, recurrent) = (cell.weightInputHidden.detached, cell.weightHiddenHidden.detached)
    bias = NativeCell.biases(cell.biasInputHidden, cell.biasHiddenHidden) { $0 }
    peephole = nil
  }

  private init?(gru cell: GRU) {
    guard cell.regularization.zoneout == 0 else { return nil }
    operatorType = "GRU"
    let size = cell.outputSize
    hiddenSize = size
    attributes = ["linear_before_reset": .integer(cell.reset == .afterProduct ? 1 : 0)]
    activation = nil
    func ordered(_ x: Tensor) -> Tensor { x.detached.blocks(GateOrder.ToONNX.gru, of: size) }
    (input, recurrent) = (ordered(cell.weightInputHidden), ordered(cell.weightHiddenHidden))
    bias = NativeCell.biases(cell.biasInputHidden, cell.biasHiddenHidden, ordered)
    peephole = nil
  }

  private init?(lstm cell: LSTM) {
    guard cell.regularization.zoneout == 0, cell.regularization.zoneoutCell == 0, cell.norm == nil,
      cell.weightProjection == nil, cell.cellClip == nil
    else { return nil }
    operatorType = "LSTM"
    let size = cell.hiddenSize
    hiddenSize = size
    attributes = cell.couplesGates ? ["input_forget": .integer(1)] : [:]
    activation = nil
    let order = cell.couplesGates ? GateOrder.ToONNX.coupledLSTM : GateOrder.ToONNX.lstm
    let peepholes = cell.couplesGates ? GateOrder.ToONNX.coupledPeephole : GateOrder.ToONNX.peephole
    func ordered(_ x: Tensor) -> Tensor { x.detached.blocks(order, of: size) }
    (input, recurrent) = (ordered(cell.weightInputHidden), ordered(cell.weightHiddenHidden))
    bias = NativeCell.biases(cell.biasInputHidden, cell.biasHiddenHidden, ordered)
    peephole = cell.weightPeephole.map { $0.detached.blocks(peepholes, of: size) }
  }

  private static func biases(_ input: Tensor?, _ hidden: Tensor?, _ ordered: (Tensor) -> Tensor) -> Tensor? {
    guard let input, let hidden else { return nil }
    return concatenate([ordered(input.detached), ordered(hidden.detached)])
  }

  /// Attributes of a node of one or two directions.
  func attributes(directions: Int, isReverse: Bool = false) -> [String: ONNXAttribute] {
    var all = attributes
    all["hidden_size"] = .integer(Int64(hiddenSize))
    let direction = directions == 2 ? "bidirectional" : isReverse ? "reverse" : "forward"
    all["direction"] = .text(Array(direction.utf8))
    guard let activation else { return all }
    let (name, alpha, beta) = activation.onnx
    all["activations"] = .texts([[UInt8]](repeating: Array(name.utf8), count: directions))
    if let alpha { all["activation_alpha"] = .floats([Float](repeating: alpha, count: directions)) }
    if let beta { all["activation_beta"] = .floats([Float](repeating: beta, count: directions)) }
    return all
  }
}

extension Tensor {
  /// Blocks of `size` rows in another order; nil for zeros.
  fileprivate func blocks(_ order: [Int?], of size: Int) -> Tensor {
    concatenate(
      order.map { index in
        index.map { sliced(axis: 0, $0 * size..<($0 + 1) * size) }
          ?? Tensor(zeros: [size] + shape.dropFirst())
      })
  }
}

extension Activation {
  /// ONNX's name and the parameters that the function has there.
  fileprivate var onnx: (name: String, alpha: Float?, beta: Float?) {
    switch form {
    case .tanh: ("Tanh", nil, nil)
    case .relu: ("Relu", nil, nil)
    case .sigmoid: ("Sigmoid", nil, nil)
    case .affine: ("Affine", alpha, beta)
    case .leakyReLU: ("LeakyRelu", alpha, nil)
    case .thresholdedReLU: ("ThresholdedRelu", alpha, nil)
    case .scaledTanh: ("ScaledTanh", alpha, beta)
    case .hardSigmoid: ("HardSigmoid", alpha, beta)
    case .elu: ("Elu", alpha, nil)
    case .softsign: ("Softsign", nil, nil)
    case .softplus: ("Softplus", nil, nil)
    }
  }
}
