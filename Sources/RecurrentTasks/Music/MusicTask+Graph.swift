extension MusicTask {
  /// The model as a graph: of events `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]` of the next one; of independent keys
  /// `keys` (`[time, batch, K + 1]`, zeros and ones) to `logits [time, batch, K]` of the keys of the next step. How music becomes tokens or
  /// keys stands in the metadata as `recurrent.music`. Of a model with styles there is an input `style` (`[batch, S]`) too: how much of each
  /// of `recurrent.labels`, zeros for none.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: MusicModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: MusicTask.name)
    if let events = model.events {
      try builder.append(
        events, reading: ("tokens", "the beginning, then keys and ends of steps"),
        as: ("logits", "scores of the token that follows each; softmax makes probabilities of them"), options
      ) { moved($0, by: model.styles, &$1) }
    } else if let roll = model.roll {
      builder.input(
        "keys", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.keyCount + 1))],
        "1 for each key that sounds; the last number is 1 before the first step")
      let lengths = builder.lengths(options)
      let value = moved("keys", by: model.styles, &builder)
      let hidden = try roll.recurrent.append(to: &builder, reading: value, lengths: lengths, options)
      var logits = try builder.mapRows(
        of: hidden, width: roll.recurrent.outputSize, roll.head, prefix: "head.", what: "the head"
      ) { $0($1) }
      if let shared = roll.keys {
        let own = try shared.append(to: &builder, reading: value, lengths: lengths, options)
        logits = builder.node("Add", [logits, own])
      }
      builder.output(
        logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.keyCount))],
        "scores of the keys of the next step; sigmoid makes probabilities of them")
    }
    var metadata = ["recurrent.music": try graphMetadata(tokens), "recurrent.grid": try graphMetadata(grid)]
    if let labels { metadata["recurrent.labels"] = try graphMetadata(labels) }
    return builder.model(task: MusicTask.name, metadata: metadata)
  }

  /// What the layers read, moved by the style of each piece.
  private func moved(_ vectors: String, by styles: Embedding?, _ builder: inout GraphBuilder) -> String {
    guard let styles else { return vectors }
    builder.input(
      "style", .f32, [.named("batch"), .fixed(Int64(styles.weight.shape[0]))],
      "how much of each style; zeros for none")
    let table = builder.constant("styles.weight", styles.weight)
    return builder.node("Add", [vectors, builder.node("MatMul", ["style", table])])
  }

  /// Some style of each of B pieces for the verification, with its vectors `[1, B, W]`.
  private func someStyles(_ model: MusicModel, _ batch: Int) -> (shares: Tensor, vectors: Tensor)? {
    guard let weight = model.styles?.weight else { return nil }
    let numbers = (0..<batch).map { $0 % weight.shape[0] }
    let shares = numbers.flatMap { number in (0..<weight.shape[0]).map { Float($0 == number ? 1 : 0) } }
    let vectors = gather(weight, rows: Indices(numbers.map { Int32($0) }))
    return (
      Tensor(shares, shape: [batch, weight.shape[0]]), vectors.reshaped(to: [1, batch, weight.shape[1]])
    )
  }

  /// Random steps for the graph with the scores that the model gives for them.
  public func graphVerification(_ model: MusicModel, _ options: GraphOptions) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let styles = someStyles(model, batch)
    let given = styles.map { ["style": GraphValue($0.shares)] } ?? [:]
    if let events = model.events {
      return GraphVerification(
        events, reading: "tokens", as: "logits", options, given: given, moved: styles?.vectors)
    }
    guard let roll = model.roll else { fatalError("MusicTask.graphVerification: the network has no part") }
    let width = tokens.keyCount + 1
    let draws = RandomKey(seed: 20).uniforms(steps * batch * width)
    let keys = Tensor(draws.map { $0 < 0.2 ? 1 : 0 }, shape: [steps, batch, width])
    let lengths = GraphVerification.lengths(options, steps)
    let style = styles.map { $0.vectors.reshaped(to: [batch, width]) }
    var state: PianoRollNetwork.State?
    let parts = GraphVerification.ranges(options).map { range in
      let part = keys.sliced(axis: 0, range)
      var inputs = given.merging(["keys": GraphValue(part)]) { $1 }
      if options.takesLengths { inputs["lengths"] = GraphVerification.value(of: lengths, in: range) }
      let (scores, next) = roll(
        part,
        lengths: options.takesLengths ? lengths.map { min(max($0 - range.lowerBound, 0), range.count) } : nil,
        style: style, state: state)
      state = next
      var expected = ["logits": GraphValue(scores)]
      if options.isStreaming {
        for (name, value) in roll.named(next) { expected[name + "_out"] = GraphValue(value) }
      }
      return GraphVerification.Part(inputs: inputs, expected: expected)
    }
    return GraphVerification(parts: parts)
  }
}
