/// One label for a sequence.
public struct ClassificationTask: FeatureTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "classification"

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// The classes, in the order of the scores.
  public var labels: [String]
  /// The classifier.
  public var classifier: SequenceClassifierConfiguration
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// How much an example of each class counts in training; nil for all the same.
  public var classWeights: [Float]?
  /// The share of the probability that is spread over all classes, whatever their weights (Szegedy et al. 2016).
  public var labelSmoothing: Float
  /// How much less the loss cares for what is right already; see ``focalLoss(_:_:gamma:classWeights:)``.
  public var focalGamma: Float
  /// From scores to probabilities.
  public var scaling: TemperatureScaling
  /// What the columns of the training data were, where these were a table.
  public var columns: TableColumns?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, labels: [String], classifier: SequenceClassifierConfiguration,
    augmentation: Augmentation = Augmentation(), classWeights: [Float]? = nil, labelSmoothing: Float = 0,
    focalGamma: Float = 0
  ) {
    self.featurizer = featurizer
    self.labels = labels
    self.classifier = classifier
    self.augmentation = augmentation
    self.classWeights = classWeights
    self.labelSmoothing = labelSmoothing
    self.focalGamma = focalGamma
    scaling = TemperatureScaling()
  }

  /// A sequence with its class.
  public struct Example: FeatureExample, Equatable {
    /// What is read.
    public var features: FeatureSequence
    /// The number of its class.
    public var label: Int

    /// An example.
    public init(features: FeatureSequence, label: Int) {
      self.features = features
      self.label = label
    }
  }

  /// The scores and probabilities of all classes.
  public struct Prediction: Sendable, Equatable {
    /// As the network gives them.
    public var scores: [Float]
    /// Calibrated.
    public var probabilities: [Double]

    /// The class that is likeliest.
    public var best: Int {
      scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    }

    /// The classes by falling probability, at most `count`.
    public func top(_ count: Int) -> [Int] {
      Array(scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count))
    }
  }

  /// A classifier with fresh parameters.
  public func makeModel(key: RandomKey) -> SequenceClassifier { SequenceClassifier(classifier, key: key) }

  /// Scalars of all parameters of the classifier.
  public var parameterCount: Int { classifier.parameterCount }

  /// That of the classifier.
  public var network: SequenceNetworkConfiguration { classifier.network }

  /// The mean cross-entropy, or focal loss.
  public func loss(
    _ model: SequenceClassifier, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let scores = model(FeatureBatch(examples.map(\.features)), mode: mode)
    let labels = Indices(examples.map { Int32($0.label) })
    let weight = examples.reduce(0) { $0 + Double(classWeights?[$1.label] ?? 1) }
    if focalGamma > 0 {
      return (focalLoss(scores, labels, gamma: focalGamma, classWeights: classWeights), weight)
    }
    var smoothing: Float = 0
    if case .training = mode { smoothing = labelSmoothing }
    if let classWeights, smoothing > 0 {
      let loss = ClassWeights.smoothedLoss(
        scores, examples.map(\.label), weights: classWeights, smoothing: smoothing)
      return (loss, weight)
    }
    let weights = classWeights.map { Tensor($0) }
    return (crossEntropy(scores, labels, classWeights: weights, labelSmoothing: smoothing), weight)
  }

  /// Scores and probabilities.
  public func predictions(_ model: SequenceClassifier, to examples: [Example]) -> [Prediction] {
    let scores = model(FeatureBatch(examples.map(\.features))).scalars
    let count = labels.count
    return examples.indices.map { prediction(Array(scores[$0 * count..<($0 + 1) * count])) }
  }

  func prediction(_ scores: [Float]) -> Prediction {
    Prediction(scores: scores, probabilities: scaling.probabilities(scores))
  }

  /// Fits the temperature.
  public mutating func calibrate(
    _ model: SequenceClassifier, on examples: ExampleSource<Example>
  ) throws {
    guard examples.count > 0 else { return }
    let all = try allPredictions(model, to: examples)
    scaling = TemperatureScaling(
      fitting: all.predictions.map(\.scores), labels: all.examples.map(\.label), priorWeight: 4)
  }

}
