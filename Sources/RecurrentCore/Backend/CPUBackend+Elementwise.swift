import CRecurrentKernels

extension CPUBackend {
  /// Elements that are worth a thread.
  static var grain: Int { 16384 }

  /// An operation on every element.
  public func unary(_ operation: UnaryOperation, _ x: Tensor) -> Tensor {
    let result = empty(x.shape)
    let (from, to) = (x.floats, result.floats)
    let code = rk_unary_op(rawValue: UInt32(operation.rawValue))
    pool.ranges(of: x.count, unit: 16, grain: CPUBackend.grain) { range in
      kernels.pointee.unary(code, Int64(range.count), from + range.lowerBound, to + range.lowerBound)
    }
    return result
  }

  /// An operation on pairs of elements.
  public func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    let code = rk_binary_op(rawValue: UInt32(operation.rawValue))
    let plan = BroadcastPlan(a.shape, b.shape)
    let result = empty(plan.shape)
    guard result.count > 0 else { return result }
    let (pa, pb, to) = (a.floats, b.floats, result.floats)
    if plan.outer.isEmpty {
      pool.ranges(of: plan.inner, unit: 16, grain: CPUBackend.grain) { range in
        let start = range.lowerBound
        kernels.pointee.binary(
          code, Int64(range.count), pa + start * plan.innerA, Int64(plan.innerA), pb + start * plan.innerB,
          Int64(plan.innerB), to + start)
      }
      return result
    }
    pool.ranges(of: plan.rows, unit: 1, grain: max(1, CPUBackend.grain / max(plan.inner, 1))) { range in
      for row in range {
        let (offsetA, offsetB) = plan.offsets(ofRow: row)
        kernels.pointee.binary(
          code, Int64(plan.inner), pa + offsetA, Int64(plan.innerA), pb + offsetB, Int64(plan.innerB),
          to + row * plan.inner)
      }
    }
    return result
  }

  /// Adds in place where the storage is not shared.
  public func add(_ x: Tensor, to sum: inout Tensor) {
    trapUnless(x.shape == sum.shape, "add: expected shape \(sum.shape), received \(x.shape)")
    sum.makeUnique()
    let (from, to) = (x.floats, sum.floats)
    pool.ranges(of: x.count, unit: 16, grain: CPUBackend.grain) { range in
      let start = range.lowerBound
      kernels.pointee.binary(RK_ADD, Int64(range.count), to + start, 1, from + start, 1, to + start)
    }
  }

  /// The sum of all squares.
  public func sumOfSquares(_ x: Tensor) -> Double {
    if let rows = x.sparseRows {
      return rows.ids.values.withUnsafeBufferPointer {
        kernels.pointee.sum_of_squares_rows(
          Int64(rows.ids.count), Int64(rows.width), $0.baseAddress, rows.values.floats)
      }
    }
    // the kernel sums stretches of 4096 and adds these in double: threads share out the stretches
    let stretch = 4096
    guard x.count >= 2 * CPUBackend.grain, threadCount > 1 else {
      return kernels.pointee.sum_of_squares(Int64(x.count), x.floats)
    }
    var sums = [Double](repeating: 0, count: (x.count + stretch - 1) / stretch)
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      let from = x.floats
      pool.ranges(of: sums.count, unit: 1, grain: CPUBackend.grain / stretch) { range in
        for index in range {
          let start = index * stretch
          sums[index] = kernels.pointee.sum_of_squares(Int64(min(stretch, x.count - start)), from + start)
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// The sum along an axis.
  public func sum(_ x: Tensor, axis: Int) -> Tensor {
    reduce(x, axis: axis, rows: kernels.pointee.sum_rows) { kernels, rows, columns, stride, from, to in
      kernels.sum_columns(rows, columns, stride, from, to)
    }
  }

  /// The largest element along an axis.
  public func maximum(_ x: Tensor, axis: Int) -> Tensor {
    reduce(x, axis: axis, rows: kernels.pointee.max_rows) { kernels, rows, columns, stride, from, to in
      to.update(from: from, count: Int(columns))
      for row in 1..<max(rows, 1) {
        kernels.binary(RK_MAXIMUM, columns, to, 1, from + Int(row * stride), 1, to)
      }
    }
  }

  private typealias RowReduction =
    @convention(c) (
      Int64, Int64, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void

  private func reduce(
    _ x: Tensor, axis: Int, rows reduceRows: RowReduction,
    columns reduceColumns: (
      rk_kernels, Int64, Int64, Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) -> Tensor {
    let (outer, extent, inner) = x.split(at: axis)
    var shape = x.shape
    shape.remove(at: axis)
    let result = empty(shape)
    let (from, to) = (x.floats, result.floats)
    if inner == 1 {
      pool.ranges(of: outer, unit: 1, grain: max(1, CPUBackend.grain / max(extent, 1))) { range in
        reduceRows(Int64(range.count), Int64(extent), from + range.lowerBound * extent, to + range.lowerBound)
      }
    } else {
      for block in 0..<outer {
        pool.ranges(of: inner, unit: 16, grain: max(16, CPUBackend.grain / max(extent, 1))) { range in
          reduceColumns(
            kernels.pointee, Int64(extent), Int64(range.count), Int64(inner),
            from + block * extent * inner + range.lowerBound, to + block * inner + range.lowerBound)
        }
      }
    }
    return result
  }

  /// Numbers uniform in [0, 1).
  public func uniform(_ key: RandomKey, from start: Int, shape: [Int]) -> Tensor {
    let result = empty(shape)
    let to = result.floats
    pool.ranges(of: result.count, unit: 64, grain: CPUBackend.grain) { range in
      kernels.pointee.uniform(
        key.bits, Int64(start + range.lowerBound), Int64(range.count), to + range.lowerBound)
    }
    return result
  }

  /// Dropout without a stored mask.
  public func dropout(_ x: Tensor, rate: Float, key: RandomKey, from start: Int) -> Tensor? {
    let result = empty(x.shape)
    let (from, to) = (x.floats, result.floats)
    pool.ranges(of: x.count, unit: 64, grain: CPUBackend.grain) { range in
      let first = range.lowerBound
      kernels.pointee.dropout(
        key.bits, Int64(start + first), Int64(range.count), rate, 1 / (1 - rate), from + first, to + first)
    }
    return result
  }
}

extension Tensor {
  /// The extents before, of and after an axis, multiplied up.
  package func split(at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    trapUnless(shape.indices.contains(axis), "axis \(axis) does not exist in shape \(shape)")
    return (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}

/// How two shapes are repeated to fit each other: an inner run where each operand moves by 0 or 1, and rows of it.
package struct BroadcastPlan: Sendable {
  /// The shape of the result.
  package let shape: [Int]
  package let inner: Int
  package let innerA: Int
  package let innerB: Int
  /// Extents of the axes outside the run, and the strides of the operands along them.
  package let outer: [(extent: Int, a: Int, b: Int)]

  package var rows: Int { outer.reduce(1) { $0 * $1.extent } }

  package init(_ a: [Int], _ b: [Int]) {
    let rank = max(a.count, b.count)
    let padA = Array(repeating: 1, count: rank - a.count) + a
    let padB = Array(repeating: 1, count: rank - b.count) + b
    for (x, y) in zip(padA, padB) {
      trapUnless(x == y || x == 1 || y == 1, "shapes \(a) and \(b) do not fit: extents \(x) and \(y)")
    }
    shape = zip(padA, padB).map { $0 == 1 ? $1 : $0 }
    var axis = rank - 1
    var run = 1
    var pattern: (Bool, Bool)?
    while axis >= 0 {
      if shape[axis] != 1 {
        let here = (padA[axis] == shape[axis], padB[axis] == shape[axis])
        if let pattern, pattern != here { break }
        pattern = here
        run *= shape[axis]
      }
      axis -= 1
    }
    inner = run
    innerA = pattern?.0 ?? true ? 1 : 0
    innerB = pattern?.1 ?? true ? 1 : 0
    var strideA = innerA == 1 ? run : 1
    var strideB = innerB == 1 ? run : 1
    var axes: [(extent: Int, a: Int, b: Int)] = []
    while axis >= 0 {
      let movesA = padA[axis] != 1
      let movesB = padB[axis] != 1
      if shape[axis] != 1 { axes.append((shape[axis], movesA ? strideA : 0, movesB ? strideB : 0)) }
      if movesA { strideA *= padA[axis] }
      if movesB { strideB *= padB[axis] }
      axis -= 1
    }
    outer = axes.reversed()
  }

  /// Where the operands stand at the start of a row of the result.
  package func offsets(ofRow row: Int) -> (a: Int, b: Int) {
    var (a, b, rest) = (0, 0, row)
    for axis in outer.reversed() {
      let index = rest % axis.extent
      rest /= axis.extent
      a += index * axis.a
      b += index * axis.b
    }
    return (a, b)
  }
}
