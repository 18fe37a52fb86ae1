extension ForecastingTask {
  /// The model as a graph: of a network of segments from the look-back of windows to quantiles or parameters of a distribution on
  /// the scale of the data; of an autoregressive one from what it reads at each step to the parameters of the next one.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ model: ForecastNetwork, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: ForecastingTask.name)
    if let own = model.segments {
      try append(own, to: &builder, options)
    } else if let own = model.autoregressive {
      try append(own, to: &builder, options)
    }
    var metadata = [
      "recurrent.featurizer": try graphMetadata(featurizer), "recurrent.levels": try graphMetadata(levels),
    ]
    if output.isDistribution {
      if let calibration {
        metadata["recurrent.calibration"] = try graphMetadata(calibration)
        builder.note(
          "The quantile of a level moves by its number for the step in the metadata `recurrent.calibration`, times the distance "
            + "of the quantiles of 10 and 90 %.")
      }
      if featurizer.transform != .none {
        builder.note("The distribution is that of the logarithms of the values.")
      }
    }
    return builder.model(task: ForecastingTask.name, metadata: metadata)
  }

  // MARK: Segments

  private func append(
    _ network: SegmentForecaster, to builder: inout GraphBuilder, _ options: GraphOptions
  ) throws {
    guard !options.isStreaming else {
      throw InterchangeError.notExpressible(
        what: "a forecaster of whole look-backs", reason: "it has no states; leave them out")
    }
    let count = featurizer.targets.count
    func input(_ name: String, _ type: ElementType, _ extents: [Int], _ meaning: String) -> String {
      builder.input(name, type, [.named("batch")] + extents.map { .fixed(Int64($0)) }, meaning)
      return name
    }
    let names = featurizer.targets.map { "`\($0)`" }.joined(separator: ", ")
    let history = input(
      "history", .f64, [lookBack, count], "the look-back of \(names); NaN where a value is missing")
    var known = SegmentForecaster.KnownGraph()
    if options.takesLengths {
      known.lengths = input(
        "lengths", .i32, [], "steps of the look-back that the series has; those before are NaN")
    }
    if featurizer.knownCount > 0 {
      known.covariates = knownAhead(
        input(
          "covariates", .f64, [horizon, featurizer.knownCount],
          "what is known of each step of the horizon"),
        &builder)
    }
    if let past = featurizer.past {
      let names = past.names.map { "`\($0)`" }.joined(separator: ", ")
      known.past = self.past(
        input(
          "past", .f64, [lookBack, past.names.count],
          "\(names) over the look-back, what is missing as it was before; NaN before the series begins"),
        past, &builder)
    }
    if featurizer.staticCount > 0 {
      known.statics = series(
        input("statics", .f64, [featurizer.staticCount], "what is known of the series"), &builder)
    }
    var values = builder.node("Transpose", [history], ["perm": .integers([0, 2, 1])])
    if featurizer.transform == .log { values = builder.node("Log", [values]) }
    let window = try featurizer.normalization.append(
      to: &builder, reading: values, length: lookBack, scaler: featurizer.targetScaler)
    let numbers = try network.append(
      to: &builder, reading: window, known, mixingWeight: mixingWeight, options)
    if let own = output.distribution {
      try append(own, numbers, window, &builder)
    } else {
      try points(numbers, window, &builder)
    }
  }

  /// What is known ahead on the scale of the training part.
  private func knownAhead(_ value: String, _ builder: inout GraphBuilder) -> String {
    let calendar = featurizer.calendar.map(\.rawValue).joined(separator: ", ")
    builder.note(
      "`covariates` are"
        + (calendar.isEmpty
          ? "" : " sine and cosine of the phase of \(calendar), once and twice around each,")
        + (featurizer.known.isEmpty
          ? ""
          : " then \(featurizer.known.map { "`\($0)`" }.joined(separator: ", ")), what is missing as it was before")
        + ".")
    let rest = featurizer.calendar.count * CalendarFeature.width
    return builder.cast(
      builder.scaled(
        value, [Double](repeating: 0, count: rest) + featurizer.knownScaler.centers,
        [Double](repeating: 1, count: rest) + featurizer.knownScaler.scales, name: "known"), to: .f32)
  }

  /// What is known of the past alone on the scale of the training part, zero where it is missing.
  private func past(
    _ value: String, _ columns: ForecastFeaturizer.PastColumns, _ builder: inout GraphBuilder
  ) -> String {
    let (marks, numbers) = builder.marked(value, .f64)
    let scaled = builder.scaled(numbers, columns.scaler.centers, columns.scaler.scales, name: "past")
    return builder.node("Mul", [builder.cast(scaled, to: .f32), marks])
  }

  /// What is the same throughout a series on the scale of the training part.
  private func series(_ value: String, _ builder: inout GraphBuilder) -> String {
    let columns = featurizer.statics
    let names = columns.map { column in
      "`\(column.name)`"
        + (column.words.isEmpty ? "" : " (1 at its word of \(column.words.joined(separator: ", ")), else 0)")
    }
    builder.note("`statics` are " + names.joined(separator: ", ") + ".")
    return builder.cast(
      builder.scaled(
        value, columns.flatMap { $0.words.isEmpty ? [$0.center] : $0.words.map { _ in 0 } },
        columns.flatMap { $0.words.isEmpty ? [$0.scale] : $0.words.map { _ in 1 } }, name: "statics"),
      to: .f32)
  }

  /// Numbers on the scale of the windows, `[B, C, H, ...]`, on that of the data, in double precision.
  private func restored(
    _ value: String, _ window: NormalizedWindowGraph, isShifted: Bool = true, _ builder: inout GraphBuilder
  ) -> String {
    func beside(_ scale: String) -> String { builder.node("Unsqueeze", [scale, builder.integers([3])]) }
    let size = builder.cast(beside(window.size), to: .f64)
    let scaled = builder.node("Mul", [builder.cast(value, to: .f64), size])
    guard isShifted, let offset = window.offset else { return scaled }
    return builder.node("Add", [scaled, beside(offset)])
  }

  private func points(
    _ numbers: String, _ window: NormalizedWindowGraph, _ builder: inout GraphBuilder
  ) throws {
    let found = try quantiles(of: numbers, &builder)
    var values = restored(found.quantiles, window, &builder)
    var mean = restored(found.mean, window, &builder)
    if featurizer.transform == .log {
      values = builder.node("Exp", [values])
      let weights = quantileMeanWeights(levels)
      let own = builder.node(
        "Mul", [values, builder.constant("weights", doubles: weights, shape: [weights.count])])
      mean = builder.node("ReduceSum", [own, builder.integers([3])], ["keepdims": .integer(1)])
    }
    if let middle = levels.index(of: 0.5) {
      let median = builder.node("Gather", [values, builder.integers([Int64(middle)])], ["axis": .integer(3)])
      let way = builder.node("Sub", [mean, median])
      let share = builder.constant("skew", doubles: [calibration?.skewShare ?? 1], shape: [])
      mean = builder.node("Add", [median, builder.node("Mul", [way, share])])
    }
    put(mean, as: "mean", "the mean of each step and target", &builder)
    let shape =
      [.named("batch")]
      + [horizon, featurizer.targets.count, levels.count].map { ONNXValueInfo.Extent.fixed(Int64($0)) }
    builder.output(
      builder.node("Transpose", [values], ["perm": .integers([0, 2, 1, 3])]), as: "quantiles", .f64, shape,
      "of the levels in the metadata `recurrent.levels`")
  }

  private func append(
    _ distribution: any OutputDistribution, _ numbers: String, _ window: NormalizedWindowGraph,
    _ builder: inout GraphBuilder
  ) throws {
    let extents = [featurizer.targets.count, horizon, distribution.parameters.count]
    let values = try builder.record(
      GapCell(width: 1), [.init(numbers, extents: extents)], prefix: "distribution.", what: "the distribution"
    ) { distribution.parameters($1[0]) }
    for (value, parameter) in zip(values, distribution.parameters) {
      let own =
        parameter.role == .shape
        ? builder.cast(value, to: .f64)
        : restored(value, window, isShifted: parameter.role == .location, &builder)
      put(own, as: parameter.name, "of the \(output.rawValue) distribution of each step and target", &builder)
    }
  }

  /// `[B, C, H, 1]` as an output `[batch, H, C]`.
  private func put(_ value: String, as name: String, _ meaning: String, _ builder: inout GraphBuilder) {
    let own = builder.node(
      "Transpose", [builder.node("Squeeze", [value, builder.integers([3])])], ["perm": .integers([0, 2, 1])])
    builder.output(
      own, as: name, .f64,
      [.named("batch"), .fixed(Int64(horizon)), .fixed(Int64(featurizer.targets.count))], meaning)
  }

  // MARK: Steps

  private func append(
    _ network: AutoregressiveForecaster, to builder: inout GraphBuilder, _ options: GraphOptions
  ) throws {
    let own = network.configuration
    let extents: [ONNXValueInfo.Extent] = [.named("time"), .named("batch")]
    builder.input("inputs", .f32, extents + [.fixed(Int64(own.inputSize))], "what is read at each step")
    let lengths = builder.lengths(options)
    let outputs = try network.recurrent.append(to: &builder, reading: "inputs", lengths: lengths, options)
    guard let distribution = own.output.distribution else { return }
    let numbers = try builder.mapRows(
      of: outputs, width: own.hiddenSize, network.head, prefix: "head.", what: "the head"
    ) { concatenate(distribution.parameters($0($1)), axis: 1) }
    builder.output(
      numbers, as: "parameters", .f32, extents + [.fixed(Int64(distribution.parameters.count))],
      distribution.parameters.map(\.name).joined(separator: ", ")
        + " of the \(output.rawValue) distribution of the step, on the scale of the window"
    )
    let columns: [(isRead: Bool, text: String)] = [
      (true, "the value before it"),
      (!own.lags.isEmpty, "those of \(own.lags.map { "\($0)" }.joined(separator: ", ")) steps before"),
      (own.marksMissing, "1 where the value before it is there, else 0"),
      (own.covariateCount > own.pastCount, "\(own.covariateCount - own.pastCount) numbers known ahead"),
      (
        own.pastCount > 0,
        "\(own.pastCount) numbers of the step before, behind the look-back those of its last step"
      ),
      (own.staticCount > 0, "\(own.staticCount) numbers of the series"),
      (own.targetCount > 1, "1 at the place of the target of \(own.targetCount), else 0"),
    ]
    builder.note(
      "Windows of \(own.context) steps are brought to a common scale (\(featurizer.normalization.rawValue)), each target a row "
        + "of its own. At each step the network reads "
        + columns.filter(\.isRead).map(\.text).joined(separator: "; ") + ".")
    builder.note(
      "For the step behind the next one a value is drawn from the distribution and read, and so on: mean and quantiles are "
        + "those of \(own.pathCount) such paths.")
  }
}
