extension OperatorCatalog {
  static let scattering: [GraphOperator] = [
    GraphOperator("Scatter", versions: 9...10, attributes: ["axis"]) { [try scatterElements($0)] },
    GraphOperator("ScatterElements", versions: 11...28, attributes: ["axis", "reduction"]) {
      [try scatterElements($0)]
    },
    GraphOperator("GatherND", versions: 11...28, attributes: ["batch_dims"]) { [try gatherParts($0)] },
    GraphOperator("ScatterND", versions: 11...28, attributes: ["reduction"]) { [try scatterParts($0)] },
  ]

  /// Elements of the third input put into a copy of the first, at places that the second names along an axis.
  private static func scatterElements(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, indices, updates) = (try context.input(0), try context.input(1), try context.input(2))
    let axis = try context.axis(context.integer("axis", or: 0), rank: x.shape.count)
    guard indices.shape.count == x.shape.count, axis < x.shape.count, updates.shape == indices.shape,
      x.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
    else {
      throw context.invalid(
        "indices of the shape \(indices.shape) and updates of \(updates.shape) do not fit the shape \(x.shape)"
      )
    }
    var strides = StridesOf(x.shape).strides
    let own = strides[axis]
    strides[axis] = 0
    let chosen = try checked(context.integers(1), below: x.shape[axis], context)
    let places = zip(Broadcast.walk(indices.shape, strides: strides), chosen).map { $0 + $1 * own }
    return try replacing(x, at: places, by: updates, context)
  }

  /// Parts of the first input: the last axis of the second holds the numbers of each along the first axes behind those that
  /// both share.
  private static func gatherParts(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, indices) = (try context.input(0), try context.input(1))
    let shared = try context.integer("batch_dims", or: 0)
    guard shared >= 0, shared < Swift.min(x.shape.count, indices.shape.count),
      x.shape[..<shared] == indices.shape[..<shared]
    else {
      throw context.invalid(
        "an array of the shape \(x.shape) and indices of the shape \(indices.shape) share no \(shared) axes")
    }
    let parts = try partStarts(of: x.shape, sharing: shared, context)
    let rest = Array(x.shape[(shared + indices.shape[indices.shape.count - 1])...])
    let shape = Array(indices.shape.dropLast()) + rest
    _ = try context.checkedCount(shape)
    let size = rest.reduce(1, *)
    return x.picking(parts.flatMap { $0..<$0 + size }, shape: shape)
  }

  /// Parts of the third input put into a copy of the first, at places that the last axis of the second names.
  private static func scatterParts(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (x, indices, updates) = (try context.input(0), try context.input(1), try context.input(2))
    guard !x.shape.isEmpty, let width = indices.shape.last else {
      throw context.invalid("a single number has no parts, or there are no indices")
    }
    let parts = try partStarts(of: x.shape, sharing: 0, context)
    let rest = x.shape[width...]
    guard updates.shape == indices.shape.dropLast() + rest else {
      throw context.invalid(
        "updates of the shape \(updates.shape) do not fit, expected \(Array(indices.shape.dropLast() + rest))"
      )
    }
    let size = rest.reduce(1, *)
    return try replacing(x, at: parts.flatMap { $0..<$0 + size }, by: updates, context)
  }

  /// Where the parts that the last axis of the second input names begin in an array of `shape`.
  private static func partStarts(
    of shape: [Int], sharing shared: Int, _ context: NodeContext
  ) throws(GraphError) -> [Int] {
    let indices = try context.input(1)
    guard let width = indices.shape.last, (1...Swift.max(shape.count - shared, 1)).contains(width),
      shared + width <= shape.count
    else {
      throw context.invalid(
        "indices of the shape \(indices.shape) name no parts of an array of the shape \(shape)")
    }
    let strides = StridesOf(shape).strides
    let count = indices.shape.dropLast().reduce(1, *)
    // parts of each of the shared rows
    let inner = indices.shape[shared..<indices.shape.count - 1].reduce(1, *)
    let rowSize = shape[shared...].reduce(1, *)
    let numbers = try context.integers(1)
    var starts = (0..<count).map { $0 / Swift.max(inner, 1) * rowSize }
    for part in 0..<width {
      let column = (0..<count).map { numbers[$0 * width + part] }
      let chosen = try checked(column, below: shape[shared + part], context)
      for (row, number) in chosen.enumerated() { starts[row] += number * strides[shared + part] }
    }
    return starts
  }

  /// A copy of `x` whose elements at `places` are replaced by those of `updates`, or combined with them as the attribute
  /// `reduction` says.
  private static func replacing(
    _ x: GraphValue, at places: [Int], by updates: GraphValue, _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    guard updates.elementType == x.elementType else {
      throw context.invalid(
        "updates of the type \(updates.elementType.rawValue) do not fit elements of \(x.elementType.rawValue)"
      )
    }
    let reduction = try context.text("reduction") ?? "none"
    func combined<Value>(_ values: [Value], _ news: [Value], _ rules: [String: (Value, Value) -> Value])
      throws(GraphError) -> [Value]
    {
      guard let combine = rules[reduction] else { throw context.unsupported("reduction = \(reduction)") }
      var values = values
      for (place, new) in zip(places, news) { values[place] = combine(values[place], new) }
      return values
    }
    if x.elementType.isFloat {
      let values = try combined(
        x.doubles, updates.doubles,
        [
          "none": { $1 }, "add": { $0 + $1 }, "mul": { $0 * $1 },
          "max": { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) },
          "min": { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) },
        ])
      return GraphValue(doubles: values, shape: x.shape, elementType: x.elementType)
    }
    // the order of unsigned numbers is that of signed ones with the highest bit turned
    let turn: Int64 = x.elementType == .u64 ? .min : 0
    let values = try combined(
      x.integers, updates.integers,
      [
        "none": { $1 }, "add": { $0 &+ $1 }, "mul": { $0 &* $1 },
        "max": { $0 ^ turn > $1 ^ turn ? $0 : $1 }, "min": { $0 ^ turn < $1 ^ turn ? $0 : $1 },
      ])
    return GraphValue(
      integers: values.map { $0.wrapped(to: x.elementType) }, shape: x.shape, elementType: x.elementType)
  }
}
