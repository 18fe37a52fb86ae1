import RecurrentTestSupport

@testable import RecurrentTasks

/// Small causal models of series, for tests of their sessions.
enum SessionCases {
  static let key = RandomKey(seed: 11)

  static let network = SequenceNetworkConfiguration(
    featureCount: 3, convolutions: [.init(size: 5, width: 3, stride: 2), .init(size: 7, width: 2)],
    isCausal: true, hiddenSize: 6, layerCount: 2)

  static var featurizer: SequenceFeaturizer {
    .series(
      SeriesFeaturizer(
        channels: ["a", "b", "c"],
        scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1], [0, 1]]),
        missing: MissingValues(marksMissing: false)))
  }

  static func classification(_ poolings: [SequencePooling] = [.mean, .max, .last]) -> ClassificationTask {
    ClassificationTask(
      featurizer: featurizer, labels: ["x", "y"],
      classifier: PooledNetworkConfiguration(
        network: network, poolings: poolings, poolsInputs: true, classCount: 2))
  }

  static var regression: RegressionTask {
    RegressionTask(
      featurizer: featurizer,
      reader: PooledNetworkConfiguration(network: network, poolings: [.mean], classCount: 1), center: 1,
      scale: 2)
  }

  /// - Parameter hasEvents: whether it finds events instead of labels.
  static func tagging(usesCRF: Bool = false, hasEvents: Bool = false) -> TaggingTask {
    TaggingTask(
      featurizer: featurizer, labels: ["", "y", "z"], network: network, usesCRF: usesCRF,
      picker: hasEvents ? EventPicker(threshold: 0.66, minimumGap: 0.2, hasExtent: true) : nil, rate: 8,
      delay: 1)
  }

  static func steps(_ count: Int, seed: Int = 0) -> [FeatureSequence] {
    (0..<count).map { step in
      let numbers = key.child(seed).child(step).uniforms(3).map { 4 * $0 - 2 }
      return FeatureSequence(featureCount: 3, values: numbers)
    }
  }

  static func languageModel() throws -> (task: LanguageModelTask, model: LanguageModel) {
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: ["abcdefgh \n"])
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
    (configuration.sequenceLength, configuration.dropoutRate) = (4, 0.1)
    let task = LanguageModelTask(configuration: configuration, vocabulary: vocabulary)
    return (task, task.makeModel(key: key))
  }
}
