import CRecurrentKernels

extension CPUBackend {
  /// ``MLSTM`` over a sequence. In training the memory is kept every sqrt(T) steps and computed again between.
  func mlstmForward(_ call: ScanCall, headCount: Int, isTraining: Bool) -> ScanResult {
    let (plan, hidden) = (call.plan, call.outputSize)
    let shape = [plan.stepCount, plan.batchSize, hidden]
    let output = plan.isFull ? empty(shape) : filled(0, shape: shape)
    let final = call.states.map { empty($0.shape) }
    var checkpoints: TensorStorage?
    withArguments(call, headCount: headCount, output: output, final: final, checkpoints: nil) {
      arguments, members in
      var arguments = arguments
      if isTraining {
        let memory = scratch(bytes: kernels.pointee.mlstm_checkpoint_bytes(&arguments))
        arguments.checkpoints = memory.pointer.assumingMemoryBound(to: Float.self)
        checkpoints = memory
      }
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.mlstm_forward(pointer, $0) }
      }
    }
    return ScanResult(output: output, states: final, saved: checkpoints.map { [$0] } ?? [])
  }

  /// All gradients of ``MLSTM`` over a sequence.
  func mlstmBackward(
    _ call: ScanCall, headCount: Int, result: ScanResult, output upstream: Tensor?, states: [Tensor?]
  ) -> ScanGradient {
    let inputs = call.inputs.map { empty($0.shape) }
    let initial = call.states.map { empty($0.shape) }
    withArguments(
      call, headCount: headCount, output: result.output, final: result.states, checkpoints: result.saved.first
    ) { forward, members in
      var forward = forward
      let memory = scratch(bytes: kernels.pointee.mlstm_scratch_bytes(&forward, Int32(members)))
      forward.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      var arguments = rk_mlstm_backward_args()
      arguments.forward = forward
      arguments.dy = upstream.map { UnsafePointer($0.floats) }
      arguments.dcn = states[0].map { UnsafePointer($0.floats) }
      arguments.dnn = states[1].map { UnsafePointer($0.floats) }
      arguments.dmn = states[2].map { UnsafePointer($0.floats) }
      (arguments.dvalues, arguments.dgates) = (inputs[0].floats, inputs[1].floats)
      arguments.dc0 = initial[0].floats
      (arguments.dn0, arguments.dm0) = (initial[1].floats, initial[2].floats)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.mlstm_backward(pointer, $0) }
      }
    }
    return ScanGradient(inputs: inputs, parameters: [], states: initial)
  }

  private func withArguments(
    _ call: ScanCall, headCount: Int, output: Tensor, final: [Tensor], checkpoints: TensorStorage?,
    _ body: (rk_mlstm_forward_args, Int) -> Void
  ) {
    let operations = call.plan.slotCount * call.outputSize * (call.outputSize / headCount + 16)
    call.plan.withWalk { walk in
      var arguments = rk_mlstm_forward_args()
      arguments.walk = walk
      arguments.by_slot = !call.plan.isFull
      (arguments.hidden, arguments.heads) = (Int64(call.outputSize), Int64(headCount))
      arguments.values = UnsafePointer(call.inputs[0].floats)
      arguments.gates = UnsafePointer(call.inputs[1].floats)
      arguments.c0 = UnsafePointer(call.states[0].floats)
      arguments.n0 = UnsafePointer(call.states[1].floats)
      arguments.m0 = UnsafePointer(call.states[2].floats)
      arguments.y = output.floats
      (arguments.cn, arguments.nn, arguments.mn) = (final[0].floats, final[1].floats, final[2].floats)
      arguments.interval = Int64(max(1, Double(walk.steps).squareRoot().rounded(.up)))
      arguments.checkpoints = checkpoints?.pointer.assumingMemoryBound(to: Float.self)
      body(arguments, operations < 50_000 ? 1 : pool.teamSize)
    }
  }
}
