/// What somebody may say about a regression; nil where the data decide.
public struct RegressionSettings: Sendable, Equatable, Codable {
  var inputColumn, targetColumn, splitColumn, groupColumn, idColumn, time: String?
  var ignoreColumns: [String]?
  var cell: CellCatalog?
  var hidden, layers: Int?
  var causal: Bool?
  var dropout: Double?

  /// Units in a recurrent layer.
  static let standardHiddenSize = 48
  var dateOrder: CalendarTime.PartOrder?
  var decimal: TableFormat.DecimalMark?

  /// Nothing said.
  public init() {}

  var format: TableFormat? { TableFormat(dateOrder: dateOrder, decimal: decimal).filled(from: nil) }

  var columns: RecordColumns {
    RecordColumns(
      input: inputColumn, label: targetColumn, split: splitColumn, group: groupColumn, id: idColumn,
      time: time, ignored: ignoreColumns ?? [], labelKind: .number, format: format)
  }
}

extension RegressionTask: CatalogTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a model that gives a sequence a number: a rating, a dose, hours left."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    ["runs.csv --id-column run --target-column hours --output wear.bundle"]
  }

  /// The settings as flags, in the groups of the help.
  public static var flags: [(title: String, flags: [TaskFlag])] {
    [
      (
        "Data",
        [
          TaskFlag("target-column", .text, value: "name", help: "The column with the number to be told."),
          .inputColumn,
          .splitColumn,
          TaskFlag("group-column", .text, value: "name", help: "A group is never in two parts."),
          TaskFlag(
            "id-column", .text, value: "name", help: "The column that numbers sequences, a row a step."),
          .time,
          .ignoredColumns,
          .dateOrder,
          .decimal,
        ]
      ),
      (
        "Model",
        [
          .cell,
          TaskFlag(
            "hidden", .integer(1...1 << 16), value: "n",
            help: "Units in a recurrent layer (default: \(RegressionSettings.standardHiddenSize))."),
          .layers,
          .causal,
          .dropout,
        ]
      ),
    ]
  }

  /// Reads the data, splits them, fits the featurizer and chooses the model.
  public static func prepare(
    _ request: TaskRequest<RegressionSettings>, progress: (String, Double) -> Void
  ) throws -> TaskPreparation<RegressionTask> {
    let settings = request.settings
    var all: [RecordSource] = []
    for (paths, part) in [
      (request.paths, nil), (request.validationPaths, DataPart.validation), (request.testPaths, .test),
    ] {
      for path in paths {
        var asked = settings.columns
        asked.knownFormat = all.lazy.compactMap(\.columns).first?.format
        all.append(try RecordSource(DataSource(path), columns: asked, part: part))
      }
    }
    let records = RecordSource.joined(all)
    var notes = records.notes
    let split = DataParts(
      sizes: .shares(training: 0.8, validation: 0.1, test: 0.1), keepsGroups: settings.groupColumn != nil,
      seed: request.seed
    ).split(records)
    let training = records.selecting(split.training)
    let values = try (0..<training.count).map { try value(training.label($0), training.name($0)) }
    guard training.count > 1 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "two or more sequences", found: "\(training.count)")
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    if variance == 0 { notes.append(DataNote(.warning, "all numbers of the training part are \(mean)")) }
    let (featurizer, found) = try SequenceFeaturizer.fit(training, labels: nil, classCount: 0) {
      progress("reading", $0)
    }
    // there is no setting for the length
    let remarks = found.map { $0.setting == "length-limit" ? DataNote($0.kind, $0.text) : $0 }
    let convolutions: [ConvolutionConfiguration] =
      switch featurizer.modality {
      case .text: []
      case .pictures: [ConvolutionConfiguration(size: 64, width: 3)]
      case .sound, .series: [ConvolutionConfiguration(size: 48, width: 5)]
      }
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, featureCount: featurizer.featureCount,
      convolutions: convolutions, isCausal: settings.causal ?? false, cell: settings.cell ?? .gru,
      hiddenSize: settings.hidden ?? RegressionSettings.standardHiddenSize,
      layerCount: settings.layers ?? 1, dropoutRate: Float(settings.dropout ?? 0.2))
    network.readPictures(of: featurizer)
    let reader = SequenceClassifierConfiguration(
      network: network, poolings: [.mean, .max, .last], classCount: 1)
    if let objection = reader.objection {
      throw DataError.invalidSetting(name: "the model", expected: "one that can be made", found: objection)
    }
    var task = RegressionTask(
      featurizer: featurizer, reader: reader,
      augmentation: Augmentation(
        noise: featurizer.modality == .text ? 0 : featurizer.modality == .pictures ? 0.02 : 0.03),
      center: mean, scale: variance > 0 ? variance.squareRoot() : 1)
    task.columns = records.columns
    func examples(_ part: [Int]) throws -> [Example] {
      try part.map { index in
        let record = try records.record(index)
        return Example(
          features: try steps(featurizer(record), of: record), value: try value(record.label, record.origin))
      }
    }
    let batchSize = training.count < 400 ? 16 : 50
    let epochs = min(200, max(6, 2000 / max(1, training.count / batchSize)))
    return TaskPreparation(
      task: task,
      training: try examples(split.training), validation: try examples(split.validation),
      test: try examples(split.test),
      settings: TaskSettings(
        batchSize: batchSize,
        training: TrainerSettings(
          epochs: epochs, schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 20), clipNorm: 1,
          averageDecay: 0.99, seed: request.seed)), notes: notes + remarks, unitName: "sequences")
  }

  private static func value(_ label: String?, _ origin: String) throws(DataError) -> Double {
    guard let value = label.flatMap({ Double($0) }), value.isFinite else {
      throw .malformed(
        path: origin, place: .line(1), expected: "a number to be told", found: "\"\(label ?? "")\"")
    }
    return value
  }

  /// The features of a sequence that has some.
  private static func steps(
    _ features: FeatureSequence, of record: Record
  ) throws(DataError) -> FeatureSequence {
    guard features.stepCount > 0 else {
      throw .malformed(path: record.origin, place: .line(1), expected: "at least one step", found: "none")
    }
    return features
  }

  /// Reads sequences to be answered.
  public func input(
    _ paths: [String], settings: RegressionSettings, needsTruth: Bool
  ) throws -> TaskInput<RegressionTask> {
    let sources = try paths.map { path in
      try RecordSource(
        DataSource(path), columns: settings.columns, needsLabels: needsTruth, known: columns)
    }
    return TaskInput(.joined(sources)) { record in
      Example(
        features: try RegressionTask.steps(featurizer(record), of: record),
        value: needsTruth ? try RegressionTask.value(record.label, record.origin) : .nan)
    }
  }

  /// Errors, beside those of saying the mean of the training part of everything.
  public func evaluation(of answers: [Answer], to examples: [Example]) -> TaskEvaluation {
    let items = zip(answers, examples).map { answer, example in
      // there is no seasonal-naive forecast to measure errors by
      ForecastMetrics.Item(truth: example.value, mean: answer.value, quantiles: [], scale: 0)
    }
    let naive = examples.map {
      ForecastMetrics.Item(truth: $0.value, mean: center, quantiles: [], scale: 0)
    }
    let (own, baseline) = (ForecastMetrics(items), ForecastMetrics(naive))
    let inside = zip(answers, examples).count { $0.low <= $1.value && $1.value <= $0.high }
    let share = Double(inside) / Double(max(examples.count, 1))
    return TaskEvaluation(
      figures: [
        .init("mean absolute error", own.mae), .init("root mean squared error", own.rmse),
        .init("mean absolute error of the mean", baseline.mae), .init("within the bounds", share),
      ],
      lines: [
        "items                 \(examples.count)",
        "mean absolute error   \(rounded(own.mae, 4))   (saying the mean: \(rounded(baseline.mae, 4)))",
        "root of mean square   \(rounded(own.rmse, 4))   (saying the mean: \(rounded(baseline.rmse, 4)))",
        "within the bounds     \(rounded(share, 4))   (promised: 0.9)",
      ],
      report: ForecastMetrics.htmlReport(
        title: "Regression", lead: "\(examples.count) sequences.",
        model: NamedForecastMetrics(name: "model", metrics: own),
        baselines: [NamedForecastMetrics(name: "the mean", metrics: baseline)]
      ).html, json: own)
  }

  /// The features of the steps.
  public func stepReader() -> FeatureStream? { featurizer.stream() }

  /// The number so far.
  public func row(of stream: RegressionStream) -> [TaskField] { fields(stream.answer) }

  /// The number with its bounds.
  public func rows(_ answer: Answer, to example: Example, name: String) -> [[TaskField]] {
    [[TaskField("input", .text(name))] + fields(answer)]
  }

  private func fields(_ answer: Answer) -> [TaskField] {
    [
      TaskField("value", .number(answer.value)), TaskField("low", .number(answer.low)),
      TaskField("high", .number(answer.high)),
    ]
  }
}
