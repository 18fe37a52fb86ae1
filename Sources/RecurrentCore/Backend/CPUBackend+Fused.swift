import CRecurrentKernels

extension CPUBackend {
  /// Losses of each row.
  public func crossEntropy(_ call: CrossEntropyCall) -> (losses: Tensor, saved: Tensor) {
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
  public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> LayerNormResult {
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

  /// One pass over a parameter, its gradient and its statistics.
  public func optimize(
    _ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor]
  ) {
    trapUnless(
      gradient.shape == parameter.shape,
      "optimize: expected a gradient of shape \(parameter.shape), received \(gradient.shape)")
    parameter.makeUnique()
    for index in statistics.indices { statistics[index].makeUnique() }
    var arguments = rk_optimizer_args()
    arguments.gradient_scale = step.gradientScale
    arguments.learning_rate = step.learningRate
    arguments.weight_decay = step.weightDecay
    arguments.decoupled_decay = step.parameterScale
    arguments.first_step = step.step == 1
    var pointers = statistics.map(\.floats)
    func next() -> UnsafeMutablePointer<Float> { pointers.removeFirst() }
    switch step.rule {
    case .sgd(let momentum, let dampening, let isNesterov):
      arguments.kind = RK_SGD
      arguments.momentum = momentum
      arguments.dampening = dampening
      arguments.nesterov = isNesterov
      if momentum != 0 { arguments.first = next() }
    case .adam(let beta1, let beta2, let epsilon, let isAMSGrad):
      arguments.kind = RK_ADAM
      (arguments.beta1, arguments.beta2, arguments.epsilon) = (beta1, beta2, epsilon)
      arguments.correction1 = 1 - power(beta1, step.step)
      arguments.correction2 = (1 - power(beta2, step.step)).squareRoot()
      arguments.amsgrad = isAMSGrad
      arguments.first = next()
      arguments.second = next()
      if isAMSGrad { arguments.third = next() }
    case .rmsprop(let smoothing, let epsilon, let momentum, let isCentered):
      arguments.kind = RK_RMSPROP
      (arguments.beta2, arguments.epsilon, arguments.momentum) = (smoothing, epsilon, momentum)
      arguments.centered = isCentered
      arguments.second = next()
      if momentum != 0 { arguments.first = next() }
      if isCentered { arguments.third = next() }
    case .adagrad(let epsilon):
      arguments.kind = RK_ADAGRAD
      arguments.epsilon = epsilon
      arguments.second = next()
    case .asgd(let averageWeight):
      arguments.kind = RK_ASGD
      arguments.mu = averageWeight
      arguments.third = next()
    }
    let (target, source, common) = (parameter.floats, gradient.floats, arguments)
    pool.ranges(of: parameter.count, unit: 16, grain: CPUBackend.grain) { range in
      let start = range.lowerBound
      var part = common
      part.count = Int64(range.count)
      part.parameter = target + start
      part.gradient = UnsafePointer(source + start)
      part.first = common.first.map { $0 + start }
      part.second = common.second.map { $0 + start }
      part.third = common.third.map { $0 + start }
      kernels.pointee.optimize(&part)
    }
  }

  /// base to a whole power, by squaring: the same bits on every platform.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
