/// A recurrent network that writes a sequence while it looks at a memory: the decoder of translation and captions.
///
/// A step reads the vector x of the token that was written last. Between two steps of a cell it looks at the memory with what
/// the first one gives, so that what is seen goes into the state (input feeding). With GRUs and the additive score this is the
/// conditional GRU of dl4mt and nmtpytorch (Firat and Cho 2016; Bahdanau et al. 2015, arXiv:1409.0473):
///
///     s  = first cell(x; h)
///     c  = attention(s) over the memory
///     h' = second cell(c; s)
///     y  = tanh(W_o [h', c, x] + b_o)                      deep output (Pascanu et al. 2014, arXiv:1312.6026)
///     h_0 = tanh(W_b mean(memory) + b_b)                   other parts of a state begin at zero
///
/// y is as wide as the table of tokens, which makes it scores. Over whole targets (teacher forcing) the products over x and the
/// deep output are one for all steps; of what is left, GRUs without noise and the additive score are one entry on the tape where
/// the backend can.
///
///     let decoder = AttentionDecoder(inputSize: 256, memorySize: 512, outputSize: 256, key: key) {
///       GRU(inputSize: $0, hiddenSize: 512, key: $1)
///     }
///     let memory = decoder.memory(encoded, lengths: lengths)
///     let (y, _, _) = decoder(SequenceBatch(x, lengths: targetLengths), over: memory)     // [T, B, 256]
///
/// A row has the bits that it has alone, and single steps those of the whole.
public struct AttentionDecoder<C: Cell>: Module {
  /// What is carried from step to step; ``RecurrentState/rows(_:)`` puts its rows into another order.
  public typealias State = C.State

  /// W_b `[H, M]` and b_b `[H]`.
  public var bridge: Linear
  /// Reads x.
  public var first: C
  /// Looks at the memory.
  public var attention: Attention
  /// Reads what is seen.
  public var second: C
  /// W_o `[O, H + M + E]` and b_o `[O]`.
  public var readout: Linear
  private var prepared: Prepared?

  /// Weights in the form that kernels read.
  private struct Prepared: Sendable {
    let inputs: Linear
    let scan: PreparedWeights
  }

  /// A decoder with fresh parameters.
  ///
  /// - Parameters:
  ///   - inputSize: E, the width of x.
  ///   - memorySize: M.
  ///   - outputSize: O, the width of y.
  ///   - score: how places of the memory are scored.
  ///   - attentionSize: A of the additive score; nil for H.
  ///   - key: of the random numbers.
  ///   - makeCell: makes a cell for an input width and a key. Both cells have states of the same widths.
  public init(
    inputSize: Int, memorySize: Int, outputSize: Int, score: Attention.Score = .additive,
    attentionSize: Int? = nil, key: RandomKey, makeCell: (Int, RandomKey) -> C
  ) {
    first = makeCell(inputSize, key.child(0))
    second = makeCell(memorySize, key.child(1))
    let hidden = first.outputSize
    trapUnless(
      first.inputSize == inputSize && second.inputSize == memorySize && second.outputSize == hidden,
      "AttentionDecoder: expected cells that read \(inputSize) and \(memorySize) numbers and give equally many"
    )
    attention = Attention(
      score, querySize: hidden, memorySize: memorySize, size: attentionSize, key: key.child(2))
    bridge = Linear(inputSize: memorySize, outputSize: hidden, key: key.child(3))
    readout = Linear(
      inputSize: clampedSum(hidden, memorySize, inputSize), outputSize: outputSize, key: key.child(4))
  }

