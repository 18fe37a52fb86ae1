extension OperatorCatalog {
  static let matrices: [GraphOperator] = [
    GraphOperator("MatMul") { [try product($0)] },
    GraphOperator("Gemm", attributes: ["alpha", "beta", "transA", "transB"]) { context in
      let (a, b) = (try context.tensor(0), try context.tensor(1))
      guard a.rank == 2, b.rank == 2 else { throw context.invalid("A and B are no matrices") }
      let (transA, transB) = (try context.flag("transA"), try context.flag("transB"))
      guard a.shape[transA ? 0 : 1] == b.shape[transB ? 1 : 0] else {
        throw context.invalid("matrices of the shapes \(a.shape) and \(b.shape) cannot be multiplied")
      }
      _ = try context.checkedCount([a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]])
      var result = matmul(a, b, transposeA: transA, transposeB: transB) * (try context.float("alpha", or: 1))
      if let c = try context.optionalTensor(2) {
        guard Broadcast.shape([result.shape, c.shape]) == result.shape else {
          throw context.invalid("C of the shape \(c.shape) does not fit a result of \(result.shape)")
        }
        result = result + c * (try context.float("beta", or: 1))
      }
      return [GraphValue(rounding: result, to: try context.input(0).elementType)]
    },
    GraphOperator("MatMulInteger", versions: 10...28) { context in
      let (a, b) = (try context.input(0), try context.input(1))
      let left = try centred(a, context.optional(2), axis: a.shape.count - 2, context)
      let right = try centred(b, context.optional(3), axis: b.shape.count - 1, context)
      return [integerProduct(try Stack(left.shape, right.shape, context), left, right, .i32)]
    },
  ]

  /// Shapes of a product of stacks of matrices, a single axis counting as a row on the left and a column on the right.
  private struct Stack {
    let batch: [Int]
    let rows, inner, columns: Int
    let left, right: [Int]
    let shape: [Int]

    init(_ a: [Int], _ b: [Int], _ context: NodeContext) throws(GraphError) {
      guard !a.isEmpty, !b.isEmpty else { throw context.invalid("single numbers are no matrices") }
      let (wideA, wideB) = (a.count == 1 ? [1] + a : a, b.count == 1 ? b + [1] : b)
      guard wideA[wideA.count - 1] == wideB[wideB.count - 2],
        let batch = Broadcast.shape([Array(wideA.dropLast(2)), Array(wideB.dropLast(2))])
      else { throw context.invalid("arrays of the shapes \(a) and \(b) cannot be multiplied") }
      self.batch = batch
      (rows, inner) = (wideA[wideA.count - 2], wideA[wideA.count - 1])
      columns = wideB[wideB.count - 1]
      (left, right) = (batch + [rows, inner], batch + [inner, columns])
      shape = batch + (a.count == 1 ? [] : [rows]) + (b.count == 1 ? [] : [columns])
      // the stacks are repeated to each other before they are multiplied
      for shape in [shape, left, right] { _ = try context.checkedCount(shape) }
    }

    /// The products of all matrices, repeated to each other.
    func product(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
      let wideA = a.reshaped(to: a.shape.count == 1 ? [1] + a.shape : a.shape).broadcast(to: left)
      let wideB = b.reshaped(to: b.shape.count == 1 ? b.shape + [1] : b.shape).broadcast(to: right)
      return MatrixStacks(count: batch.reduce(1, *), rows: rows, inner: inner, columns: columns)
        .product(wideA, wideB)
    }
  }

  private static func product(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (a, b) = (try context.input(0), try context.input(1))
    let stack = try Stack(a.shape, b.shape, context)
    guard a.elementType.isFloat else { return integerProduct(stack, a, b, a.elementType) }
    let (left, right) = (try context.tensor(0), try context.tensor(1))
    let count = stack.batch.reduce(1, *)
    if stack.inner == 0 || count == 0 {
      return GraphValue(rounding: Tensor(zeros: stack.shape), to: a.elementType)
    }
    if b.shape.count <= 2, a.elementType != .f64 {
      // one matrix on the right: all rows at once
      let rows = left.reshaped(to: [left.count / stack.inner, stack.inner])
      let result = matmul(rows, right.reshaped(to: [stack.inner, stack.columns]))
      return GraphValue(rounding: result.reshaped(to: stack.shape), to: a.elementType)
    }
    return stack.product(a, b).reshaped(to: stack.shape).cast(to: a.elementType)
  }

  /// The elements less a zero point, one for all or one for each row or column.
  private static func centred(
    _ x: GraphValue, _ zero: GraphValue?, axis: Int, _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    guard let zero else { return GraphValue(integers: x.integers, shape: x.shape) }
    var shape = zero.shape
    if zero.count > 1, shape.count == 1 {
      shape = [Int](repeating: 1, count: x.shape.count)
      shape[Swift.max(axis, 0)] = zero.count
    }
    guard zero.count == 1 || Broadcast.shape([x.shape, shape]) == x.shape else {
      throw context.invalid("zero points of the shape \(zero.shape) do not fit the shape \(x.shape)")
    }
    let points = zero.count == 1 ? zero.reshaped(to: []) : zero.reshaped(to: shape)
    let values = zip(x.integers, points.broadcast(to: x.shape).integers).map { $0 &- $1 }
    return GraphValue(integers: values, shape: x.shape)
  }

  private static func integerProduct(
    _ stack: Stack, _ a: GraphValue, _ b: GraphValue, _ type: ElementType
  ) -> GraphValue {
    let products = stack.product(a, b).integers
    return GraphValue(
      integers: products.map { $0.wrapped(to: type) }, shape: stack.shape, elementType: type)
  }
}
