import CRecurrentKernels

extension CPUBackend {
  /// A matrix product over packed panels.
  public func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, bias: Tensor?) -> Tensor {
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let n = transposeB ? b.shape[0] : b.shape[1]
    if transposeB, !transposeA, m <= CPUBackend.fewRows, n >= 4 * CPUBackend.fewRows {
      return productOfFewRows(a, b, bias: bias)
    }
    var arguments = rk_gemm_args()
    arguments.b = UnsafePointer(b.floats)
    arguments.b_row = transposeB ? 1 : Int64(b.shape[1])
    arguments.b_column = transposeB ? Int64(b.shape[1]) : 1
    return product(a, isTransposed: transposeA, m: m, n: n, k: k, bias: bias, arguments)
  }

  /// Rows that are so few that packing a right side, which takes as long as some forty of them, is not worth its while.
  private static let fewRows = 64

  /// a b^T + bias of few rows as (b a^T)^T: of the two sides a is packed. An element is the same chain over K.
  private func productOfFewRows(_ a: Tensor, _ b: Tensor, bias: Tensor?) -> Tensor {
    let (m, n, k) = (a.shape[0], b.shape[0], a.shape[1])
    let (turned, result) = (empty([n, m]), empty([m, n]))
    var arguments = rk_gemm_args()
    (arguments.m, arguments.n, arguments.k) = (Int64(n), Int64(m), Int64(k))
    (arguments.a, arguments.a_row, arguments.a_column) = (UnsafePointer(b.floats), Int64(k), 1)
    (arguments.b, arguments.b_row, arguments.b_column) = (UnsafePointer(a.floats), 1, Int64(k))
    (arguments.c, arguments.c_row) = (turned.floats, Int64(m))
    if let bias {
      // a chain begins with the bias
      let (from, to) = (bias.floats, turned.floats)
      for row in 0..<n { (to + row * m).update(repeating: from[row], count: m) }
      arguments.accumulate = true
    }
    multiply(arguments)
    if m > 0 {
      kernels.pointee.transpose(Int64(n), Int64(m), turned.floats, Int64(m), result.floats, Int64(n))
    }
    return result
  }

  /// The right side of a product as panels.
  public func prepareRight(_ b: Tensor, transposed: Bool) -> PreparedWeights? {
    let side = RightSide(b, transposed: transposed)
    let storage = scratch(bytes: side.packedCount * 4)
    pack([(side, storage.pointer.assumingMemoryBound(to: Float.self))])
    return PreparedWeights(storage: storage)
  }

  /// A right side of a product, [K, N], where it stands.
  struct RightSide {
    let n, k: Int
    private let matrix: Tensor
    private let transposed: Bool

    /// `b` is [K, N], or [N, K] with `transposed`.
    init(_ b: Tensor, transposed: Bool) {
      (k, n) = transposed ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
      (matrix, self.transposed) = (b, transposed)
    }

    /// Panels of 64 columns.
    var panelCount: Int { (n + 63) / 64 }
    /// Numbers of all panels.
    var packedCount: Int { panelCount * 64 * k }

    /// Packs some panels to their places behind `to`.
    fileprivate func pack(_ panels: Range<Int>, to: UnsafeMutablePointer<Float>, _ kernels: rk_kernels) {
      let (first, width) = (64 * panels.lowerBound, matrix.shape[1])
      kernels.pack_b(
        Int64(min(64 * panels.count, n - first)), Int64(k),
        matrix.floats + first * (transposed ? width : 1), transposed ? 1 : Int64(width),
        transposed ? Int64(width) : 1, to + first * k)
    }
  }

  /// Packs right sides, each to a place; threads share out the panels of all.
  func pack(_ sides: [(side: RightSide, to: UnsafeMutablePointer<Float>)]) {
    let count = sides.reduce(0) { $0 + $1.side.panelCount }
    let numbers = sides.reduce(0) { $0 + $1.side.packedCount }
    nonisolated(unsafe) let sides = sides
    pool.ranges(of: count, unit: 1, grain: max(1, CPUBackend.grain * count / max(numbers, 1))) { range in
      var start = 0
      for (side, to) in sides {
        let own = range.clamped(to: start..<start + side.panelCount)
        if !own.isEmpty {
          side.pack(own.lowerBound - start..<own.upperBound - start, to: to, kernels.pointee)
        }
        start += side.panelCount
      }
    }
  }

  /// A matrix product over packed panels.
  public func matmul(_ a: Tensor, prepared b: PreparedWeights, columns: Int, bias: Tensor?) -> Tensor {
    var arguments = rk_gemm_args()
    arguments.b_packed = UnsafePointer(b.storage.pointer.assumingMemoryBound(to: Float.self))
    return product(a, isTransposed: false, m: a.shape[0], n: columns, k: a.shape[1], bias: bias, arguments)
  }

  private func product(
    _ a: Tensor, isTransposed: Bool, m: Int, n: Int, k: Int, bias: Tensor?, _ right: rk_gemm_args
  ) -> Tensor {
    let result = empty([m, n])
    var arguments = right
    (arguments.m, arguments.n, arguments.k) = (Int64(m), Int64(n), Int64(k))
    arguments.a = UnsafePointer(a.floats)
    arguments.a_row = isTransposed ? 1 : Int64(k)
    arguments.a_column = isTransposed ? Int64(m) : 1
    arguments.bias = bias.map { UnsafePointer($0.floats) }
    arguments.c = result.floats
    arguments.c_row = Int64(n)
    multiply(arguments)
    return result
  }

  /// Runs a product on as many threads as it is worth; `scratch` is filled in.
  func multiply(_ product: rk_gemm_args) {
    let (m, n, k) = (product.m, product.n, product.k)
    guard m > 0, n > 0 else { return }
    // below some ten thousand multiply-adds a second thread costs more than it brings
    let members = m * n * k < 40_000 ? 1 : pool.teamSize
    let memory = scratch(members: members) {
      kernels.pointee.gemm_scratch_bytes(m, n, product.a_column != 1, $0)
    }
    var arguments = product
    arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
    withUnsafePointer(to: arguments) { pointer in
      pool.run(members: members) { kernels.pointee.gemm(pointer, $0) }
    }
  }
}
