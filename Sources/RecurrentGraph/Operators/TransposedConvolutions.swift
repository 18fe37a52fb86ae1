/// How the places of an array `[N, C, ...]` spread over a larger one: each becomes a window as large as the kernel, and what
/// overlaps is added.
private struct SpreadWindows {
  let kernel, strides, dilations: [Int]
  /// What is cut off before each axis.
  let before: [Int]
  /// Extents of the result.
  let output: [Int]

  init(_ context: NodeContext, spatial: [Int], kernel: [Int]) throws(GraphError) {
    let rank = spatial.count
    func list(_ name: String, _ count: Int, least: Int) throws(GraphError) -> [Int]? {
      guard let values = try context.integers(attribute: name) else { return nil }
      guard values.count == count, values.allSatisfy({ $0 >= least && $0 <= 1 << 24 }) else {
        throw context.invalid("\(name) of \(values) does not fit \(rank) spatial axes")
      }
      return values
    }
    let (zeros, ones) = ([Int](repeating: 0, count: rank), [Int](repeating: 1, count: rank))
    self.kernel = kernel
    strides = try list("strides", rank, least: 1) ?? ones
    dilations = try list("dilations", rank, least: 1) ?? ones
    let pads = try list("pads", 2 * rank, least: 0) ?? zeros + zeros
    let added = try list("output_padding", rank, least: 0) ?? zeros
    let wanted = try list("output_shape", rank, least: 1)
    let mode = try context.text("auto_pad") ?? "NOTSET"
    guard ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(mode) else {
      throw context.unsupported("auto_pad = \(mode)")
    }
    var (before, output) = ([Int](), [Int]())
    for axis in 0..<rank {
      let whole =
        strides[axis] * (spatial[axis] - 1) + added[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      if wanted == nil, mode == "NOTSET" || mode == "VALID" {
        let (head, tail) = mode == "NOTSET" ? (pads[axis], pads[axis + rank]) : (0, 0)
        before.append(head)
        output.append(whole - head - tail)
      } else {
        let extent = wanted?[axis] ?? spatial[axis] * strides[axis]
        let cut = Swift.max(0, whole - extent)
        before.append(mode == "SAME_UPPER" ? cut / 2 : cut - cut / 2)
        output.append(extent)
      }
      guard output[axis] > 0 else {
        throw context.invalid(
          "of an array of \(spatial) and a kernel of \(kernel) nothing is left in axis \(axis + 2)")
      }
    }
    (self.before, self.output) = (before, output)
    // a list of the places is made: sizes that a file names must not decide how large it is
    _ = try context.checkedCount(kernel + spatial + [4])
  }

  /// For each place in the kernel, and within it for each place in a plane of the shape `spatial`, the place in a plane of
  /// the result; -1 for what is cut off.
  func places(of spatial: [Int]) -> [Int] {
    let plane = StridesOf(output).strides
    let (inner, outer) = (StridesOf(kernel).strides, StridesOf(spatial).strides)
    var places: [Int] = []
    places.reserveCapacity(kernel.reduce(1, *) * spatial.reduce(1, *))
    for offset in 0..<kernel.reduce(1, *) {
      for position in 0..<spatial.reduce(1, *) {
        var place = 0
        for axis in spatial.indices {
          let step = position / outer[axis] % spatial[axis] * strides[axis]
          let at = step + offset / inner[axis] % kernel[axis] * dilations[axis] - before[axis]
          guard (0..<output[axis]).contains(at) else {
            place = -1
            break
          }
          place += at * plane[axis]
        }
        places.append(place)
      }
    }
    return places
  }
}

extension OperatorCatalog {
  static let transposedConvolutions: [GraphOperator] = [
    GraphOperator(
      "ConvTranspose",
      attributes: [
        "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides",
      ]
    ) { [try transposedConvolution($0)] }
  ]

  private static func transposedConvolution(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, spatial) = try planes(context)
    let weights = try context.tensor(1)
    let groups = try context.integer("group", or: 1)
    let (batch, channels) = (x.shape[0], x.shape[1])
    guard weights.rank == x.shape.count, groups >= 1, channels == weights.shape[0], channels % groups == 0
    else {
      throw context.invalid("weights of the shape \(weights.shape) in \(groups) groups do not fit \(x.shape)")
    }
    let kernel = Array(weights.shape[2...])
    guard kernel.allSatisfy({ $0 >= 1 }), try context.integers(attribute: "kernel_shape") ?? kernel == kernel
    else { throw context.invalid("weights of the shape \(weights.shape) have another kernel_shape") }
    let windows = try SpreadWindows(context, spatial: spatial, kernel: kernel)
    let own = weights.shape[1]
    let shape = [batch, try context.checkedCount([own, groups])] + windows.output
    let count = try context.checkedCount(shape)
    let bias = try context.optionalTensor(2)
    guard bias == nil || bias?.shape == [shape[1]] else {
      throw context.invalid("the bias has the shape \(bias?.shape ?? []), expected [\(shape[1])]")
    }
    let (positions, plane) = (spatial.reduce(1, *), windows.output.reduce(1, *))
    _ = try context.checkedCount(kernel + [own, positions])
    var values = [Float](repeating: 0, count: count)
    if let bias {
      let shifts = bias.scalars
      for place in values.indices { values[place] = shifts[place / plane % shape[1]] }
    }
    let width = channels / groups
    guard count > 0, width > 0 else {
      return GraphValue(rounding: Tensor(values, shape: shape), to: x.elementType)
    }
    let targets = windows.places(of: spatial)
    let planes = try context.tensor(0).reshaped(to: [batch * channels, positions])
    let kernels = weights.reshaped(to: [channels, own * kernel.reduce(1, *)])
    for sample in 0..<batch {
      for group in 0..<groups {
        let from = sample * channels + group * width
        // [own * kernel, positions]
        let products = matmul(
          kernels.sliced(axis: 0, group * width..<(group + 1) * width),
          planes.sliced(axis: 0, from..<from + width), transposeA: true
        ).scalars
        for feature in 0..<own {
          let start = (sample * shape[1] + group * own + feature) * plane
          let first = feature * targets.count
          for (index, target) in targets.enumerated() where target >= 0 {
            values[start + target] += products[first + index]
          }
        }
      }
    }
    return GraphValue(rounding: Tensor(values, shape: shape), to: x.elementType)
  }
}
