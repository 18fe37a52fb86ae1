import RecurrentFormats

/// The weights of one direction of a recurrent node in the order of ``RecurrentWeights``.
struct RecurrentNodeWeights: Sendable {
  let kind: RecurrentKind
  let weights: RecurrentWeights
  let options: RecurrentOptions
  /// In the form of the kernels, where they stay the same from run to run.
  let prepared: PreparedWeights?
}

extension RecurrentNode {
  /// The weights of all directions, kept from one run to the next where they are constants.
  func weights(inputSize: Int) throws -> [RecurrentNodeWeights] {
    let own = isQuantized ? [1, 2, 3, 7, 8, 9, 10, 11] : [1, 2, 3, 7]
    let isFixed = own.allSatisfy { $0 >= context.isConstant.count || context.isConstant[$0] }
    guard isFixed else { return try makeWeights(inputSize: inputSize, prepares: false) }
    return try context.cache.value { try makeWeights(inputSize: inputSize, prepares: true) }
  }

  private func makeWeights(inputSize: Int, prepares: Bool) throws(GraphError) -> [RecurrentNodeWeights] {
    let (count, rows) = (directions.count, kind.gates * hidden)
    let input = try isQuantized ? dequantized(1, scale: 8, zero: 9) : context.tensor(1)
    let recurrent = try isQuantized ? dequantized(2, scale: 10, zero: 11) : context.tensor(2)
    func check(_ tensor: Tensor?, _ name: String, _ shape: [Int]) throws(GraphError) {
      guard let tensor, tensor.shape != shape else { return }
      throw context.invalid("\(name) has the shape \(tensor.shape), expected \(shape)")
    }
    try check(input, "W", [count, rows, inputSize])
    try check(recurrent, "R", [count, rows, hidden])
    let biases = try context.optionalTensor(3)
    try check(biases, "B", [count, 2 * rows])
    let peepholes = kind == .lstm ? try context.optionalTensor(7) : nil
    try check(peepholes, "P", [count, 3 * hidden])
    let peepholeOrder = couplesGates ? GateOrder.FromONNX.coupledPeephole : GateOrder.FromONNX.peephole
    return directions.indices.map { index in
      func own(_ tensor: Tensor) -> Tensor {
        tensor.sliced(axis: 0, index..<index + 1).reshaped(to: Array(tensor.shape.dropFirst()))
      }
      let bias = biases.map(own)
      let weights = RecurrentWeights(
        inputHidden: gates(own(input)), hiddenHidden: gates(own(recurrent)),
        inputBias: bias.map { gates($0.sliced(axis: 0, 0..<rows)) },
        hiddenBias: bias.map { gates($0.sliced(axis: 0, rows..<2 * rows)) },
        peephole: peepholes.map { blocks(own($0), peepholeOrder) })
      let (kind, options) = cell(activations[index])
      let prepared = prepares ? weights.inputHidden.backend.prepare(kind, weights, options: options) : nil
      return RecurrentNodeWeights(kind: kind, weights: weights, options: options, prepared: prepared)
    }
  }

  private func cell(_ activations: [Activation]) -> (RecurrentKind, RecurrentOptions) {
    switch kind {
    case .rnn:
      let activation = activations[0]
      let plain: RecurrentKind? = activation == .tanh ? .elmanTanh : activation == .relu ? .elmanReLU : nil
      return (plain ?? .elman, RecurrentOptions(activation: activation))
    case .gru: return (resetsAfter ? .gru : .gruResetBefore, RecurrentOptions())
    case .lstm: return (.lstm, RecurrentOptions(couplesGates: couplesGates))
    }
  }

  /// Rows in ONNX' order of gates (i o f c; z r h) brought into PyTorch's (i f g o, coupled i g o; r z n).
  private func gates(_ tensor: Tensor) -> Tensor {
    switch kind {
    case .rnn: tensor
    case .gru: blocks(tensor, GateOrder.FromONNX.gru)
    case .lstm: blocks(tensor, couplesGates ? GateOrder.FromONNX.coupledLSTM : GateOrder.FromONNX.lstm)
    }
  }

  /// Blocks of H rows in another order.
  private func blocks(_ tensor: Tensor, _ order: [Int]) -> Tensor {
    concatenate(order.map { tensor.sliced(axis: 0, $0 * hidden..<($0 + 1) * hidden) })
  }

  /// Quantised weights [D, K, 4 H] as floats [D, 4 H, K]; scales and zero points are [D] or [D, 4 H].
  private func dequantized(_ index: Int, scale: Int, zero: Int) throws(GraphError) -> Tensor {
    let bytes = try context.input(index)
    let (scales, zeros) = (try context.tensor(scale), try context.input(zero))
    guard bytes.shape.count == 3, scales.shape == zeros.shape,
      scales.shape == [directions.count] || scales.shape == [directions.count, bytes.shape[2]]
    else { throw context.invalid("scales of the shape \(scales.shape) do not fit weights of \(bytes.shape)") }
    let wide = scales.rank == 1 ? [directions.count, 1, 1] : [directions.count, 1, bytes.shape[2]]
    let values = (bytes.tensor - zeros.tensor.reshaped(to: wide)) * scales.reshaped(to: wide)
    return values.permuted([0, 2, 1])
  }
}
