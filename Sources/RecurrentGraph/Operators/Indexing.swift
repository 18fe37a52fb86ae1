extension OperatorCatalog {
  static let indexing: [GraphOperator] = [
    GraphOperator("Gather", attributes: ["axis"]) { context in
      let (x, indices) = (try context.input(0), try context.integers(1))
      let axis = try context.axis(context.integer("axis", or: 0), rank: x.shape.count)
      guard axis < x.shape.count else { throw context.invalid("a single number has nothing to gather") }
      let chosen = try checked(indices, below: x.shape[axis], context)
      let shape = Array(x.shape[..<axis] + (try context.input(1).shape) + x.shape[(axis + 1)...])
      _ = try context.checkedCount(shape)
      if axis == 0, case .floats(let table) = x.storage, x.count > 0 {
        let rows = table.reshaped(to: [x.shape[0], x.count / x.shape[0]])
        let picked = gather(rows, rows: Indices(chosen.map { Int32($0) }))
        return [GraphValue(x.elementType, shape, .floats(picked.reshaped(to: shape)))]
      }
      return [x.picking(rows(of: x.shape, axis: axis, chosen), shape: shape)]
    },
    GraphOperator("GatherElements", versions: 11...28, attributes: ["axis"]) { context in
      let (x, indices) = (try context.input(0), try context.input(1))
      let axis = try context.axis(context.integer("axis", or: 0), rank: x.shape.count)
      guard indices.shape.count == x.shape.count, axis < x.shape.count,
        x.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
      else { throw context.invalid("indices of the shape \(indices.shape) do not fit the shape \(x.shape)") }
      var strides = StridesOf(x.shape).strides
      let own = strides[axis]
      strides[axis] = 0
      let chosen = try checked(context.integers(1), below: x.shape[axis], context)
      let places = zip(Broadcast.walk(indices.shape, strides: strides), chosen).map { $0 + $1 * own }
      return [x.picking(places, shape: indices.shape)]
    },
    GraphOperator("OneHot", versions: 9...28, attributes: ["axis"]) { context in
      let (indices, depth, values) = (try context.input(0), try context.input(1), try context.input(2))
      guard depth.count == 1, values.shape == [2] else {
        throw context.invalid(
          "a depth of the shape \(depth.shape) and values of the shape \(values.shape), expected one number and two"
        )
      }
      let classes = Int(Swift.min(Swift.max(depth.integers[0], -1), 1 << 31))
      let rank = indices.shape.count + 1
      let axis = try context.axis(context.integer("axis", or: -1), rank: rank)
      var shape = indices.shape
      shape.insert(classes, at: axis)
      var places = [Int](repeating: 0, count: try context.checkedCount(shape))
      let inner = indices.shape[axis...].reduce(1, *)
      for (place, index) in indices.integers.enumerated() {
        let number = index < 0 ? index &+ Int64(classes) : index
        guard (0..<Int64(classes)).contains(number) else { continue }
        places[(place / inner * classes + Int(number)) * inner + place % inner] = 1
      }
      return [values.picking(places, shape: shape)]
    },
    GraphOperator("Slice", versions: 7...9, attributes: ["starts", "ends", "axes"]) { context in
      [
        try slice(
          context, starts: context.integers(attribute: "starts") ?? [],
          ends: context.integers(attribute: "ends") ?? [],
          axes: context.integers(attribute: "axes"), steps: nil)
      ]
    },
    GraphOperator("Slice", versions: 10...28) { context in
      [
        try slice(
          context, starts: context.integers(1), ends: context.integers(2), axes: context.optionalIntegers(3),
          steps: context.optionalIntegers(4))
      ]
    },
    GraphOperator("Pad", versions: 7...10, attributes: ["mode", "pads", "value"]) { context in
      let value = GraphValue(Tensor(try context.float("value", or: 0)))
      return [try pad(context, pads: context.integers(attribute: "pads") ?? [], value: value, axes: nil)]
    },
    GraphOperator("Pad", versions: 11...28, attributes: ["mode"]) { context in
      [
        try pad(
          context, pads: context.integers(1), value: context.optional(2), axes: context.optionalIntegers(3))
      ]
    },
    GraphOperator(
      "ReverseSequence", versions: 10...28, attributes: ["batch_axis", "time_axis"]
    ) { context in
      let (x, lengths) = (try context.input(0), try context.integers(1))
      let time = try context.axis(context.integer("time_axis", or: 0), rank: x.shape.count)
      let batch = try context.axis(context.integer("batch_axis", or: 1), rank: x.shape.count)
      guard x.shape.count >= 2, time != batch, lengths.count == x.shape[batch],
        lengths.allSatisfy({ (0...x.shape[time]).contains($0) })
      else { throw context.invalid("lengths \(lengths.prefix(8)) do not fit the shape \(x.shape)") }
      let strides = StridesOf(x.shape).strides
      let places = Broadcast.walk(x.shape, strides: strides).map { place -> Int in
        let step = place / strides[time] % x.shape[time]
        let length = lengths[place / strides[batch] % x.shape[batch]]
        return step < length ? place + (length - 1 - 2 * step) * strides[time] : place
      }
      return [x.picking(places, shape: x.shape)]
    },
  ]

  /// Numbers counted from the end made into numbers from the beginning.
  static func checked(_ indices: [Int], below count: Int, _ context: NodeContext) throws(GraphError) -> [Int]
  {
    var result: [Int] = []
    result.reserveCapacity(indices.count)
    for index in indices {
      let place = index < 0 ? index + count : index
      guard (0..<count).contains(place) else {
        throw context.invalid("the index \(index) is outside of an axis of \(count)")
      }
      result.append(place)
    }
    return result
  }

  /// The places of the elements with the given numbers along an axis.
  private static func rows(of shape: [Int], axis: Int, _ numbers: [Int]) -> [Int] {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    return grid([
      (0..<outer).map { $0 * shape[axis] * inner }, numbers.map { $0 * inner }, Array(0..<inner),
    ])
  }

  private static func slice(
    _ context: NodeContext, starts: [Int], ends: [Int], axes: [Int]?, steps: [Int]?
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let named = try context.axes(axes ?? Array(0..<starts.count), rank: x.shape.count)
    let strides = steps ?? [Int](repeating: 1, count: starts.count)
    guard starts.count == ends.count, starts.count == named.count, starts.count == strides.count else {
      throw context.invalid("starts, ends, axes and steps are of different lengths")
    }
    var lists = x.shape.map { Array(0..<$0) }
    for (index, axis) in named.enumerated() {
      let (extent, step) = (x.shape[axis], strides[index])
      guard step != 0 else { throw context.invalid("a step is 0") }
      func bound(_ value: Int, _ range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(value < 0 ? value + extent : value, range.lowerBound), range.upperBound)
      }
      let limits = step > 0 ? 0...extent : -1...Swift.max(extent - 1, -1)
      // an end far below zero stands for the beginning, included
      let start = bound(starts[index], step > 0 ? 0...extent : 0...Swift.max(extent - 1, 0))
      let end = ends[index] < -extent && step < 0 ? -1 : bound(ends[index], limits)
      lists[axis] = extent == 0 ? [] : Array(Swift.stride(from: start, to: end, by: step))
    }
    let shape = lists.map(\.count)
    let places = StridesOf(x.shape).strides
    return x.picking(grid(zip(lists, places).map { list, stride in list.map { $0 * stride } }), shape: shape)
  }

  private static func pad(
    _ context: NodeContext, pads: [Int], value: GraphValue?, axes: [Int]?
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let named = try context.axes(axes ?? Array(x.shape.indices), rank: x.shape.count)
    let mode = try context.text("mode") ?? "constant"
    guard pads.count == 2 * named.count else {
      throw context.invalid("\(pads.count) pads do not fit \(named.count) axes")
    }
    // for each axis the places to read; -1 stands for the constant
    var lists = x.shape.map { Array(0..<$0) }
    for (index, axis) in named.enumerated() {
      let (before, after, extent) = (pads[index], pads[index + named.count], x.shape[axis])
      guard before + after + extent >= 0 else {
        throw context.invalid("pads of \(before) and \(after) leave less than nothing")
      }
      _ = try context.checkedCount([before + after + extent])
      lists[axis] = try (0..<before + after + extent).map { (place) throws(GraphError) -> Int in
        let from = place - before
        if (0..<extent).contains(from) { return from }
        guard mode == "constant" || extent > 0 else {
          throw context.invalid("an axis of no extent has no edge")
        }
        switch mode {
        case "constant": return -1
        case "edge": return Swift.min(Swift.max(from, 0), extent - 1)
        case "wrap": return (from % extent + extent) % extent
        case "reflect":
          let period = Swift.max(2 * (extent - 1), 1)
          let phase = (from % period + period) % period
          return Swift.min(phase, period - phase) % extent
        default: throw context.unsupported("mode = \(mode)")
        }
      }
    }
    let shape = lists.map(\.count)
    _ = try context.checkedCount(shape)
    // one element more holds the constant
    let extended = x.appending(value?.cast(to: x.elementType))
    let far = -(x.count + 1) * 2
    let strides = StridesOf(x.shape).strides
    let places = grid(zip(lists, strides).map { list, stride in list.map { $0 < 0 ? far : $0 * stride } })
    return extended.picking(places.map { $0 < 0 ? x.count : $0 }, shape: shape)
  }
}

extension GraphValue {
  /// The elements in a row, and behind them `value`, or zero.
  fileprivate func appending(_ value: GraphValue?) -> GraphValue {
    switch storage {
    case .floats(let tensor):
      let all = tensor.scalars + [value?.tensor.scalars.first ?? 0]
      return GraphValue(elementType, [all.count], .floats(Tensor(all)))
    case .doubles(let values):
      return GraphValue(elementType, [], .doubles(values + [value?.doubles.first ?? 0]))
    case .integers(let values):
      return GraphValue(elementType, [], .integers(values + [value?.integers.first ?? 0]))
    }
  }
}
