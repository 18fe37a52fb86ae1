import RecurrentFormats

extension KerasGraph {
  /// One direction of a recurrent layer: its outputs in the order of time `[B, T, H]` and its states at the end `[B, H]`.
  private struct Direction {
    var sequence: String
    var states: [String]
    var units: Int
  }

  private static let cells = ["LSTM", "GRU", "SimpleRNN"]

  /// What a recurrent layer gives, alone or in both directions; nil for any other.
  mutating func recurrent(_ layer: KerasLayer, _ x: Value) throws -> [Value]? {
    if layer.className == "Bidirectional" { return [try bothDirections(layer, x)] }
    guard KerasGraph.cells.contains(layer.className) else { return nil }
    let isBackward = try layer.flag("go_backwards")
    var found = try direction(layer, x, of: layer, name: nil, isBackward: isBackward)
    var results: [Value] = []
    if try layer.flag("return_sequences") {
      if isBackward {
        guard x.mask == nil else { throw layer.issue("go_backwards with a mask is not supported") }
        // the outputs stand in the order in which they were computed
        found.sequence = builder.node(
          "Slice",
          [
            found.sequence, builder.integers([-1]), builder.integers([-(1 << 40)]), builder.integers([1]),
            builder.integers([-1]),
          ])
      }
      results.append(Value(name: found.sequence, shape: [x.shape[0], found.units], mask: x.mask))
    } else {
      results.append(Value(name: found.states[0], shape: [found.units]))
    }
    if try layer.flag("return_state") {
      results += found.states.map { Value(name: $0, shape: [found.units]) }
    }
    return results
  }

  private mutating func bothDirections(_ layer: KerasLayer, _ x: Value) throws -> Value {
    let forward = try layer.inner()
    let backward = layer.has("backward_layer") ? try layer.inner("backward_layer") : forward
    for inner in [forward, backward] where !KerasGraph.cells.contains(inner.className) {
      throw layer.issue(
        "it is around a \(inner.className), expected one of \(KerasGraph.cells.joined(separator: ", "))")
    }
    guard try !forward.flag("go_backwards"), try !forward.flag("return_state") else {
      throw layer.issue("it is around a layer with go_backwards or return_state, which is not supported")
    }
    let isSequence = try forward.flag("return_sequences")
    let one = try direction(forward, x, of: layer, name: "forward", isBackward: false)
    let two = try direction(backward, x, of: layer, name: "backward", isBackward: true)
    let parts = isSequence ? [one.sequence, two.sequence] : [one.states[0], two.states[0]]
    var units = one.units
    let merged: String
    let mode = try layer.text("merge_mode", or: "")
    guard mode == "concat" || one.units == two.units else {
      throw layer.issue("its directions of \(one.units) and \(two.units) units cannot be merged by \(mode)")
    }
    switch mode {
    case "concat":
      merged = builder.node("Concat", parts, ["axis": .integer(-1)])
      units += two.units
    case "sum": merged = builder.node("Add", parts)
    case "mul": merged = builder.node("Mul", parts)
    case "ave": merged = builder.node("Mul", [builder.node("Add", parts), scalar(0.5)])
    default:
      throw layer.issue("merge_mode is \(mode.isEmpty ? "None" : mode), expected concat, sum, mul or ave")
    }
    return Value(
      name: merged, shape: isSequence ? [x.shape[0], units] : [units], mask: isSequence ? x.mask : nil)
  }

  /// - Parameters:
  ///   - inner: the layer with the settings.
  ///   - layer: the one that it stands in, or itself.
  ///   - name: `forward` or `backward` within another one.
  private mutating func direction(
    _ inner: KerasLayer, _ x: Value, of layer: KerasLayer, name: String?, isBackward: Bool
  ) throws -> Direction {
    guard x.shape.count == 2 else {
      throw layer.issue("its input has \(x.shape.count + 1) axes, expected [batch, time, values]")
    }
    guard try !inner.flag("stateful") else {
      throw layer.issue("it keeps its state from call to call; save the model with stateful=False")
    }
    guard try !inner.flag("time_major") else {
      throw layer.issue("its input has the time first; save the model with time_major=False")
    }
    let (width, units) = (try width(x, of: layer), try inner.extent("units"))
    let cell = try cell(inner, width: width, units: units, of: layer, direction: name)
    let isLSTM = inner.className == "LSTM"
    let packed = x.mask.map { packing(x.name, mask: $0) }
    let steps = builder.node("Transpose", [packed?.steps ?? x.name], ["perm": .integers([1, 0, 2])])
    var attributes = cell.attributes
    attributes["hidden_size"] = .integer(Int64(units))
    attributes["direction"] = .text(Array((isBackward ? "reverse" : "forward").utf8))
    let outputs = builder.nodes(
      inner.className == "SimpleRNN" ? "RNN" : inner.className,
      [steps, cell.kernel, cell.recurrent, cell.bias ?? "", packed?.lengths ?? ""], outputs: isLSTM ? 3 : 2,
      attributes)
    // [T, 1, B, H] to [B, T, H]
    let flat = builder.node("Squeeze", [outputs[0], builder.integers([1])])
    var sequence = builder.node("Transpose", [flat], ["perm": .integers([1, 0, 2])])
    if let packed, let mask = x.mask {
      // around both directions Keras sets it, and older files do not say so
      let zeroes = try inner.flag("zero_output_for_mask") || name != nil
      sequence = unpacked(sequence, packed, mask: zeroes ? mask : nil, isBackward: isBackward)
    }
    let states = outputs.dropFirst().map { builder.node("Squeeze", [$0, builder.integers([0])]) }
    return Direction(sequence: sequence, states: Array(states), units: units)
  }

