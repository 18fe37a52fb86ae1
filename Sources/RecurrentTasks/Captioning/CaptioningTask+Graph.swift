extension CaptioningTask {
  /// The model as two graphs: of whole sequences what reads a recording, of a stream what writes one token of its caption. A program
  /// runs the first once and the second until the token comes that ends.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: CaptionModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: CaptioningTask.name)
    if options.isStreaming {
      try model.writer.appendStep(to: &builder, options)
    } else {
      let read = try model.network.append(to: &builder, reading: featurizer, options)
      try model.writer.appendMemory(
        builder.masked(read.outputs, read.lengths), lengths: read.lengths,
        steps: network.stride == 1 ? "time" : "steps", to: &builder)
    }
    builder.note(
      "Tokens become text by the vocabulary in the metadata `recurrent.units`; token \(units.end) begins and ends a caption."
    )
    return builder.model(
      task: CaptioningTask.name,
      metadata: [
        "recurrent.units": try graphMetadata(units), "recurrent.featurizer": try graphMetadata(featurizer),
      ])
  }

  /// Random sequences for the graph, or for the one that writes two tokens of each, with what the model gives.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: CaptionModel, _ options: GraphOptions
  ) throws -> GraphVerification {
    if options.isStreaming { return model.writer.stepVerification(options) }
    return try GraphVerification(featurizer, stride: network.stride, options) { rows, _ in
      model.writer.expected(model.memory(FeatureBatch(rows)).memory)
    }
  }
}
