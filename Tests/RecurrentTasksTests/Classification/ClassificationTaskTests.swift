import RecurrentTasks
import RecurrentTestSupport
import Testing

struct ClassificationTaskTests {
  /// A model of a kind, and what it is fitted to.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var isCausal = false
    var poolings: [SequencePooling] = [.mean, .max]
    var convolutions: [ConvolutionConfiguration] = []
    var focalGamma: Float = 0
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "both directions"),
    Case(
      name: "causal, convolutions with strides", isCausal: true, poolings: [.mean, .max, .last],
      convolutions: [.init(size: 5, width: 3, stride: 2), .init(size: 4, width: 2)]),
    Case(name: "causal, attention, focal loss", isCausal: true, poolings: [.attention], focalGamma: 2),
    Case(name: "both directions, convolutions", poolings: [.last], convolutions: [.init(size: 5, width: 3)]),
  ]

  static func series(_ steps: Int, channels: Int, seed: UInt64) -> NumericSeries {
    let values = Tensor.random([steps * channels], key: RandomKey(seed: seed)).scalars
    return NumericSeries(channels: (0..<channels).map { "c\($0)" }, values: values)
  }

  @Test(arguments: cases) func promisesHoldForNumbers(_ own: Case) throws {
    let records = [7, 3, 9, 5, 8, 1].enumerated().map { index, steps in
      Record(
        .series(Self.series(steps, channels: 3, seed: UInt64(index))), label: index % 2 == 0 ? "a" : "b",
        origin: "r\(index)")
    }
    let (featurizer, _) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: [0, 1, 0, 1, 0, 1], classCount: 2)
    let features = try records.map { try featurizer($0) }
    var network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, convolutions: own.convolutions, isCausal: own.isCausal,
      hiddenSize: 4)
    network.inputDropoutRate = 0.1
    let task = ClassificationTask(
      featurizer: featurizer, labels: ["a", "b"],
      classifier: PooledNetworkConfiguration(
        network: network, poolings: own.poolings, poolsInputs: true, classCount: 2),
      augmentation: Augmentation(noise: 0.1, stretch: 0.2, scale: 0.1, timeMasks: 1, crop: 0.1),
      classWeights: [1, 2], labelSmoothing: own.focalGamma > 0 ? 0 : 0.1, focalGamma: own.focalGamma)
    try checkTask(
      task,
      examples: zip(features + [features[0].part(0..<0)], 0...).map { .init(features: $0, target: $1 % 2) })
  }

  @Test(arguments: [false, true]) func promisesHoldForText(_ isCausal: Bool) throws {
    let texts = [
      "a fine film", "dull and long , dull", "fine and moving", "a dull film that is too long", "moving",
    ]
    let records = texts.enumerated().map { Record(.text($1), label: "\($0 % 2)", origin: "t\($0)") }
    let (featurizer, _) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: [0, 1, 0, 1, 0], classCount: 2)
    let features = try records.enumerated().map { try featurizer.trainingFeatures($1, index: $0) }
    let network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, embeddingSize: 3, featureCount: featurizer.featureCount,
      isCausal: isCausal, cell: .lstm, hiddenSize: 3, dropoutRate: 0.3)
    let task = ClassificationTask(
      featurizer: featurizer, labels: ["0", "1"],
      classifier: PooledNetworkConfiguration(
        network: network, poolings: SequencePooling.allCases, poolsInputs: true, sumsFeatures: true,
        classCount: 2),
      augmentation: Augmentation(wordDropout: 0.3))
    try checkTask(
      task,
      examples: zip(features + [features[0].part(0..<0)], 0...).map { .init(features: $0, target: $1 % 2) })
  }

  @Test(arguments: [false, true]) func promisesHoldForPictures(_ isCausal: Bool) throws {
    let features = [4, 2, 5, 1, 0].enumerated().map { index, frames in
      let values = RandomKey(seed: UInt64(index)).uniforms(frames * 30).map { UInt8($0 * 255) }
      return FeatureSequence(featureCount: 30, bytes: values)
    }
    var network = SequenceNetworkConfiguration(
      featureCount: 30, convolutions: [.init(size: 4, width: 3)], isCausal: isCausal, hiddenSize: 3)
    (network.pictureHeight, network.pictureWidth, network.pictureSize) = (5, 6, 4)
    network.pictureScale = PictureScale(fitting: features.count) { features[$0] }
    network.pictureConvolutions = [2, 3]
    let task = ClassificationTask(
      featurizer: .pictures(PictureFeaturizer(height: 5, width: 6)), labels: ["x", "y", "z"],
      classifier: PooledNetworkConfiguration(network: network, classCount: 3),
      augmentation: Augmentation(noise: 0.05, shift: 1, flips: true))
    try checkTask(task, examples: zip(features, 0...).map { .init(features: $0, target: $1 % 3) })
  }

  @Test func separableSequencesAreLearnt() throws {
    let records = (0..<40).map { index in
      var series = Self.series(6 + index % 5, channels: 2, seed: UInt64(index))
      // the class is the sign of a peak in the second channel
      series.values[2 * (index % 6) + 1] = index % 2 == 0 ? 6 : -6
      return Record(.series(series), label: index % 2 == 0 ? "up" : "down", origin: "r\(index)")
    }
    let (featurizer, _) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: records.map { $0.label == "up" ? 1 : 0 }, classCount: 2)
    var task = ClassificationTask(
      featurizer: featurizer, labels: ["down", "up"],
      classifier: PooledNetworkConfiguration(
        network: SequenceNetworkConfiguration(featureCount: 2, hiddenSize: 8), classCount: 2))
    let examples = try records.map {
      ClassificationTask.Example(features: try featurizer($0), target: $0.label == "up" ? 1 : 0)
    }
    let plan = TrainingPlan(
      task: task, training: ExampleSource(Array(examples[..<30])), validation: ExampleSource([]),
      test: ExampleSource([]), suggested: .short(batchSize: 10), settings: Settings(), unitName: "sequences")
    var trainer = Trainer(
      problem: try task.problem(plan),
      model: task.makeModel(key: RandomKey(seed: 1)),
      optimizer: OptimizerCatalog.adamw.make(learningRate: 1e-2, weightDecay: 0),
      settings: TrainerSettings(epochs: 30, clipNorm: 1))
    _ = try trainer.run()
    try task.calibrate(trainer.result, on: ExampleSource(Array(examples[30...])))
    let predictions = task.allPredictions(trainer.result, to: Array(examples[30...]))
    #expect(zip(predictions, examples[30...]).allSatisfy { $0.best == $1.target })
    #expect(predictions.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-9 })
  }
}
