extension TextDecoder {
  /// Vectors of tokens.
  func vectors(_ tokens: String, _ builder: inout GraphBuilder) -> String {
    let table = builder.constant("embedding.weight", embedding.weight)
    let scale = builder.constant("embedding.scale", Tensor(Float(configuration.embeddingSize).squareRoot()))
    return builder.node("Mul", [builder.node("Gather", [table, tokens], ["axis": .integer(0)]), scale])
  }

  /// Appends what a step needs of a memory, as the outputs `memory`, `keys` and `state`.
  ///
  /// - Parameters:
  ///   - memory: `[S, B, M]`, zero beyond the lengths.
  ///   - lengths: of the memory; nil where all rows are full.
  ///   - steps: what its first extent is called.
  ///   - builder: of a graph that reads whole sequences.
  /// - Throws: ``InterchangeError``.
  func appendMemory(
    _ memory: String, lengths: String?, steps: String = "time", to builder: inout GraphBuilder
  ) throws {
    let width = decoder.memorySize
    let keys = try builder.mapRows(
      of: memory, width: width, decoder.attention, prefix: "attention.", what: "the keys"
    ) { $0.key?($1) ?? $1 }
    var mean = builder.node("ReduceMean", [memory], ["axes": .integers([0]), "keepdims": .integer(0)])
    if let lengths {
      let one = builder.constant("one", Tensor(1))
      let counts = builder.node("Max", [builder.cast(lengths, to: .f32), one])
      mean = builder.node(
        "Div", [builder.sum(memory, axis: 0), builder.node("Unsqueeze", [counts, builder.integers([1])])])
    }
    let state = try builder.mapRows(
      of: mean, width: width, decoder.bridge, prefix: "bridge.", what: "the first state"
    ) { tanh($0($1)) }
    let hidden = Int64(decoder.hiddenSize)
    builder.output(
      memory, as: "memory", .f32, [.named(steps), .named("batch"), .fixed(Int64(width))],
      "what the other graph looks at")
    builder.output(
      keys, as: "keys", .f32, [.named(steps), .named("batch"), .fixed(hidden)], "what it looks for")
    builder.output(
      state, as: "state", .f32, [.named("batch"), .fixed(hidden)], "`state_in` before the first token")
  }

  /// Appends a step that writes a token of each row.
  ///
  /// - Throws: ``InterchangeError``.
  func appendStep(to builder: inout GraphBuilder, _ options: GraphOptions) throws {
    let (hidden, width) = (decoder.hiddenSize, decoder.memorySize)
    builder.input("tokens", .i64, [.named("batch")], "the last one of each text that is written")
    for (name, size) in [("memory", width), ("keys", hidden)] {
      builder.input(
        name, .f32, [.named("time"), .named("batch"), .fixed(Int64(size))], "`\(name)` of the other graph")
    }
    let lengths = builder.lengths(options)
    let before = builder.state("state", extents: [hidden])
    let x = vectors("tokens", &builder)
    func input(_ name: String, _ size: Int) -> RecordedFunction.Input {
      RecordedFunction.Input(name, extents: [size])
    }
    let between = try builder.record(
      decoder.first, [input(x, decoder.inputSize), input(before, hidden)], prefix: "first.",
      what: "the first cell"
    ) { [$0.step($1[0], $1[1]).state] }[0]
    let query = try builder.mapRows(
      of: between, width: hidden, decoder.attention, prefix: "attention.", what: "the query"
    ) { $0.query?($1) ?? $1 }
    let attention = attention(query, lengths, &builder)
    let weights = builder.node("Unsqueeze", [attention, builder.integers([2])])
    let context = builder.sum(builder.node("Mul", ["memory", weights]), axis: 0)
    let after = try builder.record(
      decoder.second, [input(context, width), input(between, hidden)], prefix: "second.",
      what: "the second cell"
    ) { [$0.step($1[0], $1[1]).state] }[0]
    let joined = builder.node("Concat", [after, context, x], ["axis": .integer(1)])
    let written = try builder.mapRows(
      of: joined, width: hidden + width + decoder.inputSize, decoder.readout, prefix: "readout.",
      what: "the deep output"
    ) { tanh($0($1)) }
    let logits = try builder.mapRows(
      of: written, width: configuration.embeddingSize,
      Linear(weight: embedding.weight, bias: outputBias), prefix: "output.", what: "the output"
    ) { $0($1) }
    builder.output(
      builder.node("LogSoftmax", [logits], ["axis": .integer(-1)]), as: "log_probabilities", .f32,
      [.named("batch"), .fixed(Int64(outputBias.count))], "of the token that comes next")
    builder.output(
      builder.node("Transpose", [attention], ["perm": .integers([1, 0])]), as: "attention", .f32,
      [.named("batch"), .named("time")], "how much each place of what was read was looked at")
    builder.keep(after, as: "state", extents: [hidden])
  }

