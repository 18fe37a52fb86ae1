extension Tensor {
  /// The same elements, row-major, under another shape.
  public func reshaped(to shape: [Int]) -> Tensor {
    trapUnless(
      elementCount(of: shape) == count,
      "reshaped(to:): \(count) elements of shape \(self.shape) do not fit \(shape)")
    let (node, own) = (node, self.shape)
    return viewed(as: shape).recorded(from: self) { upstream, gradients in
      gradients.add(upstream.viewed(as: own), to: node)
    }
  }

  /// The part `range` of an axis.
  public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    trapUnless(
      shape.indices.contains(axis) && range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "sliced(axis:): range \(range) of axis \(axis) is outside shape \(shape)")
    let (node, own) = (node, shape)
    return backend.slice(detached, axis: axis, start: range.lowerBound, length: range.count)
      .recorded(from: self) { upstream, gradients in
        gradients.add(upstream, to: node, shape: own, axis: axis, start: range.lowerBound)
      }
  }

  /// The element, row or block at `index` of the first axis, which is dropped.
  public subscript(index: Int) -> Tensor {
    sliced(axis: 0, index..<index + 1).reshaped(to: Array(shape.dropFirst()))
  }

  /// The axes in a new order: axis `i` of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) -> Tensor {
    trapUnless(
      order.sorted() == Array(shape.indices), "permuted: \(order) is not an order of the axes of \(shape)")
    let node = node
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    let back = inverse
    return backend.permute(detached, order: order).recorded(from: self) { upstream, gradients in
      gradients.add(upstream.backend.permute(upstream, order: back), to: node)
    }
  }

  /// A matrix with rows and columns exchanged.
  public var transposed: Tensor {
    trapUnless(rank == 2, "transposed: expected a matrix, received shape \(shape)")
    return permuted([1, 0])
  }
}

/// Tensors put one after the other along an axis; all other extents are equal.
public func concatenate(_ parts: [Tensor], axis: Int = 0) -> Tensor {
  guard let head = parts.first else { fatalError("concatenate: expected at least one tensor") }
  trapUnless(
    head.shape.indices.contains(axis), "concatenate: axis \(axis) does not exist in shape \(head.shape)")
  for part in parts {
    var shape = part.shape
    if shape.indices.contains(axis) { shape[axis] = head.shape[axis] }
    trapUnless(
      shape == head.shape, "concatenate: shapes \(head.shape) and \(part.shape) differ outside axis \(axis)")
  }
  if parts.count == 1 { return head }
  let result = head.backend.concatenate(parts.map(\.detached), axis: axis)
  guard let tape = Tensor.tape(of: parts) else { return result }
  let (nodes, lengths) = (parts.map(\.node), parts.map { $0.shape[axis] })
  return tape.record([result]) { upstream, gradients in
    guard let gradient = upstream[0] else { return }
    var start = 0
    for (node, length) in zip(nodes, lengths) {
      gradients.add(gradient.backend.slice(gradient, axis: axis, start: start, length: length), to: node)
      start += length
    }
  }[0]
}

/// Tensors of one shape put beside each other along a new first axis.
public func stack(_ parts: [Tensor]) -> Tensor {
  concatenate(parts.map { $0.reshaped(to: [1] + $0.shape) }, axis: 0)
}

/// Rows of a matrix by number.
///
/// - Parameters:
///   - table: `[V, F]`.
///   - rows: numbers in 0 ..< V, of any shape.
/// - Returns: the shape of `rows` and F behind it. The gradient of a row that is taken more than once is the sum.
public func gather(_ table: Tensor, rows: Indices) -> Tensor {
  trapUnless(table.rank == 2, "gather: expected a matrix of rows, received shape \(table.shape)")
  let count = table.shape[0]
  for number in rows.values {
    trapUnless(number >= 0 && number < count, "gather: row \(number) is outside 0 ..< \(count)")
  }
  let node = table.node
  return table.backend.gatherRows(table.detached, rows).viewed(as: rows.shape + [table.shape[1]])
    .recorded(from: table) { upstream, gradients in
      gradients.add(Tensor(summing: upstream.asMatrix, rows, rowCount: count), to: node)
    }
}
