extension MusicTask {
  /// The model as a graph: of events `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]` of the next one; of independent keys
  /// `keys` (`[time, batch, K + 1]`, zeros and ones) to `logits [time, batch, K]` of the keys of the next step. How music becomes tokens or
  /// keys stands in the metadata as `recurrent.music`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: MusicModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: MusicTask.name)
    if let events = model.events {
      builder.input(
        "tokens", .i64, [.named("time"), .named("batch")], "the beginning, then keys and ends of steps")
      let lengths = builder.lengths(options)
      let table = builder.constant("embedding.weight", events.embedding.weight)
      let vectors = builder.node("Gather", [table, "tokens"], ["axis": .integer(0)])
      let hidden = try events.recurrent.append(to: &builder, reading: vectors, lengths: lengths, options)
      let logits = try builder.mapRows(
        of: hidden, width: events.recurrent.outputSize, events, prefix: "", what: "the output of the model"
      ) { $0.scores($1) }
      builder.output(
        logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.count))],
        "scores of the token that follows each; softmax makes probabilities of them")
    } else if let roll = model.roll {
      builder.input(
        "keys", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.keyCount + 1))],
        "1 for each key that sounds; the last number is 1 before the first step")
      let lengths = builder.lengths(options)
      let hidden = try roll.recurrent.append(to: &builder, reading: "keys", lengths: lengths, options)
      let logits = try builder.mapRows(
        of: hidden, width: roll.recurrent.outputSize, roll.head, prefix: "head.", what: "the head"
      ) { $0($1) }
      builder.output(
        logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.keyCount))],
        "scores of the keys of the next step; sigmoid makes probabilities of them")
    }
    return builder.model(
      task: MusicTask.name,
      metadata: ["recurrent.music": try graphMetadata(tokens), "recurrent.grid": try graphMetadata(grid)])
  }

  /// Random steps for the graph with the scores that the model gives for them.
  public func graphVerification(_ model: MusicModel, _ options: GraphOptions) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    if let events = model.events {
      let count = Float(tokens.count)
      let ids = RandomKey(seed: 20).uniforms(steps * batch).map { Int32(min($0 * count, count - 1)) }
      let vectors = events.embedding(Indices(ids, shape: [steps, batch]))
      return GraphVerification(events.recurrent, vectors: vectors, options) { part in
        let own = ids[part.lowerBound * batch..<part.upperBound * batch].map { Int64($0) }
        return ["tokens": GraphValue(integers: own, shape: [part.count, batch])]
      } outputs: {
        ["logits": events.scores($0)]
      }
    }
    guard let roll = model.roll else { fatalError("MusicTask.graphVerification: the network has no part") }
    let width = tokens.keyCount + 1
    let draws = RandomKey(seed: 20).uniforms(steps * batch * width)
    let keys = Tensor(draws.map { $0 < 0.2 ? 1 : 0 }, shape: [steps, batch, width])
    return GraphVerification(roll.recurrent, vectors: keys, options) { part in
      ["keys": GraphValue(keys.sliced(axis: 0, part))]
    } outputs: {
      ["logits": roll.head($0)]
    }
  }
}
