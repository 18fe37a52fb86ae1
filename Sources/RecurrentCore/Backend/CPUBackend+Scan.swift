import CRecurrentKernels

extension ScanKind {
  /// The kernels' name for an element-wise scan; nil for those with kernels of their own.
  fileprivate var kernel: rk_scan? {
    switch self {
    case .minGRU(let isPositive): isPositive ? RK_SCAN_MIN_GRU_POSITIVE : RK_SCAN_MIN_GRU
    case .minLSTM(let isPositive): isPositive ? RK_SCAN_MIN_LSTM_POSITIVE : RK_SCAN_MIN_LSTM
    case .indRNNTanh: RK_SCAN_INDRNN_TANH
    case .indRNNReLU: RK_SCAN_INDRNN_RELU
    case .sru: RK_SCAN_SRU
    case .qrnnF: RK_SCAN_QRNN_F
    case .qrnnFO: RK_SCAN_QRNN_FO
    case .qrnnIFO: RK_SCAN_QRNN_IFO
    case .sLSTM, .mLSTM: nil
    }
  }

  /// Whether the state after a step is another one than the output, so that training keeps it.
  fileprivate var savesStates: Bool {
    switch self {
    case .sru, .qrnnFO, .qrnnIFO: true
    default: false
    }
  }
}

extension CPUBackend {
  /// Members for a scan; a small one is done sooner by one thread.
  func members(forElements count: Int) -> Int { count < 8_000 ? 1 : pool.teamSize }

  /// A scan over a sequence.
  public func scanForward(_ call: ScanCall, isTraining: Bool) -> ScanResult? {
    switch call.kind {
    case .sLSTM(let headCount): return slstmForward(call, headCount: headCount, isTraining: isTraining)
    case .mLSTM(let headCount): return mlstmForward(call, headCount: headCount, isTraining: isTraining)
    default: break
    }
    let (plan, hidden) = (call.plan, call.outputSize)
    let shape = [plan.stepCount, plan.batchSize, hidden]
    let output = plan.isFull ? empty(shape) : filled(0, shape: shape)
    let final = empty([plan.segmentCount, hidden])
    let saved =
      isTraining && call.kind.savesStates ? [scratch(bytes: max(1, plan.slotCount * hidden * 4))] : []
    withArguments(call, output: output, final: final, saved: saved.first) { arguments in
      pool.run(members: members(forElements: plan.slotCount * call.inputs[0].shape[1])) {
        kernels.pointee.scan_forward(arguments, $0)
      }
    }
    return ScanResult(output: output, states: [final], saved: saved)
  }

  /// All gradients of a scan over a sequence.
  public func scanBackward(
    _ call: ScanCall, result: ScanResult, output upstream: Tensor?, states: [Tensor?]
  ) -> ScanGradient {
    switch call.kind {
    case .sLSTM(let headCount):
      return slstmBackward(call, headCount: headCount, result: result, output: upstream, states: states)
    case .mLSTM(let headCount):
      return mlstmBackward(call, headCount: headCount, result: result, output: upstream, states: states)
    default: break
    }
    let inputs = call.inputs.map { empty($0.shape) }
    let state = empty(call.states[0].shape)
    let parameters = call.parameters.map { empty([call.plan.segmentCount] + $0.shape) }
    withArguments(call, output: result.output, final: result.states[0], saved: result.saved.first) {
      forward in
      var arguments = rk_scan_backward_args()
      arguments.forward = forward.pointee
      arguments.dy = upstream.map { UnsafePointer($0.floats) }
      arguments.dcn = states[0].map { UnsafePointer($0.floats) }
      arguments.dgates = inputs[0].floats
      arguments.dresidual = inputs.count > 1 ? inputs[1].floats : inputs[0].floats + 3 * call.outputSize
      arguments.dc0 = state.floats
      arguments.dvectors = parameters.first?.floats
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members(forElements: call.plan.slotCount * call.inputs[0].shape[1])) {
          kernels.pointee.scan_backward(pointer, $0)
        }
      }
    }
    return ScanGradient(inputs: inputs, parameters: parameters.map { sum($0, axis: 0) }, states: [state])
  }

  private func withArguments(
    _ call: ScanCall, output: Tensor, final: Tensor, saved: TensorStorage?,
    _ body: (UnsafePointer<rk_scan_forward_args>) -> Void
  ) {
    guard let kernel = call.kind.kernel else { fatalError("\(call.kind) is no element-wise scan") }
    call.plan.withWalk { walk in
      var arguments = rk_scan_forward_args()
      arguments.scan = kernel
      arguments.walk = walk
      arguments.by_slot = !call.plan.isFull
      arguments.hidden = Int64(call.outputSize)
      if case .sru(let scale) = call.kind { arguments.scale = scale }
      arguments.gates = UnsafePointer(call.inputs[0].floats)
      arguments.gate_stride = Int64(call.inputs[0].shape[1])
      let hasResidual = call.inputs.count > 1
      arguments.residual = UnsafePointer(
        hasResidual ? call.inputs[1].floats : call.inputs[0].floats + 3 * call.outputSize)
      arguments.residual_stride = Int64(call.inputs[hasResidual ? 1 : 0].shape[1])
      arguments.vectors = call.parameters.first.map { UnsafePointer($0.floats) }
      arguments.c0 = UnsafePointer(call.states[0].floats)
      arguments.y = output.floats
      arguments.cn = final.floats
      arguments.saved = saved?.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments, body)
    }
  }
}
