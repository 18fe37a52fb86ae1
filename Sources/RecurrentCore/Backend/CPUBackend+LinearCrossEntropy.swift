import CRecurrentKernels

/// Extents that decide how much memory the fused loss takes. Results do not depend on them: products are cut between
/// elements, or between terms of a chain that goes on from what was stored.
private enum Chunk {
  /// Rows whose logits exist at a time. Where the weight is packed once for all, these are 1 MiB, which stay in a near cache,
  /// but not so few rows that adding to the gradient of the weight takes longer than that saves. Else they are 32 MiB, or up
  /// to 64 where that would be fewer than 256: for each chunk the weight is packed, and its gradient added to, which
  /// takes as long as the products of some forty rows.
  static func rows(classes: Int, width: Int) -> Int {
    let classes = max(classes, 1)
    if isPackedOnce(classes: classes, width: width) { return max((1 << 18) / classes, 128) }
    return max((8 << 20) / classes, min(256, (16 << 20) / classes), 16)
  }
  /// Whether the weight is packed once, in both orientations, for all chunks: where both are no more than 32 MiB.
  static func isPackedOnce(classes: Int, width: Int) -> Bool { classes * width <= 4 << 20 }
  /// Classes whose weights are packed at a time where they are not packed once for all.
  static let classes = 2048
  /// Classes whose weight gradient is computed at a time: their part of the logits' gradient stays in the cache.
  static let gradientClasses = 512
  /// Rows whose loss and gradient are computed one after the other, while they are in the cache.
  static let lossRows = 4
}

extension CPUBackend {
  /// Losses of each row of a linear map and their gradients, for some rows after the other: the logits of a few rows are
  /// made, turned into their gradient where they stand, used for all three gradients, and forgotten.
  public func linearCrossEntropy(
    _ call: LinearCrossEntropyCall, wantsGradient: Bool
  ) -> LinearCrossEntropyResult? {
    linearCrossEntropy(
      call, wantsGradient: wantsGradient,
      rowsAtATime: Chunk.rows(classes: call.weight.shape[0], width: call.weight.shape[1]))
  }

  /// The same for chosen chunks: at most so many rows, dealt out evenly.
  package func linearCrossEntropy(
    _ call: LinearCrossEntropyCall, wantsGradient: Bool, rowsAtATime limit: Int
  ) -> LinearCrossEntropyResult {
    let (rows, width, classes) = (call.hidden.shape[0], call.hidden.shape[1], call.weight.shape[0])
    let losses = empty([rows])
    let gradient =
      wantsGradient
      ? LinearCrossEntropyResult.Gradient(
        hidden: empty([rows, width]), weight: empty([classes, width]),
        bias: call.bias.map { filled(0, shape: $0.shape) }) : nil
    let chunks = max(1, (rows + limit - 1) / limit)
    let step = max(1, (rows + chunks - 1) / chunks)
    let logits = empty([min(rows, step), classes])
    let normalizers = empty([min(rows, step)])
    let isPacked = chunks > 1 && Chunk.isPackedOnce(classes: classes, width: width)
    let forward = isPacked ? prepareRight(call.weight, transposed: true) : nil
    let backward = isPacked && wantsGradient ? prepareRight(call.weight, transposed: false) : nil
    for start in stride(from: 0, to: rows, by: step) {
      let range = start..<min(rows, start + step)
      multiply(call, range, forward, into: logits)
      computeLosses(call, range, logits: logits, normalizers: normalizers, losses: losses, wantsGradient)
      if let gradient { accumulate(call, range, backward, logitsGradient: logits, in: gradient) }
    }
    if rows == 0, let gradient { clear(gradient.weight) }
    return LinearCrossEntropyResult(losses: losses, gradient: gradient)
  }

  /// logits = hidden weight^T + bias, for some rows, by a weight that was packed or not.
  private func multiply(
    _ call: LinearCrossEntropyCall, _ range: Range<Int>, _ packed: PreparedWeights?, into logits: Tensor
  ) {
    let (width, classes) = (call.hidden.shape[1], call.weight.shape[0])
    for first in stride(from: 0, to: classes, by: packed == nil ? Chunk.classes : max(classes, 1)) {
      let count = packed == nil ? min(Chunk.classes, classes - first) : classes
      var product = rk_gemm_args()
      (product.m, product.n, product.k) = (Int64(range.count), Int64(count), Int64(width))
      product.a = UnsafePointer(call.hidden.floats + range.lowerBound * width)
      (product.a_row, product.a_column) = (Int64(width), 1)
      product.b = UnsafePointer(call.weight.floats + first * width)
      (product.b_row, product.b_column) = (1, Int64(width))
      product.b_packed = packed?.floats
      product.bias = call.bias.map { UnsafePointer($0.floats + first) }
      (product.c, product.c_row) = (logits.floats + first, Int64(classes))
      multiply(product)
    }
  }

