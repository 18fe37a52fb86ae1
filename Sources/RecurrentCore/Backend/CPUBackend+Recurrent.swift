import CRecurrentKernels

extension RecurrentKind {
  /// The kernels' name for the cell.
  var kernel: rk_cell {
    switch self {
    case .lstm: RK_LSTM
    case .gru: RK_GRU
    case .gruResetBefore: RK_GRU_RESET_BEFORE
    case .elmanTanh: RK_ELMAN_TANH
    case .elmanReLU: RK_ELMAN_RELU
    case .elman: RK_ELMAN
    }
  }
}

extension Precision {
  /// The kernels' name for it.
  var kernel: rk_precision {
    switch self {
    case .float32: RK_FLOAT32
    case .bfloat16: RK_BFLOAT16
    case .int8: RK_INT8
    }
  }
}

extension SequencePlan {
  /// Calls `body` with the kernels' form of the plan.
  func withWalk<R>(_ body: (rk_walk) -> R) -> R {
    first.withUnsafeBufferPointer { first in
      alive.withUnsafeBufferPointer { alive in
        offset.withUnsafeBufferPointer { offset in
          body(
            rk_walk(
              segments: Int64(segmentCount), steps: Int64(alive.count), slots: Int64(slotCount),
              first: first.baseAddress, stride: stride, alive: alive.baseAddress, offset: offset.baseAddress))
        }
      }
    }
  }
}

extension Activation.Form {
  /// The kernels' name for the function.
  var kernel: rk_activation {
    switch self {
    case .tanh: RK_ACTIVATE_TANH
    case .relu: RK_ACTIVATE_RELU
    case .sigmoid: RK_ACTIVATE_SIGMOID
    case .affine: RK_ACTIVATE_AFFINE
    case .leakyReLU: RK_ACTIVATE_LEAKY_RELU
    case .thresholdedReLU: RK_ACTIVATE_THRESHOLDED_RELU
    case .scaledTanh: RK_ACTIVATE_SCALED_TANH
    case .hardSigmoid: RK_ACTIVATE_HARD_SIGMOID
    case .elu: RK_ACTIVATE_ELU
    case .softsign: RK_ACTIVATE_SOFTSIGN
    case .softplus: RK_ACTIVATE_SOFTPLUS
    }
  }
}

extension Zoneout {
  /// The kernels' form.
  fileprivate var kernel: rk_zoneout {
    switch self {
    case .expected(let rate): rk_zoneout(keep: nil, rate: rate)
    case .drawn(let keep): rk_zoneout(keep: keep.floats, rate: 0)
    }
  }
}

extension RecurrentWeights {
  /// The kernels' form.
  fileprivate var kernel: rk_weights {
    rk_weights(
      weight_ih: inputHidden.floats, weight_hh: hiddenHidden.floats, bias_ih: inputBias?.floats,
      bias_hh: hiddenBias?.floats, weight_hr: projection?.floats, peephole: peephole?.floats,
      norm_ih: norm?.inputScale.floats, norm_hh: norm?.hiddenScale.floats, norm_cell: norm?.cellScale.floats,
      norm_cell_bias: norm?.cellShift.floats)
  }

  /// The kernels' form of gradients to be written.
  fileprivate var kernelGradients: rk_weight_gradients {
    rk_weight_gradients(
      weight_ih: inputHidden.floats, weight_hh: hiddenHidden.floats, bias_ih: inputBias?.floats,
      bias_hh: hiddenBias?.floats, weight_hr: projection?.floats, peephole: peephole?.floats,
      norm_ih: norm?.inputScale.floats, norm_hh: norm?.hiddenScale.floats, norm_cell: norm?.cellScale.floats,
      norm_cell_bias: norm?.cellShift.floats)
  }

