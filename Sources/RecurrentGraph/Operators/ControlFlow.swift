extension OperatorCatalog {
  static let controlFlow: [GraphOperator] = [
    GraphOperator("If", attributes: ["then_branch", "else_branch"]) { context in
      guard let condition = try context.input(0).integers.first else {
        throw context.invalid("the condition is empty")
      }
      return try context.run(condition != 0 ? "then_branch" : "else_branch", [])
    },
    GraphOperator("Loop", attributes: ["body"]) { try loop($0) },
    GraphOperator(
      "Scan", versions: 9...28,
      attributes: [
        "body", "num_scan_inputs", "scan_input_axes", "scan_input_directions", "scan_output_axes",
        "scan_output_directions",
      ]
    ) { try scan($0) },
    GraphOperator(
      "Scan", versions: 8...8, attributes: ["body", "num_scan_inputs", "directions"],
      limits: "lengths before version 9"
    ) { try batchScan($0) },
  ]

  private static func loop(_ context: NodeContext) throws -> [GraphValue?] {
    let limit = context.optional(0)?.integers.first.map { Int($0) } ?? .max
    var goesOn = context.optional(1)?.integers.first.map { $0 != 0 } ?? true
    var carried: [GraphValue] = []
    for index in 2..<Swift.max(context.inputs.count, 2) { carried.append(try context.input(index)) }
    let body = try context.graph("body")
    let collectedCount = body.outputs.count - 1 - carried.count
    guard body.inputs.count == carried.count + 2, collectedCount >= 0 else {
      throw context.invalid(
        "a body of \(body.inputs.count) inputs and \(body.outputs.count) outputs does not carry \(carried.count) values"
      )
    }
    var collected = [[GraphValue]](repeating: [], count: collectedCount)
    var (round, held) = (0, 0)
    defer { context.budget.release(held) }
    while round < limit, goesOn {
      try context.budget.spend(0, at: context.place)
      let number = GraphValue(integers: [Int64(round)], shape: [])
      let condition = GraphValue(integers: [1], shape: [], elementType: .bool)
      let results = try context.run("body", [number, condition] + carried)
      goesOn = results[0].integers.first != 0
      carried = Array(results[1..<1 + carried.count])
      held += try context.budget.hold(results[(1 + carried.count)...], at: context.place)
      for (index, value) in results[(1 + carried.count)...].enumerated() { collected[index].append(value) }
      round += 1
    }
    return try carried
      + collected.enumerated().map { index, values in
        try stacked(values, like: body.outputs[1 + carried.count + index], axis: 0, context)
      }
  }

  /// The scan of version 8: states and sequences have a batch in front, and each row goes its own way.
  private static func batchScan(_ context: NodeContext) throws -> [GraphValue?] {
    guard context.optional(0) == nil else { throw context.unsupported("sequence_lens") }
    let values = try (1..<Swift.max(context.inputs.count, 1)).map { try context.input($0) }
    guard let batch = values.first?.shape.first, values.allSatisfy({ $0.shape.first == batch }) else {
      throw context.invalid("states and sequences have different batches, or none")
    }
    var node = context.node
    if let directions = node.attributes.removeValue(forKey: "directions") {
      node.attributes["scan_input_directions"] = directions
    }
    let rows = try (0..<batch).map { row in
      let own = values.map { value in
        value.sliced(axis: 0, row..<row + 1).reshaped(to: Array(value.shape.dropFirst()))
      }
      return try scan(
        NodeContext(
          place: context.place, node: node, opset: 9, inputs: own, isConstant: [], wanted: context.wanted,
          cache: context.cache, budget: context.budget, run: context.run))
    }
    let body = try context.graph("body")
    return try body.outputs.indices.map { index in
      try stacked(rows.compactMap { $0[index] }, like: body.outputs[index], axis: 0, context)
    }
  }

  private static func scan(_ context: NodeContext) throws -> [GraphValue?] {
    guard let scanCount = try context.integer("num_scan_inputs"), scanCount >= 1,
      scanCount <= context.inputs.count
    else {
      throw context.invalid("num_scan_inputs does not fit \(context.inputs.count) inputs")
    }
    let stateCount = context.inputs.count - scanCount
    var states: [GraphValue] = []
    for index in 0..<stateCount { states.append(try context.input(index)) }
    let axes = try context.integers(attribute: "scan_input_axes") ?? [Int](repeating: 0, count: scanCount)
    let directions =
      try context.integers(attribute: "scan_input_directions") ?? [Int](repeating: 0, count: scanCount)
    let body = try context.graph("body")
    let outputCount = body.outputs.count - stateCount
    let outputAxes =
      try context.integers(attribute: "scan_output_axes") ?? [Int](repeating: 0, count: outputCount)
    let outputDirections =
      try context.integers(attribute: "scan_output_directions") ?? [Int](repeating: 0, count: outputCount)
    guard axes.count == scanCount, directions.count == scanCount, outputCount >= 0,
      outputAxes.count == outputCount,
      outputDirections.count == outputCount, body.inputs.count == context.inputs.count
    else { throw context.invalid("the axes or directions do not fit the inputs and outputs of the body") }
    var length: Int?
    var sequences: [(value: GraphValue, axis: Int, isReverse: Bool)] = []
    for index in 0..<scanCount {
      let value = try context.input(stateCount + index)
      let axis = try context.axis(axes[index], rank: value.shape.count)
      guard axis < value.shape.count, length == nil || length == value.shape[axis] else {
        throw context.invalid("the sequences are of different lengths")
      }
      length = value.shape[axis]
      sequences.append((value, axis, directions[index] == 1))
    }
    var collected = [[GraphValue]](repeating: [], count: outputCount)
    var held = 0
    defer { context.budget.release(held) }
    for step in 0..<(length ?? 0) {
      try context.budget.spend(0, at: context.place)
      let parts = sequences.map { sequence in
        let place = sequence.isReverse ? (length ?? 0) - 1 - step : step
        var shape = sequence.value.shape
        shape.remove(at: sequence.axis)
        return sequence.value.sliced(axis: sequence.axis, place..<place + 1).reshaped(to: shape)
      }
      let results = try context.run("body", states + parts)
      states = Array(results[..<stateCount])
      held += try context.budget.hold(results[stateCount...], at: context.place)
      for (index, value) in results[stateCount...].enumerated() { collected[index].append(value) }
    }
    return try states
      + collected.enumerated().map { index, values in
        try stacked(
          outputDirections[index] == 1 ? values.reversed() : values, like: body.outputs[stateCount + index],
          axis: outputAxes[index], context)
      }
  }

  /// Values of one shape behind each other along a new axis.
  private static func stacked(
    _ values: [GraphValue], like info: ONNXValueInfo, axis: Int, _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    guard let first = values.first else {
      let inner = (info.shape ?? []).map { extent -> Int in
        if case .fixed(let value) = extent { Int(value) } else { 0 }
      }
      let type = info.elementType ?? .f32
      return type.isFloat
        ? GraphValue(doubles: [], shape: [0] + inner, elementType: type)
        : GraphValue(integers: [], shape: [0] + inner, elementType: type)
    }
    guard values.allSatisfy({ $0.shape == first.shape && $0.elementType == first.elementType }) else {
      throw context.invalid("a value that is collected changes its shape")
    }
    let shape = [values.count] + first.shape
    _ = try context.checkedCount(shape)
    let all: GraphValue
    if case .floats = first.storage {
      let rows = values.map { $0.tensor.reshaped(to: [1, first.count]) }
      all = GraphValue(first.elementType, shape, .floats(concatenate(rows).reshaped(to: shape)))
    } else if first.elementType == .f64 {
      all = GraphValue(doubles: values.flatMap(\.doubles), shape: shape, elementType: .f64)
    } else {
      all = GraphValue(integers: values.flatMap(\.integers), shape: shape, elementType: first.elementType)
    }
    let place = try context.axis(axis, rank: shape.count)
    if place == 0 { return all }
    var order = Array(1..<shape.count)
    order.insert(0, at: place)
    return all.permuted(order)
  }
}
