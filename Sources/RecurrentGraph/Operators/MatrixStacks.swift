/// The extents of two stacks of as many matrices, `[count, rows, inner]` and `[count, inner, columns]`.
struct MatrixStacks {
  let count, rows, inner, columns: Int

  /// The work of their products beside that of the results, eight products of numbers taking the time of one element.
  var work: Int {
    [count, rows, inner, columns].reduce(1) { work, extent in
      let (product, overflows) = work.multipliedReportingOverflow(by: extent)
      return overflows ? .max : product
    } / 8
  }

  /// The products of the matrices at the same place, `[count, rows, columns]`, of the type of the elements; integers wrap around
  /// in 64 bits.
  func product(_ left: GraphValue, _ right: GraphValue) -> GraphValue {
    let shape = [count, rows, columns]
    if count * rows * columns == 0 || inner == 0 {
      let zeros = GraphValue(Tensor(zeros: shape))
      return zeros.cast(to: left.elementType)
    }
    switch left.storage {
    case .floats(let lefts):
      let (a, b) = (
        lefts.reshaped(to: [count * rows, inner]), right.tensor.reshaped(to: [count * inner, columns])
      )
      if count == 1 { return GraphValue(matmul(a, b).reshaped(to: shape)) }
      let products = (0..<count).map { index in
        matmul(
          a.sliced(axis: 0, index * rows..<(index + 1) * rows),
          b.sliced(axis: 0, index * inner..<(index + 1) * inner))
      }
      return GraphValue(concatenate(products).reshaped(to: shape))
    case .doubles(let values):
      let sums = sums(values, right.doubles, 0) { $0 + $1 * $2 }
      return GraphValue(doubles: sums, shape: shape, elementType: .f64)
    case .integers(let values):
      let sums = sums(values, right.integers, 0) { $0 &+ $1 &* $2 }
      return GraphValue(integers: sums, shape: shape, elementType: left.elementType)
    }
  }

  private func sums<Element>(
    _ left: [Element], _ right: [Element], _ zero: Element, _ add: (Element, Element, Element) -> Element
  ) -> [Element] {
    var sums = [Element](repeating: zero, count: count * rows * columns)
    for row in 0..<count * rows {
      for k in 0..<inner {
        let factor = left[row * inner + k]
        let from = (row / rows * inner + k) * columns
        for column in 0..<columns {
          sums[row * columns + column] = add(sums[row * columns + column], factor, right[from + column])
        }
      }
    }
    return sums
  }
}
