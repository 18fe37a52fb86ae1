/// Windows that move over the spatial axes of an array [N, C, ...].
private struct Windows {
  let kernel, strides, dilations: [Int]
  /// Before and behind each axis.
  let before, after: [Int]
  /// Extents of the result.
  let output: [Int]

  init(_ context: NodeContext, spatial: [Int], kernel: [Int], roundsUp: Bool = false) throws(GraphError) {
    let rank = spatial.count
    func list(_ name: String, _ count: Int, or standard: Int, least: Int) throws(GraphError) -> [Int] {
      let values = try context.integers(attribute: name) ?? [Int](repeating: standard, count: count)
      guard values.count == count, values.allSatisfy({ $0 >= least && $0 <= 1 << 24 }) else {
        throw context.invalid("\(name) of \(values) does not fit \(rank) spatial axes")
      }
      return values
    }
    guard kernel.count == rank, kernel.allSatisfy({ $0 >= 1 }) else {
      throw context.invalid("a kernel of \(kernel) does not fit \(rank) spatial axes")
    }
    self.kernel = kernel
    strides = try list("strides", rank, or: 1, least: 1)
    dilations = try list("dilations", rank, or: 1, least: 1)
    let pads = try list("pads", 2 * rank, or: 0, least: 0)
    let reach = zip(kernel, dilations).map { ($0 - 1) * $1 + 1 }
    var (before, after) = (Array(pads[..<rank]), Array(pads[rank...]))
    let mode = try context.text("auto_pad") ?? "NOTSET"
    var output: [Int] = []
    for axis in 0..<rank {
      switch mode {
      case "NOTSET", "VALID":
        if mode == "VALID" { (before[axis], after[axis]) = (0, 0) }
        let room = spatial[axis] + before[axis] + after[axis] - reach[axis]
        guard room >= 0 else {
          throw context.invalid("a kernel that reaches over \(reach) is larger than \(spatial)")
        }
        var count = (room + (roundsUp ? strides[axis] - 1 : 0)) / strides[axis] + 1
        // a window must begin within the array or the padding before it
        if roundsUp, (count - 1) * strides[axis] >= spatial[axis] + before[axis] { count -= 1 }
        output.append(count)
      case "SAME_UPPER", "SAME_LOWER":
        let count = (spatial[axis] + strides[axis] - 1) / strides[axis]
        let missing = Swift.max(0, (count - 1) * strides[axis] + reach[axis] - spatial[axis])
        before[axis] = mode == "SAME_UPPER" ? missing / 2 : missing - missing / 2
        after[axis] = missing - before[axis]
        output.append(count)
      default: throw context.unsupported("auto_pad = \(mode)")
      }
    }
    (self.before, self.after, self.output) = (before, after, output)
    // a list of the places is made: sizes that a file names must not decide how large it is
    _ = try context.checkedCount(output + kernel + [4])
  }

  /// For each position of the windows and each place in the kernel the place in a plane of the shape `spatial`; -1 in the
  /// padding, -2 beyond it.
  func places(in spatial: [Int]) -> [[Int]] {
    let plane = StridesOf(spatial).strides
    let positions = Broadcast.walk(output, strides: StridesOf(output).strides)
    let offsets = Broadcast.walk(kernel, strides: StridesOf(kernel).strides)
    return positions.map { position in
      offsets.map { offset in
        var place = 0
        for axis in spatial.indices {
          let window = position / StridesOf(output).strides[axis] % output[axis]
          let inner = offset / StridesOf(kernel).strides[axis] % kernel[axis]
          let at = window * strides[axis] + inner * dilations[axis] - before[axis]
          if at >= spatial[axis] + after[axis] { return -2 }
          if at < 0 || at >= spatial[axis] { place = -1 }
          if place >= 0 { place += at * plane[axis] }
        }
        return place
      }
    }
  }
}

extension OperatorCatalog {
  private static let windowAttributes: Set<String> = [
    "kernel_shape", "strides", "dilations", "pads", "auto_pad",
  ]

  static let convolutions: [GraphOperator] = [
    GraphOperator("Conv", attributes: windowAttributes.union(["group"])) { [try convolution($0)] },
    GraphOperator(
      "MaxPool", attributes: windowAttributes.union(["ceil_mode", "storage_order"])
    ) { try largestOfWindows($0) },
    GraphOperator(
      "AveragePool", attributes: windowAttributes.union(["ceil_mode", "count_include_pad"])
    ) { [try meanOfWindows($0)] },
    GraphOperator("GlobalAveragePool") { context in
      [try global(context) { $0.reduce(0, +) / Double($0.count) }]
    },
    GraphOperator("GlobalMaxPool") { context in [try global(context) { $0.max() ?? -.infinity }] },
  ]

  /// The first input, `[N, C, ...]`, and its spatial extents.
  static func planes(_ context: NodeContext) throws(GraphError) -> (x: GraphValue, spatial: [Int]) {
    let x = try context.input(0)
    guard x.shape.count >= 3 else {
      throw context.invalid("an array of shape \(x.shape) has no spatial axes")
    }
    guard x.elementType.isFloat || context.node.operatorType == "MaxPool" else {
      throw context.unsupported("elements of the type \(x.elementType.rawValue)")
    }
    return (x, Array(x.shape[2...]))
  }

