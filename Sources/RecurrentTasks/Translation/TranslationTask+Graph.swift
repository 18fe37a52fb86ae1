extension TranslationTask {
  /// The model as two graphs: of whole sequences what reads a text, of a stream what writes one token of its translation. A program
  /// runs the first once and the second until the token comes that ends.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: TranslationModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: TranslationTask.name)
    if options.isStreaming {
      try appendStep(of: model, to: &builder, options)
    } else {
      try appendReading(of: model, to: &builder, options)
    }
    builder.note(
      "Text becomes tokens by the vocabulary in the metadata `recurrent.units`; token \(units.end) begins and ends a translation."
    )
    return builder.model(
      task: TranslationTask.name, metadata: ["recurrent.units": try graphMetadata(units)])
  }

  /// Vectors of tokens.
  private func vectors(_ tokens: String, _ model: TranslationModel, _ builder: inout GraphBuilder) -> String {
    let table = builder.constant("embedding.weight", model.embedding.weight)
    let scale = builder.constant("embedding.scale", Tensor(Float(network.embeddingSize).squareRoot()))
    return builder.node("Mul", [builder.node("Gather", [table, tokens], ["axis": .integer(0)]), scale])
  }

  private func appendReading(
    of model: TranslationModel, to builder: inout GraphBuilder, _ options: GraphOptions
  ) throws {
    builder.input("tokens", .i64, [.named("time"), .named("batch")], "of the texts")
    let lengths = builder.lengths(options)
    let read = try model.encoder.append(
      to: &builder, RecurrentLayerGraph(input: vectors("tokens", model, &builder), lengths: lengths),
      prefix: "encoder.")
    let (decoder, width) = (model.decoder, model.decoder.memorySize)
    let memory = builder.masked(read.output, lengths)
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
      memory, as: "memory", .f32, [.named("time"), .named("batch"), .fixed(Int64(width))],
      "what the other graph looks at")
    builder.output(
      keys, as: "keys", .f32, [.named("time"), .named("batch"), .fixed(hidden)], "what it looks for")
    builder.output(
      state, as: "state", .f32, [.named("batch"), .fixed(hidden)], "`state_in` before the first token")
  }

  private func appendStep(
    of model: TranslationModel, to builder: inout GraphBuilder, _ options: GraphOptions
  ) throws {
    let (decoder, hidden, width) = (model.decoder, model.decoder.hiddenSize, model.decoder.memorySize)
    builder.input("tokens", .i64, [.named("batch")], "the last one of each translation")
    for (name, size) in [("memory", width), ("keys", hidden)] {
      builder.input(
        name, .f32, [.named("time"), .named("batch"), .fixed(Int64(size))], "`\(name)` of the other graph")
    }
    let lengths = builder.lengths(options)
    let before = builder.state("state", extents: [hidden])
    let x = vectors("tokens", model, &builder)
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
    let attention = attention(query, decoder, lengths, &builder)
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
      of: written, width: network.embeddingSize,
      Linear(weight: model.embedding.weight, bias: model.outputBias), prefix: "output.", what: "the output"
    ) { $0($1) }
    builder.output(
      builder.node("LogSoftmax", [logits], ["axis": .integer(-1)]), as: "log_probabilities", .f32,
      [.named("batch"), .fixed(Int64(units.count))], "of the token that comes next")
    builder.output(
      builder.node("Transpose", [attention], ["perm": .integers([1, 0])]), as: "attention", .f32,
      [.named("batch"), .named("time")], "how much each place of the text was looked at")
    builder.keep(after, as: "state", extents: [hidden])
  }

  /// How much each place is looked at, `[time, batch]`.
  private func attention(
    _ query: String, _ decoder: AttentionDecoder<GRU>, _ lengths: String?, _ builder: inout GraphBuilder
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

  /// Random texts for the graph, or for the one that writes two tokens of each, with what the model gives.
  public func graphVerification(_ model: TranslationModel, _ options: GraphOptions) throws
    -> GraphVerification
  {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let lengths = options.takesLengths ? [steps, 1, 4] : Array(repeating: steps, count: batch)
    let count = Float(units.count)
    func tokens(_ number: Int, _ child: Int) -> [Int32] {
      RandomKey(seed: 20).child(child).uniforms(number).map { Int32(min($0 * count, count - 1)) }
    }
    func value(_ tokens: [Int32], _ shape: [Int]) -> GraphValue {
      GraphValue(integers: tokens.map { Int64($0) }, shape: shape)
    }
    let rows = lengths.enumerated().map { row, length in Array(tokens(steps, row).prefix(length)) }
    let memory = model.memory(rows)
    var given: [String: GraphValue] = [:]
    if options.takesLengths {
      given["lengths"] = GraphVerification.value(of: lengths, in: 0..<steps)
    }
    guard options.isStreaming else {
      let all = (0..<steps).flatMap { step in rows.map { step < $0.count ? $0[step] : 0 } }
      given["tokens"] = value(all, [steps, batch])
      return GraphVerification(parts: [
        GraphVerification.Part(
          inputs: given,
          expected: [
            "memory": GraphValue(memory.values), "keys": GraphValue(memory.keys),
            "state": GraphValue(model.decoder.initialState(memory)),
          ])
      ])
    }
    (given["memory"], given["keys"]) = (GraphValue(memory.values), GraphValue(memory.keys))
    var state = Tensor(zeros: [batch, model.decoder.hiddenSize])
    let parts = (0..<2).map { part -> GraphVerification.Part in
      let last = tokens(batch, batch + part)
      let (logs, attention, next) = model.step(last, state, over: memory, rows: Array(0..<batch))
      state = next
      given["tokens"] = value(last, [batch])
      return GraphVerification.Part(
        inputs: given,
        expected: [
          "log_probabilities": GraphValue(logs), "attention": GraphValue(attention),
          "state_out": GraphValue(next),
        ])
    }
    return GraphVerification(parts: parts)
  }
}
