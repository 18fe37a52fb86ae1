import CRecurrentKernels

/// Where the panels of the four products of a decoder with attention stand, one after the other.
private struct AttentionPanels {
  private let storage: TensorStorage
  private let starts: [Int]

  /// Columns and rows of the right sides: those of the first state, of the query, of the context, of the second state.
  private static func sizes(_ weights: AttentionScanWeights, isBackward: Bool) -> [(n: Int, k: Int)] {
    let (hidden, gates) = (weights.hiddenSize, 3 * weights.hiddenSize)
    let forward = [
      (gates, hidden), (weights.keySize, hidden), (gates, weights.memorySize), (gates, hidden),
    ]
    return forward.map { isBackward ? ($1, $0) : ($0, $1) }
  }

  private static func starts(_ sizes: [(n: Int, k: Int)]) -> [Int] {
    sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1.n + 63) / 64 * 64 * $1.k) }
  }

  /// Panels that were made before, of the forward pass.
  init(_ prepared: PreparedWeights, _ weights: AttentionScanWeights) {
    storage = prepared.storage
    starts = AttentionPanels.starts(AttentionPanels.sizes(weights, isBackward: false))
  }

  init(_ weights: AttentionScanWeights, isBackward: Bool, on backend: CPUBackend) {
    let starts = AttentionPanels.starts(AttentionPanels.sizes(weights, isBackward: isBackward))
    storage = backend.scratch(bytes: 4 * starts[starts.count - 1])
    let base = storage.pointer.assumingMemoryBound(to: Float.self)
    let matrices = [weights.firstHidden, weights.query, weights.secondInput, weights.secondHidden]
    backend.pack(
      zip(matrices, starts).map {
        (CPUBackend.RightSide($0, transposed: !isBackward), base + $1)
      })
    self.starts = starts
  }

  var prepared: PreparedWeights { PreparedWeights(storage: storage) }

  var kernel: rk_attention_panels {
    let base = UnsafePointer(storage.pointer.assumingMemoryBound(to: Float.self))
    return rk_attention_panels(
      first_hidden: base + starts[0], query: base + starts[1], second_input: base + starts[2],
      second_hidden: base + starts[3])
  }
}

extension CPUBackend {
  /// Panels of the products of a decoder with attention.
  public func prepare(_ weights: AttentionScanWeights) -> PreparedWeights? {
    AttentionPanels(weights, isBackward: false, on: self).prepared
  }

