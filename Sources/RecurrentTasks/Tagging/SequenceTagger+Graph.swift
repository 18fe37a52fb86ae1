extension SequenceTagger {
  /// Appends the network behind its featurizer, and the head.
  ///
  /// - Returns: the network in the graph, and the scores `[T', B, L]`, of which those beyond the lengths mean nothing.
  /// - Throws: ``InterchangeError`` where it cannot be a graph, or no stream.
  func append(
    to builder: inout GraphBuilder, reading featurizer: SequenceFeaturizer, _ options: GraphOptions
  ) throws -> (network: SequenceNetworkGraph, scores: String) {
    let own = try network.append(to: &builder, reading: featurizer, options)
    let scores = try builder.mapRows(
      of: own.outputs, width: network.configuration.outputSize, head, prefix: "head.", what: "the head"
    ) { $0($1) }
    return (own, scores)
  }
}
