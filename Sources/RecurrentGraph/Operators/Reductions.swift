/// How the numbers of a reduced part become one.
private struct Reduction: Sendable {
  var floats: @Sendable ([Double]) -> Double
  var integers: (@Sendable ([Int64]) -> Int64)?
  /// What no integers of a type give, where that depends on the type.
  var empty: (@Sendable (ElementType) -> Int64)?
}

extension OperatorCatalog {
  static let reductions: [GraphOperator] =
    reduction("ReduceSum", listed: 13, Reduction(floats: { $0.reduce(0, +) }, integers: { $0.reduce(0, &+) }))
    + reduction(
      "ReduceMean", listed: 18,
      Reduction(
        floats: { $0.reduce(0, +) / Double($0.count) },
        integers: { $0.isEmpty ? 0 : $0.reduce(0, &+) / Int64($0.count) }))
    + reduction(
      "ReduceMax", listed: 18,
      Reduction(floats: { largest($0) }, integers: { $0.max() ?? 0 }, empty: { $0.integers.lowerBound }))
    + reduction(
      "ReduceMin", listed: 18,
      Reduction(
        floats: { -largest($0.map { -$0 }) }, integers: { $0.min() ?? 0 }, empty: { $0.integers.upperBound }))
    + reduction(
      "ReduceProd", listed: 18, Reduction(floats: { $0.reduce(1, *) }, integers: { $0.reduce(1, &*) }))
    + reduction(
      "ReduceL1", listed: 18,
      Reduction(
        floats: { $0.reduce(0) { $0 + Swift.abs($1) } }, integers: { $0.reduce(0) { $0 &+ Swift.abs($1) } }))
    + reduction(
      "ReduceL2", listed: 18,
      Reduction(
        floats: { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
        integers: { Int64(clampingTowardZero: Double($0.reduce(0) { $0 &+ $1 &* $1 }).squareRoot()) }))
    + reduction(
      "ReduceSumSquare", listed: 18,
      Reduction(floats: { $0.reduce(0) { $0 + $1 * $1 } }, integers: { $0.reduce(0) { $0 &+ $1 &* $1 } }))
    + reduction("ReduceLogSum", listed: 18, Reduction(floats: { Double.log($0.reduce(0, +)) }))
    + reduction("ReduceLogSumExp", listed: 18, Reduction(floats: { logSumExp($0) }))
    + [
      GraphOperator("ArgMax", attributes: ["axis", "keepdims", "select_last_index"]) { context in
        [try extremum(context) { $0 > $1 }]
      },
      GraphOperator("ArgMin", attributes: ["axis", "keepdims", "select_last_index"]) { context in
        [try extremum(context) { $0 < $1 }]
      },
      GraphOperator("TopK", versions: 7...9, attributes: ["axis", "k"]) { context in
        try top(context, count: context.integer("k", or: 1))
      },
      GraphOperator("TopK", versions: 10...28, attributes: ["axis", "largest", "sorted"]) { context in
        try top(context, count: context.integers(1).first ?? 0)
      },
      GraphOperator("CumSum", versions: 11...28, attributes: ["exclusive", "reverse"]) {
        [try cumulativeSum($0)]
      },
      GraphOperator("Softmax", versions: 7...12, attributes: ["axis"]) { context in
        [try softmax(context, logarithm: false, coerces: true)]
      },
      GraphOperator("Softmax", versions: 13...28, attributes: ["axis"]) { context in
        [try softmax(context, logarithm: false, coerces: false)]
      },
      GraphOperator("LogSoftmax", versions: 7...12, attributes: ["axis"]) { context in
        [try softmax(context, logarithm: true, coerces: true)]
      },
      GraphOperator("LogSoftmax", versions: 13...28, attributes: ["axis"]) { context in
        [try softmax(context, logarithm: true, coerces: false)]
      },
    ]

  @Sendable private static func largest(_ values: [Double]) -> Double {
    values.contains { $0.isNaN } ? .nan : values.max() ?? -.infinity
  }

  @Sendable private static func logSumExp(_ values: [Double]) -> Double {
    let top = largest(values)
    guard top.isFinite else { return top }
    return top + Double.log(values.reduce(0) { $0 + Double.exp($1 - top) })
  }

  /// An operator whose axes are an attribute before version `listed`, and an input from then on.
  private static func reduction(_ name: String, listed: Int, _ rule: Reduction) -> [GraphOperator] {
    [
      GraphOperator(name, versions: 7...(listed - 1), attributes: ["axes", "keepdims"]) { context in
        [try reduce(context, axes: context.integers(attribute: "axes"), rule)]
      },
      GraphOperator(name, versions: listed...28, attributes: ["keepdims", "noop_with_empty_axes"]) {
        context in
        let axes = try context.optionalIntegers(1) ?? []
        if axes.isEmpty, try context.flag("noop_with_empty_axes") {
          // every element is a part of its own
          return [try reduce(context, axes: [], rule, keepsAll: true)]
        }
        return [try reduce(context, axes: axes.isEmpty ? nil : axes, rule)]
      },
    ]
  }

  private static func reduce(
    _ context: NodeContext, axes: [Int]?, _ rule: Reduction, keepsAll: Bool = false
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let dropped = try keepsAll ? [] : context.axes(axes ?? Array(x.shape.indices), rank: x.shape.count)
    let keeps = try context.flag("keepdims", or: true)
    let kept = x.shape.indices.filter { !dropped.contains($0) }
    let strides = StridesOf(x.shape).strides
    let outer = Broadcast.walk(kept.map { x.shape[$0] }, strides: kept.map { strides[$0] })
    let inner = Broadcast.walk(
      dropped.sorted().map { x.shape[$0] }, strides: dropped.sorted().map { strides[$0] })
    let shape = x.shape.indices.compactMap { dropped.contains($0) ? (keeps ? 1 : nil) : x.shape[$0] }
    if x.elementType.isFloat {
      let values = x.doubles
      return GraphValue(
        doubles: outer.map { start in rule.floats(inner.map { values[start + $0] }) }, shape: shape,
        elementType: x.elementType)
    }
    guard let operation = rule.integers else {
      throw context.unsupported("elements of the type \(x.elementType.rawValue)")
    }
    let values = x.integers
    let empty = inner.isEmpty ? rule.empty?(x.elementType) : nil
    return GraphValue(
      integers: outer.map { start in
        empty ?? operation(inner.map { values[start + $0] }).wrapped(to: x.elementType)
      },
      shape: shape, elementType: x.elementType)
  }

  /// For each row along an axis: where it begins, and how far apart its elements stand.
  private static func rows(_ x: GraphValue, axis: Int) -> (starts: [Int], stride: Int, count: Int) {
    let strides = StridesOf(x.shape).strides
    let others = x.shape.indices.filter { $0 != axis }
    return (
      Broadcast.walk(others.map { x.shape[$0] }, strides: others.map { strides[$0] }), strides[axis],
      x.shape[axis]
    )
  }

  private static func extremum(
    _ context: NodeContext, isBetter: (Double, Double) -> Bool
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let axis = try context.axis(context.integer("axis", or: 0), rank: x.shape.count)
    guard axis < x.shape.count, x.shape[axis] > 0 else {
      throw context.invalid("an axis of no extent has no largest")
    }
    let takesLast = try context.flag("select_last_index")
    let (starts, stride, count) = rows(x, axis: axis)
    let values = x.doubles
    let found = starts.map { start -> Int64 in
      var best = 0
      for place in 1..<Swift.max(count, 1) {
        let (own, other) = (values[start + place * stride], values[start + best * stride])
        if isBetter(own, other) || (takesLast && own == other) { best = place }
      }
      return Int64(best)
    }
    var shape = x.shape
    if try context.flag("keepdims", or: true) { shape[axis] = 1 } else { shape.remove(at: axis) }
    return GraphValue(integers: found, shape: shape)
  }

  private static func top(_ context: NodeContext, count: Int) throws(GraphError) -> [GraphValue?] {
    let x = try context.input(0)
    let axis = try context.axis(context.integer("axis", or: -1), rank: x.shape.count)
    guard axis < x.shape.count, (0...x.shape[axis]).contains(count) else {
      throw context.invalid("the \(count) largest of an array of shape \(x.shape)")
    }
    let takesLargest = try context.flag("largest", or: true)
    let (starts, stride, extent) = rows(x, axis: axis)
    let values = x.doubles
    var shape = x.shape
    shape[axis] = count
    var places = [Int](repeating: 0, count: shape.reduce(1, *))
    var numbers = [Int64](repeating: 0, count: places.count)
    let own = StridesOf(shape).strides
    let others = shape.indices.filter { $0 != axis }
    let begins = Broadcast.walk(others.map { shape[$0] }, strides: others.map { own[$0] })
    for (start, begin) in zip(starts, begins) {
      // equal numbers stay in their order
      let order = (0..<extent).sorted { left, right in
        let (a, b) = (values[start + left * stride], values[start + right * stride])
        return a == b ? left < right : takesLargest ? a > b : a < b
      }
      for (rank, place) in order.prefix(count).enumerated() {
        places[begin + rank * own[axis]] = start + place * stride
        numbers[begin + rank * own[axis]] = Int64(place)
      }
    }
    return [x.picking(places, shape: shape), GraphValue(integers: numbers, shape: shape)]
  }

  private static func cumulativeSum(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let axis = try context.axis(context.integers(1).first ?? 0, rank: x.shape.count)
    guard axis < x.shape.count else { throw context.invalid("a single number has no axis") }
    let (isExclusive, isReverse) = (try context.flag("exclusive"), try context.flag("reverse"))
    let (starts, stride, count) = rows(x, axis: axis)
    func summed<Element>(_ values: [Element], zero: Element, _ add: (Element, Element) -> Element)
      -> [Element]
    {
      var result = values
      for start in starts {
        var sum = zero
        for step in 0..<count {
          let place = start + (isReverse ? count - 1 - step : step) * stride
          let next = add(sum, values[place])
          result[place] = isExclusive ? sum : next
          sum = next
        }
      }
      return result
    }
    if x.elementType.isFloat {
      return GraphValue(doubles: summed(x.doubles, zero: 0, +), shape: x.shape, elementType: x.elementType)
    }
    let sums = summed(x.integers, zero: 0, &+).map { $0.wrapped(to: x.elementType) }
    return GraphValue(integers: sums, shape: x.shape, elementType: x.elementType)
  }

  /// Along an axis; before version 13 over all axes from it on.
  private static func softmax(
    _ context: NodeContext, logarithm: Bool, coerces: Bool
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let axis = try context.axis(context.integer("axis", or: coerces ? 1 : -1), rank: x.shape.count)
    if x.elementType == .f32, case .floats(let tensor) = x.storage, x.count > 0,
      coerces || axis == x.shape.count - 1
    {
      let columns = x.shape[axis...].reduce(1, *)
      let rows = tensor.reshaped(to: [x.count / columns, columns])
      let result = logarithm ? logSoftmax(rows) : RecurrentCore.softmax(rows)
      return GraphValue(result.reshaped(to: x.shape))
    }
    var flat = x
    if coerces { flat = x.reshaped(to: [x.shape[..<axis].reduce(1, *), x.shape[axis...].reduce(1, *)]) }
    let (starts, stride, count) = rows(flat, axis: coerces ? 1 : axis)
    var values = flat.doubles
    // the operator is defined by others (ReduceMax, Sub, Exp, ReduceSum, Div), each of which rounds
    let round: (Double) -> Double = { GraphValue.rounded($0, to: x.elementType) }
    for start in starts {
      var row = (0..<count).map { values[start + $0 * stride] }
      let greatest = row.max() ?? 0
      for place in row.indices { row[place] = round(row[place] - greatest) }
      let powers = row.map { round(Double.exp($0)) }
      let total = round(powers.reduce(0, +))
      let logarithmOfTotal = round(Double.log(total))
      for place in 0..<count {
        values[start + place * stride] =
          logarithm ? row[place] - logarithmOfTotal : powers[place] / total
      }
    }
    return GraphValue(doubles: values, shape: x.shape, elementType: x.elementType)
  }
}
