import RecurrentReports

extension SequenceRegressionTask {
  /// Steps of a window where none are set, at most.
  private static var longestWindow: Int { 512 }

  /// Reads the sequences, cuts them into parts and windows, fits the scales and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where the targets are none of the columns.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<SequenceRegressionTask> {
    let settings = request.settings
    // a piece that begins in the middle of a recording is no sequence that begins: what came before is read, and does not count
    var parts = try RecordingParts(
      request, events: nil, needsLabels: false, findsCategories: true,
      context: settings[.windowSteps] ?? longestWindow)
    let training = try (0..<parts.training.count).map { index in
      progress("reading", Double(index) / Double(parts.training.count))
      return try StepSeries(parts.training.record(index))
    }
    let targets = settings[.target] ?? []
    let inputs = try training[0].inputs(beside: targets)
    let records = try training.map { try $0.record(inputs) }
    let known = try training.map { try $0.values(targets) }
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0, settings: FeatureSettings(settings))
    let scaler = ChannelScaler(method: .standard, channels: targets.count) { add in
      for values in known {
        for (index, value) in values.enumerated() { add(value, index % targets.count) }
      }
    }
    var network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, hiddenSize: standardHiddenSize, dropoutRate: 0)
    try network.apply(settings, reading: featurizer)
    var task = SequenceRegressionTask(
      featurizer: featurizer, targets: targets, network: network, scaler: scaler,
      noise: Float(settings[.noise] ?? 0.01))
    (task.columns, task.format) = (settings.recordingColumns, parts.format)
    let fitted = task
    let memory = ExampleMemory(.series)
    func examples(_ source: RecordSource, leading: Int) -> ExampleSource<Example> {
      ExampleSource(source) {
        fitted.forgetting(leading, of: try fitted.example($0, needsTargets: true))
      }.kept(in: memory) { fitted.memory(of: $0) }
    }
    let sequences = try zip(records, known).map { Example(features: try featurizer($0), targets: $1) }
    let lengths = sequences.map(\.features.stepCount)
    let total = lengths.reduce(0, +)
    parts.notes += remarks + notes(inputs, targets, scaler, known, stepCount: total)
    let length = min(lengths.max() ?? 1, settings[.windowSteps] ?? max(64, min(longestWindow, total / 8)))
    let windows = ExampleSource(sequences).windows(lengths, length: length) { whole, steps in
      fitted.window(whole, steps, context: length / 2)
    }
    let batchSize = windows.count < 200 ? 8 : 16
    var plan = TrainingPlan(
      task: task, training: windows,
      validation: examples(parts.validation, leading: parts.leadingSteps.validation),
      test: examples(parts.test, leading: parts.leadingSteps.test),
      suggested: TaskSettings(
        batchSize: batchSize, learningRate: 5e-3,
        training: TrainerSettings(
          epochs: min(1000, max(8, 3000 * batchSize / (windows.count + batchSize - 1))),
          schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 20), clipNorm: 1,
          averageDecay: 0.99)),
      settings: settings, notes: parts.notes, unitName: "windows")
    plan.facts = DataFacts(parts.recordings, targets: targets)
    plan.facts.columns = ["values": inputs, "targets": targets]
    return plan
  }

  /// A window of a longer sequence. What a network predicts before it has seen enough does not count: but at the beginning of
  /// the sequence, steps that another window ends with are context alone.
  private func window(_ whole: Example, _ steps: Range<Int>, context: Int) -> Example {
    let width = targets.count
    let part = Example(
      features: whole.features.part(steps),
      targets: Array(whole.targets[steps.lowerBound * width..<steps.upperBound * width]))
    return forgetting(steps.lowerBound > 0 ? context : 0, of: part)
  }

  /// An example whose first steps are context alone.
  private func forgetting(_ stepCount: Int, of example: Example) -> Example {
    var copy = example
    for index in 0..<min(stepCount * targets.count, copy.targets.count) { copy.targets[index] = .nan }
    return copy
  }

  private static func notes(
    _ inputs: [String], _ targets: [String], _ scaler: ChannelScaler, _ known: [[Float]], stepCount: Int
  ) -> [DataNote] {
    let read = inputs.count > 6 ? "\(inputs.count) columns" : inputs.joined(separator: ", ")
    var notes = [
      DataNote(
        .found, "\(counted(known.count, "sequence")) to train on, \(counted(stepCount, "step"))"),
      DataNote(
        .assumed, "\(targets.joined(separator: ", ")): predicted from \(read)", setting: "ignore-columns"),
    ]
    let missing = known.reduce(0) { $0 + $1.count { !$0.isFinite } }
    if missing > 0 {
      let share = percent(Double(missing) / Double(stepCount * targets.count))
      notes.append(DataNote(.found, "\(share) of the targets are missing; they count for nothing"))
    }
    for target in scaler.constantChannels {
      notes.append(
        DataNote(
          .warning, "\(targets[target]) is constant or missing throughout the training part",
          setting: "target"))
    }
    return notes
  }

  /// Reads sequences; targets that are not needed may be missing.
  ///
  /// - Throws: ``DataError`` or a format error; ``DataError/noColumn(path:name:available:)`` reading a sequence that lacks a target
  ///   which is needed.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var columns = settings.recordingColumns
    columns.records.knownFormat = format
    var indicators: [String] = []
    if case .series(let own) = featurizer { indicators = own.channels.filter { $0.contains("=") } }
    let records = try RecordSource(
      recordings: data, events: nil, columns: columns,
      known: RecordingColumns.Known(columns: self.columns, indicators: indicators), needsLabels: false)
    let task = self
    var source = ExampleSource(needsTargets ? records.evaluated : records) {
      try task.example($0, needsTargets: needsTargets)
    }.kept(in: ExampleMemory(bytes: 1 << 26)) { task.memory(of: $0) }
    // a table that cannot be read is an error of its sequence
    if records.count > 0, case .series(let own) = featurizer,
      let first = try? StepSeries(records.beginning(of: 0)),
      let note = first.noteOnPlaces(of: own.channels)
    {
      source.notes.append(note)
    }
    return source
  }

  private func example(_ record: Record, needsTargets: Bool) throws -> Example {
    guard case .series(let own) = featurizer else { return Example(features: .init(tokens: []), targets: []) }
    let series = try StepSeries(record)
    return Example(
      features: try featurizer(series.record(own.channels)),
      targets: try series.values(targets, needsAll: needsTargets))
  }
}

