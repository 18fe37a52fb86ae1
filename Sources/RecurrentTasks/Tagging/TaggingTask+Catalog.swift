extension TaggingTask: CatalogTask {
  /// For the help.
  public static var summary: String {
    "Train a model that says at each moment what happens: a label for each step, or events with their times."
  }

  /// For the help.
  public static var usages: [String] {
    [
      "ecg.csv --events beats.csv --tolerance 0.05 --output beats.bundle",
      "sensors.csv --label-column move --causal --output robot.bundle",
      "clips/ --events words.csv --output words.bundle",
    ]
  }

  /// All settings.
  public static var flags: [(title: String, flags: [TaskFlag])] { TaggingSettings.flags }

  /// Reads the recordings, cuts them into parts and windows, fits the featurizer and chooses the model.
  public static func prepare(
    _ request: TaskRequest<TaggingSettings>, progress: (String, Double) -> Void
  ) throws -> TaskPreparation<TaggingTask> {
    let settings = request.settings
    var data = try TaggedRecordings(
      paths: request.paths, eventPath: settings.events, columns: settings.columns)
    let (training, validation, test) = try parts(&data, request)
    guard !training.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one recording", found: "none")
    }
    let (featurizer, features, remarks) = try SequenceFeaturizer.fit(
      training.map(\.record), labels: nil, classCount: 0, settings: featureSettings(settings, training)
    ) { progress("reading", $0) }
    var task = try TaggingTask(training, features, featurizer, settings)
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
      shape, hasValidation: !validation.isEmpty, seed: request.seed)
    suggested.batchSize = windows.count < 200 ? 8 : 16
    suggested.training.epochs = min(
      150, max(8, 1500 / max(1, (windows.count + suggested.batchSize - 1) / suggested.batchSize)))
    task.augmentation = task.standardAugmentation(settings)
    task.format = data.format
    let fitted = task
    func examples(_ recordings: [TaggedRecording]) throws -> [Example] {
      try recordings.map { try fitted.example($0, features: featurizer($0.record)) }
    }
    return TaskPreparation(
      task: task, training: windows, validation: try examples(validation), test: try examples(test),
      settings: suggested, notes: data.notes, unitName: "windows")
  }

  /// Reads recordings to be labelled.
  public func input(
    _ paths: [String], settings: TaggingSettings, needsTruth: Bool
  ) throws -> TaskInput<TaggingTask> {
    var columns = settings.columns
    columns.records.knownFormat = format
    if case .series(let own) = featurizer, columns.records.label == nil, !needsTruth, let first = paths.first,
      let table = try? RecordTable(path: first, format: settings.format, known: format)
    {
      // only the channels that were there in training are read
      columns.records.ignored += table.columns.filter { name in
        !own.channels.contains(name) && name != columns.records.id && name != columns.records.time
          && !RecordColumns.isTime(name)
      }
    }
    let data = try TaggedRecordings(
      paths: paths, eventPath: settings.events, columns: columns, needsTruth: needsTruth && picker == nil)
    var recordings = data.recordings
    if needsTruth, recordings.contains(where: { $0.record.part == .test }) {
      recordings = recordings.filter { $0.record.part == .test }
    }
    let all = recordings
    return TaskInput(names: all.map(\.record.origin)) { index in
      try example(all[index], features: featurizer(all[index].record))
    }
  }

  /// Precision and recall of events, or of the labels of steps.
  public func evaluation(of answers: [Answer], to examples: [Example]) -> TaskEvaluation {
    if picker != nil { return eventEvaluation(answers, examples) }
    var (scores, known) = ([[Float]](), [Int]())
    for (answer, example) in zip(answers, examples) {
      for (step, label) in targets(example, count: answer.scores.count).enumerated() where label >= 0 {
        // a field decides by the whole: its choice comes first
        var own = answer.scores[step]
        if hasField { own[answer.labels[step]] = (own.max() ?? 0) + 1e-3 }
        scores.append(own)
        known.append(Int(label))
      }
    }
    let report = ClassificationReport(logits: scores, labels: known, names: labels, scaling: scaling)
    return TaskEvaluation(
      figures: [
        .init("accuracy", report.accuracy.value, low: report.accuracy.low, high: report.accuracy.high),
        .init("macro F1", report.macroF1.value, low: report.macroF1.low, high: report.macroF1.high),
        .init("calibration error", report.calibrationErrorAfter),
      ], lines: report.lines,
      report: report.htmlReport(
        title: "Tagging",
        lead: "\(known.count) steps of \(examples.count) recordings, \(labels.count) labels."
      ).html, json: report, warnings: report.warnings)
  }

  private func eventEvaluation(_ answers: [Answer], _ examples: [Example]) -> TaskEvaluation {
    let metrics = EventMetrics(
      recordings: answers.map(\.events), known: examples.map { $0.events ?? [] }, tolerance: tolerance)
    let anyLabel = EventMetrics(
      recordings: answers.map { $0.events.map { LabelledEvent(label: "", start: $0.start, end: $0.end) } },
      known: examples.map {
        ($0.events ?? []).map { LabelledEvent(label: "", start: $0.start, end: $0.end) }
      },
      tolerance: tolerance)
    let lag = Double(delay) / rate
    var lines = [
      "known events          \(metrics.hits + metrics.misses)",
      "found events          \(metrics.hits + metrics.falseAlarms)",
      "precision             \(metrics.precision.map { rounded($0, 4) } ?? "-")",
      "recall                \(metrics.recall.map { rounded($0, 4) } ?? "-")",
      "F1                    \(rounded(metrics.f1, 4))   (within \(rounded(tolerance, 3)) s)",
    ]
    if labels.count > 2 { lines.append("F1 whatever the kind  \(rounded(anyLabel.f1, 4))") }
    if let deviation = metrics.meanDeviation {
      lines.append("mean deviation        \(rounded(deviation * 1000, 1)) ms")
    }
    if network.isCausal { lines.append("said later by         \(rounded(lag * 1000, 1)) ms") }
    return TaskEvaluation(
      figures: [.init("F1", metrics.f1), .init("F1 whatever the kind", anyLabel.f1)]
        + (metrics.precision.map { [.init("precision", $0)] } ?? [])
        + (metrics.recall.map { [.init("recall", $0)] } ?? [])
        + (metrics.meanDeviation.map { [.init("mean deviation, s", $0)] } ?? []),
      lines: lines, report: eventReport(metrics, answers, examples), json: metrics)
  }

  private func eventReport(_ metrics: EventMetrics, _ answers: [Answer], _ examples: [Example]) -> String {
    // recordings one after the other, too far apart to be taken for each other
    func all(_ events: [[LabelledEvent]]) -> [LabelledEvent] {
      events.enumerated().flatMap { index, own in
        own.map {
          LabelledEvent(
            label: $0.label, start: $0.start + 1e7 * Double(index), end: $0.end + 1e7 * Double(index))
        }
      }
    }
    let byLabel = EventMetrics.byLabel(
      found: all(answers.map(\.events)), known: all(examples.map { $0.events ?? [] }), tolerance: tolerance)
    return metrics.htmlReport(
      title: "Events", lead: "\(examples.count) recordings, \(labels.count - 1) kinds of events.",
      byLabel: byLabel,
      tolerance: tolerance, examples: charts(answers, examples)
    ).html
  }

  /// The beginning of the first recordings of one number a step, with what is known and what was found.
  private func charts(_ answers: [Answer], _ examples: [Example]) -> [EventChart] {
    guard featurizer.featureCount == 1 else { return [] }
    return zip(answers, examples).prefix(2).map { answer, example in
      let count = min(example.features.stepCount, Int(10 * rate))
      let end = example.start + Double(count) / rate
      let values = example.features.part(0..<count).values
      return EventChart(
        title: "The first \(rounded(Double(count) / rate, 1)) seconds", signalLabel: "signal, scaled",
        signal: values.enumerated().map {
          (time: example.start + Double($0.offset) / rate, value: Double($0.element))
        },
        known: (example.events ?? []).filter { $0.start < end },
        found: answer.events.filter { $0.start < end })
    }
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { FeatureStream(featurizer) }

  /// The label of the last step that something is known about, or the event that has just ended.
  public func row(of stream: TaggingStream) -> [TaskField] {
    var fields = [TaskField("step", .integer(stream.stepCount))]
    if picker != nil {
      guard let event = stream.finished else { return fields }
      fields += [TaskField("event", .text(event.label)), TaskField("start", .number(event.start))]
      if event.end > event.start { fields.append(TaskField("end", .number(event.end))) }
    } else if let scores = stream.scores.last {
      let probabilities = scaling.probabilities(scores)
      let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
      fields += [
        TaskField("label", .text(labels[best])), TaskField("probability", .number(probabilities[best])),
      ]
    }
    return fields
  }

  /// The events with their times, or the label of each step.
  public func rows(_ answer: Answer, to example: Example, name: String) -> [[TaskField]] {
    if picker != nil {
      return answer.events.map { event in
        let head = [
          TaskField("input", .text(name)), TaskField("label", .text(event.label)),
          TaskField("start", .number(event.start)),
        ]
        return event.end > event.start ? head + [TaskField("end", .number(event.end))] : head
      }
    }
    return answer.labels.enumerated().compactMap { step, label in
      let place = step * network.stride - delay
      guard place >= 0 else { return nil }
      let probability = scaling.probabilities(answer.scores[step])[label]
      return [
        TaskField("input", .text(name)), TaskField("step", .integer(place + 1)),
        TaskField("time", .number(example.start + Double(place) / rate)),
        TaskField("label", .text(labels[label])),
        TaskField("probability", .number(probability)),
      ]
    }
  }
}

extension TaggedRecording {
  /// The time of the first step.
  var start: Double { record.start }

  /// A part of a recording of numbers by its steps; times stay those of the whole.
  func part(_ steps: Range<Int>) -> TaggedRecording {
    guard case .series(let series) = record.content else { return self }
    var copy = self
    copy.record.content = .series(series.part(steps))
    copy.record.stepLabels = record.stepLabels.map { Array($0[steps]) }
    copy.record.start = record.start + Double(steps.lowerBound) / rate
    let (from, to) = (copy.record.start, record.start + Double(steps.upperBound) / rate)
    copy.events = events?.filter { $0.start >= from && $0.start < to }
    return copy
  }
}
