import CRecurrentKernels

extension CPUBackend {
  /// A part of an axis; one of the outermost axis shares storage.
  public func slice(_ x: Tensor, axis: Int, start: Int, length: Int) -> Tensor {
    let (outer, extent, inner) = x.split(at: axis)
    var shape = x.shape
    shape[axis] = length
    // a part of the outermost axis is contiguous: it shares storage
    if outer == 1 { return x.viewed(as: shape, from: start * inner) }
    let result = empty(shape)
    let (from, to, count) = (x.floats + start * inner, result.floats, length * inner)
    pool.ranges(of: outer, unit: 1, grain: max(1, CPUBackend.grain / max(count, 1))) { range in
      for block in range {
        (to + block * count).update(from: from + block * extent * inner, count: count)
      }
    }
    return result
  }

  /// Parts one after the other along an axis.
  public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let result = empty(shape)
    let (outer, extent, inner) = result.split(at: axis)
    nonisolated(unsafe) let pieces = parts.map { (from: $0.floats, count: $0.shape[axis] * inner) }
    let (to, width) = (result.floats, extent * inner)
    pool.ranges(of: outer, unit: 1, grain: max(1, CPUBackend.grain / max(width, 1))) { range in
      for block in range {
        var place = to + block * width
        for piece in pieces {
          place.update(from: piece.from + block * piece.count, count: piece.count)
          place += piece.count
        }
      }
    }
    return result
  }

  /// Adds in place where the storage is not shared.
  public func add(_ x: Tensor, to sum: inout Tensor, axis: Int, start: Int) {
    sum.makeUnique()
    let (outer, extent, inner) = sum.split(at: axis)
    let length = x.shape[axis] * inner
    for block in 0..<outer {
      let to = sum.floats + (block * extent + start) * inner
      kernels.pointee.binary(RK_ADD, Int64(length), to, 1, x.floats + block * length, 1, to)
    }
  }

  /// Axes in a new order.
  public func permute(_ x: Tensor, order: [Int]) -> Tensor {
    let shape = order.map { x.shape[$0] }
    let result = empty(shape)
    guard x.count > 0 else { return result }
    if order == [1, 0] {
      kernels.pointee.transpose(
        Int64(x.shape[0]), Int64(x.shape[1]), x.floats, Int64(x.shape[1]), result.floats, Int64(x.shape[0]))
      return result
    }
    var strides = Array(repeating: 1, count: x.rank)
    for axis in stride(from: x.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * x.shape[axis + 1]
    }
    let steps = order.map { strides[$0] }
    // trailing axes that stay in place are copied in runs
    var run = 1
    var moved = shape.count
    while moved > 0, order[moved - 1] == moved - 1 {
      run *= shape[moved - 1]
      moved -= 1
    }
    var index = Array(repeating: 0, count: moved)
    var from = 0
    for row in 0..<(x.count / run) {
      (result.floats + row * run).update(from: x.floats + from, count: run)
      var axis = moved - 1
      while axis >= 0 {
        index[axis] += 1
        from += steps[axis]
        if index[axis] < shape[axis] { break }
        from -= steps[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// Rows by number.
  public func gatherRows(_ table: Tensor, _ rows: Indices) -> Tensor {
    let width = table.shape[1]
    let result = empty([rows.count, width])
    let (from, to) = (table.floats, result.floats)
    rows.values.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      nonisolated(unsafe) let ids = base
      pool.ranges(of: rows.count, unit: 1, grain: max(1, CPUBackend.grain / max(width, 1))) { range in
        kernels.pointee.gather_rows(
          Int64(range.count), Int64(width), from, ids + range.lowerBound, to + range.lowerBound * width)
      }
    }
    return result
  }

  /// Adds rows to rows of a table.
  public func addRows(_ rows: Tensor, _ numbers: Indices, to table: inout Tensor) {
    table.makeUnique()
    addRows(rows, numbers, in: table)
  }

  /// Sums of rows by number.
  public func scatterAddRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor {
    let result = filled(0, shape: [rowCount, rows.shape[1]])
    addRows(rows, numbers, in: result)
    return result
  }

  private func addRows(_ rows: Tensor, _ numbers: Indices, in table: Tensor) {
    let width = rows.shape[1]
    let (from, to) = (rows.floats, table.floats)
    numbers.values.withUnsafeBufferPointer { buffer in
      guard let ids = buffer.baseAddress else { return }
      pool.run(members: rows.count > CPUBackend.grain ? pool.teamSize : 1) { team in
        kernels.pointee.scatter_add_rows(Int64(numbers.count), Int64(width), from, ids, to, team)
      }
    }
  }
}
