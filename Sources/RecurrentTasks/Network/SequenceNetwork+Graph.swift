import RecurrentReports

/// A network that reads sequences, in a graph.
struct SequenceNetworkGraph {
  /// Numbers beside tokens, or instead of them, `[T, B, F]`; nil where there are none.
  var features: String?
  /// The lengths of these, int32 `[B]`; nil where all rows are full.
  var featureLengths: String?
  /// What the recurrent layers read, `[T', B, W]`, zero beyond the lengths.
  var inputs: String
  /// Their outputs, `[T', B, H]`, zero beyond the lengths.
  var outputs: String
  /// The lengths of both; nil where all rows are full.
  var lengths: String?
}

extension SequenceNetwork {
  /// Appends the network behind its featurizer.
  ///
  /// - Throws: ``InterchangeError`` where it cannot be a graph, or no stream.
  func append(
    to builder: inout GraphBuilder, reading featurizer: SequenceFeaturizer, _ options: GraphOptions
  ) throws -> SequenceNetworkGraph {
    let all = builder.lengths(options)
    var lengths = all
    let (tokens, features) = try featurizer.append(to: &builder, lengths: lengths, options)
    var parts: [String] = []
    if let embedding, let tokens {
      let table = builder.constant("embedding.weight", embedding.weight)
      parts.append(builder.node("Gather", [table, tokens], ["axis": .integer(0)]))
    }
    if let features {
      parts.append(
        try picture?.append(to: &builder, reading: features, configuration.pictureScale, options) ?? features)
    }
    var value = parts.count == 1 ? parts[0] : builder.node("Concat", parts, ["axis": .integer(2)])
    value = builder.masked(value, lengths)
    for (index, convolution) in convolutions.enumerated() {
      let name = "convolution_\(index)"
      (value, lengths) = try convolution.append(
        to: &builder, reading: value, lengths: lengths, name: name, options)
      value = try builder.mapRows(
        of: value, width: convolution.weight.shape[0], norms[index], prefix: "norm.\(index).",
        what: "layer normalisation"
      ) { relu($0($1)) }
      value = builder.masked(value, lengths)
    }
    let stride = configuration.stride
    if stride > 1 {
      builder.note(
        "\(stride) steps become one"
          + (options.isStreaming
            ? ": the parts of a stream are a multiple of them." : ", a last part of them too."))
    }
    if options.isStreaming, configuration.lookahead > 0 {
      builder.note(
        "What is given out is \(counted(configuration.lookahead, "step")) late: the first part of a stream has more than so many, "
          + "and `end` is 1 with the last one.")
    }
    let outputs = try recurrent.append(to: &builder, reading: value, lengths: lengths, options)
    return SequenceNetworkGraph(
      features: features, featureLengths: all, inputs: value, outputs: outputs, lengths: lengths)
  }
}

extension GraphBuilder {
  /// Probabilities from scores `[..., C]` at a temperature.
  mutating func probabilities(_ scores: String, _ scaling: TemperatureScaling) -> String {
    let share = constant("temperature", Tensor(Float(scaling.temperature)))
    return node("Softmax", [node("Div", [scores, share])], ["axis": .integer(-1)])
  }
}

extension GraphVerification {
  /// Random sequences of a featurizer, whole or in two parts.
  ///
  /// - Parameters:
  ///   - featurizer: of the task.
  ///   - stride: how many steps become one.
  ///   - lookahead: how many of these outputs are late in a stream.
  ///   - options: of the graph.
  ///   - expected: what the model gives for sequences up to the end of a part, of which the steps are given, as the outputs; those
  ///     of a stream that are late stand with the part that they come with.
  public init(
    _ featurizer: SequenceFeaturizer, stride: Int, lookahead: Int = 0, _ options: GraphOptions,
    expected: ([FeatureSequence], Range<Int>) throws -> [String: GraphValue]
  ) throws {
    let late = options.isStreaming ? lookahead : 0
    let ranges = GraphVerification.ranges(options, stride: stride, lookahead: late)
    let steps = ranges[ranges.count - 1].upperBound
    let lengths = GraphVerification.lengths(options, steps)
    let rows = try lengths.enumerated().map { row, count in
      try featurizer.sample(count, RandomKey(seed: 20).child(row))
    }
    parts = try ranges.map { range in
      var inputs: [String: GraphValue] = [:]
      for (index, array) in rows[0].arrays.enumerated() {
        let width = array.extents.reduce(1, *)
        var values: [Double] = []
        for step in range {
          for row in rows {
            let own = row.arrays[index].values
            for place in step * width..<(step + 1) * width {
              values.append(own.indices.contains(place) ? own[place] : 0)
            }
          }
        }
        let shape = [range.count, lengths.count] + array.extents
        inputs[array.name] =
          array.name == "tokens"
          ? GraphValue(integers: values.map { Int64($0) }, shape: shape)
          : GraphValue(doubles: values, shape: shape, elementType: .f32)
      }
      if options.takesLengths { inputs["lengths"] = GraphVerification.value(of: lengths, in: range) }
      let isLast = range.upperBound == steps
      if late > 0 { inputs["end"] = GraphValue(integers: [isLast ? 1 : 0], shape: [1]) }
      let given = max(range.lowerBound - late * stride, 0)..<range.upperBound - (isLast ? 0 : late * stride)
      let features = rows.map { $0.features.part(0..<min($0.features.stepCount, range.upperBound)) }
      return Part(inputs: inputs, expected: try expected(features, given))
    }
  }
}

