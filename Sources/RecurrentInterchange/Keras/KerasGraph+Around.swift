import RecurrentFormats

extension KerasGraph {
  /// What a layer gives that looks at whole sequences, or makes them; nil for any other.
  mutating func around(_ layer: KerasLayer, _ x: Value) throws -> Value? {
    switch layer.className {
    case "Embedding": return try embedding(layer, x)
    case "Masking": return try masking(layer, x)
    case "Flatten":
      let extents = x.shape.compactMap { $0 }
      let isKnown = extents.count == x.shape.count
      return Value(
        name: builder.node("Reshape", [x.name, builder.integers([0, -1])]),
        shape: [isKnown ? extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } : nil])
    case "Reshape":
      let shape = try layer.integers("target_shape")
      // what is left to be found is known where all extents of the input are
      let (own, other) = (x.shape.compactMap { $0 }, shape.filter { $0 > 0 })
      var open: Int?
      if own.count == x.shape.count, other.count == shape.count - 1 {
        func product(_ extents: [Int]) -> Int {
          extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        }
        let (all, rest) = (product(own), product(other))
        open = rest > 0 && all > 0 && all % rest == 0 ? all / rest : nil
      }
      return Value(
        name: builder.node("Reshape", [x.name, builder.integers([0] + shape.map { Int64($0) })]),
        shape: shape.map { $0 < 0 ? open : $0 })
    case "NotEqual": return try different(layer, x)
    case "Any":
      guard x.elementType == .bool, x.shape.count == 2, try !layer.flag("keepdims") else {
        throw layer.issue("it takes no truth values of steps")
      }
      try checkAxis(layer, x, or: -1)
      return Value(name: holdsAny(x.name), shape: [x.shape[0]], elementType: .bool)
    case "Permute":
      let order = try layer.integers("dims")
      guard order.sorted() == Array(1..<x.shape.count + 1) else {
        throw layer.issue("dims of \(order) are no order of \(x.shape.count) axes")
      }
      let all: [Int64] = [0] + order.map { Int64($0) }
      return Value(
        name: builder.node("Transpose", [x.name], ["perm": .integers(all)]),
        shape: order.map { x.shape[$0 - 1] })
    case "RepeatVector":
      let count = try layer.extent("n")
      guard x.shape.count == 1 else {
        throw layer.issue("its input has \(x.shape.count + 1) axes, expected 2")
      }
      let single = builder.node("Unsqueeze", [x.name, builder.integers([1])])
      return Value(
        name: builder.node("Tile", [single, builder.integers([1, Int64(count), 1])]), shape: [count] + x.shape
      )
    case "GlobalAveragePooling1D", "GlobalMaxPooling1D": return try pooledOverAll(layer, x)
    case "MaxPooling1D", "AveragePooling1D": return try pooled(layer, x)
    case "Conv1D": return try convolution(layer, x)
    default: return nil
    }
  }

  private mutating func embedding(_ layer: KerasLayer, _ x: Value) throws -> Value {
    let (count, width) = (try layer.extent("input_dim"), try layer.extent("output_dim"))
    guard !layer.has("lora_rank"), !layer.has("quantization_config") else {
      throw layer.issue("its weights are quantised, or have parts of low rank beside them; save it without")
    }
    let table = try weights.tensor(
      KerasWeights.Part(number: 0, name: "embeddings"), of: layer, shape: [count, width])
    let indices = x.elementType == .i64 ? x.name : builder.cast(x.name, to: .i64)
    var mask: String?
    if try layer.flag("mask_zero") {
      mask = builder.node("Not", [builder.node("Equal", [indices, builder.integer(0)])])
    }
    let rows = builder.node("Gather", [constant(table, "table"), indices], ["axis": .integer(0)])
    return Value(name: rows, shape: x.shape + [width], mask: mask)
  }

  /// Steps all of whose values are `mask_value` do not count, and are zeros.
  private mutating func masking(_ layer: KerasLayer, _ x: Value) throws -> Value {
    guard x.shape.count == 2 else {
      throw layer.issue("its input has \(x.shape.count + 1) axes, expected [batch, time, values]")
    }
    let other = builder.node(
      "Not", [builder.node("Equal", [x.name, scalar(try layer.number("mask_value", or: 0))])])
    let mask = holdsAny(other)
    var result = x
    result.name = builder.node("Where", [wide(mask), x.name, scalar(0)])
    result.mask = mask
    return result
  }

  /// Whether any of the truth values of a step holds.
  private mutating func holdsAny(_ values: String) -> String {
    let most = builder.node(
      "ReduceMax", [builder.cast(values, to: .i32)], ["axes": .integers([-1]), "keepdims": .integer(0)])
    return builder.cast(most, to: .bool)
  }

  /// The operation that models name by which Keras 3 masks steps.
  private mutating func different(_ layer: KerasLayer, _ x: Value) throws(InterchangeError) -> Value {
    guard let operand = layer.operand, layer.inputs.count == 1 else {
      throw layer.issue("it does not compare values with a number")
    }
    let isFloat = x.elementType == .f32
    guard isFloat || Swift.abs(operand) <= 0x1p24 && operand == operand.rounded() else {
      throw layer.issue("it compares whole numbers with \(operand)")
    }
    let values = isFloat || x.elementType == .i64 ? x.name : builder.cast(x.name, to: .i64)
    let number = isFloat ? scalar(operand) : builder.integer(Int64(operand))
    return Value(
      name: builder.node("Not", [builder.node("Equal", [values, number])]), shape: x.shape, elementType: .bool
    )
  }

  private func checkSequence(_ layer: KerasLayer, _ x: Value) throws(InterchangeError) {
    guard x.shape.count == 2, try layer.text("data_format", or: "channels_last") == "channels_last" else {
      throw layer.issue(
        "it takes an input of \(x.shape.count + 1) axes, expected [batch, time, values], channels_last")
    }
  }

  private mutating func pooledOverAll(_ layer: KerasLayer, _ x: Value) throws -> Value {
    try checkSequence(layer, x)
    let keeps = try layer.flag("keepdims")
    let attributes: [String: ONNXAttribute] = ["axes": .integers([1]), "keepdims": .integer(keeps ? 1 : 0)]
    let shape = keeps ? [1, x.shape[1]] : [x.shape[1]]
    if layer.className == "GlobalMaxPooling1D" {
      return Value(name: builder.node("ReduceMax", [x.name], attributes), shape: shape)
    }
    guard let mask = x.mask else {
      return Value(name: builder.node("ReduceMean", [x.name], attributes), shape: shape)
    }
    let counts = builder.cast(wide(mask), to: .f32)
    func sum(_ value: String) -> String {
      builder.node("ReduceSum", [value, builder.integers([1])], ["keepdims": .integer(keeps ? 1 : 0)])
    }
    return Value(
      name: builder.node("Div", [sum(builder.node("Mul", [x.name, counts])), sum(counts)]), shape: shape)
  }

  /// Windows over `[B, F, T]`, the result again as `[B, T, F]`.
  private mutating func windows(
    _ layer: KerasLayer, _ x: Value, _ type: String, _ inputs: [String], width: Int, reach: Int, stride: Int,
    _ attributes: [String: ONNXAttribute], features: Int?
  ) throws -> Value {
    var attributes = attributes
    attributes["kernel_shape"] = .integers([Int64(width)])
    attributes["strides"] = .integers([Int64(stride)])
    let padding = try layer.text("padding", or: "valid")
    switch padding {
    case "valid": break
    case "same": attributes["auto_pad"] = .text(Array("SAME_UPPER".utf8))
    case "causal" where type == "Conv": attributes["pads"] = .integers([Int64(reach - 1), 0])
    default: throw layer.issue("padding is \(padding), expected valid or same")
    }
    let turned = builder.node("Transpose", [x.name], ["perm": .integers([0, 2, 1])])
    let result = builder.node(type, [turned] + inputs, attributes)
    let steps = x.shape[0].map { steps in
      padding == "valid" ? Swift.max(steps - reach, -stride) / stride + 1 : (steps + stride - 1) / stride
    }
    return Value(
      name: builder.node("Transpose", [result], ["perm": .integers([0, 2, 1])]), shape: [steps, features])
  }

  private mutating func pooled(_ layer: KerasLayer, _ x: Value) throws -> Value {
    try checkSequence(layer, x)
    let width = try layer.single("pool_size", or: 2)
    let stride = layer.has("strides") ? try layer.single("strides") : width
    let type = layer.className == "MaxPooling1D" ? "MaxPool" : "AveragePool"
    return try windows(
      layer, x, type, [], width: width, reach: width, stride: stride, [:], features: x.shape[1])
  }

  private mutating func convolution(_ layer: KerasLayer, _ x: Value) throws -> Value {
    try checkSequence(layer, x)
    let (width, stride) = (try layer.single("kernel_size"), try layer.single("strides", or: 1))
    let (dilation, groups) = (try layer.single("dilation_rate", or: 1), try layer.extent("groups", or: 1))
    let (channels, features) = (try self.width(x, of: layer), try layer.extent("filters"))
    guard channels % groups == 0 else {
      throw layer.issue("\(channels) channels do not make \(groups) groups")
    }
    let kernel = try weights.tensor(
      KerasWeights.Part(number: 0, name: "kernel"), of: layer, shape: [width, channels / groups, features])
    var inputs = [constant(kernel.permuted([2, 1, 0]), "kernel")]
    if try layer.flag("use_bias", or: true) {
      let bias = try weights.tensor(KerasWeights.Part(number: 1, name: "bias"), of: layer, shape: [features])
      inputs.append(constant(bias, "bias"))
    }
    var result = try windows(
      layer, x, "Conv", inputs, width: width, reach: (width - 1) * dilation + 1, stride: stride,
      ["dilations": .integers([Int64(dilation)]), "group": .integer(Int64(groups))], features: features)
    result.name = try activated(result.name, layer.activation("activation", or: "linear"), of: layer)
    return result
  }

  // MARK: Several values

  /// What a layer gives that puts several values together; nil for any other.
  mutating func merged(_ layer: KerasLayer, _ inputs: [Value]) throws(InterchangeError) -> Value? {
    let operators = [
      "Add": "Add", "Subtract": "Sub", "Multiply": "Mul", "Average": "Mean", "Maximum": "Max",
      "Minimum": "Min",
      "Concatenate": "Concat",
    ]
    guard let type = operators[layer.className] else { return nil }
    guard inputs.count >= 2, inputs.allSatisfy({ $0.mask == nil && $0.shape.count == inputs[0].shape.count })
    else {
      throw layer.issue("it takes values that are masked, of different numbers of axes, or only one")
    }
    var result = inputs[0]
    if type == "Concat" {
      try checkAxis(layer, inputs[0], or: -1)
      let widths = inputs.map { $0.shape.last ?? nil }
      let known = widths.compactMap { $0 }
      result.shape[result.shape.count - 1] = known.count == widths.count ? known.reduce(0, +) : nil
      result.name = builder.node(type, inputs.map(\.name), ["axis": .integer(-1)])
    } else if type == "Sub" {
      result.name = builder.node(type, inputs.prefix(2).map(\.name))
    } else {
      result.name = builder.node(type, inputs.map(\.name))
      if type == "Add" || type == "Mul", inputs.count > 2 {
        result.name = inputs.dropFirst().reduce(inputs[0].name) { builder.node(type, [$0, $1.name]) }
      }
    }
    return result
  }
}
