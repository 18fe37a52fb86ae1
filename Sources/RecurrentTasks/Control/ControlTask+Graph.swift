extension ControlTask {
  /// The model as a graph: `values [time, batch, I]`, with what is fed back in the unit of the data beside it, to `value [time, batch, D]`
  /// or `probability [time, batch, K]` of moves.
  ///
  /// What is fed back: of a system `measured [time, batch, D]` and `isMeasured [time, batch, 1]`, 1 in the warm-up; of a driver that reads its
  /// last action `action [time, batch, D]`, of moves zeros but a one, and `hasAction [time, batch, 1]`.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: ControlModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ControlTask.name)
    let lengths = builder.lengths(options)
    let features = try featurizer.append(to: &builder, lengths: lengths, options).values ?? "values"
    let input = appendFeedback(to: &builder, beside: features)
    let output = output
    var said: [String] = []
    for index in members {
      let member = model.members[index]
      let prefix = "member\(index)_"
      var read = input
      for (layer, own) in member.dense.enumerated() {
        read = try builder.mapRows(
          of: read, width: own.linear.weight.shape[1], own, prefix: "\(prefix)dense\(layer).",
          what: "a dense layer"
        ) { $0($1) }
      }
      let hidden = try append(member.recurrent, to: &builder, reading: read, lengths, options, prefix)
      said.append(
        try builder.mapRows(
          of: hidden, width: member.recurrent.outputSize, member.output, prefix: prefix + "output.",
          what: "the output of a network"
        ) { output.mean(of: $0($1)) })
    }
    let sum = said.count > 1 ? builder.node("Sum", said) : said[0]
    let mean = builder.node("Mul", [sum, builder.constant("share", Tensor(1 / Float(said.count)))])
    if moves.isEmpty {
      let scaled = builder.node(
        "Mul",
        [
          builder.cast(mean, to: .f64),
          builder.constant("scales", doubles: scaler.scales, shape: [outputSize]),
        ])
      let value = builder.node(
        "Add", [scaled, builder.constant("centers", doubles: scaler.centers, shape: [outputSize])])
      builder.output(
        value, as: "value", .f64, [.named("time"), .named("batch"), .fixed(Int64(outputSize))],
        "the outputs in the metadata `recurrent.outputs`")
    } else {
      builder.output(
        mean, as: "probability", .f32, [.named("time"), .named("batch"), .fixed(Int64(moves.count))],
        "of the moves in the metadata `recurrent.moves`")
    }
    return builder.model(
      task: ControlTask.name,
      metadata: [
        "recurrent.outputs": try graphMetadata(outputs), "recurrent.moves": try graphMetadata(moves),
        "recurrent.featurizer": try graphMetadata(featurizer), "recurrent.warmUp": "\(warmUp)",
      ])
  }

  /// The names of what is fed back and of its mark; nil where nothing is.
  private var feedbackNames: (value: String, mark: String)? {
    feedbackSize == 0 ? nil : kind == .simulation ? ("measured", "isMeasured") : ("action", "hasAction")
  }

  private func appendFeedback(to builder: inout GraphBuilder, beside features: String) -> String {
    guard let names = feedbackNames else { return features }
    let width = feedbackSize - 1
    let isSystem = kind == .simulation
    builder.input(
      names.value, .f32, [.named("time"), .named("batch"), .fixed(Int64(width))],
      isSystem ? "outputs that were measured, in the warm-up" : "the last action")
    builder.input(
      names.mark, .f32, [.named("time"), .named("batch"), .fixed(1)],
      isSystem ? "1 in the warm-up, 0 behind it" : "1 behind the first step")
    let own =
      moves.isEmpty
      ? builder.cast(
        builder.node(
          "Div",
          [
            builder.node(
              "Sub",
              [
                builder.cast(names.value, to: .f64),
                builder.constant("feedback.centers", doubles: scaler.centers, shape: [width]),
              ]), builder.constant("feedback.scales", doubles: scaler.scales, shape: [width]),
          ]), to: .f32) : names.value
    let marked = builder.node("Mul", [own, names.mark])
    return builder.node("Concat", [features, marked, names.mark], ["axis": .integer(2)])
  }

  /// Appends the recurrent layers of a network; of a stream the parts of its states have its prefix.
  private func append(
    _ layer: RecurrentLayer<AnyCell>, to builder: inout GraphBuilder, reading input: String,
    _ lengths: String?, _ options: GraphOptions, _ prefix: String
  ) throws -> String {
    var given = RecurrentLayerGraph(input: input, lengths: lengths, isQuantized: options.isQuantized)
    guard options.isStreaming else { return try layer.append(to: &builder, given, prefix: prefix).output }
    let begin = layer.initialState(batch: 1)
    var names = layer.named(begin)[...]
    let parts = begin.cells.map { cell in
      cell.tensors.map { (name: prefix + names.removeFirst().name, extents: Array($0.shape.dropFirst())) }
    }
    given.states = parts.map { $0.map { builder.state($0.name, extents: $0.extents) } }
    let result = try layer.append(to: &builder, given, prefix: prefix)
    for (values, parts) in zip(result.states, parts) {
      for (value, part) in zip(values, parts) { builder.keep(value, as: part.name, extents: part.extents) }
    }
    return result.output
  }

  /// Random steps for the graph with what the networks say.
  ///
  /// - Throws: what making features throws.
  public func graphVerification(_ model: ControlModel, _ options: GraphOptions) throws -> GraphVerification {
    let (steps, rows) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let lengths = GraphVerification.lengths(options, steps)
    let (width, back) = (inputNames.count, feedbackSize)
    let raw: [Float] = RandomKey(seed: 20).uniforms(steps * rows * width).map { 2 * $0 - 1 }
    let draws = RandomKey(seed: 21).uniforms(steps * rows * max(back, 1))
    let examples = try (0..<rows).map { row -> FeatureSequence in
      var own: [Float] = []
      for step in 0..<steps {
        let start = (step * rows + row) * width
        own += raw[start..<start + width]
      }
      return try featurizer(Record(.series(NumericSeries(channels: inputNames, values: own))))
    }
    var inputs = [Float](repeating: 0, count: steps * rows * inputSize)
    var (values, marks) = ([Float](), [Float]())
    inputs.withUnsafeMutableBufferPointer { inputs in
      guard let base = inputs.baseAddress else { return }
      for step in 0..<steps {
        for row in 0..<rows {
          let place = step * rows + row
          examples[row].copyStep(step, to: base + place * inputSize)
          guard back > 0 else { continue }
          let own = Array(draws[place * back..<(place + 1) * back - 1])
          let isMarked = step < 3 + row
          values += moves.isEmpty ? own : own.indices.map { $0 == place % moves.count ? 1 : 0 }
          marks.append(isMarked ? 1 : 0)
          guard isMarked else { continue }
          let target = UnsafeMutableBufferPointer(
            start: base + place * inputSize + featurizer.featureCount, count: back)
          if moves.isEmpty {
            write(measured: own[...], to: target)
          } else {
            write(action: [Float(place % moves.count)], to: target)
          }
        }
      }
    }
    let vectors = Tensor(inputs, shape: [steps, rows, inputSize])
    let networks = members.map { model.members[$0] }
    var states = networks.map { network -> ControlNetwork.State in
      let begin = network.recurrent.initialState(batch: rows)
      return options.isStreaming ? begin.replacing(begin.tensors.map { Tensor(zeros: $0.shape) }) : begin
    }
    let output = output
    let parts = GraphVerification.ranges(options).map { part in
      func cut(_ numbers: [Float], _ width: Int) -> GraphValue {
        GraphValue(
          Tensor(
            Array(numbers[part.lowerBound * rows * width..<part.upperBound * rows * width]),
            shape: [part.count, rows, width]))
      }
      var given = ["values": cut(raw, width)]
      if let names = feedbackNames {
        given[names.value] = cut(values, back - 1)
        given[names.mark] = cut(marks, 1)
      }
      if options.takesLengths { given["lengths"] = GraphVerification.value(of: lengths, in: part) }
      let own = lengths.map { min(max($0 - part.lowerBound, 0), part.count) }
      let batch = SequenceBatch(
        vectors.sliced(axis: 0, part), lengths: options.takesLengths ? own : nil)
      var expected: [String: GraphValue] = [:]
      var sum: Tensor?
      for (place, network) in networks.enumerated() {
        let (numbers, next) = network(batch, state: states[place])
        states[place] = next
        let mean = output.mean(of: numbers)
        sum = sum.map { $0 + mean } ?? mean
        guard options.isStreaming else { continue }
        for (name, value) in network.recurrent.named(next) {
          expected["member\(members[place])_\(name)_out"] = GraphValue(value)
        }
      }
      let mean = (sum ?? Tensor(0)) * (1 / Float(networks.count))
      if moves.isEmpty {
        expected["value"] = GraphValue(
          doubles: mean.scalars.enumerated().map {
            Double($1) * scaler.scales[$0 % outputSize] + scaler.centers[$0 % outputSize]
          }, shape: mean.shape, elementType: .f64)
      } else {
        expected["probability"] = GraphValue(mean)
      }
      return GraphVerification.Part(inputs: given, expected: expected)
    }
    return GraphVerification(parts: parts)
  }
}

extension ControlOutput {
  /// What one network says, `[..., P]` to `[..., D]`, or the probabilities of moves `[..., K]`.
  func mean(of numbers: Tensor) -> Tensor {
    let axis = numbers.rank - 1
    switch self {
    case .values: return numbers
    case .moves: return exp(logSoftmax(numbers))
    case .mixture(let own, _):
      let shares = exp(logSoftmax(numbers.sliced(axis: axis, 0..<own.count)))
      var sum: Tensor?
      for component in 0..<own.count {
        let start = own.count + component * own.size
        let part =
          shares.sliced(axis: axis, component..<component + 1)
          * numbers.sliced(axis: axis, start..<start + own.size)
        sum = sum.map { $0 + part } ?? part
      }
      return sum ?? numbers
    }
  }
}