extension SequenceFeaturizer {
  /// An input of a graph for one sequence: step by step so many numbers.
  fileprivate typealias SampleArray = (name: String, extents: [Int], values: [Double])

  /// A random sequence as the graph takes it, and its features.
  fileprivate func sample(
    _ steps: Int, _ key: RandomKey
  ) throws -> (arrays: [SampleArray], features: FeatureSequence) {
    func uniforms(_ count: Int, _ child: Int = 0) -> [Float] { key.child(child).uniforms(count) }
    switch self {
    case .text(let own):
      let count = Float(own.vocabulary.count)
      let tokens = uniforms(steps).map { Int32(min($0 * count, count - 1)) }
      var arrays: [SampleArray] = [("tokens", [], tokens.map { Double($0) })]
      let evidence = own.evidence?.features(tokens) ?? []
      if own.evidence != nil { arrays.append(("evidence", [own.featureCount], evidence.map { Double($0) })) }
      return (arrays, FeatureSequence(tokens: tokens, featureCount: own.featureCount, values: evidence))
    case .sound(let own):
      let (width, bands) = (own.featureCount, own.spectrum.featureCount)
      let values = uniforms(steps * width).map { -60 * $0 }
      let scaled = values.enumerated().map { own.scaler.scaled($0.element, channel: $0.offset % bands) }
      return (
        [("spectra", [width], values.map { Double($0) })],
        FeatureSequence(featureCount: width, values: scaled)
      )
    case .pictures(let own):
      let features = FeatureSequence(
        featureCount: own.featureCount, bytes: uniforms(steps * own.featureCount).map { UInt8($0 * 255) })
      return ([("pictures", [own.height, own.width], features.values.map { Double($0) })], features)
    case .strokes(let own):
      let width = own.featureCount
      let values = uniforms(steps * width).map { 2 * $0 - 1 }
      let scaled = values.enumerated().map { own.scaler.scaled($0.element, channel: $0.offset % width) }
      return (
        [("points", [width], values.map { Double($0) })],
        FeatureSequence(featureCount: width, values: scaled)
      )
    case .series(var own):
      // a graph begins behind the joints
      (own.channels, own.skeleton) = (own.columns, nil)
      let width = own.channels.count
      let gaps = uniforms(steps * width, 1)
      let values = uniforms(steps * width).enumerated().map { index, number -> Float in
        if own.missing.marksMissing, gaps[index] < 0.3 { return .nan }
        return Float(
          own.scaler.centers[index % width] + 4 * (Double(number) - 0.5) * own.scaler.scales[index % width])
      }
      var arrays: [SampleArray] = [("values", [width], values.map { Double($0) })]
      var times: [Double]?
      if own.missing.marksMissing {
        let elapsed = uniforms(steps, 2).enumerated().map { index, number in
          index == 0 ? 0 : Double(Float(own.missing.timeScale) * (0.5 + number))
        }
        times = elapsed.reduce(into: []) { $0.append(($0.last ?? 0) + $1) }
        arrays.append(("elapsed", [], elapsed))
      }
      let series = NumericSeries(channels: own.channels, values: values, times: times)
      return (arrays, try own(Record(.series(series), origin: "a random series")))
    }
  }
}