  private static func convolution(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, spatial) = try planes(context)
    let weights = try context.tensor(1)
    let groups = try context.integer("group", or: 1)
    let (batch, channels, count) = (x.shape[0], x.shape[1], weights.shape.first ?? 0)
    guard weights.rank == x.shape.count, groups >= 1, channels == weights.shape[1] * groups,
      count % groups == 0
    else {
      throw context.invalid("weights of the shape \(weights.shape) in \(groups) groups do not fit \(x.shape)")
    }
    let windows = try Windows(
      context, spatial: spatial,
      kernel: context.integers(attribute: "kernel_shape") ?? Array(weights.shape[2...]))
    guard windows.kernel == Array(weights.shape[2...]) else {
      throw context.invalid(
        "kernel_shape \(windows.kernel) is not that of weights of the shape \(weights.shape)")
    }
    let shape = [batch, count] + windows.output
    _ = try context.checkedCount(shape)
    let bias = try context.optionalTensor(2)
    guard bias == nil || bias?.shape == [count] else {
      throw context.invalid("the bias has the shape \(bias?.shape ?? [])")
    }
    _ = try context.checkedCount(windows.output + windows.kernel + [channels / groups])
    let positions = windows.places(in: spatial)
    let (plane, own) = (spatial.reduce(1, *), channels / groups)
    let values = try context.tensor(0).scalars
    var parts: [Tensor] = []
    for sample in 0..<batch {
      for group in 0..<groups {
        // [positions, channels of the group * kernel]
        var columns: [Float] = []
        columns.reserveCapacity(positions.count * own * windows.kernel.reduce(1, *))
        for places in positions {
          for channel in 0..<own {
            let start = (sample * channels + group * own + channel) * plane
            for place in places { columns.append(place < 0 ? 0 : values[start + place]) }
          }
        }
        let width = own * windows.kernel.reduce(1, *)
        let kernels = weights.reshaped(to: [count, width])
          .sliced(axis: 0, group * count / groups..<(group + 1) * count / groups)
        parts.append(
          matmul(kernels, Tensor(columns, shape: [positions.count, width]), transposeB: true))
      }
    }
    guard !parts.isEmpty, !positions.isEmpty else {
      return GraphValue(rounding: Tensor(zeros: shape), to: x.elementType)
    }
    var result = concatenate(parts).reshaped(to: [batch, count, positions.count])
    if let bias { result = result + bias.reshaped(to: [count, 1]) }
    return GraphValue(rounding: result.reshaped(to: shape), to: x.elementType)
  }

  private static func windows(
    _ context: NodeContext, spatial: [Int]
  ) throws(GraphError) -> Windows {
    guard let kernel = try context.integers(attribute: "kernel_shape") else {
      throw context.invalid("kernel_shape is missing")
    }
    return try Windows(context, spatial: spatial, kernel: kernel, roundsUp: context.flag("ceil_mode"))
  }

  private static func largestOfWindows(_ context: NodeContext) throws(GraphError) -> [GraphValue?] {
    let (x, spatial) = try planes(context)
    let windows = try windows(context, spatial: spatial)
    let isColumnMajor = try context.flag("storage_order")
    let positions = windows.places(in: spatial)
    let (count, plane) = (x.shape[0] * x.shape[1], spatial.reduce(1, *))
    let shape = Array(x.shape[..<2]) + windows.output
    _ = try context.checkedCount(shape)
    let values = x.doubles
    var (places, numbers) = ([Int](), [Int64]())
    for channel in 0..<count {
      for window in positions {
        var best = -1
        for place in window
        where place >= 0 && (best < 0 || values[channel * plane + place] > values[channel * plane + best]) {
          best = place
        }
        guard best >= 0 else { throw context.invalid("a window lies in the padding alone") }
        places.append(channel * plane + best)
        var number = best
        if isColumnMajor {
          let strides = StridesOf(spatial).strides
          number = 0
          for axis in spatial.indices.reversed() {
            number = number * spatial[axis] + best / strides[axis] % spatial[axis]
          }
        }
        numbers.append(Int64(channel * plane + number))
      }
    }
    return [x.picking(places, shape: shape), GraphValue(integers: numbers, shape: shape)]
  }

  private static func meanOfWindows(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, spatial) = try planes(context)
    let windows = try windows(context, spatial: spatial)
    let countsPadding = try context.flag("count_include_pad")
    let positions = windows.places(in: spatial)
    let (count, plane) = (x.shape[0] * x.shape[1], spatial.reduce(1, *))
    let shape = Array(x.shape[..<2]) + windows.output
    _ = try context.checkedCount(shape)
    let values = x.doubles
    var means: [Double] = []
    for channel in 0..<count {
      for window in positions {
        var (sum, number) = (0.0, 0)
        for place in window {
          if place >= 0 { sum += values[channel * plane + place] }
          if place >= 0 || (countsPadding && place == -1) { number += 1 }
        }
        means.append(sum / Double(Swift.max(number, 1)))
      }
    }
    return GraphValue(doubles: means, shape: shape, elementType: x.elementType)
  }

  private static func global(
    _ context: NodeContext, _ reduce: ([Double]) -> Double
  ) throws(GraphError) -> GraphValue {
    let (x, spatial) = try planes(context)
    let plane = spatial.reduce(1, *)
    guard plane > 0 else { throw context.invalid("an array of shape \(x.shape) has nothing to pool") }
    let values = x.doubles
    let results = (0..<x.shape[0] * x.shape[1]).map { reduce(Array(values[$0 * plane..<($0 + 1) * plane])) }
    return GraphValue(
      doubles: results, shape: Array(x.shape[..<2]) + spatial.map { _ in 1 }, elementType: x.elementType)
  }
}
