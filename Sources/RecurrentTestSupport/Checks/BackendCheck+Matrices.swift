extension BackendChecker {
  /// Rows, columns and inner extents around vectors, panels and cache blocks.
  private var sizes: [(m: Int, n: Int, k: Int)] {
    [
      (1, 1, 1), (5, 7, 3), (1, 70, 40), (13, 65, 33), (6, 64, 256), (70, 130, 300), (33, 16, 513), (3, 2, 0),
      (0, 4, 3),
      (4, 0, 3),
    ]
  }

  func checkMatmul() throws {
    for (m, n, k) in sizes {
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
        try compare("matmul \(m) \(n) \(k), transposed \(transposeA) \(transposeB)") {
          let a = random(transposeA ? [k, m] : [m, k])
          let b = random(transposeB ? [n, k] : [k, n], 1)
          let bias = random([n], 2)
          let product = { (bias: Tensor?) in
            a.backend.matmul(a, b, transposeA: transposeA, transposeB: transposeB, bias: bias)
          }
          guard !transposeA else { return [product(nil), product(bias)] }
          let prepared = b.backend.prepareRight(b, transposed: transposeB)
          let again = prepared.map { a.backend.matmul(a, prepared: $0, columns: n, bias: bias) }
          return [product(nil), product(bias), again ?? product(bias)]
        }
      }
    }
  }

  func checkReductions() throws {
    for shape in [
      [1], [5], [300], [5, 7], [1, 33], [33, 1], [3, 5, 7], [2, 70, 17], [4, 3, 2, 65], [3, 0], [0, 3],
    ] {
      for axis in shape.indices {
        try compare("sum of \(shape) along \(axis)") { [random(shape).sum(axis: axis)] }
        if shape[axis] == 0 { continue }
        try compare("maximum of \(shape) along \(axis)") { [random(shape).max(axis: axis)] }
        // one NaN must show
        try compare("maximum of \(shape) along \(axis) with NaN") {
          let count = shape.reduce(1, *)
          let numbers = key.uniforms(count).enumerated().map { $0 == count / 2 ? Float.nan : $1 }
          return [Backends.current.tensor(numbers, shape: shape).max(axis: axis)]
        }
      }
    }
    for count in [0, 1, 15, 17, 4095, 10_001] {
      let found = Backends.$current.withValue(backend) { backend.sumOfSquares(random([count])) }
      let expected = Backends.$current.withValue(reference) { reference.sumOfSquares(random([count])) }
      try requireClose([found], [expected], relative: 1e-6, absolute: 0, "sum of squares on \(backend.name)")
    }
    for bound in [1, 80, 1e4, 1e30] as [Float] {
      // the rounding of the logits themselves is relative to their size
      try compare("softmax of logits up to \(bound)", relative: 1e-5) {
        [softmax(random([7, 37], bound: bound))]
      }
      try compare("log-softmax of logits up to \(bound)") { [logSoftmax(random([2, 3, 37], bound: bound))] }
    }
  }

  func checkLayout() throws {
    for (shape, axis, start, length) in [
      ([7], 0, 2, 3), ([5, 7], 0, 1, 3), ([5, 7], 1, 6, 1), ([3, 5, 7], 1, 0, 4), ([3, 5, 7], 2, 3, 4),
      ([3, 5], 1, 2, 0),
    ] {
      try compare("slice of \(shape) along \(axis)", relative: 0, absolute: 0) {
        let x = random(shape)
        var sum = random(shape, 1)
        let copy = sum
        let part = x.backend.slice(x, axis: axis, start: start, length: length)
        sum.backend.add(part, to: &sum, axis: axis, start: start)
        return [part, copy]
      }
      try compare("adding to a part of \(shape) along \(axis)") {
        let x = random(shape)
        var sum = random(shape, 1)
        sum.backend.add(
          x.backend.slice(x, axis: axis, start: start, length: length), to: &sum, axis: axis, start: start)
        return [sum]
      }
    }
    for order in [
      [0], [1, 0], [0, 1], [2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0], [3, 1, 0, 2], [1, 0, 2, 3],
    ] {
      try compare("permutation \(order)", relative: 0, absolute: 0) {
        [random(Array([5, 17, 3, 33].prefix(order.count))).permuted(order)]
      }
    }
    try compare("rows, concatenation", relative: 0, absolute: 0) {
      let table = random([11, 17])
      let rows = Indices([3, 10, 3, 0, 3], shape: [5])
      let parts = [random([3, 2, 7]), random([3, 0, 7]), random([3, 5, 7], 1)]
      return [gather(table, rows: rows), concatenate(parts, axis: 1), gather(table, rows: Indices([]))]
    }
    try compare("adding rows and in place") {
      let rows = random([6, 17])
      var sum = random([6, 17], 1)
      let copy = sum
      sum.backend.add(rows, to: &sum)
      let scattered = rows.backend.scatterAddRows(rows, Indices([3, -1, 3, 0, 3, 10]), rowCount: 11)
      return [sum, copy, scattered]
    }
  }
}