  /// A decoder with attention over whole targets.
  public func attentionScan(_ call: AttentionScanCall, isTraining: Bool) -> AttentionScanResult? {
    let (plan, weights) = (call.plan, call.weights)
    let (hidden, width) = (weights.hiddenSize, weights.memorySize)
    let shape = [plan.stepCount, plan.batchSize, hidden + width]
    let rows = isTraining ? plan.slotCount : plan.segmentCount
    let widths = [hidden, 4 * hidden, hidden, weights.keySize, width, 4 * hidden]
    let result = AttentionScanResult(
      output: plan.isFull ? empty(shape) : filled(0, shape: shape),
      attention: filled(0, shape: [plan.stepCount, plan.batchSize, call.memory.shape[0]]),
      state: empty([plan.segmentCount, hidden]), saved: widths.map { empty([rows, $0]) })
    let panels =
      call.prepared.map { AttentionPanels($0, weights) }
      ?? AttentionPanels(weights, isBackward: false, on: self)
    let products = call.shared.map { _ in stateProducts(call, panels) }
    withArguments(call, result, panels) { arguments in
      arguments.keeps_slots = isTraining
      arguments.state_products = products.map { UnsafePointer($0.floats) }
      let members = members(for: call)
      let memory = scratch(members: members) {
        kernels.pointee.attention_scratch_bytes(&arguments, false, $0)
      }
      arguments.scratch = memory.pointer.assumingMemoryBound(to: Float.self)
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.attention_forward(pointer, $0) }
      }
    }
    return result
  }

  /// What the first cell makes of states, `[P, 3H]`.
  private func stateProducts(_ call: AttentionScanCall, _ panels: AttentionPanels) -> Tensor {
    let (states, hidden) = (call.state.shape[0], call.weights.hiddenSize)
    let result = empty([states, 3 * hidden])
    var product = rk_gemm_args()
    (product.m, product.n, product.k) = (Int64(states), Int64(3 * hidden), Int64(hidden))
    (product.a, product.a_row, product.a_column) = (UnsafePointer(call.state.floats), Int64(hidden), 1)
    product.b_packed = panels.kernel.first_hidden
    product.bias = call.weights.firstHiddenBias.map { UnsafePointer($0.floats) }
    (product.c, product.c_row) = (result.floats, Int64(3 * hidden))
    multiply(product)
    return result
  }

  /// All gradients of a decoder with attention.
  public func attentionScanBackward(
    _ call: AttentionScanCall, result: AttentionScanResult, output: Tensor?, state: Tensor?
  ) -> AttentionScanGradient {
    let (plan, weights) = (call.plan, call.weights)
    let (hidden, slots) = (weights.hiddenSize, plan.slotCount)
    let inputs = plan.isFull ? empty(call.inputs.shape) : filled(0, shape: call.inputs.shape)
    let first = empty([slots, 3 * hidden])
    let queries = empty([slots, weights.keySize])
    let vectors = empty([slots, weights.keySize])
    let secondInput = empty([slots, 3 * hidden])
    let secondHidden = empty([slots, 3 * hidden])
    let (memory, keys) = (filled(0, shape: call.memory.shape), filled(0, shape: call.keys.shape))
    let start = empty(call.state.shape)
    withArguments(call, result, AttentionPanels(weights, isBackward: true, on: self)) { forward in
      forward.keeps_slots = true
      var arguments = rk_attention_backward_args()
      arguments.dy = output.map { UnsafePointer($0.floats) }
      arguments.dhn = state.map { UnsafePointer($0.floats) }
      (arguments.dx, arguments.dh0) = (inputs.floats, start.floats)
      (arguments.dmemory, arguments.dprojected) = (memory.floats, keys.floats)
      (arguments.dfirst_hidden, arguments.dqueries) = (first.floats, queries.floats)
      (arguments.dvectors, arguments.dsecond_input) = (vectors.floats, secondInput.floats)
      arguments.dsecond_hidden = secondHidden.floats
      let members = members(for: call)
      let area = scratch(members: members) {
        kernels.pointee.attention_scratch_bytes(&forward, true, $0)
      }
      arguments.scratch = area.pointer.assumingMemoryBound(to: Float.self)
      arguments.forward = forward
      withUnsafePointer(to: arguments) { pointer in
        pool.run(members: members) { kernels.pointee.attention_backward(pointer, $0) }
      }
    }
    func product(_ gradient: Tensor, _ operand: Tensor) -> Tensor {
      matmul(gradient, operand, transposeA: true, transposeB: false, bias: nil)
    }
    let saved = result.saved
    let gradient = AttentionScanWeights(
      firstHidden: product(first, saved[0]),
      firstHiddenBias: weights.firstHiddenBias.map { _ in sum(first, axis: 0) },
      query: product(queries, saved[2]), vector: sum(vectors, axis: 0),
      secondInput: product(secondInput, saved[4]),
      secondInputBias: weights.secondInputBias.map { _ in sum(secondInput, axis: 0) },
      secondHidden: product(secondHidden, saved[2]),
      secondHiddenBias: weights.secondHiddenBias.map { _ in sum(secondHidden, axis: 0) })
    return AttentionScanGradient(inputs: inputs, state: start, memory: memory, keys: keys, weights: gradient)
  }

  /// Members for targets; few are decoded sooner by one thread.
  private func members(for call: AttentionScanCall) -> Int {
    let weights = call.weights
    let operations =
      weights.hiddenSize * (6 * weights.hiddenSize + weights.keySize + 3 * weights.memorySize)
    return clampedProduct(call.plan.slotCount, operations) < 1_000_000 ? 1 : pool.teamSize
  }

  private func withArguments(
    _ call: AttentionScanCall, _ result: AttentionScanResult, _ panels: AttentionPanels,
    _ body: (inout rk_attention_args) -> Void
  ) {
    let (weights, saved) = (call.weights, result.saved)
    var arguments = rk_attention_args()
    (arguments.hidden, arguments.width) = (Int64(weights.hiddenSize), Int64(weights.memorySize))
    arguments.keys = Int64(weights.keySize)
    (arguments.places, arguments.rows) = (Int64(call.memory.shape[0]), Int64(call.memory.shape[1]))
    (arguments.x, arguments.h0) = (UnsafePointer(call.inputs.floats), UnsafePointer(call.state.floats))
    arguments.memory = UnsafePointer(call.memory.floats)
    arguments.projected = UnsafePointer(call.keys.floats)
    arguments.panels = panels.kernel
    arguments.first_hidden_bias = weights.firstHiddenBias.map { UnsafePointer($0.floats) }
    arguments.second_input_bias = weights.secondInputBias.map { UnsafePointer($0.floats) }
    arguments.second_hidden_bias = weights.secondHiddenBias.map { UnsafePointer($0.floats) }
    arguments.vector = UnsafePointer(weights.vector.floats)
    (arguments.y, arguments.attention) = (result.output.floats, result.attention.floats)
    arguments.hn = result.state.floats
    (arguments.before, arguments.first_gates) = (saved[0].floats, saved[1].floats)
    (arguments.between, arguments.queries) = (saved[2].floats, saved[3].floats)
    (arguments.contexts, arguments.second_gates) = (saved[4].floats, saved[5].floats)
    // one after the other: lengths, sources, and rows that are shared
    let shared = call.shared.map { $0.inputs + $0.states } ?? []
    let numbers = (call.lengths + call.sources + shared).map { Int64($0) }
    call.plan.withWalk { walk in
      arguments.walk = walk
      numbers.withUnsafeBufferPointer { numbers in
        arguments.lengths = numbers.baseAddress
        arguments.sources = numbers.baseAddress.map { $0 + call.lengths.count }
        if let shared = call.shared {
          arguments.input_rows = arguments.sources.map { $0 + call.sources.count }
          arguments.state_rows = arguments.input_rows.map { $0 + shared.inputs.count }
        }
        body(&arguments)
      }
    }
  }
}
