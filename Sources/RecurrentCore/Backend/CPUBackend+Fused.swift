import CRecurrentKernels

extension CPUBackend {
  /// Losses of each row.
  public func crossEntropy(_ call: CrossEntropyCall) -> (losses: Tensor, saved: Tensor)? {
    let rows = call.logits.shape[0]
    let losses = empty([rows])
    let normalizers = empty([rows])
    run(call, losses: losses, normalizers: normalizers, scale: 0, gradient: nil) { kernels, arguments in
      kernels.cross_entropy_forward(arguments)
    }
    return (losses, normalizers)
  }

  /// The gradient with respect to the logits.
  public func crossEntropyGradient(_ call: CrossEntropyCall, saved: Tensor, scale: Float) -> Tensor {
    let gradient = empty(call.logits.shape)
    run(call, losses: nil, normalizers: saved, scale: scale, gradient: gradient) { kernels, arguments in
      kernels.cross_entropy_backward(arguments)
    }
    return gradient
  }

  private func run(
    _ call: CrossEntropyCall, losses: Tensor?, normalizers: Tensor, scale: Float, gradient: Tensor?,
    _ kernel: (rk_kernels, UnsafePointer<rk_cross_entropy_args>) -> Void
  ) {
    let (rows, classes) = (call.logits.shape[0], call.logits.shape[1])
    call.labels.values.withUnsafeBufferPointer { labels in
      nonisolated(unsafe) let labels = labels
      pool.ranges(of: rows, unit: 1, grain: max(1, CPUBackend.grain / max(classes, 1))) { range in
        let start = range.lowerBound
        var arguments = rk_cross_entropy_args()
        arguments.rows = Int64(range.count)
        arguments.classes = Int64(classes)
        arguments.logits = UnsafePointer(call.logits.floats + start * classes)
        arguments.labels = labels.baseAddress.map { $0 + start }
        arguments.class_weights = call.classWeights.map { UnsafePointer($0.floats) }
        arguments.smoothing = call.labelSmoothing
        arguments.ignored = call.ignoredLabel
        arguments.losses = losses.map { $0.floats + start }
        arguments.log_normalizer = normalizers.floats + start
        arguments.scale = scale
        arguments.dlogits = gradient.map { $0.floats + start * classes }
        kernel(kernels.pointee, &arguments)
      }
    }
  }

  /// Normalised rows, scaled and shifted.
  public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> LayerNormResult? {
    let (rows, width) = x.matrixShape
    let result = LayerNormResult(
      output: empty(x.shape), normalized: empty(x.shape), inverseDeviation: empty([rows]))
    pool.ranges(of: rows, unit: 1, grain: max(1, CPUBackend.grain / max(width, 1))) { range in
      let start = range.lowerBound * width
      kernels.pointee.layer_norm_forward(
        Int64(range.count), Int64(width), x.floats + start, weight.floats, bias.floats, epsilon,
        result.output.floats + start, result.normalized.floats + start,
        result.inverseDeviation.floats + range.lowerBound)
    }
    return result
  }

  /// A row without a tensor.
  public func layerNorm(
    row x: UnsafeBufferPointer<Float>, weight: Tensor, bias: Tensor, epsilon: Float,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) -> Void? {
    guard let numbers = x.baseAddress else { return () }
    return kernels.pointee.layer_norm_forward(
      1, Int64(x.count), numbers, weight.floats, bias.floats, epsilon, y, scratch, scratch + x.count)
  }

  /// The gradient with respect to the input.
  public func layerNormGradient(_ upstream: Tensor, weight: Tensor, result: LayerNormResult) -> Tensor {
    let (rows, width) = upstream.matrixShape
    let gradient = empty(upstream.shape)
    pool.ranges(of: rows, unit: 1, grain: max(1, CPUBackend.grain / max(width, 1))) { range in
      let start = range.lowerBound * width
      kernels.pointee.layer_norm_backward(
        Int64(range.count), Int64(width), upstream.floats + start, weight.floats,
        result.normalized.floats + start,
        result.inverseDeviation.floats + range.lowerBound, gradient.floats + start)
    }
    return gradient
  }

  /// The rows that were used, where they are few.
  public func sparseRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor? {
    SparseRows(summing: rows, numbers, rowCount: rowCount).map { Tensor($0, shape: [rowCount, $0.width]) }
  }
}
