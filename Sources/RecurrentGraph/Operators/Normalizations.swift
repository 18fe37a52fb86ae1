extension OperatorCatalog {
  static let normalizations: [GraphOperator] = [
    GraphOperator(
      "LayerNormalization", versions: 17...28, attributes: ["axis", "epsilon", "stash_type"]
    ) { context in
      let x = try context.input(0)
      let axis = try context.axis(context.integer("axis", or: -1), rank: x.shape.count)
      let epsilon = Double(try context.float("epsilon", or: 1e-5))
      let (rows, columns) = (x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *))
      let inner = Array(x.shape[axis...])
      let scale = try repeated(context.input(1), to: inner, context)
      let shift = try context.optional(2).map { (bias) throws(GraphError) in
        try repeated(bias, to: inner, context)
      }
      var values = x.doubles
      var (means, deviations) = ([Double](), [Double]())
      for row in 0..<rows {
        let part = values[row * columns..<(row + 1) * columns]
        let mean = part.reduce(0, +) / Double(columns)
        let variance = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
        let inverse = 1 / (variance + epsilon).squareRoot()
        means.append(mean)
        deviations.append(inverse)
        for column in 0..<columns {
          let place = row * columns + column
          values[place] = (values[place] - mean) * inverse * scale[column] + (shift?[column] ?? 0)
        }
      }
      let small = x.shape[..<axis] + [Int](repeating: 1, count: x.shape.count - axis)
      return [
        GraphValue(doubles: values, shape: x.shape, elementType: x.elementType),
        GraphValue(doubles: means, shape: Array(small), elementType: .f32),
        GraphValue(doubles: deviations, shape: Array(small), elementType: .f32),
      ]
    },
    GraphOperator(
      "BatchNormalization", attributes: ["epsilon", "momentum", "spatial", "training_mode"],
      limits: "spatial = 0"
    ) { context in
      let x = try context.input(0)
      guard try context.flag("spatial", or: true) else { throw context.unsupported("spatial = 0") }
      guard x.shape.count >= 2 else { throw context.invalid("an array of shape \(x.shape) has no channels") }
      let channels = x.shape[1]
      var parameters: [[Double]] = []
      for index in 1...4 {
        let values = try context.input(index).doubles
        guard values.count == channels else {
          throw context.invalid("input \(index) has \(values.count) numbers for \(channels) channels")
        }
        parameters.append(values)
      }
      let epsilon = Double(try context.float("epsilon", or: 1e-5))
      let inner = x.shape[2...].reduce(1, *)
      var values = x.doubles
      var running: [[Double]] = []
      if try context.flag("training_mode") {
        // the statistics are those of the batch; the given ones go some way towards them
        let own = statistics(values, channels: channels, inner: inner)
        let momentum = Double(try context.float("momentum", or: 0.9))
        running = zip(parameters[2...], own).map { given, batch in
          zip(given, batch).map { $0 * momentum + $1 * (1 - momentum) }
        }
        parameters[2...] = own[...]
      }
      for place in values.indices {
        let channel = place / Swift.max(inner, 1) % channels
        let scale = parameters[0][channel] / (parameters[3][channel] + epsilon).squareRoot()
        values[place] = (values[place] - parameters[2][channel]) * scale + parameters[1][channel]
      }
      return [GraphValue(doubles: values, shape: x.shape, elementType: x.elementType)]
        + running.map { GraphValue(doubles: $0, shape: [channels], elementType: x.elementType) }
    },
    GraphOperator("InstanceNormalization", attributes: ["epsilon"]) { context in
      let x = try context.input(0)
      guard x.shape.count >= 3 else {
        throw context.invalid("an array of shape \(x.shape) has no spatial axes")
      }
      return [try normalizedGroups(context, groups: x.shape[1])]
    },
    GraphOperator(
      "GroupNormalization", versions: 18...28, attributes: ["epsilon", "num_groups", "stash_type"]
    ) { context in
      guard let groups = try context.integer("num_groups") else {
        throw context.invalid("num_groups is missing")
      }
      return [try normalizedGroups(context, groups: groups)]
    },
  ]

  /// Groups of the channels of `[B, C, ...]` brought to mean 0 and variance 1, each by itself, then scaled and shifted by one
  /// number a channel, or one a group in the set 18.
  private static func normalizedGroups(_ context: NodeContext, groups: Int) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    guard x.elementType.isFloat else {
      throw context.unsupported("elements of the type \(x.elementType.rawValue)")
    }
    guard x.shape.count >= 2 else { throw context.invalid("an array of shape \(x.shape) has no channels") }
    let channels = x.shape[1]
    guard groups >= 1 && channels % groups == 0 || channels == 0 else {
      throw context.invalid("\(channels) channels do not make \(groups) groups")
    }
    let isByGroup = context.node.operatorType == "GroupNormalization" && context.opset < 21
    let parameters = isByGroup ? groups : channels
    let (scale, shift) = (try context.input(1), try context.input(2))
    for (index, value) in [(1, scale), (2, shift)] where value.shape != [parameters] {
      throw context.invalid("input \(index) has the shape \(value.shape), expected [\(parameters)]")
    }
    let epsilon = Double(try context.float("epsilon", or: 1e-5))
    let inner = x.shape[2...].reduce(1, *)
    let size = channels / Swift.max(groups, 1) * inner
    var values = x.doubles
    let (scales, shifts) = (scale.doubles, shift.doubles)
    for start in stride(from: 0, to: values.count, by: Swift.max(size, 1)) {
      let part = values[start..<start + size]
      let mean = part.reduce(0, +) / Double(size)
      let variance = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      let inverse = 1 / (variance + epsilon).squareRoot()
      for place in start..<start + size {
        let number = isByGroup ? place / size % groups : place / inner % channels
        values[place] = (values[place] - mean) * inverse * scales[number] + shifts[number]
      }
    }
    return GraphValue(doubles: values, shape: x.shape, elementType: x.elementType)
  }

  /// The mean and the variance of each channel of `[B, C, ...]`.
  private static func statistics(_ values: [Double], channels: Int, inner: Int) -> [[Double]] {
    let count = Double(Swift.max(values.count / Swift.max(channels, 1), 1))
    func means(_ term: (Int, Double) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: channels)
      for (place, value) in values.enumerated() {
        let channel = place / Swift.max(inner, 1) % channels
        sums[channel] += term(channel, value)
      }
      return sums.map { $0 / count }
    }
    let mean = means { $1 }
    return [mean, means { ($1 - mean[$0]) * ($1 - mean[$0]) }]
  }

  private static func repeated(
    _ value: GraphValue, to shape: [Int], _ context: NodeContext
  ) throws(GraphError) -> [Double] {
    guard Broadcast.shape([value.shape, shape]) == shape else {
      throw context.invalid("numbers of the shape \(value.shape) do not fit rows of the shape \(shape)")
    }
    return value.broadcast(to: shape).doubles
  }
}
