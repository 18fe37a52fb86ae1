extension OperatorCatalog {
  static let contractions: [GraphOperator] = [
    GraphOperator("Einsum", versions: 12...28, attributes: ["equation"]) { context in
      guard let text = try context.text("equation") else { throw context.invalid("equation is missing") }
      let operands = try context.inputs.indices.map { (index) throws(GraphError) in try context.input(index) }
      let equation: EinsumEquation
      do throws(EinsumIssue) {
        equation = try EinsumEquation(text, ranks: operands.map(\.shape.count))
      } catch {
        throw context.invalid("the equation \"\(text)\" \(error.text)")
      }
      return [try contracted(operands, equation, context)]
    }
  ]

  /// An array whose axes have labels, each another one.
  private struct Labelled {
    var value: GraphValue
    var labels: [EinsumEquation.Label]

    func extent(_ label: EinsumEquation.Label) -> Int? {
      labels.firstIndex(of: label).map { value.shape[$0] }
    }

    /// Axes in a new order.
    func ordered(_ order: [EinsumEquation.Label]) -> Labelled {
      let axes = order.compactMap { label in labels.firstIndex { $0 == label } }
      return Labelled(value: value.permuted(axes), labels: order)
    }
  }

  /// The operands multiplied from the first to the last; what no later one and not the result needs is summed at once.
  private static func contracted(
    _ operands: [GraphValue], _ equation: EinsumEquation, _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    guard let type = operands.first?.elementType, operands.allSatisfy({ $0.elementType == type }),
      type != .bool
    else { throw context.invalid("the inputs have no numbers of one type") }
    var parts: [Labelled] = []
    for (value, labels) in zip(operands, equation.terms) {
      parts.append(try diagonal(value, labels, context))
    }
    var result = parts[0]
    for index in parts.indices.dropFirst() {
      let later = Set(parts[(index + 1)...].flatMap(\.labels)).union(equation.output)
      result = try product(result, parts[index], keeping: later, context)
    }
    result = summed(result, keeping: Set(equation.output)).ordered(equation.output)
    return result.value.cast(to: type)
  }

  /// An array in which every label stands once: of axes with the same label the places with equal numbers.
  private static func diagonal(
    _ value: GraphValue, _ labels: [EinsumEquation.Label], _ context: NodeContext
  ) throws(GraphError) -> Labelled {
    // what is narrow is rounded, or wraps around, at the end alone
    let wide: ElementType = value.elementType == .f64 ? .f64 : value.elementType.isFloat ? .f32 : .i64
    let value = value.cast(to: wide)
    var (unique, extents, steps) = ([EinsumEquation.Label](), [Int](), [Int]())
    for (axis, label) in labels.enumerated() {
      let stride = StridesOf(value.shape).strides[axis]
      if let place = unique.firstIndex(of: label) {
        guard extents[place] == value.shape[axis] else {
          throw context.invalid("axes of \(extents[place]) and \(value.shape[axis]) have the same letter")
        }
        steps[place] += stride
      } else {
        unique.append(label)
        extents.append(value.shape[axis])
        steps.append(stride)
      }
    }
    if unique.count == labels.count { return Labelled(value: value, labels: labels) }
    return Labelled(
      value: value.picking(Broadcast.walk(extents, strides: steps), shape: extents), labels: unique)
  }

  /// The sum over the axes that are not kept.
  private static func summed(_ part: Labelled, keeping kept: Set<EinsumEquation.Label>) -> Labelled {
    let (stay, go) = (part.labels.filter(kept.contains), part.labels.filter { !kept.contains($0) })
    if go.isEmpty { return part }
    let moved = part.ordered(stay + go).value
    let shape = Array(moved.shape[..<stay.count])
    let (rows, columns) = (shape.reduce(1, *), moved.shape[stay.count...].reduce(1, *))
    func sums<Element>(_ values: [Element], _ zero: Element, _ add: (Element, Element) -> Element)
      -> [Element]
    {
      (0..<rows).map { values[$0 * columns..<($0 + 1) * columns].reduce(zero, add) }
    }
    let value =
      moved.elementType.isFloat
      ? GraphValue(doubles: sums(moved.doubles, 0, +), shape: shape, elementType: moved.elementType)
      : GraphValue(integers: sums(moved.integers, 0, &+), shape: shape, elementType: moved.elementType)
    return Labelled(value: value, labels: stay)
  }

  /// The product of two arrays, summed over the axes that are not kept.
  private static func product(
    _ a: Labelled, _ b: Labelled, keeping kept: Set<EinsumEquation.Label>, _ context: NodeContext
  ) throws(GraphError) -> Labelled {
    let left = summed(a, keeping: kept.union(b.labels)), right = summed(b, keeping: kept.union(a.labels))
    let shared = left.labels.filter(right.labels.contains)
    let (batch, inner) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
    let (rows, columns) = (
      left.labels.filter { !shared.contains($0) }, right.labels.filter { !shared.contains($0) }
    )
    var extents: [EinsumEquation.Label: Int] = [:]
    for label in left.labels + right.labels {
      let found = [left.extent(label), right.extent(label)].compactMap { $0 }
      guard let extent = Broadcast.shape(found.map { [$0] })?.first else {
        throw context.invalid("axes of \(found[0]) and \(found[1]) have the same letter")
      }
      extents[label] = extent
    }
    func size(_ labels: [EinsumEquation.Label]) -> [Int] { labels.map { extents[$0] ?? 1 } }
    /// [batch, ...] with every axis as long as in the other one.
    func stack(_ part: Labelled, _ order: [EinsumEquation.Label]) throws(GraphError) -> GraphValue {
      _ = try context.checkedCount(size(order))
      return part.ordered(order).value.broadcast(to: size(order))
    }
    let shape = size(batch + rows + columns)
    _ = try context.checkedCount(shape)
    let stacks = MatrixStacks(
      count: size(batch).reduce(1, *), rows: size(rows).reduce(1, *), inner: size(inner).reduce(1, *),
      columns: size(columns).reduce(1, *))
    try context.budget.spend(stacks.work, at: context.place)
    let value = stacks.product(
      try stack(left, batch + rows + inner), try stack(right, batch + inner + columns))
    return Labelled(value: value.reshaped(to: shape), labels: batch + rows + columns)
  }
}
