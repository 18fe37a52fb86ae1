extension TaggingTask {
  /// The model as a graph: `scores` of the labels `[steps, batch, L]`, and with them calibrated `probabilities`, or of a CRF its
  /// `transitions [L, L]`, `start [L]` and `end [L]`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: SequenceTagger, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: TaggingTask.name)
    let (own, scores) = try model.append(to: &builder, reading: featurizer, options)
    let count = ONNXValueInfo.Extent.fixed(Int64(labels.count))
    let shape = [.named(network.stride > 1 ? "steps" : "time"), .named("batch"), count]
    builder.output(
      builder.masked(scores, own.lengths), as: "scores", .f32, shape,
      "of the labels in the metadata `recurrent.labels`"
        + (network.stride > 1 ? ", one step for \(network.stride) of the input" : ""))
    var metadata = [
      "recurrent.labels": try graphMetadata(labels), "recurrent.featurizer": try graphMetadata(featurizer),
    ]
    if let field = model.field {
      for (name, value, shape, meaning) in [
        (
          "transitions", field.transitions, [count, count],
          "score of a label, in the row, before another, in the column"
        ),
        ("start", field.start, [count], "score of the first label"),
        ("end", field.end, [count], "score of the last label"),
      ] { builder.output(builder.constant("field." + name, value), as: name, .f32, shape, meaning) }
      builder.note("The labels are the path of the largest sum of scores (Viterbi).")
    } else {
      let all = builder.masked(builder.probabilities(scores, scaling), own.lengths)
      builder.output(all, as: "probabilities", .f32, shape, "calibrated")
    }
    if let picker {
      metadata["recurrent.events"] = try graphMetadata(picker)
      builder.note("Events are made of the probabilities as the metadata `recurrent.events` say.")
    }
    if delay > 0 { builder.note("The labels are delayed by \(delay) steps of the input.") }
    return builder.model(task: TaggingTask.name, metadata: metadata)
  }

  /// Random sequences for the graph with their predictions.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: SequenceTagger, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: network.stride, options) { rows, range in
      let predictions = ofOneStrand.predictions(
        model, to: rows.map { Example(features: $0, labels: [], events: nil) })
      let first = range.lowerBound / network.stride
      let steps = first..<(range.upperBound + network.stride - 1) / network.stride
      func output(_ values: ([Float]) -> [Float]) -> GraphValue {
        let numbers = steps.flatMap { step in
          predictions.flatMap { prediction in
            prediction.scores.indices.contains(step)
              ? values(prediction.scores[step]) : [Float](repeating: 0, count: labels.count)
          }
        }
        return GraphValue(Tensor(numbers, shape: [steps.count, rows.count, labels.count]))
      }
      var expected = ["scores": output { $0 }]
      if let field = model.field {
        expected["transitions"] = GraphValue(field.transitions)
        expected["start"] = GraphValue(field.start)
        expected["end"] = GraphValue(field.end)
      } else {
        expected["probabilities"] = output { scaling.probabilities($0).map { Float($0) } }
      }
      return expected
    }
  }
}
