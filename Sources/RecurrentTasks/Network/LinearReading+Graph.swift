extension LinearReading {
  /// Appends the map behind the features of a network: the number of each row, `[B, 1]`.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - features: `[T, B, F]`, zero beyond the lengths.
  ///   - lengths: of the rows; nil where all are full.
  ///   - options: of the graph; a stream keeps the last steps, the sum and the count.
  func append(
    to builder: inout GraphBuilder, reading features: String, lengths: String?, _ options: GraphOptions
  ) -> String {
    let width = steps * featureCount
    func extent(_ axis: Int64) -> String {
      builder.node(
        "Gather", [builder.shape(of: features), builder.integers([axis])], ["axis": .integer(0)])
    }
    let before: String
    if options.isStreaming {
      let flat = builder.state("linear_last", extents: [width])
      let split = builder.node(
        "Reshape", [flat, builder.integers([-1, Int64(steps), Int64(featureCount)])])
      before = builder.node("Transpose", [split], ["perm": .integers([1, 0, 2])])
    } else {
      let shape = builder.node(
        "Concat", [builder.integers([Int64(steps)]), extent(1), builder.integers([Int64(featureCount)])],
        ["axis": .integer(0)])
      before = builder.node("ConstantOfShape", [shape])
    }
    // row b ends behind step length_b, so its last steps begin there in what has W steps more in front
    let all = builder.node(
      "Transpose", [builder.node("Concat", [before, features], ["axis": .integer(0)])],
      ["perm": .integers([1, 0, 2])])
    let last: String
    if let lengths {
      let starts = builder.node("Unsqueeze", [builder.cast(lengths, to: .i64), builder.integers([1])])
      let places = builder.node("Add", [starts, builder.integers((0..<steps).map(Int64.init))])
      let indices = builder.node("Unsqueeze", [places, builder.integers([2])])
      last = builder.node("GatherND", [all, indices], ["batch_dims": .integer(1)])
    } else {
      last = builder.node(
        "Slice",
        [
          all, builder.integers([Int64(-steps)]), builder.integers([Int64.max]), builder.integers([1]),
        ])
    }
    let flat = builder.node("Reshape", [last, builder.integers([-1, Int64(width)])])
    var sum = builder.sum(features, axis: 0)
    var count: String
    if let lengths {
      count = builder.node("Unsqueeze", [builder.cast(lengths, to: .f32), builder.integers([1])])
    } else {
      count = builder.cast(extent(0), to: .f32)
    }
    if options.isStreaming {
      builder.keep(flat, as: "linear_last", extents: [width])
      sum = builder.node("Add", [builder.state("linear_sum", extents: [featureCount]), sum])
      builder.keep(sum, as: "linear_sum", extents: [featureCount])
      count = builder.node("Add", [builder.state("linear_count", extents: [1]), count])
      builder.keep(count, as: "linear_count", extents: [1])
    }
    let one = builder.constant("one", Tensor(1))
    let mean = builder.node("Div", [sum, builder.node("Max", [count, one])])
    let numbers = builder.node("Concat", [mean, flat], ["axis": .integer(1)])
    let weight = builder.constant(
      "linear.weight", Tensor(Array(weights.dropLast()), shape: [weights.count - 1, 1]))
    let bias = builder.constant("linear.bias", Tensor([weights[weights.count - 1]]))
    return builder.node("Add", [builder.node("MatMul", [numbers, weight]), bias])
  }
}
