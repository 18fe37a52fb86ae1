extension RegressionTask {
  /// The model as a graph: the `value` of a sequence with the bounds `low` and `high`, `[batch]`, on the scale of the data; with
  /// states those after the steps so far.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: PooledNetwork, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: RegressionTask.name)
    let score = try model.append(to: &builder, reading: featurizer, options)
    let wide = builder.cast(score, to: .f64)
    func constant(_ name: String, _ value: Double) -> String {
      builder.constant(name, doubles: [value], shape: [])
    }
    var shares = [1.0]
    if let residual, reader.linear != nil { shares = [residual.share * residual.deviation, 1] }
    let all = builder.node(
      "Mul", [wide, builder.constant("shares", doubles: shares, shape: [1, shares.count])])
    let scaled = builder.node("Mul", [builder.sum(all, axis: 1), constant("scale", scale)])
    let value = builder.node("Add", [scaled, constant("center", center)])
    let bound = constant("reach", reach)
    for (name, result, meaning) in [
      ("value", value, "the number"),
      ("low", builder.node("Sub", [value, bound]), "of the interval that holds nine of ten"),
      ("high", builder.node("Add", [value, bound]), "of the same"),
    ] { builder.output(result, as: name, .f64, [.named("batch")], meaning) }
    return builder.model(
      task: RegressionTask.name, metadata: ["recurrent.featurizer": try graphMetadata(featurizer)])
  }

  /// Random sequences for the graph with their predictions.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(
    _ model: PooledNetwork, _ options: GraphOptions
  ) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: reader.network.stride, options) { rows, _ in
      let predictions = ofOneStrand.predictions(model, to: rows.map { Example(features: $0, target: 0) })
      func output(_ numbers: [Double]) -> GraphValue {
        GraphValue(doubles: numbers, shape: [numbers.count], elementType: .f64)
      }
      return [
        "value": output(predictions.map(\.value)), "low": output(predictions.map(\.low)),
        "high": output(predictions.map(\.high)),
      ]
    }
  }
}
