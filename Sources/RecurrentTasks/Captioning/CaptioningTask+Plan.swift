import RecurrentReports

extension CaptioningTask {
  /// Reads recordings and captions, cuts them into parts, fits featurizer and tokens, and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<CaptioningTask> {
    let settings = request.settings
    var parts = try TranscriptParts(request, columns(settings), takesAlternatives: true)
    for part in [parts.training, parts.validation, parts.test] {
      for index in 0..<part.count { try TranscriptionTask.checkLength(of: part.record(index)) }
    }
    let wordTimes = WordTimeLoss(parts.training, weight: settings.value(.wordTimeWeight))
    parts.training = parts.training.played(at: settings.value(.speeds))
    let source = parts.training
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      source, labels: nil, classCount: 0, settings: TranscriptionTask.featureSettings(settings)
    ) { progress("reading", $0) }
    guard featurizer.modality != .text else {
      throw DataError.malformed(
        path: source.name(0), place: .record, expected: "pictures, sound, numbers or strokes of a pen",
        found: "text")
    }
    let captions = (0..<source.count).flatMap { source.captions($0) }
    let units = try fittedUnits(captions, settings)
    let network = try TranscriptionTask.standardNetwork(featurizer, settings)
    let clock = try TranscriptionTask.clock(featurizer, source.record(0))
    var task = CaptioningTask(
      featurizer: featurizer, units: units, network: network,
      writer: standardWriter(memorySize: network.outputSize).applying(settings),
      rate: clock.rate, timeUnit: clock.unit,
      augmentation: TranscriptionTask.standardAugmentation(featurizer.modality).applying(settings))
    task.columns = columns(settings)
    task.wordTimes = wordTimes
    let longest = captions.map { units.tokens(of: $0).count }.max() ?? 0
    task.search = BeamSearchSettings(maximumRatio: 0, maximumOffset: 2 * longest).applying(settings)
    let fitted = task
    let memory = ExampleMemory(featurizer.modality)
    func examples(_ source: RecordSource) -> ExampleSource<Example> { fitted.examples(source, in: memory) }
    var plan = TrainingPlan(
      task: task, training: examples(source), validation: examples(parts.validation),
      test: examples(parts.test), suggested: TranscriptionTask.standardSettings(source.count),
      settings: settings, notes: parts.notes + remarks + task.notes(source.count, captions, longest),
      unitName: "recordings")
    (plan.facts.columns, plan.facts.targets) = (
      source.transcriptColumns, source.transcriptColumns?["transcript"]
    )
    plan.facts.sequences = source.count + parts.validation.count + parts.test.count
    return plan
  }

  private static func fittedUnits(_ captions: [String], _ settings: Settings) throws -> TextTokens {
    do {
      return try TextTokens.fit(settings.value(.captionUnit), to: captions, size: settings[.vocabularySize])
    } catch DataError.noText {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one caption with text", found: "none")
    }
  }

  private func notes(_ count: Int, _ captions: [String], _ longest: Int) -> [DataNote] {
    var notes = [
      DataNote(
        .assumed,
        "\(counted(captions.count, "caption")) of \(counted(count, "recording")) to train on, of "
          + "\(counted(longest, "token")) at most; \(counted(units.vocabulary.count, units.kind.rawValue))",
        setting: "unit")
    ]
    if let wordTimes { notes.append(wordTimes.note(unit: "seconds")) }
    return notes
  }

  /// Examples of recordings, each read when it is asked for.
  private func examples(_ source: RecordSource, in memory: ExampleMemory) -> ExampleSource<Example> {
    let task = self
    return ExampleSource(recordings: source, featurizer, in: memory, size: { task.memory(of: $0) }) {
      try task.example($0)
    }
  }

  /// A recording with its captions.
  func example(_ record: Record) throws -> Example {
    try TranscriptionTask.checkLength(of: record)
    let features = try featurizer(record)
    let captions = record.captions
    return Example(
      features: features, targets: captions.map { units.tokens(of: $0) }, references: captions,
      group: record.group, words: record.events, duration: Double(features.stepCount) / rate, record: record)
  }

  /// Reads recordings to be described.
  ///
  /// - Throws: ``DataError`` or a format error, also where captions are needed and there are none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var records = try RecordSource.transcribed(
      data, CaptioningTask.columns(settings).filled(from: needsTargets ? columns : nil),
      words: settings[.wordTimes], needsTranscripts: needsTargets, takesAlternatives: true)
    if needsTargets { records = records.evaluated }
    return examples(records, in: ExampleMemory(bytes: 1 << 26))
  }

  /// Whether it is one of the channels.
  public func reads(column: String) -> Bool {
    if case .series(let own) = featurizer { return own.channels.contains(column) }
    return false
  }
}

extension Record {
  /// All texts about it that are right, without empty ones.
  var captions: [String] { ([transcript].compactMap { $0 } + alternatives).filter { !$0.spaced.isEmpty } }
}

extension RecordSource {
  /// All texts about a sequence that are right, without empty ones.
  func captions(_ index: Int) -> [String] {
    ([transcript(index)].compactMap { $0 } + alternatives(index)).filter { !$0.spaced.isEmpty }
  }
}
