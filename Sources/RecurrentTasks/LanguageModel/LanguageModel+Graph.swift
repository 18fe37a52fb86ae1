extension LanguageModelTask {
  /// The model as a graph: `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]`, with an adaptive softmax
  /// log-probabilities. The vocabulary stands in the metadata as `recurrent.vocabulary`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: LanguageModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: LanguageModelTask.name)
    builder.input("tokens", .i64, [.named("time"), .named("batch")], "numbers in the vocabulary")
    let lengths = builder.lengths(options)
    let table = builder.constant("embedding.weight", model.embedding.weight)
    let vectors = builder.node("Gather", [table, "tokens"], ["axis": .integer(0)])
    let hidden = try model.recurrent.append(to: &builder, reading: vectors, lengths: lengths, options)
    let logits = try builder.mapRows(
      of: hidden, width: model.recurrent.outputSize, model, prefix: "", what: "the output of the model"
    ) { $0.scores($0.projection?($1) ?? $1) }
    builder.output(
      logits, as: "logits", .f32, [.named("time"), .named("batch"), .fixed(Int64(model.vocabularySize))],
      model.adaptiveSoftmax == nil
        ? "scores of the token that follows each; softmax makes probabilities of them"
        : "logarithms of the probabilities of the token that follows each")
    builder.note(
      "Text becomes tokens by the vocabulary in the metadata `recurrent.vocabulary`: \(configuration.unit.rawValue)."
    )
    return builder.model(
      task: LanguageModelTask.name, metadata: ["recurrent.vocabulary": try graphMetadata(vocabulary)])
  }

  /// Random tokens for the graph with the scores that the model gives for them.
  public func graphVerification(
    _ model: LanguageModel, _ options: GraphOptions
  ) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let count = Float(model.vocabularySize)
    let ids = RandomKey(seed: 20).uniforms(steps * batch).map { Int32(min($0 * count, count - 1)) }
    let vectors = model.embedding(Indices(ids, shape: [steps, batch]))
    return GraphVerification(model.recurrent, vectors: vectors, options) { part in
      let own = ids[part.lowerBound * batch..<part.upperBound * batch].map { Int64($0) }
      return ["tokens": GraphValue(integers: own, shape: [part.count, batch])]
    } outputs: {
      ["logits": model.scores(model.projection?($0) ?? $0)]
    }
  }
}
