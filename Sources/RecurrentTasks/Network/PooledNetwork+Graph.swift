extension PooledNetwork {
  /// Appends the network behind a featurizer: its scores `[B, C]`, with a linear map beside it `[B, C + 1]`.
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
    let scores = try builder.record(
      head,
      [.init(builder.node("Concat", parts, ["axis": .integer(1)]), extents: [configuration.pooledSize])],
      prefix: "head.", what: "the head"
    ) { [$0($1[0])] }[0]
    guard let linear = configuration.linear, let features = own.features else { return scores }
    let value = linear.append(
      to: &builder, reading: builder.masked(features, own.featureLengths), lengths: own.featureLengths,
      options)
    return builder.node("Concat", [scores, value], ["axis": .integer(1)])
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
