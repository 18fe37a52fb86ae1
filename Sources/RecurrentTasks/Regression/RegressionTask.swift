/// One number for a sequence.
public struct RegressionTask: FeatureTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "regression"

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// What reads the sequence; its one score is the number on the scale of the training part.
  public var reader: SequenceClassifierConfiguration
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// The mean and the deviation of the numbers of the training part.
  public var center, scale: Double
  /// How far nine of ten numbers of the validation part lay from what was said (split conformal prediction).
  public var reach: Double
  /// What the columns of the training data were, where these were a table.
  public var columns: TableColumns?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, reader: SequenceClassifierConfiguration,
    augmentation: Augmentation = Augmentation(),
    center: Double, scale: Double
  ) {
    self.featurizer = featurizer
    self.reader = reader
    self.augmentation = augmentation
    self.center = center
    self.scale = scale
    reach = 1.645 * scale
  }

  /// A sequence with its number.
  public struct Example: FeatureExample, Equatable {
    /// What is read.
    public var features: FeatureSequence
    /// Its number; NaN where nobody says.
    public var value: Double

    /// An example.
    public init(features: FeatureSequence, value: Double) {
      self.features = features
      self.value = value
    }
  }

  /// A number, and between which bounds it lies in nine of ten cases.
  public struct Prediction: Sendable, Equatable {
    /// What is said.
    public var value: Double
    /// The bounds.
    public var low, high: Double
  }

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> SequenceClassifier { SequenceClassifier(reader, key: key) }

  /// Of the network.
  public var parameterCount: Int { reader.parameterCount }

  /// That of the reader.
  public var network: SequenceNetworkConfiguration { reader.network }

  /// The mean squared error on the scale of the training part.
  public func loss(
    _ model: SequenceClassifier, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let scores = model(FeatureBatch(examples.map(\.features)), mode: mode)
    let targets = examples.map { Float(($0.value - center) / scale) }
    return (squaredError(scores, Tensor(targets, shape: [targets.count, 1])), Double(examples.count))
  }

  /// Numbers with their bounds.
  public func predictions(_ model: SequenceClassifier, to examples: [Example]) -> [Prediction] {
    model(FeatureBatch(examples.map(\.features))).scalars.map(prediction)
  }

  func prediction(_ score: Float) -> Prediction {
    let value = Double(score) * scale + center
    return Prediction(value: value, low: value - reach, high: value + reach)
  }

  /// Fits the bounds.
  public mutating func calibrate(
    _ model: SequenceClassifier, on examples: ExampleSource<Example>
  ) throws {
    guard examples.count > 0 else { return }
    let all = try allPredictions(model, to: examples)
    let distances = zip(all.predictions, all.examples).map { abs($0.value - $1.value) }.sorted()
    let rank = Int((Double(distances.count + 1) * 0.9).rounded(.up))
    reach = distances[min(rank, distances.count) - 1]
  }

}
