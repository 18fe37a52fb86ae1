extension ReinforcementTask {
  /// The policy as a graph: from observations `values [time, batch, O]` to `action [time, batch]`, the number of the likeliest
  /// discrete action, beside the `probabilities [time, batch, P]`; or to `action [time, batch, A]`, continuous ones within their bounds.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: PolicyModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ReinforcementTask.name)
    let (own, scores) = try model.actor.append(to: &builder, reading: featurizer, options)
    let mask = own.lengths.map { builder.mask($0, stepsOf: own.outputs) }
    func masked(_ value: String) -> String { mask.map { builder.node("Mul", [value, $0]) } ?? value }
    let width = Int64(spaces.actions.scoreCount)
    switch spaces.actions {
    case .discrete(let names):
      let best = builder.node("ArgMax", [scores], ["axis": .integer(-1), "keepdims": .integer(1)])
      let number = builder.node("Squeeze", [masked(builder.cast(best, to: .f32)), builder.integers([2])])
      builder.output(
        builder.cast(number, to: .i64), as: "action", .i64, [.named("time"), .named("batch")],
        "the number of the likeliest of \(names.joined(separator: ", "))")
      let shares = builder.node("Softmax", [scores], ["axis": .integer(-1)])
      builder.output(
        masked(shares), as: "probabilities", .f32, [.named("time"), .named("batch"), .fixed(width)],
        "of all actions")
    case .continuous(let bounds):
      func constant(_ name: String, _ value: (ActionBounds) -> Float) -> String {
        builder.constant(name, Tensor(bounds.map(value)))
      }
      let one = builder.node(
        "Max", [builder.node("Min", [scores, constant("one") { _ in 1 }]), constant("minusOne") { _ in -1 }])
      let scaled = builder.node("Mul", [one, constant("halfRanges") { ($0.high - $0.low) / 2 }])
      let value = builder.node("Add", [scaled, constant("middles") { ($0.low + $0.high) / 2 }])
      builder.output(
        masked(value), as: "action", .f32, [.named("time"), .named("batch"), .fixed(width)],
        bounds.map(\.name).joined(separator: ", "))
    }
    return builder.model(
      task: ReinforcementTask.name,
      metadata: [
        "recurrent.actions": try graphMetadata(spaces.actions),
        "recurrent.featurizer": try graphMetadata(featurizer),
      ])
  }

  /// Random observations for the graph with what the policy does.
  ///
  /// - Throws: what making the features of the sequences throws.
  public func graphVerification(_ model: PolicyModel, _ options: GraphOptions) throws -> GraphVerification {
    try GraphVerification(featurizer, stride: 1, options) { rows, steps in
      let predictions = predictions(model, to: rows.map { Example(features: $0) })
      let width = spaces.actions.scoreCount
      /// Numbers of all rows at all steps, zeros beyond their lengths.
      func all(_ size: Int, _ number: (UnsafeBufferPointer<Float>) -> [Double]) -> [Double] {
        steps.flatMap { step in
          predictions.flatMap { own -> [Double] in
            guard (step + 1) * width <= own.scores.count else { return [Double](repeating: 0, count: size) }
            return Array(own.scores[step * width..<(step + 1) * width]).withUnsafeBufferPointer(number)
          }
        }
      }
      let shape = [steps.count, rows.count]
      switch spaces.actions {
      case .discrete:
        let numbers = all(1) { [Double(PolicyDistribution.largest($0))] }.map { Int64($0) }
        return [
          "action": GraphValue(integers: numbers, shape: shape),
          "probabilities": GraphValue(
            doubles: all(width, PolicyDistribution.probabilities), shape: shape + [width], elementType: .f32),
        ]
      case .continuous(let bounds):
        let numbers = all(width) { zip(bounds, $0).map { Double($0.value($1)) } }
        return ["action": GraphValue(doubles: numbers, shape: shape + [width], elementType: .f32)]
      }
    }
  }
}
