/// One label for a sequence.
public struct ClassificationTask: PooledTask, PartedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "classification"

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// The classes, in the order of the scores.
  public var labels: [String]
  /// The classifier.
  public var classifier: PooledNetworkConfiguration
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// How much an example of each class counts in training; nil for all the same.
  public var classWeights: [Float]?
  /// The share of the probability that is spread over all classes, whatever their weights (Szegedy et al. 2016).
  public var labelSmoothing: Float
  /// How much less the loss cares for what is right already; see ``focalLoss(_:_:gamma:classWeights:)``.
  public var focalGamma: Float
  /// The steps of the windows that longer sequences are read in; nil for reading all as wholes.
  ///
  /// A training step reads one window that begins anywhere; the scores of a sequence are the mean of those of its windows.
  public var windowSteps: Int?
  /// From scores to probabilities.
  public var scaling: TemperatureScaling
  /// What the columns of the training data were, where these were a table.
  public var columns: TableColumns?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, labels: [String], classifier: PooledNetworkConfiguration,
    augmentation: Augmentation = Augmentation(), classWeights: [Float]? = nil, labelSmoothing: Float = 0,
    focalGamma: Float = 0
  ) {
    (self.featurizer, self.labels, self.classifier) = (featurizer, labels, classifier)
    (self.augmentation, self.classWeights, self.labelSmoothing) = (augmentation, classWeights, labelSmoothing)
    self.focalGamma = focalGamma
    scaling = TemperatureScaling()
  }

  /// The number of a class.
  public typealias Target = Int
  /// A sequence with the number of its class.
  public typealias Example = TargetExample<Int>

  /// The scores and probabilities of all classes.
  public struct Prediction: Sendable, Equatable, Codable {
    /// As the network gives them.
    public var scores: [Float]
    /// Calibrated.
    public var probabilities: [Double]

    /// The class that is likeliest.
    public var best: Int { scores.argmax }

    /// The classes by falling probability, at most `count`.
    public func top(_ count: Int) -> [Int] {
      Array(scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count))
    }
  }

  /// The classifier.
  public var reader: PooledNetworkConfiguration { classifier }

  /// The mean cross-entropy, or focal loss, of the scores `[B, C]`.
  public func loss(
    _ model: PooledNetwork, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let scores: Tensor
    // those of a training step are windows already
    if case .inference = mode, examples.contains(where: isLong) {
      scores = Tensor(
        examples.flatMap { self.scores(model, of: $0) }, shape: [examples.count, self.labels.count])
    } else {
      scores = model(FeatureBatch(examples.map(\.features)), mode: mode)
    }
    let labels = Indices(examples.map { Int32($0.target) })
    let weight = examples.reduce(0) { $0 + Double(classWeights?[$1.target] ?? 1) }
    if focalGamma > 0 {
      return (focalLoss(scores, labels, gamma: focalGamma, classWeights: classWeights), weight)
    }
    var smoothing: Float = 0
    if case .training = mode { smoothing = labelSmoothing }
    if let classWeights, smoothing > 0 {
      let loss = ClassWeights.smoothedLoss(
        scores, examples.map(\.target), weights: classWeights, smoothing: smoothing)
      return (loss, weight)
    }
    let weights = classWeights.map { Tensor($0) }
    return (crossEntropy(scores, labels, classWeights: weights, labelSmoothing: smoothing), weight)
  }

  /// The scores `[C]` with their calibrated probabilities.
  public func prediction(_ scores: [Float]) -> Prediction {
    Prediction(scores: scores, probabilities: scaling.probabilities(scores))
  }

  /// Fits the temperature.
  ///
  /// - Throws: what reading the examples throws.
  public mutating func calibrate(
    _ model: PooledNetwork, on examples: ExampleSource<Example>
  ) throws {
    guard examples.count > 0 else { return }
    let all = try allPredictions(model, to: examples)
    scaling = TemperatureScaling(
      fitting: all.predictions.map(\.scores), labels: all.examples.map(\.target), priorWeight: 4)
  }

  /// The same task without the mean of both strands, which the graph does not compute.
  var ofOneStrand: Self {
    var copy = self
    copy.augmentation.oppositeStrands = nil
    return copy
  }
}
