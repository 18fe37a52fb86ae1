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

extension CPUBackend {
  /// All of them.
  public func fuses(_ operation: FusedOperation) -> Bool { true }

  /// The weights of a cell as panels.
  public func prepare(_ kind: RecurrentKind, _ weights: RecurrentWeights) -> PreparedWeights? {
    let (input, hidden) = (Int64(weights.inputSize), Int64(weights.hiddenSize))
    let storage = scratch(bytes: kernels.pointee.recurrent_packed_bytes(kind.kernel, input, hidden))
    let packed = storage.pointer.assumingMemoryBound(to: Float.self)
    let arguments = rk_weights(
      weight_ih: weights.inputHidden.floats, weight_hh: weights.hiddenHidden.floats,
      bias_ih: weights.inputBias?.floats, bias_hh: weights.hiddenBias?.floats)
    pool.run(members: storage.bytes > 1 << 16 ? pool.threadCount : 1) { team in
      kernels.pointee.recurrent_pack(kind.kernel, input, hidden, arguments, packed, team)
    }
    return PreparedWeights(storage: storage)
  }

  /// Members for a sequence; a small one is done sooner by one thread.
  private func members(for call: RecurrentCall) -> Int {
    let (input, hidden) = (call.weights.inputSize, call.weights.hiddenSize)
    let operations = call.plan.slotCount * call.kind.gateCount * hidden * (input + hidden)
    return operations < 100_000 ? 1 : pool.threadCount
  }

  /// A cell over a sequence.
  public func recurrentForward(_ call: RecurrentCall, isTraining: Bool) -> RecurrentResult {
    let kernels = kernels.pointee
    let (plan, hidden) = (call.plan, call.weights.hiddenSize)
    let shape = [plan.stepCount, plan.batchSize, hidden]
    let output = plan.isFull ? empty(shape) : filled(0, shape: shape)
    let finalHidden = empty([plan.segmentCount, hidden])
    let finalCell = call.cell.map { _ in empty([plan.segmentCount, hidden]) }
    guard let prepared = call.prepared ?? prepare(call.kind, call.weights) else {
      fatalError("the CPU prepares every kind of recurrent weights")
    }
    let saved =
      isTraining
      ? scratch(bytes: kernels.recurrent_saved_bytes(call.kind.kernel, Int64(plan.slotCount), Int64(hidden)))
      : nil
    let members = members(for: call)
    plan.withWalk { walk in
      var arguments = rk_forward_args()
      arguments.cell = call.kind.kernel
      arguments.walk = walk
      arguments.input = Int64(call.weights.inputSize)
      arguments.hidden = Int64(hidden)
      arguments.x = UnsafePointer(call.input.floats)
      arguments.h0 = UnsafePointer(call.hidden.floats)
      arguments.c0 = call.cell.map { UnsafePointer($0.floats) }
      arguments.packed = UnsafePointer(prepared.storage.pointer.assumingMemoryBound(to: Float.self))
      arguments.y = output.floats
      arguments.hn = finalHidden.floats
      arguments.cn = finalCell?.floats
      arguments.saved = saved?.pointer.assumingMemoryBound(to: Float.self)
      let memory = scratch(members: members) { kernels.recurrent_forward_scratch_bytes(&arguments, $0) }
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.recurrent_forward(pointer, $0) }
      }
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
    let weightGradient = RecurrentWeights(
      inputHidden: empty(weights.inputHidden.shape), hiddenHidden: empty(weights.hiddenHidden.shape),
      inputBias: weights.inputBias.map { empty($0.shape) },
      hiddenBias: weights.hiddenBias.map { empty($0.shape) })
    let members = members(for: call)
    plan.withWalk { walk in
      var arguments = rk_backward_args()
      arguments.cell = call.kind.kernel
      arguments.walk = walk
      arguments.input = Int64(weights.inputSize)
      arguments.hidden = Int64(weights.hiddenSize)
      arguments.x = UnsafePointer(call.input.floats)
      arguments.y = UnsafePointer(result.output.floats)
      arguments.h0 = UnsafePointer(call.hidden.floats)
      arguments.c0 = call.cell.map { UnsafePointer($0.floats) }
      arguments.weight_ih = UnsafePointer(weights.inputHidden.floats)
      arguments.weight_hh = UnsafePointer(weights.hiddenHidden.floats)
      arguments.saved = saved.pointer.assumingMemoryBound(to: Float.self)
      arguments.dy = gradient.output.map { UnsafePointer($0.floats) }
      arguments.dhn = gradient.hidden.map { UnsafePointer($0.floats) }
      arguments.dcn = gradient.cell.map { UnsafePointer($0.floats) }
      arguments.dx = inputGradient?.floats
      arguments.dh0 = hiddenGradient.floats
      arguments.dc0 = cellGradient?.floats
      arguments.dweight_ih = weightGradient.inputHidden.floats
      arguments.dweight_hh = weightGradient.hiddenHidden.floats
      arguments.dbias_ih = weightGradient.inputBias?.floats
      arguments.dbias_hh = weightGradient.hiddenBias?.floats
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
