extension OperatorCatalog {
  static let shapes: [GraphOperator] = [
    GraphOperator(
      "Constant",
      attributes: ["value", "value_float", "value_floats", "value_int", "value_ints", "sparse_value"],
      limits: "sparse values, texts"
    ) { [try constant($0)] },
    GraphOperator("ConstantOfShape", versions: 9...28, attributes: ["value"]) { context in
      let shape = try context.integers(0)
      let count = try context.checkedCount(shape)
      guard case .tensor(let tensor)? = context.node.attributes["value"] else {
        return [GraphValue(Tensor(zeros: shape))]
      }
      let value = try GraphValue(tensor.array)
      guard value.count == 1 else {
        throw context.invalid("the value has \(value.count) elements, expected one")
      }
      if case .floats(let tensor) = value.storage {
        return [
          GraphValue(value.elementType, shape, .floats(Tensor(filled: tensor.scalars[0], shape: shape)))
        ]
      }
      return [value.picking([Int](repeating: 0, count: count), shape: shape)]
    },
    GraphOperator("Shape", versions: 7...28, attributes: ["start", "end"]) { context in
      let shape = try context.input(0).shape
      func bound(_ name: String, or standard: Int) throws(GraphError) -> Int {
        let value = try context.integer(name, or: standard)
        return Swift.min(Swift.max(value < 0 ? value + shape.count : value, 0), shape.count)
      }
      let (start, end) = (try bound("start", or: 0), try bound("end", or: shape.count))
      let part = start < end ? shape[start..<end].map { Int64($0) } : []
      return [GraphValue(integers: part, shape: [part.count])]
    },
    GraphOperator("Size") { context in [GraphValue(integers: [Int64(try context.input(0).count)], shape: [])]
    },
    GraphOperator("Reshape", attributes: ["allowzero"]) { [try reshape($0)] },
    GraphOperator("Flatten", attributes: ["axis"]) { context in
      let x = try context.input(0)
      let axis = try context.integer("axis", or: 1)
      let cut = axis < 0 ? axis + x.shape.count : axis
      guard (0...x.shape.count).contains(cut) else { throw context.invalid("axis \(axis) does not exist") }
      return [x.reshaped(to: [x.shape[..<cut].reduce(1, *), x.shape[cut...].reduce(1, *)])]
    },
    GraphOperator("Squeeze", versions: 7...12, attributes: ["axes"]) { context in
      [try squeeze(context, axes: context.integers(attribute: "axes"))]
    },
    GraphOperator("Squeeze", versions: 13...28) { context in
      [try squeeze(context, axes: context.optionalIntegers(1))]
    },
    GraphOperator("Unsqueeze", versions: 7...12, attributes: ["axes"]) { context in
      [try unsqueeze(context, axes: context.integers(attribute: "axes") ?? [])]
    },
    GraphOperator("Unsqueeze", versions: 13...28) { context in
      [try unsqueeze(context, axes: context.integers(1))]
    },
    GraphOperator("Transpose", attributes: ["perm"]) { context in
      let x = try context.input(0)
      let order = try context.integers(attribute: "perm") ?? Array(x.shape.indices.reversed())
      guard order.count == x.shape.count, Set(order) == Set(x.shape.indices) else {
        throw context.invalid("perm \(order) is no order of \(x.shape.count) axes")
      }
      return [x.permuted(order)]
    },
    GraphOperator("Expand", versions: 8...28) { context in
      let x = try context.input(0)
      return [x.broadcast(to: try context.broadcastShape([x.shape, context.integers(1)]))]
    },
    GraphOperator("Tile") { context in
      let x = try context.input(0)
      let repeats = try context.integers(1)
      guard repeats.count == x.shape.count, repeats.allSatisfy({ $0 >= 0 }) else {
        throw context.invalid("repeats \(repeats) do not fit the shape \(x.shape)")
      }
      let shape = zip(x.shape, repeats).map { $0.multipliedReportingOverflow(by: $1).partialValue }
      _ = try context.checkedCount(shape)
      let strides = StridesOf(x.shape).strides
      let axes = x.shape.indices.map { axis in
        (0..<shape[axis]).map { $0 % Swift.max(x.shape[axis], 1) * strides[axis] }
      }
      return [x.picking(grid(axes), shape: shape)]
    },
    GraphOperator("Concat", attributes: ["axis"]) { [try concatenation($0)] },
    GraphOperator("Split", versions: 7...12, attributes: ["axis", "split"]) { context in
      try split(context, sizes: context.integers(attribute: "split"))
    },
    GraphOperator("Split", versions: 13...28, attributes: ["axis", "num_outputs"]) { context in
      try split(context, sizes: context.optionalIntegers(1))
    },
    GraphOperator("Range", versions: 11...28) { [try range($0)] },
  ]

