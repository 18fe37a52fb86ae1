import RecurrentReports

extension TaggingTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that finds what happens at each moment: a label for each step, or events with their times."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "ecg.csv --events beats.csv --tolerance 0.05 --output beats.bundle",
    "sensors.csv --label-column move --causal --output robot.bundle",
    "clips/ --events words.csv --output words.bundle", "100.hea --output beats.bundle",
    "vitals.csv --events drops.csv --ahead 5min --causal --output warning.bundle",
    "genome.fa --events genes.gff3 --output genes.bundle",
  ]

  /// Reads the recordings, cuts them into parts and windows, fits the featurizer and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where the training part has no event, or less than two labels.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<TaggingTask> {
    let settings = request.settings
    var parts = try RecordingParts(
      request, events: settings[.events].map { DataSource($0) }, standard: standardShares, needsLabels: true)
    let source = parts.training
    let training = try heads(source)
    let isTable = try isTable(source)
    let (featurizer, found) = try SequenceFeaturizer.fit(
      source, labels: nil, classCount: 0,
      settings: featureSettings(
        settings, isTable: isTable, isOfBases: training.first?.clock?.countsBases ?? false)
    ) { progress("reading", $0) }
    try featurizer.checkStrands(settings)
    // there is no setting for the length
    let remarks =
      found.map { $0.setting == "length-limit" ? DataNote($0.kind, $0.text) : $0 }
      + [featurizer.skeletonNote].compactMap { $0 }
    var task = try TaggingTask(
      training, featurizer, settings, isTable: isTable,
      others: heads(parts.validation) + heads(parts.test))
    let memory = ExampleMemory(featurizer.modality)
    func examples(_ source: RecordSource, _ task: TaggingTask) -> ExampleSource<Example> {
      ExampleSource(source, featurizer, in: memory) { try task.example($0, features: $1) }
    }
    let recordings = examples(source, task)
    let lengths = try recordings.costs(\.features.stepCount)
    if settings[.balance] == true { task.labelWeights = try task.balancedWeights(recordings) }
    parts.notes += remarks + task.notes(training, stepCount: lengths.reduce(0, +))
    let length = task.windowLength(settings, lengths)
    let rate = task.rate
    let windows = recordings.windows(lengths, length: length) { whole, steps in
      Example(
        features: whole.features.part(steps), labels: Array(whole.labels[steps]), events: nil,
        start: whole.start + Double(steps.lowerBound) / rate)
    }
    let shape = ClassificationTask.Shape(
      kind: featurizer.modality, count: windows.count, meanLength: Double(length),
      featureCount: featurizer.featureCount, classCount: task.labels.count)
    var suggested = ClassificationTask.standardSettings(
      shape, hasValidation: parts.validation.count > 0)
    // what stands beside a word counts as much as the word: that is learnt by short steps
    if featurizer.modality == .text { suggested.learningRate = 1e-3 }
    suggested.batchSize = windows.count < 200 ? 8 : 16
    suggested.training.epochs = min(
      150, max(8, 1500 / max(1, (windows.count + suggested.batchSize - 1) / suggested.batchSize)))
    task.augmentation = task.standardAugmentation.applying(settings)
    task.wordColumn = parts.wordColumn
    task.format = parts.format
    let fitted = task
    var plan = TrainingPlan(
      task: task, training: windows, validation: examples(parts.validation, fitted),
      test: examples(parts.test, fitted),
      suggested: suggested, settings: settings, notes: parts.notes, unitName: "windows")
    plan.facts = DataFacts(parts.recordings, targets: task.labels.filter { !$0.isEmpty })
    if case .series(let own) = featurizer { plan.facts.columns = ["values": own.channels] }
    if let word = parts.wordColumn { plan.facts.columns = ["word": [word]] }
    return plan
  }

  /// Reads recordings to be labelled.
  ///
  /// - Throws: ``DataError`` or a format error, also where labels or events are needed and there are none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    var known = RecordingColumns.Known(columns: self.columns)
    if case .series(let own) = featurizer {
      // only the channels that were there in training are read
      known.channels = own.channels
      known.clock = StepClock(rate: rate, unit: timeUnit ?? .seconds)
    }
    var columns = settings.recordingColumns
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
    records = records.cut(basesAtMost: TaggingTask.mostBasesAtOnce)
    var source = ExampleSource<Example>(records, featurizer, in: ExampleMemory(bytes: 1 << 26)) {
      record, features in
      var record = record
      // labels that are not needed may be others than those of the training
      if !needsTargets { record.stepLabels = nil }
      return try example(record, features: features)
    }
    source.notes = records.remarks + inputNotes(records)
    return source
  }

  /// Precision and recall of events, or of the labels of steps.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    if ahead != nil { return warningEvaluation(predictions, examples) }
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
    return ClassificationReport(logits: scores, labels: known, names: labels, scaling: scaling).evaluation(
      title: "Tagging", lead: "\(known.count) steps of \(examples.count) recordings, \(labels.count) labels.")
  }

  /// A row for each event or step.
  public static var hasManyRows: Bool { true }

  /// Whether it is one of the channels, or numbers recordings.
  public func reads(column: String) -> Bool {
    if case .series(let own) = featurizer, own.channels.contains(column) { return true }
    return columns?.records.id == column
  }

  /// The labels of the steps, or the events with their times.
  public func text(of prediction: Prediction, to example: Example) -> String {
    guard picker == nil else {
      return prediction.events.map { event in
        ([event.label]
          + [event.start, event.end].prefix(event.end > event.start ? 2 : 1).map { rounded($0, 4) })
          .joined(separator: " ")
      }.joined(separator: "; ")
    }
    return prediction.labels.indices.filter { $0 * network.stride >= delay }
      .map { labels[prediction.labels[$0]] }.joined(separator: " ")
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
    // long sequences are read in pieces, whose bases are counted in the whole
    let firstStep = featurizer.readsBases ? Int(example.start) : 0
    return prediction.labels.enumerated().compactMap { step, label in
      let place = step * network.stride - delay
      guard place >= 0 else { return nil }
      let probability = scaling.probabilities(prediction.scores[step])[label]
      return [
        Field("input", .text(name)), Field("step", .integer(place + 1 + firstStep)),
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
    // what cannot be read is an error of its record
    var notes = (try? featurizer.notes(on: data)) ?? []
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
