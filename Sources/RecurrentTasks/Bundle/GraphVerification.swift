/// Random inputs for the graph of a model, with what the model gives for them.
public struct GraphVerification: Sendable {
  /// Steps that are read, of several rows or of streams one part after the other.
  public struct Part: Sendable {
    /// What the graph is given, by name; without the states.
    public var inputs: [String: GraphValue]
    /// What the model gives, by the names of the outputs of the graph.
    public var expected: [String: GraphValue]

    /// A part.
    public init(inputs: [String: GraphValue], expected: [String: GraphValue]) {
      (self.inputs, self.expected) = (inputs, expected)
    }
  }

  /// One after the other; the states go from each to the next.
  public let parts: [Part]

  /// Rows of a verification.
  static let batchSize = 3
  /// Steps of one, where nothing else asks for more.
  static let stepCount = 9

  /// From its parts.
  public init(parts: [Part]) { self.parts = parts }

  /// The steps of each part: all, or of a stream five and four, each times the steps that become one; the first part has also those
  /// that outputs wait for.
  static func ranges(_ options: GraphOptions, stride: Int = 1, lookahead: Int = 0) -> [Range<Int>] {
    guard options.isStreaming else { return [0..<stepCount + stride - 1] }
    let first = (5 + lookahead) * stride
    return [0..<first, first..<(stepCount + lookahead) * stride]
  }

  /// Steps of each row from the first on: ragged where the options ask for lengths.
  static func lengths(_ options: GraphOptions, _ steps: Int) -> [Int] {
    options.takesLengths ? [steps, 1, 4] : Array(repeating: steps, count: batchSize)
  }

  /// Lengths as a graph takes them, of the steps of a part.
  static func value(of lengths: [Int], in steps: Range<Int>) -> GraphValue {
    let own = lengths.map { Int64(min(max($0 - steps.lowerBound, 0), steps.count)) }
    return GraphValue(integers: own, shape: [own.count], elementType: .i32)
  }

  /// The largest difference between an output of the model and that of its graph, of numbers above 1 as their share;
  /// infinite where an output is missing or has another shape.
  ///
  /// - Parameters:
  ///   - graph: of the model; its states begin with zeros.
  ///   - run: the outputs of the graph for its inputs.
  public func largestDifference(
    in graph: ONNXModel, _ run: ([String: GraphValue]) throws -> [String: GraphValue]
  ) rethrows -> Float {
    var states: [String: GraphValue] = [:]
    for info in graph.graph.inputs where info.name.hasSuffix("_in") {
      let extents = (info.shape ?? []).map { extent -> Int in
        if case .fixed(let count) = extent { Int(count) } else { GraphVerification.batchSize }
      }
      states[info.name] = GraphValue(Tensor(zeros: extents))
    }
    var largest = 0.0
    for part in parts {
      let found = try run(part.inputs.merging(states) { $1 })
      for name in states.keys { states[name] = found[name.dropLast(3) + "_out"] ?? states[name] }
      for (name, expected) in part.expected {
        guard let own = found[name], own.shape == expected.shape else { return .infinity }
        for (a, b) in zip(own.doubles, expected.doubles) {
          let difference = abs(a - b) / max(1, abs(b))
          largest = difference.isNaN ? .infinity : max(largest, difference)
        }
      }
    }
    return Float(largest)
  }

  /// Recurrent layers on vectors of several rows, from the state of zeros.
  init(
    _ network: RecurrentLayer<AnyCell>, vectors: Tensor, _ options: GraphOptions,
    inputs: (Range<Int>) -> [String: GraphValue], outputs: (Tensor) -> [String: Tensor]
  ) {
    let lengths = GraphVerification.lengths(options, vectors.shape[0])
    var state = network.initialState(batch: lengths.count)
    if options.isStreaming {
      for index in state.cells.indices {
        state.cells[index].tensors = state.cells[index].tensors.map { Tensor(zeros: $0.shape) }
      }
    }
    parts = GraphVerification.ranges(options).map { steps in
      var given = inputs(steps)
      if options.takesLengths { given["lengths"] = GraphVerification.value(of: lengths, in: steps) }
      let own = lengths.map { min(max($0 - steps.lowerBound, 0), steps.count) }
      let (values, end) = network(
        SequenceBatch(vectors.sliced(axis: 0, steps), lengths: options.takesLengths ? own : nil), state: state
      )
      state = end
      var expected = outputs(values).mapValues { GraphValue($0) }
      if options.isStreaming {
        for (name, value) in network.named(end) { expected[name + "_out"] = GraphValue(value) }
      }
      return Part(inputs: given, expected: expected)
    }
  }
}
