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
    let fitted = task
    func examples(_ recordings: [TaggedRecording]) throws -> [Example] {
      try recordings.map { try fitted.example($0, features: featurizer($0.record)) }
    }
    return TaskPreparation(
      task: task, training: windows, validation: try examples(validation), test: try examples(test),
      settings: suggested, notes: data.notes, unitName: "windows")
  }

  private static func featureSettings(
    _ settings: TaggingSettings, _ recordings: [TaggedRecording]
  ) -> SequenceFeaturizer.Settings {
    var own = SequenceFeaturizer.Settings()
    own.scaling = settings.scaling ?? own.scaling
    own.rangeCount = settings.ranges ?? (isTable(recordings) ? 16 : nil)
    own.bandCount = settings.bands ?? own.bandCount
    own.usesEvidence = false
    return own
  }

  /// Whether steps with labels have several channels: sensors and the like, whose thresholds matter more than their course.
  private static func isTable(_ recordings: [TaggedRecording]) -> Bool {
    guard case .series(let series)? = recordings.first?.record.content else { return false }
    return recordings[0].events == nil && series.channelCount >= 2
  }

  /// The recordings of each part: as the data say, else dealt out; a single one is cut by time.
  private static func parts(
    _ data: inout TaggedRecordings, _ request: TaskRequest<TaggingSettings>
  ) throws -> (training: [TaggedRecording], validation: [TaggedRecording], test: [TaggedRecording]) {
    let words = request.settings.split ?? ["0.65", "0.1", "0.25"]
    let shares = words.map { Double($0) ?? .nan }
    guard shares.count == 3, shares.allSatisfy({ $0 >= 0 }), shares[0] > 0,
      abs(shares.reduce(0, +) - 1) < 1e-6
    else {
      throw DataError.invalidSetting(
        name: "split", expected: "three shares that add up to 1, such as 0.65,0.1,0.25",
        found: words.joined(separator: ","))
    }
    func further(_ paths: [String]) throws -> [TaggedRecording] {
      paths.isEmpty
        ? []
        : try TaggedRecordings(
          paths: paths, eventPath: request.settings.events, columns: request.settings.columns
        )
        .recordings
    }
    var validation = try further(request.validationPaths)
    var test = try further(request.testPaths)
    var all = data.recordings
    if all.contains(where: { $0.record.part != nil }) {
      validation += all.filter { $0.record.part == .validation }
      test += all.filter { $0.record.part == .test }
      all = all.filter { $0.record.part == .training || $0.record.part == nil }
    } else if !validation.isEmpty || !test.isEmpty {
      // the data are in files of their own
    } else if all.count == 1, case .series(let series) = all[0].record.content {
      let cuts = [0, shares[0], shares[0] + shares[1], 1].map {
        Int(($0 * Double(series.stepCount)).rounded())
      }
      data.notes.append(
        DataNote(
          .assumed,
          "the one recording is cut by time: \(shares.map { "\(Int(($0 * 100).rounded())) %" }.joined(separator: ", ")) to train, "
            + "validate and test", flag: "--split"))
      let pieces = (0..<3).map { all[0].part(cuts[$0]..<cuts[$0 + 1]) }
      return ([pieces[0]], cuts[2] > cuts[1] ? [pieces[1]] : [], cuts[3] > cuts[2] ? [pieces[2]] : [])
    } else {
      let parts = DataSplit.dealt(
        Array(all.indices), labels: all.map { _ in nil }, shares: shares,
        key: RandomKey(seed: request.seed).child(10))
      return (parts[0].map { all[$0] }, parts[1].map { all[$0] }, parts[2].map { all[$0] })
    }
    if validation.isEmpty, all.count >= 20 {
      let parts = DataSplit.dealt(
        Array(all.indices), labels: all.map { _ in nil }, shares: [0.9, 0.1],
        key: RandomKey(seed: request.seed).child(10))
      return (parts[0].map { all[$0] }, parts[1].map { all[$0] }, test)
    }
    return (all, validation, test)
  }

  // MARK: Making a task

  private init(
    _ recordings: [TaggedRecording], _ features: [FeatureSequence], _ featurizer: SequenceFeaturizer,
    _ settings: TaggingSettings
  ) throws {
    let hasEvents = recordings.contains { $0.events != nil }
    let names =
      hasEvents
      ? Set(recordings.flatMap { ($0.events ?? []).map(\.label) })
      : Set(recordings.flatMap { $0.record.stepLabels ?? [] })
    guard names.count > (hasEvents ? 0 : 1) else {
      throw DataError.invalidSetting(
        name: "the training part", expected: hasEvents ? "at least one event" : "two or more labels",
        found: names.first.map { "\"\($0)\" alone" } ?? "none")
    }
    self.featurizer = featurizer
    labels = (hasEvents ? [""] : []) + names.sorted()
    rate = TaggingTask.featureRate(featurizer, recordings[0].rate)
    let isCausal = settings.causal ?? false
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, embeddingSize: settings.embedding ?? 64,
      featureCount: featurizer.featureCount, isCausal: isCausal, cell: settings.cell ?? .gru,
      hiddenSize: settings.hidden ?? 48, layerCount: settings.layers ?? 1,
      inputDropoutRate: featurizer.kind == .text ? 0.3 : 0, dropoutRate: Float(settings.dropout ?? 0.2))
    if case .pictures(let pictures) = featurizer {
      (network.pictureHeight, network.pictureWidth) = (pictures.height, pictures.width)
      network.pictureScale = pictures.scale
      network.pictureConvolutions = [16, 32, 32]
    }
    if let words = settings.convolutions {
      for word in words where word != "none" {
        guard let one = ConvolutionConfiguration(word: word) else {
          throw DataError.invalidSetting(
            name: "convolutions", expected: "features x steps / stride, such as 32x7/2, or none", found: word)
        }
        network.convolutions.append(one)
      }
    } else if TaggingTask.isTable(recordings) {
      network.convolutions = [
        ConvolutionConfiguration(size: 64, width: 1), ConvolutionConfiguration(size: 64, width: 1),
      ]
    } else if featurizer.kind != .text {
      // about fifty steps a second are as fine as most tolerances
      var fine = rate
      while fine > 100, network.convolutions.count < 6 {
        network.convolutions.append(ConvolutionConfiguration(size: 32, width: 7, stride: 2))
        fine /= 2
      }
      if network.convolutions.isEmpty {
        network.convolutions = [ConvolutionConfiguration(size: 48, width: 3)]
      }
    }
    if let objection = network.objection {
      throw DataError.invalidSetting(name: "the model", expected: "one that can be made", found: objection)
    }
    self.network = network
    hasField = settings.crf ?? false
    tolerance = settings.tolerance ?? max(0.05, 2 / rate)
    let hasExtent = recordings.contains { ($0.events ?? []).contains { $0.end > $0.start } }
    picker =
      hasEvents
      ? EventPicker(
        minimumDuration: settings.minimumDuration ?? 0,
        minimumGap: settings.minimumGap ?? (hasExtent ? 0 : tolerance),
        hasExtent: hasExtent) : nil
    let seconds = settings.delay ?? (isCausal && hasEvents ? tolerance : 0)
    delay = Int((seconds * rate).rounded())
    augmentation = Augmentation()
    labelWeights = nil
    if settings.balance == true {
      var counts = [Int](repeating: 0, count: labels.count)
      for (recording, own) in zip(recordings, features) {
        for label in try example(recording, features: own).labels where label >= 0 { counts[Int(label)] += 1 }
      }
      let total = counts.reduce(0, +)
      labelWeights = counts.map { Float(total) / Float(labels.count * max($0, 1)) }
    }
  }

  /// Steps of the features in a second.
  private static func featureRate(_ featurizer: SequenceFeaturizer, _ rate: Double) -> Double {
    if case .sound(let sound) = featurizer { return sound.spectrum.rate / Double(sound.spectrum.hop) }
    return rate > 0 ? rate : 1
  }

  private func standardAugmentation(_ settings: TaggingSettings) -> Augmentation {
    var own = Augmentation()
    switch featurizer.kind {
    case .text: own.wordDropout = 0.1
    case .pictures: (own.noise, own.shift) = (0.02, 3)
    default: (own.noise, own.scale) = picker == nil ? (0.01, 0) : (0.05, 0.1)
    }
    own.noise = settings.noise.map { Float($0) } ?? own.noise
    own.scale = settings.scale.map { Float($0) } ?? own.scale
    own.shift = settings.shift ?? own.shift
    return own
  }

  private func notes(_ recordings: [TaggedRecording], _ features: [FeatureSequence]) -> [DataNote] {
    let steps = features.reduce(0) { $0 + $1.stepCount }
    var notes = [
      DataNote(
        .found,
        "\(recordings.count) recordings to train on, \(steps) steps, \(rounded(rate, 2)) a second"
      )
    ]
    var counts: [String: Int] = [:]
    for recording in recordings {
      for label in recording.events?.map(\.label) ?? recording.record.stepLabels ?? [] {
        counts[label, default: 0] += 1
      }
    }
    let shown = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12).map {
      "\($0.key) \($0.value)"
    }
    notes.append(
      DataNote(
        .found,
        "\(counts.count) \(picker == nil ? "labels" : "kinds of events"): \(shown.joined(separator: ", "))\(counts.count > 12 ? ", ..." : "")"
      ))
    if picker != nil {
      notes.append(
        DataNote(
          .assumed, "a found event may be \(rounded(tolerance, 3)) s from a known one",
          flag: "--tolerance"))
    }
    if network.isCausal {
      notes.append(
        DataNote(
          .assumed, "the network says \(rounded(Double(delay) / rate, 3)) s later what happens",
          flag: "--delay"))
    }
    return notes
  }

  // MARK: Examples

  private func windowLength(_ settings: TaggingSettings, _ features: [FeatureSequence]) -> Int {
    let longest = features.map(\.stepCount).max() ?? 1
    if let seconds = settings.windowSeconds { return max(8, min(longest, Int(seconds * rate))) }
    // enough windows for many different batches, long enough for what comes before to count
    let total = features.reduce(0) { $0 + $1.stepCount }
    return min(longest, max(32, min(512, total / 40)))
  }

  /// Windows of a recording, each half over the one before.
  private func windows(_ example: Example, length: Int) -> [Example] {
    let count = example.features.stepCount
    guard count > length else { return [example] }
    return stride(from: 0, to: count - length / 2, by: max(1, length / 2)).map { start in
      let steps = start..<min(start + length, count)
      return Example(
        features: example.features.part(steps), labels: Array(example.labels[steps]), events: nil,
        start: example.start + Double(start) / rate)
    }
  }

  /// A recording with its labels as numbers.
  func example(_ recording: TaggedRecording, features: FeatureSequence) throws -> Example {
    let count = features.stepCount
    guard count > 0 else {
      throw DataError.malformed(
        path: recording.record.origin, place: .line(1), expected: "at least one step", found: "none")
    }
    let start = recording.start
    guard let events = recording.events else {
      guard let known = recording.record.stepLabels else {
        return Example(
          features: features, labels: [Int32](repeating: -100, count: count),
          events: picker == nil ? nil : [],
          start: start)
      }
      let numbers = Dictionary(
        uniqueKeysWithValues: labels.enumerated().map { ($0.element, Int32($0.offset)) })
      let own = try known.prefix(count).enumerated().map { step, label in
        guard let number = numbers[label] else {
          throw DataError.malformed(
            path: recording.record.origin, place: .line(step + 2),
            expected: "a label of the training part (\(labels.prefix(12).joined(separator: ", ")))",
            found: "\"\(label)\"")
        }
        return number
      }
      return Example(features: features, labels: own, events: nil, start: start)
    }
    var own = [Int32](repeating: 0, count: count)
    for event in events {
      guard let number = labels.firstIndex(of: event.label) else { continue }
      // what has no extent gets one that the network can see
      let half = event.end > event.start ? 0 : max(tolerance / 2, 0.5 / outputRate)
      let first = Int(((event.start - half - start) * rate).rounded(.up))
      let last =
        event.end > event.start
        ? Int(((event.end - start) * rate).rounded(.up)) - 1
        : Int(((event.end + half - start) * rate).rounded(.down))
      guard first <= last else { continue }
      for step in max(first, 0)..<max(min(last + 1, count), max(first, 0)) { own[step] = Int32(number) }
    }
    return Example(features: features, labels: own, events: events, start: start)
  }

  /// Reads recordings to be labelled.
  public func input(
    _ paths: [String], settings: TaggingSettings, needsTruth: Bool
  ) throws -> TaskInput<TaggingTask> {
    var columns = settings.columns
    if case .series(let own) = featurizer, columns.records.label == nil, !needsTruth, let first = paths.first,
      let table = try? RecordTable(path: first)
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
      ).html, json: report)
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
