extension ReferenceBackend {
  /// The part `start ..< start + length` of an axis.
  public func slice(_ x: Tensor, axis: Int, start: Int, length: Int) -> Tensor {
    var shape = x.shape
    shape[axis] = length
    return rearranged(x, shape: shape) { coordinates in coordinates[axis] += start }
  }

  /// Axes in a new order.
  public func permute(_ x: Tensor, order: [Int]) -> Tensor {
    rearranged(x, shape: order.map { x.shape[$0] }) { coordinates in
      let result = coordinates
      for (to, from) in order.enumerated() { coordinates[from] = result[to] }
    }
  }

  /// The tensor of `shape` whose element at some coordinates is that of `x` where `locate` moves them.
  private func rearranged(_ x: Tensor, shape: [Int], _ locate: (inout [Int]) -> Void) -> Tensor {
    let values = numbers(of: x)
    let result = (0..<shape.reduce(1, *)).map { position -> Double in
      var coordinates = coordinates(of: position, in: shape)
      locate(&coordinates)
      return values[self.position(of: coordinates, in: x.shape)]
    }
    return tensor(result, shape: shape)
  }

  private func coordinates(of position: Int, in shape: [Int]) -> [Int] {
    var (rest, result) = (position, shape)
    for axis in shape.indices.reversed() {
      result[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return result
  }

  private func position(of coordinates: [Int], in shape: [Int]) -> Int {
    zip(coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Parts put one after the other along an axis.
  public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    var result = filled(0, shape: shape)
    var start = 0
    for part in parts {
      add(part, to: &result, axis: axis, start: start)
      start += part.shape[axis]
    }
    return result
  }

  /// Rows of a matrix by number.
  public func gatherRows(_ table: Tensor, _ rows: Indices) -> Tensor {
    let (values, width) = (numbers(of: table), table.shape[1])
    let result = rows.values.flatMap { row in values[Int(row) * width..<(Int(row) + 1) * width] }
    return tensor(result, shape: [rows.count, width])
  }

  /// Sums of the given rows by number; negative numbers are skipped.
  public func scatterAddRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor {
    let (values, width) = (self.numbers(of: rows), rows.shape[1])
    var result = [Double](repeating: 0, count: rowCount * width)
    for (index, number) in numbers.values.enumerated() where number >= 0 {
      for i in 0..<width { result[Int(number) * width + i] += values[index * width + i] }
    }
    return tensor(result, shape: [rowCount, width])
  }

  /// sum += x.
  public func add(_ x: Tensor, to sum: inout Tensor) {
    precondition(x.shape == sum.shape, "add: expected shape \(sum.shape), received \(x.shape)")
    sum = binary(.add, sum, x)
  }

  /// Adds `x` to a part of `sum`.
  public func add(_ x: Tensor, to sum: inout Tensor, axis: Int, start: Int) {
    var result = numbers(of: sum)
    for (position, value) in numbers(of: x).enumerated() {
      var coordinates = coordinates(of: position, in: x.shape)
      coordinates[axis] += start
      result[self.position(of: coordinates, in: sum.shape)] += value
    }
    sum = tensor(result, shape: sum.shape)
  }
}
