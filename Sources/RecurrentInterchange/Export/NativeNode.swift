import RecurrentFormats

/// One layer as one node: RNN, GRU or LSTM of one or both directions.
struct NativeNode {
  /// One for each direction.
  let cells: [NativeCell]
  /// `[T, B, I]`.
  let input: String
  /// For each direction h, and c of an LSTM, `[B, H]`; nil for zeros.
  let states: [[String]]?
  /// int32 `[B]`.
  let lengths: String?
  /// Of the names of weights.
  let prefix: String

  /// - Returns: the names of the output `[T, D, B, H]` and of the final states.
  func append(to builder: inout GraphBuilder, isQuantized: Bool) -> (output: String, states: [[String]]) {
    let first = cells[0]
    let isLSTM = first.operatorType == "LSTM"
    let quantizes = isQuantized && isLSTM
    func stacked(_ tensors: [Tensor]) -> Tensor { stack(tensors) }
    let begins = (0..<(isLSTM ? 2 : 1)).map { part -> String in
      guard let states else { return "" }
      let parts = states.map { builder.node("Unsqueeze", [$0[part], builder.integers([0])]) }
      return parts.count == 1 ? parts[0] : builder.node("Concat", parts, ["axis": .integer(0)])
    }
    let bias =
      first.bias == nil ? "" : builder.constant(prefix + "B", stacked(cells.compactMap(\.bias)))
    let peephole =
      first.peephole == nil ? "" : builder.constant(prefix + "P", stacked(cells.compactMap(\.peephole)))
    var inputs = [input]
    var scales: [String] = []
    if quantizes {
      let weights = QuantizedWeights(cells.map(\.input), named: prefix + "W")
      let recurrent = QuantizedWeights(cells.map(\.recurrent), named: prefix + "R")
      inputs += [weights.append(to: &builder), recurrent.append(to: &builder)]
      scales = weights.names + recurrent.names
    } else {
      inputs.append(builder.constant(prefix + "W", stacked(cells.map(\.input))))
      inputs.append(builder.constant(prefix + "R", stacked(cells.map(\.recurrent))))
    }
    inputs += [bias, lengths ?? ""] + begins
    if isLSTM { inputs.append(peephole) }
    let outputs = builder.nodes(
      quantizes ? "DynamicQuantizeLSTM" : first.operatorType, domain: quantizes ? "com.microsoft" : "",
      inputs + scales, outputs: isLSTM ? 3 : 2, first.attributes(directions: cells.count))
    let finals = cells.indices.map { direction in
      outputs[1...].map {
        builder.node("Gather", [$0, builder.integer(Int64(direction))], ["axis": .integer(0)])
      }
    }
    guard let states, let lengths else { return (outputs[0], finals) }
    // the state of a row without steps stays; ONNX Runtime gives zeros for it
    let isRead = builder.node(
      "Unsqueeze",
      [
        builder.node("Greater", [builder.cast(lengths, to: .i64), builder.integer(0)]),
        builder.integers([1]),
      ])
    return (
      outputs[0],
      zip(finals, states).map { zip($0, $1).map { builder.node("Where", [isRead, $0, $1]) } }
    )
  }
}

/// Weights as signed bytes with a scale for each row, which stand in columns: `[D, K, G H]`.
private struct QuantizedWeights {
  let name: String
  let values: [Int8]
  let shape: [Int]
  let scales: [Float]
  let rows: Int

  /// From one matrix `[G H, K]` for each direction.
  init(_ weights: [Tensor], named name: String) {
    self.name = name
    let (rows, columns) = (weights[0].shape[0], weights[0].shape[1])
    var values: [Int8] = []
    var scales: [Float] = []
    for weight in weights {
      let numbers = weight.scalars
      let own = (0..<rows).map { row -> Float in
        let largest = numbers[row * columns..<(row + 1) * columns].reduce(Float(0)) { max($0, abs($1)) }
        return largest > 0 ? largest / 127 : 1
      }
      for column in 0..<columns {
        for row in 0..<rows {
          values.append(Int8((numbers[row * columns + column] / own[row]).rounded(.toNearestOrEven)))
        }
      }
      scales += own
    }
    (self.values, self.scales, self.rows) = (values, scales, rows)
    shape = [weights.count, columns, rows]
  }

  /// The names of scales and zero points.
  var names: [String] { [name + "_scale", name + "_zero_point"] }

  func append(to builder: inout GraphBuilder) -> String {
    builder.add(ONNXTensor(name: name, bytes: values, shape: shape))
    builder.add(ONNXTensor(name: names[0], floats: scales, shape: [shape[0], rows]))
    builder.add(
      ONNXTensor(
        name: names[1], bytes: [Int8](repeating: 0, count: shape[0] * rows), shape: [shape[0], rows]))
    return name
  }
}
