extension SequenceClassifier {
  /// Appends the classifier behind a featurizer: its scores `[B, C]`.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be a graph, or no stream.
  public func append(
    to builder: inout GraphBuilder, reading featurizer: SequenceFeaturizer, _ options: GraphOptions
  ) throws -> String {
    try builder.requireFullRows(of: "pooling over the steps", options)
    let own = try network.append(to: &builder, reading: featurizer, options)
    var outputs = PoolingGraph(
      value: own.outputs, width: configuration.network.outputSize, lengths: own.lengths,
      isBidirectional: !configuration.network.isCausal)
    if options.isStreaming { outputs.counts = builder.streamCounts(of: own.outputs) }
    var parts = try configuration.poolings.map { pooling in
      try pooling == .attention
        ? attention?.append(to: &builder, reading: outputs, name: "attention") ?? own.outputs
        : pooling.append(to: &builder, reading: outputs, name: pooling.rawValue)
    }
    if configuration.poolsInputs {
      var inputs = outputs
      (inputs.value, inputs.width) = (own.inputs, configuration.network.inputSize)
      parts.append(SequencePooling.mean.append(to: &builder, reading: inputs, name: "inputs"))
    }
    if configuration.sumsFeatures, let features = own.features {
      var sum = builder.sum(builder.masked(features, own.featureLengths), axis: 0)
      if options.isStreaming {
        let width = [configuration.network.featureCount]
        sum = builder.node("Add", [builder.state("features", extents: width), sum])
        builder.keep(sum, as: "features", extents: width)
      }
      parts.append(sum)
    }
    return try builder.record(
      head,
      [.init(builder.node("Concat", parts, ["axis": .integer(1)]), extents: [configuration.pooledSize])],
      prefix: "head.", what: "the head"
    ) { [$0($1[0])] }[0]
  }
}

extension GraphBuilder {
  /// The steps of a stream before a value `[T, B, F]`, and with it, `[B, 1]`.
  fileprivate mutating func streamCounts(of value: String) -> (before: String, after: String) {
    let before = state("count", extents: [1])
    let own = cast(node("Gather", [shape(of: value), integer(0)], ["axis": .integer(0)]), to: .f32)
    let after = node("Add", [before, own])
    keep(after, as: "count", extents: [1])
    return (before, after)
  }
}

extension ClassificationTask {
  /// The model as a graph: `scores` and calibrated `probabilities` of the classes, `[batch, C]`; with states those after the
  /// steps so far.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: SequenceClassifier, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ClassificationTask.name)
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
  public func graphVerification(
    _ model: SequenceClassifier, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: classifier.network.stride, options) { rows, _ in
      let predictions = predictions(model, to: rows.map { Example(features: $0, label: 0) })
      let shape = [rows.count, labels.count]
      return [
        "scores": GraphValue(Tensor(predictions.flatMap(\.scores), shape: shape)),
        "probabilities": GraphValue(
          Tensor(predictions.flatMap { $0.probabilities.map { Float($0) } }, shape: shape)),
      ]
    }
  }
}
