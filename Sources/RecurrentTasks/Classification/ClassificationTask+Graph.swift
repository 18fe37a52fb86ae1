extension ClassificationTask {
  /// The model as a graph: `scores` and calibrated `probabilities` of the classes, `[batch, C]`; with states those after the
  /// steps so far.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: PooledNetwork, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ClassificationTask.name)
    if let windowSteps {
      builder.note(
        "Sequences of more than \(windowSteps) steps are read in windows of so many, of whose scores the mean counts."
      )
    }
    let scores = try model.append(to: &builder, reading: featurizer, options)
    let shape: [ONNXValueInfo.Extent] = [.named("batch"), .fixed(Int64(labels.count))]
    builder.output(scores, as: "scores", .f32, shape, "of the classes in the metadata `recurrent.labels`")
    builder.output(builder.probabilities(scores, scaling), as: "probabilities", .f32, shape, "calibrated")
    return builder.model(
      task: ClassificationTask.name,
      metadata: [
        "recurrent.labels": try graphMetadata(labels), "recurrent.featurizer": try graphMetadata(featurizer),
      ])
  }

  /// Random sequences for the graph with their predictions.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: PooledNetwork, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: classifier.network.stride, options) { rows, _ in
      let predictions = ofOneStrand.predictions(model, to: rows.map { Example(features: $0, target: 0) })
      let shape = [rows.count, labels.count]
      return [
        "scores": GraphValue(Tensor(predictions.flatMap(\.scores), shape: shape)),
        "probabilities": GraphValue(
          Tensor(predictions.flatMap { $0.probabilities.map { Float($0) } }, shape: shape)),
      ]
    }
  }
}
