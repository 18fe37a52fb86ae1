import RecurrentReports

extension PerformanceTask {
  /// Reads performances, deals them out to the parts, and chooses keys and network.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<PerformanceTask> {
    let settings = request.settings
    let programs = settings[.program].map { $0.map { Int($0) } }
    let usesPedal = settings[.pedal] ?? true
    let parts = try MusicParts(performances: request, programs: programs, usesPedal: usesPedal)
    progress("reading", 1)
    let transposition = settings.value(.transpose)
    let ranges = parts.training.compactMap(\.range)
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one performance with a note", found: "none")
    }
    let range = max(0, min(21, low - transposition))...min(127, max(108, high + transposition))
    var task = PerformanceTask(
      configuration: configuration(settings), tokens: PerformanceTokens(range),
      programs: programs, usesPedal: usesPedal, transposition: transposition)
    let own = task
    let whole = parts.training.map { own.example($0) }
    for example in whole {
      for token in example.tokens { task.frequencies[Int(token)] += 1 }
    }
    var kept = 0
    task.corpus = MusicCorpus(
      parts.training.prefix { performance in
        kept += performance.notes.count
        return kept <= MusicCorpus.limit
      }.map { $0.notes.map { [UInt8($0.key)] } })
    task.hasCorpus = !task.corpus.pieces.isEmpty
    let (validation, test) = (parts.validation.map { own.example($0) }, parts.test.map { own.example($0) })
    let length = settings[.windowSteps] ?? standardWindow
    let training = ExampleSource(whole).windows(whole.map(\.tokens.count), length: length) { example, steps in
      Example(
        tokens: Array(example.tokens[steps]), contextCount: steps.lowerBound > 0 ? length / 8 : 0,
        name: example.name)
    }
    let count = whole.reduce(0) { $0 + $1.tokens.count }
    var plan = TrainingPlan(
      task: task, training: training, validation: ExampleSource(validation), test: ExampleSource(test),
      suggested: standardSettings(tokenCount: count), settings: settings,
      notes: parts.notes + [
        DataNote(
          .found,
          "\(counted(parts.training.count, "performance")) to train on, \(parts.validation.count) to validate, \(parts.test.count) to "
            + "test; keys \(low) to \(high), \(count) events"),
        DataNote(
          .assumed,
          task.usesPedal ? "notes go on while the sustain pedal is down" : "the sustain pedal is not read",
          setting: "pedal"),
      ], unitName: training.count == whole.count ? "performances" : "windows")
    plan.facts.sequences = parts.training.count + parts.validation.count + parts.test.count
    plan.facts.steps = count
    plan.facts.step = "an event"
    return plan
  }

  /// Events of a window where none are set.
  private static let standardWindow = 512

  private static func configuration(_ settings: Settings) -> MusicConfiguration {
    let standard = MusicConfiguration()
    return MusicConfiguration(
      cell: CellChoice(settings, standard: .lstm), hiddenSize: settings[.hidden] ?? standard.hiddenSize,
      layerCount: settings[.layers] ?? standard.layerCount,
      embeddingSize: settings[.embedding] ?? standard.embeddingSize,
      dropoutRate: settings[.dropout].map { Float($0) } ?? standard.dropoutRate)
  }

  /// A course of training from the events of an epoch.
  private static func standardSettings(tokenCount: Int) -> TaskSettings {
    TaskSettings(
      batchSize: 16, optimizer: .adamw, learningRate: 3e-3, weightDecay: 1e-2,
      training: TrainerSettings(
        epochs: min(200, max(4, 6_000_000 / max(tokenCount, 1))),
        schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 50), clipNorm: 1, averageDecay: 0.99
      ))
  }

  /// A performance as an example.
  func example(_ performance: MusicPerformance) -> Example {
    Example(tokens: tokens.tokens(of: performance), name: performance.name)
  }

  /// Reads performances; where they name parts and are to be evaluated, those of the test part.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let files = try MusicPerformances(
      data, programs: settings[.program].map { $0.map { Int($0) } } ?? programs,
      usesPedal: settings[.pedal] ?? usesPedal)
    let part: (indices: [Int]?, note: DataNote?) =
      needsTargets ? DataPart.evaluated(files.performances.lazy.map(\.part)) : (nil, nil)
    let all = (part.indices.map { $0.map { files.performances[$0] } } ?? files.performances).map {
      example($0)
    }
    var source = ExampleSource(count: all.count, name: { all[$0].name }, example: { all[$0] })
    source.notes = files.notes + [part.note].compactMap { $0 }
    return source
  }
}
