extension ClassificationTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a model that gives a sequence one of several labels: text, sound, pictures, numbers."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    [
      "reviews/ --output sentiment.bundle",
      "labels.csv --input-column file --label-column digit --output digits.bundle",
      "train.csv --test test.csv --output ecg.bundle",
    ]
  }

  /// Reads the data, splits them, fits the featurizer and chooses the model.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ClassificationTask> {
    let data = try read(request)
    return try plan(data, try split(data, request), request, progress)
  }

  /// Cross-validation over all of the data, whatever parts they name.
  public static func folds(
    _ request: TaskRequest
  ) throws -> [(name: String, plan: () throws -> TrainingPlan<ClassificationTask>)] {
    let settings = request.settings
    guard settings[.folds] != nil || settings[.leaveOneOut] == true else { return [] }
    let data = try read(request)
    let labels = data.records.map(\.label)
    let groups = settings[.groupColumn] == nil ? nil : data.records.map(\.group)
    let splits: [(name: String, split: DataSplit)]
    if let count = settings[.folds] {
      guard count <= data.records.count else {
        throw DataError.invalidSetting(
          name: "folds", expected: "at most the \(data.records.count) sequences", found: "\(count)")
      }
      splits = DataSplit.folds(
        count, labels: labels, groups: groups, key: RandomKey(seed: request.seed).child(11)
      )
      .enumerated().map { ("part \($0.offset + 1) of \(count)", $0.element) }
    } else {
      guard let groups else {
        throw DataError.invalidSetting(
          name: "leave-one-out", expected: "beside group-column, which says what is left out",
          found: "alone")
      }
      splits = DataSplit.leavingOneOut(groups)
    }
    return splits.map { name, split in
      (
        name,
        {
          var own = split
          carveValidation(&own, data, request)
          return try plan(data, own, request) { _, _ in }
        }
      )
    }
  }

  private static func plan(
    _ data: LabelledRecords, _ split: DataSplit, _ request: TaskRequest,
    _ progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ClassificationTask> {
    let settings = request.settings
    let records = split.training.map { data.records[$0] }
    var notes = data.notes
    let names = Set(records.compactMap(\.label)).sorted(by: comesFirst)
    guard names.count > 1 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "two or more classes",
        found: names.first.map { "\"\($0)\" alone" } ?? "no sequence")
    }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let labels = records.map { numbers[$0.label ?? ""] ?? 0 }
    notes += classNotes(names, labels, isBalanced: settings[.balance] == true)
    let (featurizer, features, remarks) = try SequenceFeaturizer.fit(
      records, labels: labels, classCount: names.count, settings: SequenceFeaturizer.Settings(settings)
    ) { progress("reading", $0) }
    notes += remarks
    let training = try zip(zip(records, features), labels).map { pair, label in
      guard pair.1.stepCount > 0 else { throw empty(pair.0) }
      return Example(features: pair.1, label: label)
    }
    let lengths = features.map(\.stepCount).sorted()
    notes.append(
      DataNote(
        .found,
        "\(lengths[0]) to \(lengths[lengths.count - 1]) steps, half of them \(lengths[lengths.count / 2]) or more"
      ))
    let shape = Shape(
      kind: featurizer.kind, count: training.count,
      meanLength: Double(lengths.reduce(0, +)) / Double(lengths.count), featureCount: featurizer.featureCount,
      classCount: names.count, vocabularySize: featurizer.vocabularySize ?? 0,
      arePictureRows: data.arePictureRows)
    var task = ClassificationTask(
      featurizer: featurizer, labels: names,
      classifier: try standardNetwork(shape, featurizer: featurizer, settings),
      augmentation: standardAugmentation(shape).applying(settings),
      classWeights: settings[.balance] == true ? ClassWeights.balanced(counts(labels, names.count)) : nil,
      labelSmoothing: Float(settings[.labelSmoothing] ?? (shape.isFewCurves ? 0.1 : 0)),
      focalGamma: Float(settings.value(.focal)))
    task.columns = data.columns
    let fitted = task
    func examples(_ part: [Int]) -> ExampleSource<Example> {
      ExampleSource(count: part.count, name: { data.records[part[$0]].origin }) {
        try fitted.example(data.records[part[$0]], numbers: numbers)
      }
    }
    return TrainingPlan(
      task: task, training: ExampleSource(training), validation: examples(split.validation),
      test: examples(split.test),
      suggested: standardSettings(shape, hasValidation: !split.validation.isEmpty), settings: settings,
      notes: notes, unitName: "sequences")
  }

  /// Classes that are numbers by their size, others by their letters.
  private static func comesFirst(_ a: String, _ b: String) -> Bool {
    if let x = Double(a), let y = Double(b), x != y { return x < y }
    return a < b
  }

  private static func classNotes(_ names: [String], _ labels: [Int], isBalanced: Bool) -> [DataNote] {
    let counts = counts(labels, names.count)
    let shown = zip(names, counts).prefix(12).map { "\($0) \($1)" }.joined(separator: ", ")
    var notes = [
      DataNote(.found, "\(names.count) classes to train on: \(shown)\(names.count > 12 ? ", ..." : "")")
    ]
    let rare = zip(names, counts).filter { $0.1 < 5 }.map(\.0)
    if !rare.isEmpty {
      notes.append(
        DataNote(
          .warning,
          "of \(rare.prefix(8).joined(separator: ", ")) there are fewer than 5 examples to learn from"))
    }
    if let most = counts.max(), let least = counts.min(), most > 10 * least {
      notes.append(
        DataNote(
          isBalanced ? .found : .warning, "the most frequent class has \(most) examples, the rarest \(least)",
          flag: "balance"))
    }
    return notes
  }

  private static func counts(_ labels: [Int], _ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for label in labels { counts[label] += 1 }
    return counts
  }

  private static func empty(_ record: SequenceRecord) -> DataError {
    .malformed(path: record.origin, place: .line(1), expected: "at least one step", found: "none")
  }

  /// A record as an example. A record without a class gets -1.
  private func example(_ record: SequenceRecord, numbers: [String: Int]) throws -> Example {
    let features = try featurizer(record)
    guard features.stepCount > 0 else { throw ClassificationTask.empty(record) }
    guard let label = record.label, !label.isEmpty else { return Example(features: features, label: -1) }
    guard let number = numbers[label] else {
      throw DataError.malformed(
        path: record.origin, place: .line(1),
        expected: "a class of the training part (\(labels.prefix(12).joined(separator: ", ")))",
        found: "\"\(label)\"")
    }
    return Example(features: features, label: number)
  }

  /// The sequences of data; of data that name parts those of the test part where targets are needed.
  public func examples(
    _ paths: [String], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($0.element, $0.offset) })
    let sources = try LabelledSource.all(
      paths, settings.recordColumns(), known: columns, needsTargets: needsTargets,
      readsPixels: settings[.pixels] ?? false)
    return ExampleSource(sources) { record in
      var record = record
      if !needsTargets { record.label = nil }
      return try example(record, numbers: numbers)
    }
  }

  /// Accuracy, F1, calibration and what else is known about classifiers.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let report = ClassificationReport(
      logits: predictions.map(\.scores), labels: examples.map(\.label), names: labels, scaling: scaling)
    return TaskEvaluation(
      metrics: [
        .init("accuracy", report.accuracy.value, low: report.accuracy.low, high: report.accuracy.high),
        .init("macro F1", report.macroF1.value, low: report.macroF1.low, high: report.macroF1.high),
        .init("calibration error before scaling", report.calibrationErrorBefore),
        .init("calibration error", report.calibrationErrorAfter),
      ], lines: report.lines,
      report: report.htmlReport(
        title: "Classification", lead: "\(examples.count) sequences of \(labels.count) classes."
      ).html, details: report, warnings: report.warnings)
  }

  /// The likeliest class, its probability, and the next ones.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    let top = prediction.top(3)
    var fields = [
      Field("input", .text(name)), Field("label", .text(labels[top[0]])),
      Field("probability", .number(prediction.probabilities[top[0]])),
    ]
    for (place, label) in top.enumerated().dropFirst() {
      fields.append(Field("label \(place + 1)", .text(labels[label])))
      fields.append(Field("probability \(place + 1)", .number(prediction.probabilities[label])))
    }
    return [fields]
  }
}
