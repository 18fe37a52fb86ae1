extension RegressionTask {
  /// Reads the data, splits them, fits the featurizer and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where the training part has less than two sequences.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<RegressionTask> {
    let settings = request.settings
    let records = try RecordSource.labelled(request, settings.recordColumns(label: .targetColumn))
    var notes = records.notes
    var parting = DataParts(
      sizes: try settings.shares(), keepsGroups: settings[.groupColumn] != nil, sparingCount: 20,
      seed: request.seed)
    parting.windows = try SlidingWindows(records)
    let split = parting.split(records)
    notes += split.notes
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
    let read = task
    let memory = ExampleMemory(featurizer.modality)
    func examples(_ part: RecordSource, isFitted: Bool = false) -> ExampleSource<Example> {
      ExampleSource(part, read.featurizer, isFitted: isFitted, in: memory) {
        Example(features: $1, target: try value($0.label, $0.origin))
      }
    }
    let parts = (
      training: examples(training, isFitted: true), validation: examples(records.selecting(split.validation)),
      test: examples(records.selecting(split.test))
    )
    let baselines = try RegressionBaselines(
      parts.training, validation: parts.validation, test: parts.test, center: task.center, scale: task.scale)
    task.reader.linear = baselines.linear?.reading
    task.residual = baselines.linear.map { ResidualScale(deviation: $0.deviation) }
    task.neighbours = baselines.neighbours
    let batchSize = training.count < 400 ? 16 : 50
    var plan = TrainingPlan(
      task: task, training: parts.training, validation: parts.validation, test: parts.test,
      suggested: TaskSettings(
        batchSize: batchSize,
        training: TrainerSettings(
          epochs: min(200, max(6, 2000 / max(1, training.count / batchSize))),
          schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 20), clipNorm: 1,
          averageDecay: 0.99)), settings: settings, notes: notes + remarks, unitName: "sequences")
    plan.facts = DataFacts(records, targets: records.columns?.roles.label.map { [$0] })
    return plan
  }
}