/// The numbers of a record, whose channels are inputs and targets.
private struct StepSeries {
  private let head: Record
  private let series: NumericSeries

  init(_ record: Record) throws {
    guard case .series(let series) = try record.read(), series.stepCount > 0 else {
      throw DataError.malformed(
        path: record.origin, place: .record, expected: "a table with numbers in each row", found: "none")
    }
    (head, self.series) = (record, series)
  }

  /// The columns of numbers that are none of the targets.
  func inputs(beside targets: [String]) throws(DataError) -> [String] {
    let columns = series.channels
    let unknown = targets.first { !columns.contains($0) }
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    guard unknown == nil, !targets.isEmpty, Set(targets).count == targets.count else {
      throw .invalidSetting(
        name: "target", expected: "the columns to predict, each once; the columns of numbers are \(names)",
        found: unknown.map { "\"\($0)\"" } ?? (targets.isEmpty ? "none" : targets.joined(separator: ",")))
    }
    let inputs = columns.filter { !targets.contains($0) }
    guard !inputs.isEmpty else {
      throw .invalidSetting(
        name: "target", expected: "a column of numbers beside the targets to predict them from",
        found: "none; the columns of numbers are \(names)")
    }
    return inputs
  }

  /// Step by step the values of some channels; NaN where one is missing that need not be there.
  func values(_ names: [String], needsAll: Bool = true) throws(DataError) -> [Float] {
    var places: [Int?] = []
    for name in names {
      let place = series.channels.firstIndex(of: name)
      guard place != nil || !needsAll else {
        throw .noColumn(path: head.origin, name: name, available: series.channels)
      }
      places.append(place)
    }
    let width = series.channelCount
    return (0..<series.stepCount).flatMap { step in
      places.map { $0.map { series.values[step * width + $0] } ?? .nan }
    }
  }

  /// That channels stand for others in their places; nil where they do not.
  func noteOnPlaces(of inputs: [String]) -> DataNote? {
    isUnnamed(inputs) ? series.noteOnPlaces(of: inputs, in: head.origin) : nil
  }

  /// Whether it has none of some channels, but as many.
  private func isUnnamed(_ inputs: [String]) -> Bool {
    series.channelCount == inputs.count && !inputs.contains(where: series.channels.contains)
  }

  /// A record of some channels alone; where none of them has its name, as many stand for them in their order.
  func record(_ inputs: [String]) throws(DataError) -> Record {
    var record = head
    record.content = .series(
      NumericSeries(channels: inputs, values: isUnnamed(inputs) ? series.values : try values(inputs)))
    return record
  }
}
