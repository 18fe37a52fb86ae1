import CRecurrentKernels

/// Steps on the CPU: one block of memory holds inputs, states, outputs, the scratch area of the kernels and their
/// arguments, which point into the block and to the prepared weights.
struct CPUStepEngine: StepEngine {
  private let backend: CPUBackend
  let stages: [StepStage]
  private let prepared: [PreparedWeights]
  let layout: StepLayout
  /// Bytes of the prepared weights.
  private let weightBytes: Int
  /// The rows that a step reads: the first ones.
  var rowCount: Int
  private var block: TensorStorage

  /// How long one thread takes for a step, in nanoseconds, roughly: the second-level cache gives about a hundred bytes a
  /// nanosecond, the arithmetic takes about fifty multiply-adds.
  private var cost: Int { max(weightBytes / 100, weightBytes / 4 * rowCount / 50) }

  init?(_ stages: [StepStage], batchSize: Int, backend: CPUBackend) {
    guard !stages.isEmpty, batchSize > 0, stages.allSatisfy({ $0.lives(on: backend) }) else { return nil }
    var prepared: [PreparedWeights] = []
    for stage in stages {
      switch stage {
      case .cell(let call):
        let precision = call.weights.withOptions(call.kind, call.options) { $1 }
        let kept = call.prepared.flatMap { $0.precision == precision ? $0 : nil }
        guard let weights = kept ?? backend.prepare(call.kind, call.weights, options: call.options) else {
          return nil
        }
        prepared.append(weights)
      case .product(let product): prepared.append(product.weights)
      }
    }
    self.backend = backend
    self.stages = stages
    self.prepared = prepared
    layout = StepLayout(stages, batchSize: batchSize, backend: backend)
    weightBytes = prepared.reduce(0) { $0 + $1.storage.bytes }
    rowCount = batchSize
    block = backend.scratch(bytes: layout.bytes)
    block.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: layout.bytes)
    writeArguments()
    setStates(stages.compactMap(\.state))
  }

  // MARK: Arguments

  var arguments: UnsafeMutablePointer<rk_step_stage> {
    block.pointer.assumingMemoryBound(to: rk_step_stage.self)
  }

  func floats(at offset: Int) -> UnsafeMutablePointer<Float> {
    (block.pointer + offset).assumingMemoryBound(to: Float.self)
  }

  func integers(at offset: Int) -> UnsafeMutablePointer<Int64> {
    (block.pointer + offset).assumingMemoryBound(to: Int64.self)
  }

  /// Fills the block with everything that does not change from step to step.
  private func writeArguments() {
    let batch = Int64(layout.batchSize)
    let (first, alive, offset) = (
      integers(at: layout.first), integers(at: layout.alive), integers(at: layout.offset)
    )
    for row in 0..<layout.batchSize { first[row] = Int64(row) }
    (alive[0], offset[0]) = (Int64(rowCount), 0)
    let walk = rk_walk(
      segments: Int64(rowCount), steps: 1, slots: Int64(rowCount), first: first, stride: batch, alive: alive,
      offset: offset)
    var input = floats(at: layout.input)
    for (index, stage) in stages.enumerated() {
      let place = layout.places[index]
      var written = rk_step_stage()
      switch stage {
      case .cell(let call):
        let own = (block.pointer + layout.options).assumingMemoryBound(to: rk_options.self) + index
        let (options, precision) = call.weights.withOptions(call.kind, call.options) {
          form, precision -> (UnsafePointer<rk_options>?, Precision) in
          guard let form else { return (nil, precision) }
          own.initialize(to: form.pointee)
          return (UnsafePointer(own), precision)
        }
        var cell = backend.forwardArguments(
          for: call, prepared: prepared[index], walk: walk, options: options, precision: precision)
        cell.x = UnsafePointer(input)
        cell.h0 = UnsafePointer(floats(at: place.hidden))
        cell.hn = floats(at: place.nextHidden)
        if place.cellCount > 0 {
          cell.c0 = UnsafePointer(floats(at: place.cell))
          cell.cn = floats(at: place.nextCell)
        }
        cell.y = floats(at: place.output)
        cell.scratch = floats(at: layout.scratch)
        written.cell = cell
      case .product(let product):
        var arguments = product.arguments(rows: rowCount)
        arguments.a = UnsafePointer(input)
        arguments.c = floats(at: place.output)
        arguments.scratch = floats(at: layout.scratch)
        written.is_product = true
        written.product = arguments
      }
      (arguments + index).initialize(to: written)
      input = floats(at: place.output)
    }
  }

  /// Makes sure that no copy of this engine sees what is written next.
  mutating func makeUnique() {
    if isKnownUniquelyReferenced(&block) { return }
    let (original, old) = (block, arguments)
    block = backend.scratch(bytes: layout.bytes)
    block.pointer.copyMemory(from: original.pointer, byteCount: layout.bytes)
    writeArguments()
    for (index, place) in layout.places.enumerated() where place.hiddenCount > 0 {
      // an odd number of steps: what was written last stands in the second half
      if old[index].cell.hn == (original.pointer + place.hidden).assumingMemoryBound(to: Float.self) {
        exchangeStates(of: index)
      }
    }
  }

  /// What a step wrote becomes what the next one reads.
  private func exchangeStates(of index: Int) {
    let hidden = arguments[index].cell.hn
    arguments[index].cell.hn = UnsafeMutablePointer(mutating: arguments[index].cell.h0)
    arguments[index].cell.h0 = UnsafePointer(hidden)
    let cell = arguments[index].cell.cn
    arguments[index].cell.cn = UnsafeMutablePointer(mutating: arguments[index].cell.c0)
    arguments[index].cell.c0 = UnsafePointer(cell)
  }

  // MARK: States

  var states: [[Tensor]] {
    stages.indices.compactMap { index in
      guard case .cell(let call) = stages[index] else { return nil }
      let (place, cell) = (layout.places[index], arguments[index].cell)
      let hidden = backend.empty(call.hidden.shape)
      hidden.floats.update(from: cell.h0, count: place.hiddenCount)
      guard let shape = call.cell?.shape else { return [hidden] }
      let memory = backend.empty(shape)
      memory.floats.update(from: cell.c0, count: place.cellCount)
      return [hidden, memory]
    }
  }

  mutating func setStates(_ states: [[Tensor]]) {
    makeUnique()
    var rest = states[...]
    for (index, stage) in stages.enumerated() {
      guard let expected = stage.state else { continue }
      let given = rest.popFirst() ?? []
      trapUnless(
        given.map(\.shape) == expected.map(\.shape),
        "StepEngine: expected a state of shapes \(expected.map(\.shape)), received \(given.map(\.shape))")
      let cell = arguments[index].cell
      UnsafeMutablePointer(mutating: cell.h0).update(from: given[0].floats, count: given[0].count)
      if given.count > 1 {
        UnsafeMutablePointer(mutating: cell.c0).update(from: given[1].floats, count: given[1].count)
      }
    }
  }

  // MARK: Steps

  mutating func step(_ input: UnsafeBufferPointer<Float>) {
    let expected = layout.inputCount / layout.batchSize * rowCount
    trapUnless(
      input.count == expected, "StepEngine: expected \(expected) numbers, received \(input.count)")
    makeUnique()
    if let numbers = input.baseAddress { floats(at: layout.input).update(from: numbers, count: input.count) }
    advance()
  }

  mutating func step(rows: UnsafeBufferPointer<Int32>, of table: Tensor) {
    let width = layout.inputCount / layout.batchSize
    trapUnless(
      rows.count == rowCount && table.rank == 2 && table.shape[1] == width,
      "StepEngine: expected \(rowCount) rows of a table [V, \(width)], received \(rows.count) of one of shape "
        + "\(table.shape)")
    trapUnless(
      table.backend is CPUBackend,
      "StepEngine: expected a table on the CPU, received one on \(table.backend.name)")
    makeUnique()
    if let numbers = rows.baseAddress {
      backend.kernels.pointee.gather_rows(
        Int64(rows.count), Int64(width), table.floats, numbers, floats(at: layout.input))
    }
    advance()
  }

  private func advance() {
    let pool = backend.pool
    var run = StepRun(kernels: backend.kernels, stages: UnsafePointer(arguments), count: Int64(stages.count))
    let members = pool.teamSize
    let isShared = StepCost.isShared(cost, members: members, isAwake: pool.isAwake)
    if !isShared, members > 1, cost >= StepCost.waking { pool.rouse() }
    pool.run(members: isShared ? members : 1, context: &run) { context, team in
      let run = context.assumingMemoryBound(to: StepRun.self).pointee
      run.kernels.pointee.recurrent_step(run.stages, run.count, team)
    }
    for (index, place) in layout.places.enumerated() where place.hiddenCount > 0 {
      exchangeStates(of: index)
    }
  }

  mutating func takeBack(row: Int) {
    makeUnique()
    for (index, place) in layout.places.enumerated() where place.hiddenCount > 0 {
      // what the step read stands where the next one will write
      let cell = arguments[index].cell
      let width = place.hiddenCount / layout.batchSize
      UnsafeMutablePointer(mutating: cell.h0 + row * width).update(from: cell.hn + row * width, count: width)
      guard place.cellCount > 0 else { continue }
      let memory = place.cellCount / layout.batchSize
      UnsafeMutablePointer(mutating: cell.c0 + row * memory).update(
        from: cell.cn + row * memory, count: memory)
    }
  }

  func withOutput<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    let place = layout.places[layout.places.count - 1]
    return try withExtendedLifetime(block) {
      try body(UnsafeBufferPointer(start: floats(at: place.output), count: place.outputCount))
    }
  }
}

/// What the members of a step are told.
private struct StepRun {
  let kernels: UnsafePointer<rk_kernels>
  let stages: UnsafePointer<rk_step_stage>
  let count: Int64
}

/// When a step is worth more than one thread, in nanoseconds of one thread.
enum StepCost {
  /// Threads that are awake meet in about half a microsecond.
  static let shared = 2_000
  /// Waking them takes longer than such a step; they are woken for the steps that follow.
  static let waking = 20_000
  /// They are woken for such a step itself: while one thread did it alone, those that were woken would fall asleep again.
  static let long = 100_000

  /// Whether a step is done by all members.
  static func isShared(_ cost: Int, members: Int, isAwake: @autoclosure () -> Bool) -> Bool {
    members > 1 && cost >= shared && (cost >= long || isAwake())
  }
}

extension CPUBackend {
  /// Cells and products in one block of memory.
  public func stepEngine(_ stages: [StepStage], batchSize: Int) -> (any StepEngine)? {
    CPUStepEngine(stages, batchSize: batchSize, backend: self)
  }
}
