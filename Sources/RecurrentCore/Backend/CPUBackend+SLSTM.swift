import CRecurrentKernels

extension CPUBackend {
  /// ``SLSTM`` over a sequence.
  func slstmForward(_ call: ScanCall, headCount: Int, isTraining: Bool) -> ScanResult {
    let (plan, hidden) = (call.plan, call.outputSize)
    let shape = [plan.stepCount, plan.batchSize, hidden]
    let output = plan.isFull ? empty(shape) : filled(0, shape: shape)
    let final = call.states.map { empty($0.shape) }
    let saved = isTraining ? scratch(bytes: max(1, plan.slotCount * 7 * hidden * 4)) : nil
    withArguments(call, headCount: headCount, output: output, final: final, saved: saved) {
      arguments, members in
      pool.run(members: members) { kernels.pointee.slstm_forward(arguments, $0) }
    }
    return ScanResult(output: output, states: final, saved: saved.map { [$0] } ?? [])
  }

  /// All gradients of ``SLSTM`` over a sequence.
  func slstmBackward(
    _ call: ScanCall, headCount: Int, result: ScanResult, output upstream: Tensor?, states: [Tensor?]
  ) -> ScanGradient {
    let gates = empty(call.inputs[0].shape)
    let initial = call.states.map { empty($0.shape) }
    withArguments(
      call, headCount: headCount, output: result.output, final: result.states, saved: result.saved.first
    ) { forward, members in
      func floats(_ index: Int) -> UnsafePointer<Float>? { states[index].map { UnsafePointer($0.floats) } }
      var arguments = rk_slstm_backward_args()
      arguments.forward = forward.pointee
      arguments.dy = upstream.map { UnsafePointer($0.floats) }
      (arguments.dhn, arguments.dcn, arguments.dnn, arguments.dmn) = (
        floats(0), floats(1), floats(2), floats(3)
      )
      arguments.dgates = gates.floats
      (arguments.dh0, arguments.dc0) = (initial[0].floats, initial[1].floats)
      (arguments.dn0, arguments.dm0) = (initial[2].floats, initial[3].floats)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.slstm_backward(pointer, $0) }
      }
    }
    let weight = recurrentGradient(call, headCount: headCount, output: result.output, gates: gates)
    return ScanGradient(inputs: [gates], parameters: [weight], states: initial)
  }

  /// The gradient of the recurrent weights `[4H, H / heads]`: for each gate and head, gates^T times the states before.
  private func recurrentGradient(_ call: ScanCall, headCount: Int, output: Tensor, gates: Tensor) -> Tensor {
    let (hidden, rows) = (call.outputSize, gates.shape[0])
    let size = hidden / headCount
    let weight = empty(call.parameters[0].shape)
    let table = concatenate([output.viewed(as: [output.count / hidden, hidden]), call.states[0]], axis: 0)
    let before = gatherRows(table, Indices(call.plan.rowsBefore))
    let members = rows * size * size < 40_000 ? 1 : pool.teamSize
    let memory = scratch(members: members) {
      kernels.pointee.gemm_scratch_bytes(Int64(size), Int64(size), true, $0)
    }
    for block in 0..<4 * headCount {
      var arguments = rk_gemm_args()
      (arguments.m, arguments.n, arguments.k) = (Int64(size), Int64(size), Int64(rows))
      arguments.a = UnsafePointer(gates.floats + block * size)
      (arguments.a_row, arguments.a_column) = (1, Int64(4 * hidden))
      arguments.b = UnsafePointer(before.floats + block % headCount * size)
      (arguments.b_row, arguments.b_column) = (Int64(hidden), 1)
      arguments.c = weight.floats + block * size * size
      arguments.c_row = Int64(size)
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.gemm(pointer, $0) }
      }
    }
    return weight
  }

  private func withArguments(
    _ call: ScanCall, headCount: Int, output: Tensor, final: [Tensor], saved: TensorStorage?,
    _ body: (UnsafePointer<rk_slstm_forward_args>, Int) -> Void
  ) {
    let (hidden, heads) = (Int64(call.outputSize), Int64(headCount))
    let operations = call.plan.slotCount * 4 * call.outputSize * (call.outputSize / headCount + 16)
    let members = operations < 100_000 ? 1 : pool.teamSize
    let memory = scratch(bytes: kernels.pointee.slstm_scratch_bytes(hidden, heads, Int32(members)))
    call.plan.withWalk { walk in
      var arguments = rk_slstm_forward_args()
      arguments.walk = walk
      arguments.by_slot = !call.plan.isFull
      (arguments.hidden, arguments.heads) = (hidden, heads)
      arguments.gates = UnsafePointer(call.inputs[0].floats)
      arguments.weight_hh = UnsafePointer(call.parameters[0].floats)
      arguments.h0 = UnsafePointer(call.states[0].floats)
      arguments.c0 = UnsafePointer(call.states[1].floats)
      arguments.n0 = UnsafePointer(call.states[2].floats)
      arguments.m0 = UnsafePointer(call.states[3].floats)
      arguments.y = output.floats
      (arguments.hn, arguments.cn) = (final[0].floats, final[1].floats)
      (arguments.nn, arguments.mn) = (final[2].floats, final[3].floats)
      arguments.saved = saved?.pointer.assumingMemoryBound(to: Float.self)
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { body($0, members) }
    }
  }
}

extension SequencePlan {
  /// For each of the rows of ``realRows(of:)`` the row of the output one step before; T * B + j before the first step of
  /// segment j.
  fileprivate var rowsBefore: [Int32] {
    var rows = [Int32](repeating: 0, count: slotCount)
    for step in alive.indices {
      for segment in 0..<Int(alive[step]) {
        let row = first[segment] + Int64(step) * stride
        let place = isFull ? Int(row) : Int(offset[step]) + segment
        rows[place] = Int32(step == 0 ? Int64(stepCount * batchSize + segment) : row - stride)
      }
    }
    return rows
  }
}
