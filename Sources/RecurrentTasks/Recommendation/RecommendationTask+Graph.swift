extension RecommendationTask {
  /// The model as a graph: `items` (int64 `[time, batch]`) to `scores [time, batch, V]`. The items stand in the metadata as
  /// `recurrent.items`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: RecommendationModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: RecommendationTask.name)
    try builder.append(
      model, reading: ("items", "numbers of the items that were seen"),
      as: ("scores", "scores of the item that follows each; softmax makes probabilities of them"), options)
    builder.note("Numbers stand for the items of the metadata `recurrent.items`, in their order from 0.")
    return builder.model(
      task: RecommendationTask.name, metadata: ["recurrent.items": try graphMetadata(items)])
  }

  /// Random items for the graph with the scores that the model gives for them.
  public func graphVerification(
    _ model: RecommendationModel, _ options: GraphOptions
  ) throws -> GraphVerification {
    GraphVerification(model, reading: "items", as: "scores", options)
  }
}