  /// The losses of some rows, and the gradient of the logits in their place.
  private func computeLosses(
    _ call: LinearCrossEntropyCall, _ range: Range<Int>, logits: Tensor, normalizers: Tensor, losses: Tensor,
    _ wantsGradient: Bool
  ) {
    let classes = call.weight.shape[0]
    call.labels.values.withUnsafeBufferPointer { labels in
      nonisolated(unsafe) let labels = labels
      pool.ranges(of: range.count, unit: 1, grain: max(1, CPUBackend.grain / max(classes, 1))) { part in
        var arguments = rk_cross_entropy_args()
        arguments.classes = Int64(classes)
        arguments.class_weights = call.classWeights.map { UnsafePointer($0.floats) }
        arguments.smoothing = call.labelSmoothing
        arguments.ignored = call.ignoredLabel
        arguments.scale = call.scale
        for start in stride(from: part.lowerBound, to: part.upperBound, by: Chunk.lossRows) {
          arguments.rows = Int64(min(Chunk.lossRows, part.upperBound - start))
          arguments.logits = UnsafePointer(logits.floats + start * classes)
          arguments.dlogits = logits.floats + start * classes
          arguments.labels = labels.baseAddress.map { $0 + range.lowerBound + start }
          arguments.losses = losses.floats + range.lowerBound + start
          arguments.log_normalizer = normalizers.floats + start
          kernels.pointee.cross_entropy_forward(&arguments)
          if wantsGradient { kernels.pointee.cross_entropy_backward(&arguments) }
        }
      }
    }
  }

  /// Adds what some rows give to the gradients of weight and bias, and writes their gradient.
  private func accumulate(
    _ call: LinearCrossEntropyCall, _ range: Range<Int>, _ packed: PreparedWeights?, logitsGradient: Tensor,
    in gradient: LinearCrossEntropyResult.Gradient
  ) {
    let (width, classes) = (call.hidden.shape[1], call.weight.shape[0])
    let isFirst = range.lowerBound == 0
    if let bias = gradient.bias {
      let (from, to) = (logitsGradient.floats, bias.floats)
      pool.ranges(of: classes, unit: 16, grain: max(16, CPUBackend.grain / range.count)) { columns in
        kernels.pointee.add_column_sums(
          Int64(range.count), Int64(columns.count), Int64(classes), from + columns.lowerBound,
          to + columns.lowerBound)
      }
    }
    var product = rk_gemm_args()
    (product.m, product.n, product.k) = (Int64(range.count), Int64(width), Int64(classes))
    (product.a, product.a_row, product.a_column) = (UnsafePointer(logitsGradient.floats), Int64(classes), 1)
    (product.b, product.b_row, product.b_column) = (UnsafePointer(call.weight.floats), Int64(width), 1)
    product.b_packed = packed?.floats
    (product.c, product.c_row) = (gradient.hidden.floats + range.lowerBound * width, Int64(width))
    multiply(product)

    let hidden = call.hidden.viewed(as: [range.count, width], from: range.lowerBound * width)
    let right = classes > Chunk.gradientClasses ? prepareRight(hidden, transposed: false) : nil
    for first in stride(from: 0, to: classes, by: Chunk.gradientClasses) {
      let count = min(Chunk.gradientClasses, classes - first)
      var product = rk_gemm_args()
      (product.m, product.n, product.k) = (Int64(count), Int64(width), Int64(range.count))
      product.a = UnsafePointer(logitsGradient.floats + first)
      (product.a_row, product.a_column) = (1, Int64(classes))
      (product.b, product.b_row, product.b_column) = (UnsafePointer(hidden.floats), Int64(width), 1)
      product.b_packed = right?.floats
      (product.c, product.c_row) = (gradient.weight.floats + first * width, Int64(width))
      product.accumulate = !isFirst
      multiply(product)
    }
  }

  private func clear(_ x: Tensor) { x.floats.update(repeating: 0, count: x.count) }
}

extension PreparedWeights {
  /// What kernels read.
  fileprivate var floats: UnsafePointer<Float> {
    UnsafePointer(storage.pointer.assumingMemoryBound(to: Float.self))
  }
}
