extension LanguageModelTask {
  /// The model as a graph: `tokens` (int64 `[time, batch]`) to `logits [time, batch, V]`, with an adaptive softmax
  /// log-probabilities. The vocabulary stands in the metadata as `recurrent.vocabulary`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: LanguageModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: LanguageModelTask.name)
    try builder.append(
      model, reading: ("tokens", "numbers in the vocabulary"),
      as: (
        "logits",
        model.adaptiveSoftmax == nil
          ? "scores of the token that follows each; softmax makes probabilities of them"
          : "logarithms of the probabilities of the token that follows each"
      ), options)
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
    GraphVerification(model, reading: "tokens", as: "logits", options)
  }
}
