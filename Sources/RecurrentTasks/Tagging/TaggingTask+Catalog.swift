import RecurrentReports

extension TaggingTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a model that says at each moment what happens: a label for each step, or events with their times."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    [
      "ecg.csv --events beats.csv --tolerance 0.05 --output beats.bundle",
      "sensors.csv --label-column move --causal --output robot.bundle",
      "clips/ --events words.csv --output words.bundle",
    ]
  }

  /// Reads the recordings, cuts them into parts and windows, fits the featurizer and chooses the model.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<TaggingTask> {
    let settings = request.settings
    var data = try TaggedRecordings(
      paths: request.paths, eventPath: settings[.events], columns: settings.taggingColumns)
    let (training, validation, test) = try parts(&data, request)
    guard !training.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one recording", found: "none")
    }
    let (featurizer, features, remarks) = try SequenceFeaturizer.fit(
      training.map(\.record), labels: nil, classCount: 0, settings: featureSettings(settings, training)
    ) { progress("reading", $0) }
    var task = try TaggingTask(training, features, featurizer, settings, others: validation + test)
    data.notes += remarks + task.notes(training, features)
    let length = task.windowLength(settings, features)
    var windows: [Example] = []
    for (recording, own) in zip(training, features) {
      windows += try task.windows(task.example(recording, features: own), length: length)
    }
    let shape = ClassificationTask.Shape(
      kind: featurizer.kind, count: windows.count, meanLength: Double(length),
      featureCount: featurizer.featureCount, classCount: task.labels.count)
    var suggested = ClassificationTask.standardSettings(
      shape, hasValidation: !validation.isEmpty)
    suggested.batchSize = windows.count < 200 ? 8 : 16
    suggested.training.epochs = min(
      150, max(8, 1500 / max(1, (windows.count + suggested.batchSize - 1) / suggested.batchSize)))
    task.augmentation = task.standardAugmentation.applying(settings)
    task.wordColumn = data.wordColumn
    task.format = data.format
    let fitted = task
    func examples(_ recordings: [TaggedRecording]) -> ExampleSource<Example> {
      ExampleSource(count: recordings.count, name: { recordings[$0].record.origin }) {
        try fitted.example(recordings[$0], features: fitted.featurizer(recordings[$0].record))
      }
    }
    return TrainingPlan(
      task: task, training: ExampleSource(windows), validation: examples(validation), test: examples(test),
      suggested: suggested, settings: settings, notes: data.notes, unitName: "windows")
  }

  /// Reads recordings to be labelled.
  public func examples(
    _ paths: [String], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    guard !needsTargets || picker == nil || settings[.events] != nil else {
      throw DataError.invalidSetting(
        name: "events", expected: "a table of events to compare with", found: "none")
    }
    var known = TaggedRecordings.Known(columns: self.columns)
    if case .series(let own) = featurizer {
      // only the channels that were there in training are read
      known.channels = own.channels
      known.clock = StepClock(rate: rate, unit: timeUnit ?? .seconds)
    }
    var columns = settings.taggingColumns
    columns.records.knownFormat = format
    columns.word = wordColumn
    var readsWords = false
    if case .text(let own) = featurizer { readsWords = own.readsWords }
    let data = try TaggedRecordings(
      paths: paths, eventPath: settings[.events], columns: columns, known: known,
      needsTruth: needsTargets && picker == nil, readsWords: readsWords)
    var recordings = data.recordings
    // labels that are not needed may be others than those of the training
    if !needsTargets { for index in recordings.indices { recordings[index].record.stepLabels = nil } }
    if needsTargets, recordings.contains(where: { $0.record.part == .test }) {
      recordings = recordings.filter { $0.record.part == .test }
    }
    let all = recordings
    var source = ExampleSource<Example>(count: all.count, name: { all[$0].record.origin }) {
      try example(all[$0], features: featurizer(all[$0].record))
    }
    source.notes = inputNotes(all)
    return source
  }

  /// Precision and recall of events, or of the labels of steps.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    if picker != nil { return eventEvaluation(predictions, examples) }
    var (scores, known) = ([[Float]](), [Int]())
    for (prediction, example) in zip(predictions, examples) {
      for (step, label) in targets(example, count: prediction.scores.count).enumerated() where label >= 0 {
        // a field decides by the whole: its choice comes first
        var own = prediction.scores[step]
        if hasField { own[prediction.labels[step]] = (own.max() ?? 0) + 1e-3 }
        scores.append(own)
        known.append(Int(label))
      }
    }
    let report = ClassificationReport(logits: scores, labels: known, names: labels, scaling: scaling)
    return TaskEvaluation(
      metrics: [
        .init("accuracy", report.accuracy.value, low: report.accuracy.low, high: report.accuracy.high),
        .init("macro F1", report.macroF1.value, low: report.macroF1.low, high: report.macroF1.high),
        .init("calibration error", report.calibrationErrorAfter),
      ], lines: report.lines,
      report: report.htmlReport(
        title: "Tagging",
        lead: "\(known.count) steps of \(examples.count) recordings, \(labels.count) labels."
      ).html, details: report, warnings: report.warnings)
  }

  /// The events with their times, or the label of each step.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    if picker != nil {
      return prediction.events.map { event in
        let head = [
          Field("input", .text(name)), Field("label", .text(event.label)),
          Field("start", field(event.start, example.unit)),
        ]
        return event.end > event.start ? head + [Field("end", field(event.end, example.unit))] : head
      }
    }
    return prediction.labels.enumerated().compactMap { step, label in
      let place = step * network.stride - delay
      guard place >= 0 else { return nil }
      let probability = scaling.probabilities(prediction.scores[step])[label]
      return [
        Field("input", .text(name)), Field("step", .integer(place + 1)),
        Field("time", field(time(place, of: example), example.unit)),
        Field("label", .text(labels[label])),
        Field("probability", .number(probability)),
      ]
    }
  }

  /// A time: of the calendar as a date.
  private func field(_ time: Double, _ unit: StepClock.Unit) -> FieldValue {
    unit == .calendar ? .text(StepClock.text(time, unit)) : .number(time)
  }

  /// What is different about data that are read and not trained on.
  private func inputNotes(_ recordings: [TaggedRecording]) -> [DataNote] {
    var notes: [DataNote] = []
    if case .sound = featurizer { return notes }
    if let other = recordings.first(where: { $0.clock.map { abs($0.rate / rate - 1) > 0.1 } ?? false }) {
      notes.append(
        DataNote(
          .warning,
          "\(other.record.origin) has \(rounded(other.rate, 3)) steps a \(unitName), the training had \(rounded(rate, 3)): "
            + "the network was not made for that", flag: "time"))
    }
    let unknown = Set(recordings.flatMap { ($0.events ?? []).map(\.label) }).subtracting(labels).sorted()
    if picker != nil, !unknown.isEmpty {
      notes.append(
        DataNote(
          .warning,
          "kinds of events that the training did not have, each of them a miss: "
            + unknown.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
            + (unknown.count > 6 ? ", ..." : ""),
          flag: "single-label"))
    }
    return notes
  }
}

extension TaggedRecording {
  /// A part of a recording of numbers by its steps; times stay those of the whole.
  func part(_ steps: Range<Int>) -> TaggedRecording {
    guard case .series(let series) = record.content else { return self }
    var copy = self
    copy.record.content = .series(series.part(steps))
    copy.record.stepLabels = record.stepLabels.map { Array($0[steps]) }
    copy.record.stepLines = record.stepLines.map { Array($0[steps]) }
    let whole = clock ?? StepClock(rate: rate, unit: .counts("step"))
    let own = whole.part(steps)
    copy.clock = own
    let from = own.start
    let to = steps.upperBound < series.stepCount ? whole.time(at: Double(steps.upperBound)) : .infinity
    copy.events = events?.filter { ($0.start >= from || steps.lowerBound == 0) && $0.start < to }
    return copy
  }
}
