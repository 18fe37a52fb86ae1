import RecurrentReports

extension ControlTask {
  /// Reads logs, cuts them into parts, fits the scales and the linear model, and chooses the networks.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ControlTask> {
    let settings = request.settings
    let kind = settings.value(.controlKind)
    let warmUp = kind == .simulation ? settings.value(.warmUpSamples) : 0
    progress("reading", 0)
    let parts = try ControlParts(request, kind, warmUp: warmUp)
    progress("reading", 1)
    let log = parts.log
    guard kind == .imitation || log.moves.isEmpty else {
      throw DataError.invalidSetting(
        name: "outputs", expected: "columns of numbers, or `kind` imitation for moves",
        found: "\"\(log.outputs[0])\" with words")
    }
    var features = FeatureSettings(settings)
    features.rangeCount = settings[.ranges] ?? (log.moves.isEmpty ? nil : 16)
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      RecordSource(parts.training.map { record($0.episode, log.inputs) }), labels: nil, classCount: 0,
      settings: features)
    let size = log.outputs.count
    let scaler = ChannelScaler(method: log.moves.isEmpty ? .standard : .none, channels: size) { add in
      for piece in parts.training {
        for (index, value) in piece.episode.outputs.enumerated() { add(value, index % size) }
      }
    }
    progress("fitting the linear model", 0)
    func steps(_ pieces: [ControlParts.Piece], counted: Bool) -> [LinearMemory.Steps] {
      pieces.map { piece in
        LinearMemory.Steps(
          inputs: piece.episode.inputs,
          outputs: linearOutputs(piece.episode.outputs, moves: log.moves.count, scaler: scaler),
          first: counted ? max(warmUp, piece.contextCount) : 0, count: piece.episode.stepCount)
      }
    }
    let inputScaler = ChannelScaler(method: .standard, channels: log.inputs.count) { add in
      for piece in parts.training {
        for (index, value) in piece.episode.inputs.enumerated() { add(value, index % log.inputs.count) }
      }
    }
    let linear = LinearMemory(
      steps(parts.training, counted: false), validation: steps(parts.validation, counted: true),
      readsOutputs: kind == .simulation, scaler: inputScaler,
      outputSize: log.moves.isEmpty ? size : log.moves.count)
    progress("fitting the linear model", 1)
    var task = ControlTask(
      kind: kind, configuration: ControlConfiguration(settings, kind, hasMoves: !log.moves.isEmpty),
      featurizer: featurizer,
      outputs: log.outputs, moves: log.moves, scaler: scaler, warmUp: warmUp, linear: linear)
    task.readsPreviousAction = settings[.previousAction] ?? false
    task.mixtureCount = settings.value(.actionMixtures)
    task.actionChoice = settings.value(.actionChoice)
    task.noise = settings[.noise].map { Float($0) } ?? standardNoise(hasMoves: !log.moves.isEmpty)
    task.windowLength = settings[.windowSteps] ?? standardWindow(kind, hasMoves: !log.moves.isEmpty)
    (task.columns, task.interval) = (log.columns, log.interval)
    let own = task
    func examples(_ pieces: [ControlParts.Piece]) throws -> ExampleSource<Example> {
      let all = try pieces.map { try own.example($0.episode, contextCount: $0.contextCount) }
      return ExampleSource(count: all.count, name: { all[$0].name }, example: { all[$0] })
    }
    // the name is that of the steps of the learning rate for all other tasks
    var training = settings
    training[.warmUpSamples] = nil
    var plan = TrainingPlan(
      task: task, training: try examples(parts.training), validation: try examples(parts.validation),
      test: try examples(parts.test), suggested: standardSettings(own, parts), settings: training,
      notes: parts.notes + remarks + own.notes(parts), unitName: "windows")
    plan.sizes.training = own.windowCount(parts.training.map(\.episode.stepCount), plan.settings.batchSize)
    plan.facts.sequences = parts.training.count + parts.validation.count + parts.test.count
    plan.facts.steps = parts.training.reduce(0) { $0 + $1.episode.stepCount }
    plan.facts.step = log.interval.map { "\($0)" } ?? "1"
    plan.facts.targets = log.outputs
    plan.facts.columns = ["inputs": log.inputs, "outputs": log.outputs]
    return plan
  }

  /// Windows of an epoch for episodes of these lengths.
  func windowCount(_ lengths: [Int], _ batchSize: Int) -> Int {
    if kind == .imitation { return lengths.reduce(0) { $0 + ($1 + windowLength - 1) / windowLength } }
    let total = lengths.reduce(0) { $0 + max(0, $1 - firstStep) }
    return max(ControlTask.batchesOfEpoch * batchSize, 2 * total / windowLength)
  }

  /// A course of training by the windows of an epoch.
  private static func standardSettings(_ task: ControlTask, _ parts: ControlParts) -> TaskSettings {
    let batchSize = 16
    let windows = task.windowCount(parts.training.map(\.episode.stepCount), batchSize)
    let steps = max(1, (windows + batchSize - 1) / batchSize)
    let wanted = task.kind == .simulation ? 1600 : 2000
    return TaskSettings(
      batchSize: batchSize, optimizer: .adamw, learningRate: 5e-3, weightDecay: 1e-2,
      training: TrainerSettings(
        epochs: min(1000, max(4, wanted / steps)),
        schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 50), clipNorm: 1,
        averageDecay: 0.99))
  }

  private func notes(_ parts: ControlParts) -> [DataNote] {
    let log = parts.log
    func listed(_ names: [String]) -> String {
      names.count > 6 ? "\(names.count) columns" : names.joined(separator: ", ")
    }
    let count = parts.training.reduce(0) { $0 + $1.episode.stepCount }
    var notes = [
      DataNote(
        .found,
        "\(counted(parts.training.count, "episode")) to train on, \(counted(count, "step"))"
          + (interval.map { ", \(significant($0)) apart" } ?? "")),
      DataNote(.assumed, "\(listed(log.outputs)): predicted from \(listed(log.inputs))", setting: "inputs"),
    ]
    if kind == .simulation, warmUp > 0 {
      notes.append(
        DataNote(
          .assumed,
          "the first \(warmUp) samples of a run have measured outputs, which are read and not evaluated",
          setting: "warm-up"))
    }
    if !moves.isEmpty {
      notes.append(
        DataNote(
          .found,
          "\(moves.count) moves: \(moves.prefix(8).joined(separator: ", "))\(moves.count > 8 ? ", ..." : "")")
      )
    }
    for channel in scaler.constantChannels where moves.isEmpty {
      notes.append(
        DataNote(.warning, "\(outputs[channel]) is constant throughout the training part", setting: "outputs")
      )
    }
    if readsPreviousAction {
      notes.append(
        DataNote(
          .warning,
          "a driver that reads its last action may learn to go on with it whatever it sees: compare it with holding the last action, and in the loop",
          setting: "previous-action"))
    }
    return notes
  }

  /// The inputs of an episode as a record.
  private static func record(_ episode: ControlLog.Episode, _ names: [String]) -> Record {
    Record(.series(NumericSeries(channels: names, values: episode.inputs)), origin: episode.name)
  }

  /// An episode as an example.
  ///
  /// - Throws: ``DataError``.
  public func example(_ episode: ControlLog.Episode, contextCount: Int = 0) throws -> Example {
    Example(
      features: try featurizer(ControlTask.record(episode, inputNames)), inputs: episode.inputs,
      outputs: episode.outputs, contextCount: contextCount, name: episode.name)
  }

  /// Reads logs; of a system that is only to be simulated outputs are needed for the warm-up alone.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var columns = ControlColumns(settings, known: self.columns)
    columns.inputs = inputNames
    columns.outputs = outputs
    let log = try ControlLog(
      data, columns: columns, moves: moves, need: needsTargets ? .all : .first(firstStep))
    if let interval, let own = log.interval, abs(interval - own) > 0.01 * interval {
      throw DataError.malformed(
        path: data[0].name, place: .line(1),
        expected: "steps \(significant(interval)) apart, as in training; resample the log to that",
        found: "steps \(significant(own)) apart")
    }
    let all = try log.episodes.map { try example($0) }
    var source = ExampleSource<Example>(count: all.count, name: { all[$0].name }, example: { all[$0] })
    source.notes = log.notes.filter { $0.kind == .found || $0.concernsAnswers }
    return source
  }
}
