import CRecurrentKernels

/// Where things stand in the block of a ``CPUStepEngine``, in bytes from its beginning; the arguments of the stages come
/// first. Everything begins at a multiple of 64.
struct StepLayout: Sendable {
  /// Where one stage writes. A cell has two places for its state: one is read, the other written, and then they change
  /// sides.
  struct Place: Sendable {
    var hidden = 0, nextHidden = 0, cell = 0, nextCell = 0, output = 0
    /// Floats; zero for a product.
    var hiddenCount = 0, cellCount = 0
    /// Floats.
    var outputCount = 0
  }

  let batchSize: Int
  let inputCount: Int
  let places: [Place]
  let options: Int, first: Int, alive: Int, offset: Int, input: Int, scratch: Int
  let bytes: Int

  init(_ stages: [StepStage], batchSize: Int, backend: CPUBackend) {
    var used = 0
    func take(bytes: Int) -> Int {
      defer { used += (bytes + 63) / 64 * 64 }
      return used
    }
    _ = take(bytes: stages.count * MemoryLayout<rk_step_stage>.stride)
    options = take(bytes: stages.count * MemoryLayout<rk_options>.stride)
    first = take(bytes: batchSize * 8)
    alive = take(bytes: 8)
    offset = take(bytes: 8)
    let inputSize = stages.first?.inputSize ?? 0
    inputCount = batchSize * inputSize
    input = take(bytes: inputCount * 4)
    var places: [Place] = []
    var width = inputSize
    for stage in stages {
      trapUnless(
        stage.inputSize == width,
        "StepEngine: expected a stage that reads \(width) numbers, received \(stage.inputSize)")
      var place = Place()
      if let state = stage.state {
        (place.hiddenCount, place.cellCount) = (state[0].count, state.count > 1 ? state[1].count : 0)
        (place.hidden, place.nextHidden) = (
          take(bytes: place.hiddenCount * 4), take(bytes: place.hiddenCount * 4)
        )
        (place.cell, place.nextCell) = (take(bytes: place.cellCount * 4), take(bytes: place.cellCount * 4))
      }
      width = stage.outputSize
      place.outputCount = batchSize * width
      place.output = take(bytes: place.outputCount * 4)
      places.append(place)
    }
    self.batchSize = batchSize
    self.places = places
    scratch = take(bytes: stages.map { $0.scratchBytes(batchSize: batchSize, backend: backend) }.max() ?? 0)
    bytes = used
  }
}

extension StepStage {
  var inputSize: Int {
    switch self {
    case .cell(let call): call.weights.inputSize
    case .product(let product): product.inputSize
    }
  }

  var outputSize: Int {
    switch self {
    case .cell(let call): call.hidden.shape[1]
    case .product(let product): product.outputSize
    }
  }

  /// The state that a cell begins with; nil for a product.
  var state: [Tensor]? {
    guard case .cell(let call) = self else { return nil }
    return [call.hidden] + (call.cell.map { [$0] } ?? [])
  }

  /// Whether everything that the stage holds is memory of `backend`.
  func lives(on backend: CPUBackend) -> Bool {
    switch self {
    case .cell(let call):
      return ([call.weights.inputHidden, call.weights.hiddenHidden] + (state ?? [])).allSatisfy {
        $0.backend as? CPUBackend === backend
      }
    case .product(let product): return product.weights.storage.backend as? CPUBackend === backend
    }
  }

  /// What the kernel of the stage needs beside its operands, with any number of rows up to B and of members.
  func scratchBytes(batchSize: Int, backend: CPUBackend) -> Int {
    var most = 0
    for rows in 1...batchSize {
      for members in 1...backend.threadCount {
        most = max(most, scratchBytes(batchSize: rows, members: Int32(members), backend: backend))
      }
    }
    return most
  }

  private func scratchBytes(batchSize: Int, members: Int32, backend: CPUBackend) -> Int {
    let kernels = backend.kernels.pointee
    switch self {
    case .cell(let call):
      let (alive, offset) = ([Int64(batchSize)], [Int64(0)])
      return alive.withUnsafeBufferPointer { alive in
        offset.withUnsafeBufferPointer { offset in
          var arguments = rk_forward_args()
          arguments.cell = call.kind.kernel
          arguments.input = Int64(inputSize)
          arguments.hidden = Int64(call.weights.hiddenSize)
          arguments.walk = rk_walk(
            segments: Int64(batchSize), steps: 1, slots: Int64(batchSize), first: nil,
            stride: Int64(batchSize),
            alive: alive.baseAddress, offset: offset.baseAddress)
          return call.weights.withOptions(call.kind, call.options) { options, precision in
            arguments.options = options
            arguments.precision = precision.kernel
            return kernels.recurrent_forward_scratch_bytes(&arguments, members)
          }
        }
      }
    case .product(let product):
      return kernels.gemm_scratch_bytes(Int64(batchSize), Int64(product.outputSize), false, members)
    }
  }
}

extension PreparedProduct {
  /// The kernel's arguments but for its operands and its scratch area.
  func arguments(rows: Int) -> rk_gemm_args {
    var arguments = rk_gemm_args()
    (arguments.m, arguments.n, arguments.k) = (Int64(rows), Int64(outputSize), Int64(inputSize))
    (arguments.a_row, arguments.a_column) = (Int64(inputSize), 1)
    arguments.b_packed = UnsafePointer(weights.storage.pointer.assumingMemoryBound(to: Float.self))
    arguments.bias = bias.map { UnsafePointer($0.floats) }
    arguments.c_row = Int64(outputSize)
    return arguments
  }
}
