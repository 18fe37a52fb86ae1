import RecurrentReports

extension TranscriptionTask {
  /// Reads recordings and transcripts, cuts them into parts, fits featurizer and units, chooses the model, and leaves out what
  /// cannot be aligned.
  ///
  /// - Throws: ``DataError`` or a format error; ``TaskError/unfit(paths:reason:)`` where too much cannot be aligned.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<TranscriptionTask> {
    let settings = request.settings
    var parts = try TranscriptParts(request, columns(settings))
    for part in [parts.training, parts.validation, parts.test] {
      for index in 0..<part.count { try checkLength(of: part.record(index)) }
    }
    let wordTimes = WordTimeLoss(parts.training, weight: settings.value(.wordTimeWeight))
    parts.training = parts.training.played(at: settings.value(.speeds))
    let source = parts.training
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      source, labels: nil, classCount: 0, settings: featureSettings(settings)
    ) { progress("reading", $0) }
    guard featurizer.modality != .text else {
      throw DataError.malformed(
        path: source.name(0), place: .record, expected: "sound, pictures, numbers or strokes of a pen",
        found: "text")
    }
    let transcripts = (0..<source.count).map { source.transcript($0) ?? "" }
    let asked = settings[.transcriptUnit]
    var (task, feasibility) = try candidate(
      asked ?? .character, featurizer, parts, transcripts, wordTimes, request, progress)
    var choice: [DataNote] = []
    if asked == nil, feasibility.isTooMuch {
      let (other, own) = try candidate(.word, featurizer, parts, transcripts, wordTimes, request, progress)
      if !own.isTooMuch {
        choice.append(
          DataNote(
            .assumed,
            "\(feasibility.items.count) of \(counted(source.count, "recording")) have fewer frames than characters, so that the "
              + "network writes words", setting: "unit"))
        (task, feasibility) = (other, own)
      }
    }
    try feasibility.check(request, task)
    task.knownTexts = KnownTexts(feasibility.feasible.map { transcripts[$0] })
    let fitted = task
    let memory = ExampleMemory(featurizer.modality)
    func examples(_ source: RecordSource) -> ExampleSource<Example> { fitted.examples(source, in: memory) }
    let training = source.selecting(feasibility.feasible)
    var notes =
      parts.notes + remarks + choice + task.notes(transcripts)
      + (try task.language.notes { task.units.unknownCount(in: $0) > 0 })
    if let sentence = feasibility.sentence("to train on") {
      notes.append(DataNote(.warning, sentence + "; they are left out", setting: "upsample"))
    }
    for (name, records) in [("to validate", parts.validation), ("to test", parts.test)] {
      notes += try task.notes(of: records, name)
    }
    var plan = TrainingPlan(
      task: task, training: examples(training), validation: examples(parts.validation),
      test: examples(parts.test), suggested: standardSettings(training.count), settings: settings,
      notes: notes,
      unitName: "recordings")
    (plan.facts.columns, plan.facts.targets) = (
      source.transcriptColumns, source.transcriptColumns?["transcript"]
    )
    plan.facts.sequences = source.count + parts.validation.count + parts.test.count
    return plan
  }

  /// A task that writes units of a kind, and which recordings it can learn from.
  private static func candidate(
    _ kind: TokenKind, _ featurizer: SequenceFeaturizer, _ parts: TranscriptParts,
    _ transcripts: [String], _ wordTimes: WordTimeLoss?, _ request: TaskRequest,
    _ progress: (String, Double) -> Void
  ) throws -> (task: TranscriptionTask, feasibility: TranscriptFeasibility) {
    let settings = request.settings
    let clock = try clock(featurizer, parts.training.record(0))
    var task = TranscriptionTask(
      featurizer: featurizer, units: try fittedUnits(kind, transcripts, settings),
      network: try standardNetwork(featurizer, settings), upsampling: settings.value(.upsample),
      rate: clock.rate, timeUnit: clock.unit,
      augmentation: standardAugmentation(featurizer.modality).applying(settings))
    task.columns = columns(settings)
    task.wordTimes = wordTimes
    let delay = wordTimeDelay(settings, task)
    task.wordTimes?.delay = delay
    task.search = TranscriptSearch(
      beam: settings.value(.beam), best: settings.value(.best),
      commitFrames: commitFrames(settings, task))
    task.language = try SearchLanguage().applying(settings)
    return (task, try TranscriptFeasibility(task, parts.training) { progress("checking", $0) })
  }

  /// How long after a word its outputs say it, in the units of the times.
  private static func wordTimeDelay(_ settings: Settings, _ task: TranscriptionTask) -> Double {
    guard let asked = settings[.wordTimeDelay] else { return task.isCausal && task.timeUnit == nil ? 0.2 : 0 }
    return asked.seconds(rate: task.rate)
  }

  private static func commitFrames(_ settings: Settings, _ task: TranscriptionTask) -> Int {
    let span =
      settings[.commitAfter]?.seconds(rate: task.rate) ?? (task.timeUnit == nil ? 2 : 500 / task.rate)
    return max(1, Int(min(span * task.frameRate, 1e9).rounded()))
  }

  private static func fittedUnits(
    _ kind: TokenKind, _ transcripts: [String], _ settings: Settings
  ) throws -> TranscriptUnits {
    do {
      return try TranscriptUnits.fit(kind, to: transcripts, size: settings[.vocabularySize])
    } catch DataError.noText {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one transcript with text", found: "none")
    } catch DataError.invalidSetting(_, let expected, let found) {
      throw DataError.invalidSetting(name: "vocabulary-size", expected: expected, found: found)
    }
  }

  /// Examples of recordings, each read when it is asked for.
  private func examples(_ source: RecordSource, in memory: ExampleMemory) -> ExampleSource<Example> {
    let task = self
    return ExampleSource(recordings: source, featurizer, in: memory, size: { task.memory(of: $0) }) {
      try task.example($0)
    }
  }

  /// A recording with its transcript.
  func example(_ record: Record) throws -> Example {
    try TranscriptionTask.checkLength(of: record)
    let features = try featurizer(record)
    return Example(
      features: features, targets: record.transcript.map { units.outputs(of: $0) } ?? [],
      transcript: record.transcript, group: record.group, words: record.events,
      duration: Double(features.stepCount) / rate, record: record)
  }

  /// Throws for a recording that would take too much memory as a whole.
  static func checkLength(of record: Record) throws {
    try record.check(
      soundAtMost: 3600,
      expected:
        "a recording of an hour at most: of a longer one a table names segments, and a causal model reads it as a stream"
    )
  }

  /// Reads recordings to be transcribed.
  ///
  /// - Throws: ``DataError`` or a format error, also where transcripts are needed and there are none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var records = try RecordSource.transcribed(
      data, TranscriptionTask.columns(settings).filled(from: needsTargets ? columns : nil),
      words: settings[.wordTimes], needsTranscripts: needsTargets)
    if needsTargets { records = records.evaluated }
    var source = examples(records, in: ExampleMemory(bytes: 1 << 26))
    if needsTargets { source.notes += try notes(of: records, "") }
    return source
  }

  /// Whether it is one of the channels.
  public func reads(column: String) -> Bool {
    if case .series(let own) = featurizer { return own.channels.contains(column) }
    return false
  }
}

extension TranscriptColumns {
  /// These names, and others where there are none.
  func filled(from other: TranscriptColumns?) -> TranscriptColumns {
    TranscriptColumns(
      input: input ?? other?.input, transcript: transcript ?? other?.transcript,
      alternatives: transcript == nil ? other?.alternatives : alternatives,
      group: group ?? other?.group, split: split ?? other?.split)
  }
}