  /// How much each place is looked at, `[time, batch]`.
  private func attention(
    _ query: String, _ lengths: String?, _ builder: inout GraphBuilder
  ) -> String {
    let vector = builder.constant("attention.vector", decoder.attention.vector ?? Tensor(zeros: [0]))
    let sums = builder.node("Tanh", [builder.node("Add", ["keys", query])])
    var energies = builder.sum(builder.node("Mul", [sums, vector]), axis: 2)
    var mask: String?
    if let lengths {
      let own = builder.node("Squeeze", [builder.mask(lengths, stepsOf: "memory"), builder.integers([2])])
      // beyond the end stands what is smaller than everything
      let (one, far) = (builder.constant("one", Tensor(1)), builder.constant("far", Tensor(1e30)))
      let beyond = builder.node("Mul", [builder.node("Sub", [own, one]), far])
      energies = builder.node("Add", [builder.node("Mul", [energies, own]), beyond])
      mask = own
    }
    let attention = builder.node("Softmax", [energies], ["axis": .integer(0)])
    return mask.map { builder.node("Mul", [attention, $0]) } ?? attention
  }

  /// Two steps over a random memory, with what the decoder gives.
  func stepVerification(_ options: GraphOptions) -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let lengths = GraphVerification.lengths(options, steps)
    let key = RandomKey(seed: 20)
    let values = Tensor(
      normalWithMean: 0, deviation: 1, shape: [steps, batch, decoder.memorySize], key: key.child(0))
    let memory = decoder.memory(
      values * lengthMask(lengths, stepCount: steps, like: values), lengths: lengths)
    var given = ["memory": GraphValue(memory.values), "keys": GraphValue(memory.keys)]
    if options.takesLengths { given["lengths"] = GraphVerification.value(of: lengths, in: 0..<steps) }
    var state = Tensor(zeros: [batch, decoder.hiddenSize])
    let parts = (0..<2).map { part -> GraphVerification.Part in
      let last = GraphVerification.tokens(batch, below: outputBias.count, key.child(1 + part))
      let (logits, attention, next) = step(last, state, over: memory, rows: Array(0..<batch))
      state = next
      given["tokens"] = GraphValue(integers: last.map { Int64($0) }, shape: [batch])
      return GraphVerification.Part(
        inputs: given,
        expected: [
          "log_probabilities": GraphValue(logSoftmax(logits)), "attention": GraphValue(attention),
          "state_out": GraphValue(next),
        ])
    }
    return GraphVerification(parts: parts)
  }

  /// What the graph that reads gives of a memory.
  func expected(_ memory: AttentionMemory) -> [String: GraphValue] {
    [
      "memory": GraphValue(memory.values), "keys": GraphValue(memory.keys),
      "state": GraphValue(decoder.initialState(memory)),
    ]
  }
}

extension GraphVerification {
  /// Random tokens.
  static func tokens(_ count: Int, below limit: Int, _ key: RandomKey) -> [Int32] {
    key.uniforms(count).map { Int32(min($0 * Float(limit), Float(limit - 1))) }
  }
}
