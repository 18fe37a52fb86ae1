extension TranscriptionTask {
  /// The model as a graph: the `scores` of all units at each frame, `[steps, batch, V]`, before the softmax. The search over them
  /// is no part of it.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: SequenceTagger, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: TranscriptionTask.name)
    let (own, scores) = try model.append(to: &builder, reading: featurizer, options)
    let isSame = network.stride == 1
    builder.output(
      builder.masked(scores, own.lengths), as: "scores", .f32,
      [.named(isSame ? "time" : "steps"), .named("batch"), .fixed(Int64(units.count * upsampling))],
      "of the units in the metadata `recurrent.units`, before the softmax"
        + (isSame ? "" : ", one step for \(network.stride) of the input")
        + (upsampling > 1 ? ", and in each step those of \(upsampling) frames one after the other" : ""))
    builder.note(
      "Repeated units count once, then blanks, unit \(units.blank), are taken out (connectionist temporal classification)."
    )
    return builder.model(
      task: TranscriptionTask.name,
      metadata: [
        "recurrent.units": try graphMetadata((0..<units.count).map { units.text(ofOutput: $0) ?? "" }),
        "recurrent.blank": try graphMetadata(units.blank),
        "recurrent.featurizer": try graphMetadata(featurizer),
      ])
  }

  /// Random sequences for the graph with their scores.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: SequenceTagger, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: network.stride, lookahead: network.lookahead, options) {
      rows, range in
      let (scores, lengths) = model(FeatureBatch(rows))
      let (scalars, width) = (scores.scalars, units.count * upsampling)
      let first = range.lowerBound / network.stride
      let steps = first..<(range.upperBound + network.stride - 1) / network.stride
      let numbers = steps.flatMap { step in
        rows.indices.flatMap { row -> [Float] in
          guard step < lengths[row] else { return [Float](repeating: 0, count: width) }
          let start = (step * rows.count + row) * width
          return Array(scalars[start..<start + width])
        }
      }
      return ["scores": GraphValue(Tensor(numbers, shape: [steps.count, rows.count, width]))]
    }
  }
}
