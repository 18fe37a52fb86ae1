extension Tensor {
  /// Element-wise sum; extents of 1 and missing leading axes are repeated.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB, nodeA, nodeB) = (a.shape, b.shape, a.node, b.node)
    return a.backend.binary(.add, a, b).recorded(from: a, b) { upstream, gradients in
      gradients.add(upstream.unbroadcast(to: shapeA), to: nodeA)
      gradients.add(upstream.unbroadcast(to: shapeB), to: nodeB)
    }
  }

  /// Element-wise difference; extents of 1 and missing leading axes are repeated.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB, nodeA, nodeB) = (a.shape, b.shape, a.node, b.node)
    return a.backend.binary(.subtract, a, b).recorded(from: a, b) { upstream, gradients in
      gradients.add(upstream.unbroadcast(to: shapeA), to: nodeA)
      gradients.add(upstream.mapped(.negate).unbroadcast(to: shapeB), to: nodeB)
    }
  }

  /// Element-wise product; extents of 1 and missing leading axes are repeated.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, nodeA, nodeB) = (a.detached, b.detached, a.node, b.node)
    return a.backend.binary(.multiply, a, b).recorded(from: a, b) { upstream, gradients in
      gradients.add(upstream.combined(.multiply, y).unbroadcast(to: x.shape), to: nodeA)
      gradients.add(upstream.combined(.multiply, x).unbroadcast(to: y.shape), to: nodeB)
    }
  }

  /// Element-wise quotient; extents of 1 and missing leading axes are repeated.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (y, shapeA, nodeA, nodeB) = (b.detached, a.shape, a.node, b.node)
    let quotient = a.backend.binary(.divide, a, b)
    return quotient.recorded(from: a, b) { upstream, gradients in
      let scaled = upstream.combined(.divide, y)
      gradients.add(scaled.unbroadcast(to: shapeA), to: nodeA)
      gradients.add(
        scaled.combined(.multiply, quotient).mapped(.negate).unbroadcast(to: y.shape), to: nodeB)
    }
  }

  /// The negative.
  public static prefix func - (a: Tensor) -> Tensor {
    let node = a.node
    return a.backend.unary(.negate, a).recorded(from: a) { upstream, gradients in
      gradients.add(upstream.mapped(.negate), to: node)
    }
  }

  /// Adds a number to every element.
  public static func + (a: Tensor, b: Float) -> Tensor { a + a.constant(b) }
  /// Adds a number to every element.
  public static func + (a: Float, b: Tensor) -> Tensor { b.constant(a) + b }
  /// Subtracts a number from every element.
  public static func - (a: Tensor, b: Float) -> Tensor { a - a.constant(b) }
  /// Subtracts every element from a number.
  public static func - (a: Float, b: Tensor) -> Tensor { b.constant(a) - b }
  /// Multiplies every element by a number.
  public static func * (a: Tensor, b: Float) -> Tensor { a * a.constant(b) }
  /// Multiplies every element by a number.
  public static func * (a: Float, b: Tensor) -> Tensor { b.constant(a) * b }
  /// Divides every element by a number.
  public static func / (a: Tensor, b: Float) -> Tensor { a / a.constant(b) }
  /// Divides a number by every element.
  public static func / (a: Float, b: Tensor) -> Tensor { b.constant(a) / b }

  /// A single number that lives where this tensor does.
  package func constant(_ value: Float) -> Tensor { backend.filled(value, shape: []) }

  /// An operation off the tape.
  package func mapped(_ operation: UnaryOperation) -> Tensor { backend.unary(operation, self) }

  /// An operation off the tape.
  package func combined(_ operation: BinaryOperation, _ other: Tensor) -> Tensor {
    backend.binary(operation, self, other)
  }

  /// Sums over the axes along which a tensor of `target` was repeated to reach this shape; off the tape.
  package func unbroadcast(to target: [Int]) -> Tensor {
    if shape == target { return self }
    var result = self
    // the leading axes in one go: they are one axis of a matrix
    let leading = rank - target.count
    if leading > 0 {
      let rows = shape[..<leading].reduce(1, *)
      result = backend.sum(result.viewed(as: [rows] + shape[leading...]), axis: 0)
    }
    for axis in target.indices where target[axis] == 1 && result.shape[axis] != 1 {
      var kept = result.shape
      kept[axis] = 1
      result = backend.sum(result, axis: axis).viewed(as: kept)
    }
    return result
  }
}
