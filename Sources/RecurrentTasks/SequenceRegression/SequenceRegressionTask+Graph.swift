extension SequenceRegressionTask {
  /// The model as a graph: the `value` of the targets at each step with the bounds `low` and `high`, `[time, batch, D]`, on the
  /// scale of the data.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: SequenceTagger, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: SequenceRegressionTask.name)
    let (own, scores) = try model.append(to: &builder, reading: featurizer, options)
    func constant(_ name: String, _ values: [Double]) -> String {
      builder.constant(name, doubles: values, shape: [targets.count])
    }
    let scaled = builder.node("Mul", [builder.cast(scores, to: .f64), constant("scales", scaler.scales)])
    let value = builder.node("Add", [scaled, constant("centers", scaler.centers)])
    let bound = constant("halfWidths", halfWidths)
    let mask = own.lengths.map { builder.cast(builder.mask($0, stepsOf: own.outputs), to: .f64) }
    for (name, result, meaning) in [
      ("value", value, "the targets in the metadata `recurrent.targets`"),
      ("low", builder.node("Sub", [value, bound]), "of the intervals that hold nine of ten"),
      ("high", builder.node("Add", [value, bound]), "of the same"),
    ] {
      builder.output(
        mask.map { builder.node("Mul", [result, $0]) } ?? result, as: name, .f64,
        [.named("time"), .named("batch"), .fixed(Int64(targets.count))], meaning)
    }
    return builder.model(
      task: SequenceRegressionTask.name,
      metadata: [
        "recurrent.targets": try graphMetadata(targets),
        "recurrent.featurizer": try graphMetadata(featurizer),
      ])
  }

  /// Random sequences for the graph with their predictions.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: SequenceTagger, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: 1, options) { rows, steps in
      let predictions = predictions(model, to: rows.map { Example(features: $0, targets: []) })
      func output(_ number: ((value: Double, low: Double, high: Double)) -> Double) -> GraphValue {
        let numbers = steps.flatMap { step in
          predictions.flatMap { own in
            targets.indices.map { target in
              step * targets.count < own.values.count ? number(own.interval(target, at: step)) : 0
            }
          }
        }
        return GraphValue(
          doubles: numbers, shape: [steps.count, rows.count, targets.count], elementType: .f64)
      }
      return ["value": output(\.value), "low": output(\.low), "high": output(\.high)]
    }
  }
}