  private static func constant(_ context: NodeContext) throws -> GraphValue {
    for (name, attribute) in context.node.attributes {
      switch (name, attribute) {
      case ("value", .tensor(let tensor)): return try GraphValue(tensor.array)
      case ("value_float", .float(let value)): return GraphValue(Tensor(value))
      case ("value_floats", .floats(let values)): return GraphValue(Tensor(values))
      case ("value_int", .integer(let value)): return GraphValue(integers: [value], shape: [])
      case ("value_ints", .integers(let values)): return GraphValue(integers: values, shape: [values.count])
      default: throw context.unsupported("the attribute \(name)")
      }
    }
    throw context.invalid("there is no value")
  }

  private static func reshape(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    var shape = try context.integers(1)
    let keepsZero = try context.flag("allowzero")
    for (axis, extent) in shape.enumerated() where extent == 0 && !keepsZero {
      guard axis < x.shape.count else {
        throw context.invalid("the shape \(shape) copies an axis that is not there")
      }
      shape[axis] = x.shape[axis]
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      let rest = try context.checkedCount(shape)
      guard rest > 0, x.count % rest == 0 else {
        throw context.invalid("\(x.count) elements do not fit the shape \(shape)")
      }
      shape[open] = x.count / rest
    }
    guard try context.checkedCount(shape) == x.count else {
      throw context.invalid("\(x.count) elements do not fit the shape \(shape)")
    }
    return x.reshaped(to: shape)
  }

