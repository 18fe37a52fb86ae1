extension SegmentForecaster {
  /// Numbers known ahead and of the series, as the network reads them; nil where there are none.
  struct KnownGraph {
    /// What is known ahead, `[B, H, V - P]`.
    var covariates: String?
    /// What is known of the past alone, `[B, L, P]`.
    var past: String?
    /// `[B, S]`.
    var statics: String?
    /// Steps of the look-back that the series has, int32 `[B]`; nil for all.
    var lengths: String?
  }

  /// Appends the forecaster: the numbers of each step on the scale of the windows, `[B, C, H, O]`.
  ///
  /// - Throws: ``InterchangeError``.
  func append(
    to builder: inout GraphBuilder, reading window: NormalizedWindowGraph, _ known: KnownGraph,
    mixingWeight: Float, _ options: GraphOptions
  ) throws -> String {
    let own = configuration
    let (count, width, segments) = (own.targetCount, own.hiddenSize, own.outputSegments)
    let inputs = [
      RecordedFunction.Input(window.history, extents: [count, own.context]),
      .init(window.marks, extents: [count, own.context]),
    ]
    let past =
      known.past.map {
        [RecordedFunction.Input($0, extents: [own.context, own.pastCount])]
      } ?? []
    var encoded = try builder.record(
      self, inputs + past, prefix: "encoder.", what: "the segments of a window"
    ) { [$0.encoded(history: $1[0], marks: $1[1], past: $1.count > 2 ? $1[2] : nil)] }[0]
    var given = RecurrentLayerGraph(input: encoded, isQuantized: options.isQuantized)
    if let lengths = known.lengths {
      let counts = segmentCounts(lengths, &builder)
      encoded = shifted(encoded, counts, &builder)
      (given.input, given.lengths) = (encoded, builder.cast(counts, to: .i32))
    }
    let states = try recurrent.append(to: &builder, given).states
    given.input = builder.node(
      "Reshape", [try queries(window, known, &builder), builder.integers([1, -1, Int64(width)])])
    // all segments of the horizon of all rows side by side, each a sequence of one step from the state of its row
    given.lengths = nil
    given.states = zip(states, recurrent.initialState(batch: 1).cells).map { names, cell in
      zip(names, cell.tensors).map { builder.repeated($0, segments, extents: Array($1.shape.dropFirst())) }
    }
    let outputs = builder.node(
      "Reshape",
      [
        try recurrent.append(to: &builder, given).output,
        builder.integers([-1, Int64(count * segments), Int64(width)]),
      ])
    return try builder.record(
      self,
      [.init(outputs, extents: [count * segments, width]), inputs[0]] + past, prefix: "head.",
      what: "the head of the forecaster"
    ) {
      [$0.numbers($1[0], history: $1[1], past: $1.count > 2 ? $1[2] : nil, mixingWeight: mixingWeight)]
    }[0]
  }

  /// The segments of full look-backs, encoded: `[B, C, L]` and `[B, L, P]` to `[n, B * C, D]`.
  private func encoded(history: Tensor, marks: Tensor, past values: Tensor?) -> Tensor {
    let rows = history.shape[0] * history.shape[1]
    let shape = [rows, configuration.inputSegments, configuration.segment]
    func segments(_ x: Tensor) -> Tensor { x.reshaped(to: shape).permuted([1, 0, 2]) }
    let own =
      configuration.marksMissing
      ? concatenate([segments(history), segments(marks)], axis: 2) : segments(history)
    guard let past, let values else { return relu(embedding(own)) }
    let (batch, count) = (history.shape[0], configuration.inputSegments)
    let mapped = past(values.reshaped(to: [batch, count, configuration.segment * configuration.pastCount]))
    let width = configuration.hiddenSize
    // the targets of a window share it
    let embedded =
      embedding(own).reshaped(to: [count, batch, configuration.targetCount, width])
      + mapped.permuted([1, 0, 2]).reshaped(to: [count, batch, 1, width])
    return relu(embedded.reshaped(to: [count, rows, width]))
  }

  /// The outputs of the segments of the horizon `[B, C * m, D]` and the linear map: `[B, C, H, O]`.
  private func numbers(
    _ outputs: Tensor, history: Tensor, past: Tensor?, mixingWeight: Float
  ) -> Tensor {
    let (batch, count, size) = (outputs.shape[0], configuration.targetCount, configuration.outputSize)
    let numbers = head(outputs)
      .reshaped(to: [batch, count, configuration.outputSegments * configuration.segment, size])
      .sliced(axis: 2, 0..<configuration.horizon)
    guard let linearSkip else { return numbers }
    var linear = linearSkip(history).reshaped(to: [batch, count, configuration.horizon, 1])
    if let pastSkip, let past {
      let own = past.sliced(
        axis: 1, configuration.context - configuration.pastLookBack..<configuration.context
      )
      .reshaped(to: [batch, pastSkip.weight.shape[1]])
      linear = linear + pastSkip(own).reshaped(to: [batch, 1, configuration.horizon, 1])
    }
    let (middle, mask) = configuration.location
    let distance = linear * SegmentForecaster.linearScale - numbers.sliced(axis: 3, middle..<middle + 1)
    return numbers + distance * mask * mixingWeight
  }

  /// What is asked for, `[B, C * m, D]`.
  private func queries(
    _ window: NormalizedWindowGraph, _ known: KnownGraph, _ builder: inout GraphBuilder
  ) throws -> String {
    let (count, segments, width) = (
      configuration.targetCount, configuration.outputSegments, configuration.hiddenSize
    )
    var inputs = [RecordedFunction.Input(window.size, extents: [count, 1])]
    let knownCount = configuration.covariateCount - configuration.pastCount
    if let value = known.covariates {
      inputs.append(.init(value, extents: [configuration.horizon, knownCount]))
    }
    if let value = known.past {
      inputs.append(.init(value, extents: [configuration.context, configuration.pastCount]))
    }
    if let value = known.statics { inputs.append(.init(value, extents: [configuration.staticCount])) }
    let places = (0..<count * segments).map { (target: Int32($0 / segments), segment: Int32($0 % segments)) }
    return try builder.record(self, inputs, prefix: "queries.", what: "the horizon of the forecaster") {
      model, values in
      let batch = values[0].shape[0]
      let base = concatenate(
        [
          model.position(Indices(places.map(\.segment))), model.target(Indices(places.map(\.target))),
        ], axis: 1)
      // the sizes give the number of windows
      var queries =
        base.reshaped(to: [1, count, segments, width]) + (values[0] * 0).reshaped(to: [batch, count, 1, 1])
      var next = 1
      if let covariates = model.covariates {
        let padded = segments * configuration.segment - configuration.horizon
        var parts: [Tensor] = []
        if knownCount > 0 {
          parts.append(values[next])
          next += 1
        }
        if configuration.pastCount > 0 {
          // every step of the horizon reads what was known last
          let last = values[next].sliced(axis: 1, configuration.context - 1..<configuration.context)
          parts.append(last * Tensor(ones: [1, configuration.horizon, 1]))
          next += 1
        }
        let ahead = parts.count > 1 ? concatenate(parts, axis: 2) : parts[0]
        let beyond = ahead.sliced(axis: 1, 0..<1) * 0
        let own = concatenate([ahead] + (0..<padded).map { _ in beyond }, axis: 1)
          .reshaped(to: [batch, segments, configuration.segment * configuration.covariateCount])
        queries = queries + covariates(own).reshaped(to: [batch, 1, segments, width])
      }
      if let statics = model.statics {
        queries = queries + statics(values[next]).reshaped(to: [batch, 1, 1, width])
      }
      return [queries.reshaped(to: [batch, count * segments, width])]
    }[0]
  }

  // MARK: Shorter series

  /// Segments that each row has, at least one: int64 `[B * C]`.
  private func segmentCounts(_ lengths: String, _ builder: inout GraphBuilder) -> String {
    let segment = Int64(configuration.segment)
    let raised = builder.node(
      "Add", [builder.cast(lengths, to: .i64), builder.integer(segment - 1)])
    let counts = builder.node(
      "Max", [builder.node("Div", [raised, builder.integer(segment)]), builder.integer(1)])
    return builder.repeated(counts, configuration.targetCount, extents: [])
  }

  /// The segments that a row has at its beginning: `[n, R, D]`.
  private func shifted(_ value: String, _ counts: String, _ builder: inout GraphBuilder) -> String {
    let (count, width) = (Int64(configuration.inputSegments), Int64(configuration.hiddenSize))
    let distance = builder.node("Sub", [builder.integer(count), counts])
    let steps = builder.node("Unsqueeze", [builder.steps(of: value), builder.integers([1])])
    let places = builder.node("Min", [builder.node("Add", [steps, distance]), builder.integer(count - 1)])
    let rows = builder.steps(of: counts)
    let rowCount = builder.shape(of: counts)
    let numbers = builder.node("Add", [builder.node("Mul", [places, rowCount]), rows])
    let table = builder.node("Reshape", [value, builder.integers([-1, width])])
    return builder.node("Gather", [table, numbers], ["axis": .integer(0)])
  }
}

extension GraphBuilder {
  /// Each row of a value `[R] + extents` so many times, one after the other.
  fileprivate mutating func repeated(_ value: String, _ count: Int, extents: [Int]) -> String {
    let inner = extents.map { Int64($0) }
    let beside = node("Unsqueeze", [value, integers([1])])
    let expanded = node("Expand", [beside, integers([1, Int64(count)] + inner.map { _ in 1 })])
    return node("Reshape", [expanded, integers([-1] + inner)])
  }
}