  /// Calls `body` with the kernels' form of the options, nil for the plain cell, and the precision that it has then.
  func withOptions<R>(
    _ kind: RecurrentKind, _ options: RecurrentOptions, _ body: (UnsafePointer<rk_options>?, Precision) -> R
  ) -> R {
    if kind != .elman, options.isPlain, isPlain { return body(nil, options.precision) }
    var form = rk_options()
    form.activation = options.activation.form.kernel
    form.alpha = options.activation.alpha
    form.beta = options.activation.beta
    form.projection = Int64(projection?.shape[0] ?? 0)
    form.coupled = options.couplesGates
    form.peephole = peephole != nil
    form.normalized = norm != nil
    form.cell_clip = options.cellClip ?? 0
    form.zoneout_hidden = options.zoneoutHidden.kernel
    form.zoneout_cell = options.zoneoutCell.kernel
    form.recurrent_mask = options.recurrentMask.map { UnsafePointer($0.floats) }
    return withUnsafePointer(to: form) { body($0, .float32) }
  }
}

extension CPUBackend {
  /// The weights of a cell as panels.
  public func prepare(
    _ kind: RecurrentKind, _ weights: RecurrentWeights, options: RecurrentOptions
  ) -> PreparedWeights? {
    let (input, hidden) = (Int64(weights.inputSize), Int64(weights.hiddenSize))
    trapUnless(
      options.precision != .int8 || max(input, hidden) <= 1 << 16,
      "prepare: int8 takes at most 65,536 inputs and units, received \(input) and \(hidden)")
    return weights.withOptions(kind, options) { options, precision in
      let storage = scratch(
        bytes: kernels.pointee.recurrent_packed_bytes(
          kind.kernel, options, precision.kernel, input, hidden))
      let packed = storage.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: weights.kernel) { arguments in
        pool.run(members: storage.bytes > 1 << 16 ? pool.teamSize : 1) { team in
          kernels.pointee.recurrent_pack(
            kind.kernel, options, precision.kernel, input, hidden, arguments, packed, team)
        }
      }
      return PreparedWeights(storage: storage, precision: precision)
    }
  }

  /// Members for a sequence; a small one is done sooner by one thread.
  private func members(for call: RecurrentCall) -> Int {
    let (input, hidden) = (call.weights.inputSize, call.weights.hiddenSize)
    let operations = call.plan.slotCount * call.kind.gateCount * hidden * (input + call.weights.stateSize)
    return operations < 100_000 ? 1 : pool.teamSize
  }

  /// What a forward pass needs to know of the cell and its weights; where it reads and writes is left to the caller.
  func forwardArguments(
    for call: RecurrentCall, prepared: PreparedWeights, walk: rk_walk, options: UnsafePointer<rk_options>?,
    precision: Precision
  ) -> rk_forward_args {
    var arguments = rk_forward_args()
    arguments.precision = precision.kernel
    arguments.options = options
    arguments.cell = call.kind.kernel
    arguments.walk = walk
    arguments.input = Int64(call.weights.inputSize)
    arguments.hidden = Int64(call.weights.hiddenSize)
    arguments.packed = UnsafePointer(prepared.storage.pointer.assumingMemoryBound(to: Float.self))
    return arguments
  }

  /// Calls `body` with the kernels' form of the plan and of the options of a call.
  private func withWalk<R>(
    _ call: RecurrentCall, _ body: (rk_walk, UnsafePointer<rk_options>?, Precision) -> R
  ) -> R {
    call.plan.withWalk { walk in
      call.weights.withOptions(call.kind, call.options) { body(walk, $0, $1) }
    }
  }

  /// A cell over a sequence.
  public func recurrentForward(_ call: RecurrentCall, isTraining: Bool) -> RecurrentResult? {
    let kernels = kernels.pointee
    let (plan, hidden) = (call.plan, call.weights.hiddenSize)
    let shape = [plan.stepCount, plan.batchSize, call.weights.stateSize]
    let output = plan.isFull ? empty(shape) : filled(0, shape: shape)
    let finalHidden = empty([plan.segmentCount, call.weights.stateSize])
    let finalCell = call.cell.map { _ in empty([plan.segmentCount, hidden]) }
    let precision = call.weights.withOptions(call.kind, call.options) { $1 }
    let kept = call.prepared.flatMap { $0.precision == precision ? $0 : nil }
    guard let prepared = kept ?? prepare(call.kind, call.weights, options: call.options) else {
      fatalError("the CPU prepares every kind of recurrent weights")
    }
    let members = members(for: call)
    let saved = withWalk(call) { walk, options, precision in
      let saved =
        isTraining
        ? scratch(
          bytes: kernels.recurrent_saved_bytes(
            call.kind.kernel, options, Int64(plan.slotCount), Int64(hidden)))
        : nil
      var arguments = forwardArguments(
        for: call, prepared: prepared, walk: walk, options: options, precision: precision)
      arguments.x = UnsafePointer(call.input.floats)
      arguments.h0 = UnsafePointer(call.hidden.floats)
      arguments.c0 = call.cell.map { UnsafePointer($0.floats) }
      arguments.y = output.floats
      arguments.hn = finalHidden.floats
      arguments.cn = finalCell?.floats
      arguments.saved = saved?.pointer.assumingMemoryBound(to: Float.self)
      let memory = scratch(members: members) { kernels.recurrent_forward_scratch_bytes(&arguments, $0) }
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.recurrent_forward(pointer, $0) }
      }
      return saved
    }
    return RecurrentResult(output: output, hidden: finalHidden, cell: finalCell, saved: saved)
  }

  /// All gradients of a cell over a sequence.
  public func recurrentBackward(
    _ call: RecurrentCall, result: RecurrentResult, gradient: RecurrentOutputGradient, wantsInput: Bool
  ) -> RecurrentGradient {
    let kernels = kernels.pointee
    let (plan, weights) = (call.plan, call.weights)
    guard let saved = result.saved else {
      fatalError("recurrentBackward: the forward pass kept nothing; run it with isTraining")
    }
    let inputGradient =
      wantsInput ? (plan.isFull ? empty(call.input.shape) : filled(0, shape: call.input.shape)) : nil
    let hiddenGradient = empty(call.hidden.shape)
    let cellGradient = call.cell.map { empty($0.shape) }
    let weightGradient = weights.map { empty($0.shape) }
    let members = members(for: call)
    withWalk(call) { walk, options, precision in
      var arguments = rk_backward_args()
      arguments.options = options
      arguments.cell = call.kind.kernel
      arguments.precision = precision.kernel
      arguments.walk = walk
      arguments.input = Int64(weights.inputSize)
      arguments.hidden = Int64(weights.hiddenSize)
      arguments.x = UnsafePointer(call.input.floats)
      arguments.y = UnsafePointer(result.output.floats)
      arguments.h0 = UnsafePointer(call.hidden.floats)
      arguments.c0 = call.cell.map { UnsafePointer($0.floats) }
      arguments.weights = weights.kernel
      arguments.saved = saved.pointer.assumingMemoryBound(to: Float.self)
      arguments.dy = gradient.output.map { UnsafePointer($0.floats) }
      arguments.dhn = gradient.hidden.map { UnsafePointer($0.floats) }
      arguments.dcn = gradient.cell.map { UnsafePointer($0.floats) }
      arguments.dx = inputGradient?.floats
      arguments.dh0 = hiddenGradient.floats
      arguments.dc0 = cellGradient?.floats
      arguments.gradients = weightGradient.kernelGradients
      let memory = scratch(members: members) { kernels.recurrent_backward_scratch_bytes(&arguments, $0) }
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.recurrent_backward(pointer, $0) }
      }
    }
    return RecurrentGradient(
      input: inputGradient, hidden: hiddenGradient, cell: cellGradient, weights: weightGradient)
  }
}