  private static func squeeze(_ context: NodeContext, axes: [Int]?) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let dropped =
      try axes.map { (axes) throws(GraphError) in try context.axes(axes, rank: x.shape.count) }
      ?? x.shape.indices.filter { x.shape[$0] == 1 }
    for axis in dropped where x.shape[axis] != 1 {
      throw context.invalid("axis \(axis) of the shape \(x.shape) is not 1")
    }
    return x.reshaped(to: x.shape.indices.filter { !dropped.contains($0) }.map { x.shape[$0] })
  }

  private static func unsqueeze(_ context: NodeContext, axes: [Int]) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let added = try context.axes(axes, rank: x.shape.count + axes.count)
    var rest = x.shape.makeIterator()
    return x.reshaped(
      to: (0..<x.shape.count + axes.count).map { added.contains($0) ? 1 : rest.next() ?? 1 })
  }

  private static func concatenation(_ context: NodeContext) throws(GraphError) -> GraphValue {
    var parts: [GraphValue] = []
    for index in context.inputs.indices { parts.append(try context.input(index)) }
    guard let first = parts.first, let named = try context.integer("axis") else {
      throw context.invalid("there are no inputs, or no axis")
    }
    let axis = try context.axis(named, rank: first.shape.count)
    guard axis < first.shape.count else { throw context.invalid("single numbers have no axis \(named)") }
    for part in parts {
      var shape = part.shape
      guard shape.count == first.shape.count, part.elementType == first.elementType else {
        throw context.invalid("the inputs are of different types or numbers of axes")
      }
      shape[axis] = first.shape[axis]
      guard shape == first.shape else {
        throw context.invalid(
          "the shapes \(first.shape) and \(part.shape) do not go together along axis \(axis)")
      }
    }
    var shape = first.shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    _ = try context.checkedCount(shape)
    if case .floats = first.storage {
      let tensors = parts.map(\.tensor).filter { $0.count > 0 }
      let joined = tensors.isEmpty ? Tensor(zeros: shape) : concatenate(tensors, axis: axis)
      return GraphValue(first.elementType, shape, .floats(joined))
    }
    let outer = shape[..<axis].reduce(1, *)
    func joined<Element>(_ lists: [[Element]]) -> [Element] {
      var result: [Element] = []
      for row in 0..<outer {
        for list in lists {
          let width = list.count / Swift.max(outer, 1)
          result += list[row * width..<(row + 1) * width]
        }
      }
      return result
    }
    if first.elementType == .f64 {
      return GraphValue(doubles: joined(parts.map(\.doubles)), shape: shape, elementType: .f64)
    }
    return GraphValue(integers: joined(parts.map(\.integers)), shape: shape, elementType: first.elementType)
  }

  private static func split(_ context: NodeContext, sizes: [Int]?) throws(GraphError) -> [GraphValue?] {
    let x = try context.input(0)
    let axis = try context.axis(context.integer("axis", or: 0), rank: x.shape.count)
    guard axis < x.shape.count else { throw context.invalid("a single number cannot be split") }
    let count = try context.integer("num_outputs") ?? context.node.outputs.count
    guard count > 0 else { throw context.invalid("there are no outputs") }
    let size = (x.shape[axis] + count - 1) / count
    let own = sizes ?? (0..<count).map { Swift.min(size, Swift.max(0, x.shape[axis] - $0 * size)) }
    guard own.reduce(0, +) == x.shape[axis], own.allSatisfy({ $0 >= 0 }) else {
      throw context.invalid("parts of \(own) do not make up the \(x.shape[axis]) of axis \(axis)")
    }
    var start = 0
    return own.map { length in
      defer { start += length }
      return x.sliced(axis: axis, start..<start + length)
    }
  }

  private static func range(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (start, limit, delta) = (try context.input(0), try context.input(1), try context.input(2))
    guard let first = start.doubles.first, let end = limit.doubles.first, let step = delta.doubles.first,
      step != 0
    else {
      throw context.invalid("start, limit and a step that is not 0 are needed")
    }
    let count = Swift.max(0, ((end - first) / step).rounded(.up))
    guard count <= 0x1p34, try context.checkedCount([Int(count)]) >= 0 else {
      throw context.invalid("a range of \(count) numbers is too large")
    }
    if start.elementType.isFloat {
      return GraphValue(
        doubles: (0..<Int(count)).map { first + Double($0) * step }, shape: [Int(count)],
        elementType: start.elementType)
    }
    let (begin, change) = (start.integers[0], delta.integers[0])
    return GraphValue(
      integers: (0..<Int(count)).map { begin &+ Int64($0) &* change }, shape: [Int(count)],
      elementType: start.elementType)
  }

  /// The sums of one number of each list, the last list changing fastest.
  static func grid(_ axes: [[Int]]) -> [Int] {
    axes.reduce([0]) { places, axis in places.flatMap { place in axis.map { place + $0 } } }
  }
}

extension GraphValue {
  /// Axes in a new order.
  func permuted(_ order: [Int]) -> GraphValue {
    let shape = order.map { self.shape[$0] }
    // axes of one element may stand anywhere
    let moved = order.filter { self.shape[$0] != 1 }
    if moved == moved.sorted() { return reshaped(to: shape) }
    if case .floats(let tensor) = storage, tensor.count > 0, tensor.rank > 0 {
      return GraphValue(elementType, shape, .floats(tensor.permuted(order)))
    }
    let strides = StridesOf(self.shape).strides
    return picking(Broadcast.walk(shape, strides: order.map { strides[$0] }), shape: shape)
  }

  /// A part of an axis.
  func sliced(axis: Int, _ range: Range<Int>) -> GraphValue {
    var shape = self.shape
    shape[axis] = range.count
    if case .floats(let tensor) = storage, !range.isEmpty, tensor.count > 0 {
      return GraphValue(elementType, shape, .floats(tensor.sliced(axis: axis, range)))
    }
    let strides = StridesOf(self.shape).strides
    return picking(
      Broadcast.walk(shape, strides: strides, from: range.lowerBound * strides[axis]), shape: shape)
  }
}