  // MARK: Weights

  private mutating func cell(
    _ inner: KerasLayer, width: Int, units: Int, of layer: KerasLayer, direction: String?
  ) throws -> (kernel: String, recurrent: String, bias: String?, attributes: [String: ONNXAttribute]) {
    // ONNX has i o f c where Keras has i f c o; both have z r h
    let order = inner.className == "LSTM" ? [0, 3, 1, 2] : inner.className == "GRU" ? [0, 1, 2] : [0]
    let rows = order.count * units
    func part(_ number: Int, _ name: String) -> KerasWeights.Part {
      KerasWeights.Part(number: number, name: name, direction: direction, isOfCell: true)
    }
    func ordered(_ tensor: Tensor) -> Tensor {
      concatenate(order.map { tensor.sliced(axis: 0, $0 * units..<($0 + 1) * units) })
    }
    let kernel = ordered(try weights.tensor(part(0, "kernel"), of: layer, shape: [width, rows]).transposed)
    let recurrent = ordered(
      try weights.tensor(part(1, "recurrent_kernel"), of: layer, shape: [units, rows]).transposed)
    let isAfter = try inner.className == "GRU" && inner.flag("reset_after", or: true)
    var bias: Tensor?
    if try inner.flag("use_bias", or: true) {
      if isAfter {
        let both = try weights.tensor(part(2, "bias"), of: layer, shape: [2, rows])
        bias = both.reshaped(to: [1, 2 * rows])
      } else {
        let own = ordered(try weights.tensor(part(2, "bias"), of: layer, shape: [rows]))
        bias = concatenate([own, Tensor(zeros: [rows])]).reshaped(to: [1, 2 * rows])
      }
    }
    var attributes: [String: ONNXAttribute] = isAfter ? ["linear_before_reset": .integer(1)] : [:]
    let own = try activationOfCell(inner.activation("activation", or: "tanh"), of: layer)
    var all = [own]
    if inner.className == "LSTM" { all.append(own) }
    if inner.className != "SimpleRNN" {
      let gate = try inner.activation("recurrent_activation", or: "sigmoid")
      all.insert(try activationOfCell(gate, of: layer), at: 0)
    }
    attributes["activations"] = .texts(all.map { Array($0.name.utf8) })
    if all.contains(where: { $0.alpha != nil }) {
      attributes["activation_alpha"] = .floats(all.compactMap(\.alpha))
      attributes["activation_beta"] = .floats(all.compactMap(\.beta))
    }
    return (
      constant(kernel.reshaped(to: [1, rows, width]), "kernel"),
      constant(recurrent.reshaped(to: [1, rows, units]), "recurrent"), bias.map { constant($0, "bias") },
      attributes
    )
  }

  // MARK: Masks

  /// The steps that count, moved to the beginning of each row.
  private struct Packing {
    /// `[B, T, I]`.
    var steps: String
    /// int32 `[B]`.
    var lengths: String
    /// 1 for a step that counts, int64 `[B, T]`.
    var counts: String
  }

  private mutating func packing(_ x: String, mask: String) -> Packing {
    let counts = builder.cast(mask, to: .i64)
    let total = builder.node("ReduceSum", [counts, builder.integers([1])], ["keepdims": .integer(0)])
    // those that count come first, each kind in its order
    let others = builder.node("Sub", [builder.integer(1), counts])
    let rank = builder.node("CumSum", [builder.node("Add", [counts, others]), builder.integer(1)])
    let priority = builder.node("Sub", [builder.node("Mul", [counts, builder.integer(1 << 40)]), rank])
    let places = builder.nodes(
      "TopK", [priority, builder.extent(of: mask, axis: 1)], outputs: 2, ["axis": .integer(1)])[1]
    return Packing(
      steps: taken(x, at: places), lengths: builder.cast(total, to: .i32), counts: counts)
  }

  /// For each row the steps at the given places, int64 `[B, T]`.
  private mutating func taken(_ x: String, at places: String) -> String {
    let numbers = builder.node("Expand", [wide(places), builder.shape(of: x)])
    return builder.node("GatherElements", [x, numbers], ["axis": .integer(1)])
  }

  /// The outputs at their places again: a step that does not count repeats the one that was computed before it, or gives zeros.
  private mutating func unpacked(
    _ sequence: String, _ packed: Packing, mask: String?, isBackward: Bool
  ) -> String {
    let before = builder.node(
      "CumSum", [packed.counts, builder.integer(1)], isBackward ? ["exclusive": .integer(1)] : [:])
    let place = isBackward ? before : builder.node("Sub", [before, builder.integer(1)])
    let total = builder.node("Unsqueeze", [builder.cast(packed.lengths, to: .i64), builder.integers([1])])
    let hasOutput =
      isBackward
      ? builder.node("Less", [place, total]) : builder.node("GreaterOrEqual", [place, builder.integer(0)])
    let safe = builder.node("Where", [hasOutput, place, builder.integer(0)])
    var outputs = builder.node("Where", [wide(hasOutput), taken(sequence, at: safe), scalar(0)])
    if let mask { outputs = builder.node("Where", [wide(mask), outputs, scalar(0)]) }
    return outputs
  }
}
