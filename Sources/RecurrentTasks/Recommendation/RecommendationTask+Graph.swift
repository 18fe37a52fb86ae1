extension RecommendationTask {
  /// The model as a graph: `items` (int64 `[time, batch]`) to `scores [time, batch, V]`. The items stand in the metadata as
  /// `recurrent.items`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: RecommendationModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: RecommendationTask.name)
    builder.input("items", .i64, [.named("time"), .named("batch")], "numbers of the items that were seen")
    let lengths = builder.lengths(options)
    let table = builder.constant("embedding.weight", model.embedding.weight)
    let vectors = builder.node("Gather", [table, "items"], ["axis": .integer(0)])
    let hidden = try model.recurrent.append(to: &builder, reading: vectors, lengths: lengths, options)
    let scores = try builder.mapRows(
      of: hidden, width: model.recurrent.outputSize, model, prefix: "", what: "the output of the model"
    ) { $0.scores($0.projection?($1) ?? $1) }
    builder.output(
      scores, as: "scores", .f32, [.named("time"), .named("batch"), .fixed(Int64(model.itemCount))],
      "scores of the item that follows each; softmax makes probabilities of them")
    builder.note("Numbers stand for the items of the metadata `recurrent.items`, in their order from 0.")
    return builder.model(
      task: RecommendationTask.name, metadata: ["recurrent.items": try graphMetadata(items)])
  }

  /// Random items for the graph with the scores that the model gives for them.
  public func graphVerification(
    _ model: RecommendationModel, _ options: GraphOptions
  ) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let count = Float(model.itemCount)
    let ids = RandomKey(seed: 20).uniforms(steps * batch).map { Int32(min($0 * count, count - 1)) }
    let vectors = model.embedding(Indices(ids, shape: [steps, batch]))
    return GraphVerification(model.recurrent, vectors: vectors, options) { part in
      let own = ids[part.lowerBound * batch..<part.upperBound * batch].map { Int64($0) }
      return ["items": GraphValue(integers: own, shape: [part.count, batch])]
    } outputs: {
      ["scores": model.scores(model.projection?($0) ?? $0)]
    }
  }
}
