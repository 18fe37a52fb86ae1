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
    var data = try RecordSource(
      recordings: request.data, events: settings[.events].map { DataSource($0) },
      columns: settings.taggingColumns)
    let (source, validationSource, testSource) = try parts(&data, request)
    func records(_ source: RecordSource) throws -> [Record] {
      try (0..<source.count).map { try source.record($0) }
    }
    let (training, validation, test) = try (records(source), records(validationSource), records(testSource))
    guard !training.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one recording", found: "none")
    }
    let (featurizer, found) = try SequenceFeaturizer.fit(
      source, labels: nil, classCount: 0, settings: featureSettings(settings, training)
    ) { progress("reading", $0) }
    // there is no setting for the length
    let remarks = found.map { $0.setting == "length-limit" ? DataNote($0.kind, $0.text) : $0 }
    let features = try training.map { try featurizer($0) }
    var task = try TaggingTask(training, features, featurizer, settings, others: validation + test)
    data.notes += remarks + task.notes(training, features)
    let length = task.windowLength(settings, features)
    var windows: [Example] = []
    for (recording, own) in zip(training, features) {
      windows += try task.windows(task.example(recording, features: own), length: length)
    }
    let shape = ClassificationTask.Shape(
      kind: featurizer.modality, count: windows.count, meanLength: Double(length),
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
    func examples(_ source: RecordSource) -> ExampleSource<Example> {
      ExampleSource(source) { try fitted.example($0, features: fitted.featurizer($0)) }
    }
    return TrainingPlan(
      task: task, training: ExampleSource(windows), validation: examples(validationSource),
      test: examples(testSource),
      suggested: suggested, settings: settings, notes: data.notes, unitName: "windows")
  }

  /// Reads recordings to be labelled.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var known = RecordingColumns.Known(columns: self.columns)
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
    var records = try RecordSource(
      recordings: data, events: settings[.events].map { DataSource($0) },
      columns: columns, known: known, needsLabels: needsTargets && picker == nil, readsWords: readsWords)
    if needsTargets, picker != nil, !(0..<records.count).contains(where: { records.events($0) != nil }) {
      throw DataError.invalidSetting(
        name: "events", expected: "a table of events to compare with", found: "none")
    }
    if needsTargets { records = records.evaluated }
    var source = ExampleSource<Example>(records) { record in
      var record = record
      // labels that are not needed may be others than those of the training
      if !needsTargets { record.stepLabels = nil }
      return try example(record, features: featurizer(record))
    }
    source.notes = inputNotes(records)
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
        if usesCRF { own[prediction.labels[step]] = (own.max() ?? 0) + 1e-3 }
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

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream(readsTimes: false) }

  /// Fields that not every row of a stream has.
  public var streamColumns: [String]? {
    if let picker { return ["step", "event", "start"] + (picker.hasExtent ? ["end"] : []) }
    return ["step", "of step", "label", "probability"]
  }

  /// The events that have become certain, or the labels, each with the number of the step that was read last; of a label also
  /// that of its own step, where it is another one.
  public func rows(of stream: TaggingStream, isEnd: Bool) -> [[Field]] {
    let head = [Field("step", .integer(stream.stepCount))]
    let rows: [[Field]]
    if picker != nil {
      rows = stream.prediction.events.map { event in
        [Field("event", .text(event.label)), Field("start", .number(event.start))]
          + (event.end > event.start ? [Field("end", .number(event.end))] : [])
      }
    } else {
      // where a step decides nothing, the last label still stands
      let own =
        isEnd || !stream.prediction.labels.isEmpty
        ? stream.labels.suffix(stream.prediction.labels.count) : stream.labels.suffix(1)
      rows = own.filter { $0.step >= 0 }.map { one in
        (one.step + 1 == stream.stepCount ? [] : [Field("of step", .integer(one.step + 1))]) + [
          Field("label", .text(labels[one.label])),
          Field("probability", .number(scaling.probabilities(one.scores)[one.label])),
        ]
      }
    }
    return rows.isEmpty && !isEnd ? [head] : rows.map { head + $0 }
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
  private func inputNotes(_ data: RecordSource) -> [DataNote] {
    var notes: [DataNote] = []
    if case .sound = featurizer { return notes }
    let numbers = 0..<data.count
    if let index = numbers.first(where: { data.clock($0).map { abs($0.rate / rate - 1) > 0.1 } ?? false }),
      let clock = data.clock(index)
    {
      notes.append(
        DataNote(
          .warning,
          "\(data.name(index)) has \(rounded(clock.rate, 3)) steps a \(unitName), the training had \(rounded(rate, 3)): "
            + "the network was not made for that", setting: "time"))
    }
    let unknown = Set(numbers.flatMap { (data.events($0) ?? []).map(\.label) }).subtracting(labels).sorted()
    if picker != nil, !unknown.isEmpty {
      notes.append(
        DataNote(
          .warning,
          "kinds of events that the training did not have, each of them a miss: "
            + unknown.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
            + (unknown.count > 6 ? ", ..." : ""),
          setting: "single-label"))
    }
    return notes
  }
}
