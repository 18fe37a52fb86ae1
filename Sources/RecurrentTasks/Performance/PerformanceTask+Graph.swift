extension PerformanceTask {
  /// The model as a graph: `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]` of the next one. How performances become tokens stands in the
  /// metadata as `recurrent.performance`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: LanguageModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: PerformanceTask.name)
    try builder.append(
      model, reading: ("tokens", "the beginning, then keys struck and released, waits and strengths"),
      as: ("logits", "scores of the token that follows each; softmax makes probabilities of them"), options)
    return builder.model(
      task: PerformanceTask.name, metadata: ["recurrent.performance": try graphMetadata(tokens)])
  }

  /// Random tokens for the graph with the scores that the model gives for them.
  public func graphVerification(_ model: LanguageModel, _ options: GraphOptions) throws -> GraphVerification {
    GraphVerification(model, reading: "tokens", as: "logits", options)
  }
}
