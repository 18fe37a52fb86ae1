import CRecurrentKernels

extension CPUBackend {
  /// Losses of each row; members share out first the frames, then the rows.
  public func ctc(_ call: CTCCall, wantsOccupancies: Bool) -> CTCResult? {
    let layout = CTCLayout(call)
    let occupancies = empty([layout.count])
    let result = CTCResult(
      losses: empty([call.batchSize]), normalizers: empty([2, call.stepCount, call.batchSize]),
      occupancies: wantsOccupancies ? occupancies : nil)
    layout.withArguments(call, result, occupancies: occupancies) { arguments in
      arguments.wants_occupancies = wantsOccupancies
      let members = members(call, states: layout.count)
      let memory = scratch(members: members) { kernels.pointee.ctc_scratch_bytes(&arguments, $0) }
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.ctc_forward(pointer, $0) }
      }
    }
    return result
  }

  /// The gradient with respect to the logits; members share out the frames.
  public func ctcGradient(_ call: CTCCall, result: CTCResult, weights: Tensor) -> Tensor {
    let gradient = empty(call.logits.shape)
    guard let occupancies = result.occupancies else {
      fatalError("ctcGradient: the result of the forward pass has no occupancies")
    }
    let layout = CTCLayout(call)
    layout.withArguments(call, result, occupancies: occupancies) { forward in
      var arguments = rk_ctc_backward_args()
      arguments.forward = forward
      arguments.weights = UnsafePointer(weights.floats)
      arguments.dlogits = gradient.floats
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members(call, states: 0)) { kernels.pointee.ctc_backward(pointer, $0) }
      }
    }
    return gradient
  }

  /// A state is as much work as some ten classes.
  private func members(_ call: CTCCall, states: Int) -> Int {
    call.logits.count + 10 * states < CPUBackend.grain ? 1 : pool.teamSize
  }
}

/// Where the kernels find targets and occupancies.
private struct CTCLayout {
  /// Of the rows, one after the other: lengths, sizes, starts of labels and one more, order, starts of frames.
  private let numbers: [Int64]
  private let labels: [Int32]
  /// Numbers of all occupancies.
  let count: Int

  init(_ call: CTCCall) {
    let rows = 0..<call.batchSize
    let widths = rows.map { call.width(ofRow: $0) }
    let work = rows.map { call.lengths[$0] * widths[$0] }
    let order = rows.sorted { work[$0] != work[$1] ? work[$0] > work[$1] : $0 < $1 }
    func starts(_ sizes: [Int]) -> [Int] { sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
    let frameStarts = starts(work)
    let columns = [call.lengths, call.targets.map(\.count), starts(widths), order, frameStarts]
    numbers = columns.flatMap { $0.map { Int64($0) } }
    labels = rows.flatMap { row in
      call.targets[row] + repeatElement(call.blank, count: widths[row] - call.targets[row].count)
    }
    count = frameStarts[call.batchSize]
  }

  func withArguments(
    _ call: CTCCall, _ result: CTCResult, occupancies: Tensor, _ body: (inout rk_ctc_args) -> Void
  ) {
    let rows = call.batchSize
    var arguments = rk_ctc_args()
    (arguments.steps, arguments.rows) = (Int64(call.stepCount), Int64(rows))
    arguments.classes = Int64(call.classCount)
    arguments.logits = UnsafePointer(call.logits.floats)
    arguments.losses = result.losses.floats
    arguments.tops = result.normalizers.floats
    arguments.log_sums = arguments.tops + result.normalizers.count / 2
    arguments.occupancies = occupancies.floats
    numbers.withUnsafeBufferPointer { numbers in
      labels.withUnsafeBufferPointer { labels in
        arguments.labels = labels.baseAddress
        arguments.lengths = numbers.baseAddress
        arguments.sizes = arguments.lengths + rows
        arguments.label_starts = arguments.sizes + rows
        arguments.order = arguments.label_starts + (rows + 1)
        arguments.frame_starts = arguments.order + rows
        body(&arguments)
      }
    }
  }
}
