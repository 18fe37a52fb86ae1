import RecurrentReports

extension RegressionTask {
  /// What the task learns, in the sentence that the help begins with.
  public static let summary =
    "Train a model that gives a sequence a number: a rating, a dose, hours left."

  /// Arguments of commands that the help shows as examples.
  public static let usages = ["runs.csv --id-column run --target-column hours --output wear.bundle"]

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.inputColumn, Setting.targetColumn, Setting.splitColumn, Setting.groupColumn,
          Setting.idColumn,
          Setting.time, Setting.ignoredColumns, Setting.dateOrder, Setting.decimal, Setting.split,
        ]),
      .tables,
      SettingsGroup(
        "Features",
        [
          Setting.unit, Setting.k, Setting.softMask, Setting.lengthLimit, Setting.scaling, Setting.ranges,
          Setting.bands,
          Setting.coefficients,
          Setting.deltas, Setting.level,
          Setting.sampleRate, Setting.stack, Setting.stride,
        ]),
      SettingsGroup(
        "Model",
        [
          Setting.cell, Setting.hidden.describing(standard: standardHiddenSize), Setting.layers,
          Setting.embedding,
          Setting.convolutions, Setting.pictureConvolutions, Setting.causal, Setting.dropout,
        ]),
      .cell,
      SettingsGroup(
        "Augmentation",
        [
          Setting.noise, Setting.stretch, Setting.scale, Setting.shift, Setting.brightness,
          Setting.frameJitter,
          Setting.speeds, Setting.reverseComplement,
        ]),
    ]
  }

  /// Units in a recurrent layer.
  static let standardHiddenSize = 48

  /// Reads the data, splits them, fits the featurizer and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where the training part has less than two sequences.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<RegressionTask> {
    let settings = request.settings
    let records = try RecordSource.labelled(request, settings.recordColumns(label: .targetColumn))
    var notes = records.notes
    let split = DataParts(
      sizes: try settings.shares(), keepsGroups: settings[.groupColumn] != nil, seed: request.seed
    ).split(records)
    let training = records.selecting(split.training).played(at: settings.value(.speeds))
    let values = try (0..<training.count).map { try value(training.label($0), training.name($0)) }
    guard training.count > 1 else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "two or more sequences", found: "\(training.count)")
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    if variance == 0 { notes.append(DataNote(.warning, "all numbers of the training part are \(mean)")) }
    let (featurizer, remarks) = try SequenceFeaturizer.fit(
      training, labels: nil, classCount: 0, settings: FeatureSettings(settings)
    ) { progress("reading", $0) }
    try featurizer.checkStrands(settings)
    let convolutions: [ConvolutionConfiguration] =
      switch featurizer.modality {
      case .text where featurizer.readsBases:
        [ConvolutionConfiguration](repeating: ConvolutionConfiguration(size: 48, width: 7), count: 2)
      case .text: []
      case .pictures: [ConvolutionConfiguration(size: 64, width: 3)]
      case .sound, .series, .strokes: [ConvolutionConfiguration(size: 48, width: 5)]
      }
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, featureCount: featurizer.featureCount,
      convolutions: convolutions, hiddenSize: standardHiddenSize, dropoutRate: 0.2)
    try network.apply(settings, reading: featurizer)
    let reader = PooledNetworkConfiguration(
      network: network, poolings: [.mean, .max, .last], classCount: 1)
    let noise: Float = featurizer.modality == .text ? 0 : featurizer.modality == .pictures ? 0.02 : 0.03
    var task = RegressionTask(
      featurizer: featurizer, reader: reader, augmentation: Augmentation(noise: noise).applying(settings),
      center: mean, scale: variance > 0 ? variance.squareRoot() : 1)
    task.columns = records.columns
    let fitted = task
    let memory = ExampleMemory(featurizer.modality)
    func examples(_ part: RecordSource, isFitted: Bool = false) -> ExampleSource<Example> {
      ExampleSource(part, fitted.featurizer, isFitted: isFitted, in: memory) {
        Example(features: $1, target: try value($0.label, $0.origin))
      }
    }
    let batchSize = training.count < 400 ? 16 : 50
    var plan = TrainingPlan(
      task: task,
      training: examples(training, isFitted: true), validation: examples(records.selecting(split.validation)),
      test: examples(records.selecting(split.test)),
      suggested: TaskSettings(
        batchSize: batchSize,
        training: TrainerSettings(
          epochs: min(200, max(6, 2000 / max(1, training.count / batchSize))),
          schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 20), clipNorm: 1,
          averageDecay: 0.99)), settings: settings, notes: notes + remarks, unitName: "sequences")
    plan.facts = DataFacts(records, targets: records.columns?.roles.label.map { [$0] })
    return plan
  }

  private static func value(_ label: String?, _ origin: String) throws(DataError) -> Double {
    guard let value = label.flatMap({ Double($0) }), value.isFinite else {
      throw .malformed(
        path: origin, place: .line(1), expected: "a number to predict", found: "\"\(label ?? "")\"")
    }
    return value
  }

  /// The sequences of data; of data that name parts those of the test part where targets are needed.
  ///
  /// - Throws: ``DataError`` or a format error, reading a sequence also where it needs a number and has none.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let records = try RecordSource.labelled(
      data, settings.recordColumns(label: .targetColumn), known: columns, needsTargets: needsTargets)
    return ExampleSource(records, featurizer, in: ExampleMemory(bytes: 1 << 26)) {
      Example(
        features: $1, target: needsTargets ? try RegressionTask.value($0.label, $0.origin) : .nan)
    }
  }

  /// Errors, beside those of the mean of the training part, and the coverage of the bounds.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let items = zip(predictions, examples).map { prediction, example in
      // there is no seasonal-naive forecast to measure errors by
      ForecastMetrics.Item(truth: example.target, mean: prediction.value, quantiles: [], scale: 0)
    }
    let naive = examples.map {
      ForecastMetrics.Item(truth: $0.target, mean: center, quantiles: [], scale: 0)
    }
    let (own, baseline) = (ForecastMetrics(items), ForecastMetrics(naive))
    let inside = zip(predictions, examples).count { $0.low <= $1.target && $1.target <= $0.high }
    let coverage = Double(inside) / Double(max(examples.count, 1))
    return TaskEvaluation(
      metrics: [
        .init("mean absolute error", own.mae), .init("root mean squared error", own.rmse),
        .init("mean absolute error of the mean", baseline.mae), .init("coverage", coverage),
      ],
      lines: [
        "items                 \(examples.count)",
        "mean absolute error   \(rounded(own.mae, 4))   (of the mean: \(rounded(baseline.mae, 4)))",
        "root of mean square   \(rounded(own.rmse, 4))   (of the mean: \(rounded(baseline.rmse, 4)))",
        "coverage              \(rounded(coverage, 4))   (nominal: \(ConformalIntervals.regressionCoverage))",
      ],
      report: ForecastMetrics.htmlReport(
        title: "Regression", lead: "\(examples.count) sequences.",
        model: NamedForecastMetrics(name: "model", metrics: own),
        baselines: [NamedForecastMetrics(name: "the mean", metrics: baseline)]
      ).html, details: own)
  }

  /// Whether it was one of the table of the training.
  public func reads(column: String) -> Bool { columns?.names.contains(column) ?? false }

  /// The number with its bounds.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    [[Field("input", .text(name))] + fields(prediction)]
  }

  func fields(_ prediction: Prediction) -> [Field] {
    [
      Field("value", .number(prediction.value)), Field("low", .number(prediction.low)),
      Field("high", .number(prediction.high)),
    ]
  }
}
