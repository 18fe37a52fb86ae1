extension PerformanceTask {
  /// The model as a graph: `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]` of the next one. How performances become tokens stands in the
  /// metadata as `recurrent.performance`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: LanguageModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: PerformanceTask.name)
    builder.input(
      "tokens", .i64, [.named("time"), .named("batch")],
      "the beginning, then keys struck and released, waits and strengths")
    let lengths = builder.lengths(options)
    let table = builder.constant("embedding.weight", model.embedding.weight)
    let vectors = builder.node("Gather", [table, "tokens"], ["axis": .integer(0)])
    let hidden = try model.recurrent.append(to: &builder, reading: vectors, lengths: lengths, options)
    let logits = try builder.mapRows(
      of: hidden, width: model.recurrent.outputSize, model, prefix: "", what: "the output of the model"
    ) { $0.scores($1) }
    builder.output(
      logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(tokens.count))],
      "scores of the token that follows each; softmax makes probabilities of them")
    return builder.model(
      task: PerformanceTask.name, metadata: ["recurrent.performance": try graphMetadata(tokens)])
  }

  /// Random tokens for the graph with the scores that the model gives for them.
  public func graphVerification(_ model: LanguageModel, _ options: GraphOptions) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let count = Float(tokens.count)
    let ids = RandomKey(seed: 20).uniforms(steps * batch).map { Int32(min($0 * count, count - 1)) }
    let vectors = model.embedding(Indices(ids, shape: [steps, batch]))
    return GraphVerification(model.recurrent, vectors: vectors, options) { part in
      let own = ids[part.lowerBound * batch..<part.upperBound * batch].map { Int64($0) }
      return ["tokens": GraphValue(integers: own, shape: [part.count, batch])]
    } outputs: {
      ["logits": model.scores($0)]
    }
  }
}