  /// E.
  public var inputSize: Int { first.inputSize }
  /// M.
  public var memorySize: Int { second.inputSize }
  /// H.
  public var hiddenSize: Int { first.outputSize }
  /// O.
  public var outputSize: Int { readout.weight.shape[0] }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    prepared = nil  // a visitor may change the weights
    visitor.visit("bridge", &bridge)
    visitor.visit("first", &first)
    visitor.visit("attention", &attention)
    visitor.visit("second", &second)
    visitor.visit("readout", &readout)
  }

  /// The same decoder with its weights in the form that kernels read, for many short calls with fixed weights.
  public func packed() -> AttentionDecoder {
    var copy = self
    (copy.first, copy.second) = (first.packed(), second.packed())
    (copy.attention, copy.bridge, copy.readout) = (attention.packed(), bridge.packed(), readout.packed())
    copy.prepared = fusedCells.flatMap { parts in
      parts.weights.query.backend.prepare(parts.weights).map {
        Prepared(inputs: parts.inputs.packed(), scan: $0)
      }
    }
    return copy
  }

  /// A memory with its keys.
  ///
  /// - Parameters:
  ///   - values: `[S, B, M]`.
  ///   - lengths: the places of each row; nil where all are real.
  public func memory(_ values: Tensor, lengths: [Int]? = nil) -> AttentionMemory {
    trapUnless(
      values.rank == 3 && values.shape[2] == memorySize,
      "AttentionDecoder: expected a memory [S, B, \(memorySize)], received shape \(values.shape)")
    return attention.memory(values, lengths: lengths)
  }

  /// The state before the first token, of a row for each of the memory.
  public func initialState(_ memory: AttentionMemory) -> State {
    let mean =
      memory.placeCount == 0
      ? memory.values.backend.filled(0, shape: [memory.rowCount, memorySize])
      : SequencePooling.mean(
        memory.values, lengths: memory.isFull ? nil : memory.lengths, isBidirectional: false)
    let zero = first.initialState(batch: memory.rowCount).tensors
    return State(tensors: [tanh(bridge(mean))] + zero.dropFirst())
  }

  /// Writes whole targets, the true token before each step known.
  ///
  /// - Parameters:
  ///   - inputs: x, `[T, B, E]`, without resets.
  ///   - memory: of B rows.
  ///   - state: of B rows; nil for ``initialState(_:)``.
  /// - Returns: y, `[T, B, O]`; how much each place of the memory was looked at, `[T, B, S]`, off the tape; and the state after the
  ///   last real step of each row. What stands beyond the lengths is of no use.
  public func callAsFunction(
    _ inputs: SequenceBatch, over memory: AttentionMemory, state: State? = nil
  ) -> (outputs: Tensor, attention: Tensor, state: State) {
    trapUnless(
      inputs.featureCount == inputSize && inputs.batchSize == memory.rowCount && inputs.resets == nil,
      """
      AttentionDecoder: expected inputs [T, \(memory.rowCount), \(inputSize)] without resets, received shape \
      \(inputs.values.shape)
      """)
    let plan = inputs.plan(.forward)
    let begin = plan.segmentStates(from: state ?? initialState(memory), fresh: nil)
    let (values, weights, end) = recurrence(
      inputs.values, from: begin, memory, sources: plan.rowOfSegment, plan: plan)
    return (deepOutput(values, inputs.values), weights, plan.rowStates(from: end))
  }

  /// Writes one token of each row.
  ///
  /// - Parameters:
  ///   - x: `[B, E]`.
  ///   - state: of B rows.
  ///   - memory: what is looked at.
  ///   - rows: for each row that of the memory, which several may share; nil where they are the same.
  ///   - shared: for each row those of x and of the state that are its own, where several share one; nil where they are the same.
  /// - Returns: y, `[B, O]`; how much each place of the memory was looked at, `[B, S]`; and the next state, of B rows.
  public func step(
    _ x: Tensor, _ state: State, over memory: AttentionMemory, rows: [Int]? = nil, shared: SharedRows? = nil
  ) -> (output: Tensor, attention: Tensor, state: State) {
    let batch = shared?.inputs.count ?? x.shape[0]
    let sources = rows ?? Array(0..<batch)
    trapUnless(
      x.rank == 2 && x.shape[1] == inputSize && sources.count == batch
        && sources.allSatisfy { (0..<memory.rowCount).contains($0) },
      "AttentionDecoder: expected inputs [B, \(inputSize)] with a row of the memory each, received shape \(x.shape)"
    )
    if let shared {
      let states = state.tensors[0].shape[0]
      trapUnless(
        shared.states.count == batch && shared.inputs.allSatisfy { (0..<x.shape[0]).contains($0) }
          && shared.states.allSatisfy { (0..<states).contains($0) },
        "AttentionDecoder: expected rows of \(x.shape[0]) inputs and \(states) states, received \(shared)")
    }
    let (values, weights, next) = recurrence(
      x.reshaped(to: [1, x.shape[0], inputSize]), from: state, memory, sources: sources,
      plan: SequencePlan(stepCount: 1, batchSize: batch), shared: shared)
    let inputs = shared.map { x.rows($0.inputs) } ?? x
    return (
      deepOutput(values, inputs.reshaped(to: [1, batch, inputSize])).reshaped(to: [batch, outputSize]),
      weights.reshaped(to: [batch, memory.placeCount]), next
    )
  }

  private func deepOutput(_ values: Tensor, _ inputs: Tensor) -> Tensor {
    tanh(readout(concatenate([values, inputs], axis: 2)))
  }

  /// States and contexts `[T, B, H + M]`, weights `[T, B, S]` and final states, from and to a state for each segment.
  private func recurrence(
    _ x: Tensor, from state: State, _ memory: AttentionMemory, sources: [Int], plan: SequencePlan,
    shared: SharedRows? = nil
  ) -> (values: Tensor, weights: Tensor, state: State) {
    if let parts = fusedCells {
      let inputs = (prepared?.inputs ?? parts.inputs)(x)
      let call = AttentionScanCall(
        inputs: inputs, state: state.tensors[0], memory: memory.values, keys: memory.keys,
        lengths: memory.lengths, sources: sources, weights: parts.weights, prepared: prepared?.scan,
        plan: plan, shared: shared)
      if let result = attentionScan(call) {
        return (result.output, result.attention, State(tensors: [result.state]))
      }
    }
    guard let shared else { return composedRecurrence(x, from: state, memory.rows(sources), plan: plan) }
    let inputs = x.reshaped(to: [x.shape[1], inputSize]).rows(shared.inputs)
    return composedRecurrence(
      inputs.reshaped(to: [1, plan.batchSize, inputSize]), from: state.rows(shared.states),
      memory.rows(sources), plan: plan)
  }

  /// One cell after the other, by their steps; the memory has a row for each segment.
  private func composedRecurrence(
    _ x: Tensor, from state: State, _ memory: AttentionMemory, plan: SequencePlan
  ) -> (values: Tensor, weights: Tensor, state: State) {
    let rows = x.reshaped(to: [plan.stepCount * plan.batchSize, inputSize])
    let (width, places) = (hiddenSize + memorySize, memory.placeCount)
    let (outputs, end) = plan.walk(from: state, outputSize: width + places, on: x.backend) { step, state in
      let (query, between) = first.step(plan.inputRows(of: rows, at: step), state)
      let (context, weights) = attention(query, over: memory.prefix(plan.aliveSegments(at: step)))
      let (output, next) = second.step(context, between)
      return (concatenate([output, context, weights], axis: 1), next)
    }
    return (
      outputs.sliced(axis: 2, 0..<width), outputs.detached.sliced(axis: 2, width..<width + places), end
    )
  }

  /// The cells and the attention as the parts of a fused call; nil where they are of another kind.
  private var fusedCells: (inputs: Linear, weights: AttentionScanWeights)? {
    guard let first = first as? GRU, let second = second as? GRU, first.isPlain, second.isPlain,
      let query = attention.query, let vector = attention.vector
    else { return nil }
    return (
      Linear(weight: first.weightInputHidden, bias: first.biasInputHidden),
      AttentionScanWeights(
        firstHidden: first.weightHiddenHidden, firstHiddenBias: first.biasHiddenHidden, query: query.weight,
        vector: vector, secondInput: second.weightInputHidden, secondInputBias: second.biasInputHidden,
        secondHidden: second.weightHiddenHidden, secondHiddenBias: second.biasHiddenHidden)
    )
  }
}

extension GRU {
  /// Whether it is nothing but PyTorch's equations in float32.
  fileprivate var isPlain: Bool {
    reset == .afterProduct && regularization == .none && precision == .float32
  }
}

/// A sum of sizes; `Int.max` where it is larger than that.
private func clampedSum(_ sizes: Int...) -> Int {
  sizes.reduce(0) { sum, size in
    let (next, overflows) = sum.addingReportingOverflow(size)
    return overflows ? .max : next
  }
}
