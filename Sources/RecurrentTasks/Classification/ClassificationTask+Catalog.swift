extension ClassificationTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that gives a sequence one of several labels: text, sound, pictures, numbers."

  /// Arguments of commands that the help shows as examples.
  public static let usages = [
    "reviews/ --output sentiment.bundle",
    "labels.csv --input-column file --label-column digit --output digits.bundle",
    "train.csv --test test.csv --output ecg.bundle",
    "promoters.fasta --reverse-complement --output promoters.bundle",
  ]

  /// Reads the data, splits them, fits the featurizer and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where the training part has less than two classes.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ClassificationTask> {
    let data = try read(request)
    let split = try parts(request, data).split(data)
    var plan = try plan(data, split, request, progress)
    plan.notes += validationNotes(split, data, request.settings)
    return plan
  }

  /// What is said about what validates, where the data name parts and none that does.
  private static func validationNotes(
    _ split: DataSplit, _ data: RecordSource, _ settings: Settings
  ) -> [DataNote] {
    guard !split.validation.isEmpty else {
      let waits = settings[.patience] != nil || settings[.schedule] == .plateau
      return [
        DataNote(
          waits ? .warning : .found,
          "no data are there to validate, and too few to cut some off: the last epoch is taken, probabilities are those of the "
            + "network as they are" + (waits ? ", and nothing is there to wait for" : ""),
          setting: waits ? "patience" : "valid")
      ]
    }
    return split.notes
  }

  /// Cross-validation over all of the data, whatever parts they name.
  ///
  /// - Throws: ``DataError`` or a format error, also where there are less sequences than parts, or no groups to leave out.
  public static func folds(
    _ request: TaskRequest
  ) throws -> [(name: String, plan: () throws -> TrainingPlan<ClassificationTask>)] {
    let settings = request.settings
    guard settings[.folds] != nil || settings[.leaveOneOut] == true else { return [] }
    let data = try read(request)
    let parts = try parts(request, data)
    let splits: [(name: String, split: DataSplit)]
    if let count = settings[.folds] {
      guard count <= data.count else {
        throw DataError.invalidSetting(
          name: "folds", expected: "at most the \(data.count) sequences", found: "\(count)")
      }
      splits = parts.folds(count, of: data).enumerated().map {
        ("part \($0.offset + 1) of \(count)", $0.element)
      }
    } else {
      guard parts.keepsGroups else {
        throw DataError.invalidSetting(
          name: "leave-one-out", expected: "beside `group-column`, which says what is left out",
          found: "alone")
      }
      splits = DataParts.leavingOneOut(of: data)
    }
    return splits.map { name, split in
      (
        name,
        {
          var own = split
          parts.spareValidation(&own, of: data)
          return try plan(data, own, request) { _, _ in }
        }
      )
    }
  }

  private static func plan(
    _ data: RecordSource, _ split: DataSplit, _ request: TaskRequest,
    _ progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ClassificationTask> {
    let settings = request.settings
    let records = data.selecting(split.training).played(at: settings.value(.speeds))
    var notes = data.notes
    let names = Set((0..<records.count).compactMap { records.label($0) }).sorted(by: comesFirst)
    guard names.count > 1 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "two or more classes",
        found: names.first.map { "\"\($0)\" alone" } ?? "no sequence")
    }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let labels = (0..<records.count).map { numbers[records.label($0) ?? ""] ?? 0 }
    notes += classNotes(names, labels, isBalanced: settings[.balance] == true)
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      records, labels: labels, classCount: names.count, settings: featureSettings(settings)
    ) { progress("reading", $0) }
    try featurizer.checkStrands(settings)
    notes += remarks + [featurizer.skeletonNote].compactMap { $0 }
    let memory = ExampleMemory(featurizer.modality)
    let training = ExampleSource(records, featurizer, isFitted: true, in: memory) { record, features in
      Example(features: features, target: numbers[record.label ?? ""] ?? 0)
    }
    let costs = try training.costs(\.features.stepCount)
    let lengths = costs.sorted()
    notes.append(
      DataNote(
        .found,
        "\(lengths[0]) to \(lengths[lengths.count - 1]) steps, half of them \(lengths[lengths.count / 2]) or more"
      ))
    let shape = Shape(
      kind: featurizer.modality, count: training.count,
      meanLength: Double(lengths.reduce(0, +)) / Double(lengths.count), featureCount: featurizer.featureCount,
      classCount: names.count, vocabularySize: featurizer.vocabularySize ?? 0,
      arePictureRows: data.arePictureRows, areBases: featurizer.readsBases)
    var task = ClassificationTask(
      featurizer: featurizer, labels: names,
      classifier: try standardNetwork(shape, featurizer: featurizer, settings),
      augmentation: standardAugmentation(shape).applying(settings),
      classWeights: settings[.balance] == true ? ClassWeights.balanced(counts(labels, names.count)) : nil,
      labelSmoothing: Float(settings[.labelSmoothing] ?? (shape.isFewCurves ? 0.1 : 0)),
      focalGamma: Float(settings.value(.focal)))
    task.columns = data.columns
    task.windowSteps = try windowSteps(
      featurizer.modality, longest: lengths[lengths.count - 1], settings)
    if let steps = task.windowSteps { notes.append(windowNote(steps, settings)) }
    let fitted = task
    func examples(_ part: [Int]) -> ExampleSource<Example> {
      ExampleSource(data.selecting(part), featurizer, in: memory) {
        try fitted.example($0, features: $1, numbers: numbers)
      }
    }
    let known = costs.map { min($0, fitted.windowSteps ?? $0) }
    var plan = TrainingPlan(
      task: task, training: training.knowing(known), validation: examples(split.validation),
      test: examples(split.test),
      suggested: standardSettings(shape, hasValidation: !split.validation.isEmpty), settings: settings,
      notes: notes, unitName: "sequences")
    plan.facts = DataFacts(data, targets: names)
    return plan
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
          setting: "balance"))
    }
    return notes
  }

  private static func counts(_ labels: [Int], _ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for label in labels { counts[label] += 1 }
    return counts
  }

  /// A record as an example. A record without a class gets -1.
  private func example(
    _ record: Record, features: FeatureSequence, numbers: [String: Int]
  ) throws(DataError) -> Example {
    guard let label = record.label, !label.isEmpty else { return Example(features: features, target: -1) }
    guard let number = numbers[label] else {
      throw DataError.malformed(
        path: record.origin, place: .record,
        expected: "a class of the training part (\(labels.prefix(12).joined(separator: ", ")))",
        found: "\"\(label)\"")
    }
    return Example(features: features, target: number)
  }

  /// The sequences of data; of data that name parts those of the test part where targets are needed.
  ///
  /// - Throws: ``DataError`` or a format error, reading a sequence also where it needs a class and has none, or another one than
  ///   those of the training.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($0.element, $0.offset) })
    let records = try RecordSource.labelled(
      data, settings.recordColumns(), known: columns, needsTargets: needsTargets,
      readsPixels: settings[.pixels] ?? false)
    return ExampleSource(records, featurizer, in: ExampleMemory(bytes: 1 << 26)) { record, features in
      var record = record
      if !needsTargets {
        record.label = nil
      } else if record.label?.isEmpty ?? true {
        throw DataError.malformed(path: record.origin, place: .record, expected: "a class", found: "none")
      }
      return try example(record, features: features, numbers: numbers)
    }
  }

  /// Accuracy, F1, calibration and what else is known about classifiers.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    ClassificationReport(
      logits: predictions.map(\.scores), labels: examples.map(\.target), names: labels, scaling: scaling
    ).evaluation(title: "Classification", lead: "\(examples.count) sequences of \(labels.count) classes.")
  }

  /// Whether it was one of the table of the training.
  public func reads(column: String) -> Bool { columns?.names.contains(column) ?? false }

  /// The name of the likeliest class.
  public func text(of prediction: Prediction, to example: Example) -> String { labels[prediction.best] }

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
