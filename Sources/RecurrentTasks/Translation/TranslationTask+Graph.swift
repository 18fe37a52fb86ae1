extension TranslationTask {
  /// The model as two graphs: of whole sequences what reads a text, of a stream what writes one token of its translation. A program
  /// runs the first once and the second until the token comes that ends.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: TranslationModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: TranslationTask.name)
    if options.isStreaming {
      try model.writer.appendStep(to: &builder, options)
    } else {
      builder.input("tokens", .i64, [.named("time"), .named("batch")], "of the texts")
      let lengths = builder.lengths(options)
      let read = try model.encoder.append(
        to: &builder,
        RecurrentLayerGraph(input: model.writer.vectors("tokens", &builder), lengths: lengths),
        prefix: "encoder.")
      try model.writer.appendMemory(builder.masked(read.output, lengths), lengths: lengths, to: &builder)
    }
    builder.note(
      "Text becomes tokens by the vocabulary in the metadata `recurrent.units`; token \(units.end) begins and ends a translation."
    )
    return builder.model(
      task: TranslationTask.name, metadata: ["recurrent.units": try graphMetadata(units)])
  }

  /// Random texts for the graph, or for the one that writes two tokens of each, with what the model gives.
  public func graphVerification(_ model: TranslationModel, _ options: GraphOptions) throws
    -> GraphVerification
  {
    if options.isStreaming { return model.writer.stepVerification(options) }
    let steps = GraphVerification.stepCount
    let lengths = GraphVerification.lengths(options, steps)
    let rows = lengths.enumerated().map { row, length in
      GraphVerification.tokens(length, below: units.count, RandomKey(seed: 20).child(row))
    }
    let all = (0..<steps).flatMap { step in rows.map { step < $0.count ? $0[step] : 0 } }
    var given = ["tokens": GraphValue(integers: all.map { Int64($0) }, shape: [steps, rows.count])]
    if options.takesLengths { given["lengths"] = GraphVerification.value(of: lengths, in: 0..<steps) }
    return GraphVerification(parts: [
      GraphVerification.Part(inputs: given, expected: model.writer.expected(model.memory(rows)))
    ])
  }
}
