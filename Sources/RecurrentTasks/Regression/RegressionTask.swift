/// One number for a sequence.
public struct RegressionTask: BatchedTask, Equatable {
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
  public struct Example: Sendable, Equatable {
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

  /// Steps of the features.
  public func cost(of example: Example) -> Int { example.features.stepCount }

  /// An example with its features changed as the augmentation says.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    var copy = example
    copy.features = augmentation(example.features, picture: reader.network.picture, key: key)
    return copy
  }

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
    let all = try examples.all()
    let distances = zip(allPredictions(model, to: all), all).map { abs($0.value - $1.value) }.sorted()
    let rank = Int((Double(distances.count + 1) * 0.9).rounded(.up))
    reach = distances[min(rank, distances.count) - 1]
  }

  /// Whether the network looks back alone.
  public var isCausal: Bool { reader.network.isCausal }

  /// The beginning of a sequence.
  public func stream(_ model: SequenceClassifier) -> RegressionStream? {
    RegressionStream(task: self, model: model)
  }

  /// The features of each step.
  public func steps(of example: Example) -> [FeatureSequence] {
    (0..<example.features.stepCount).map { example.features.part($0..<$0 + 1) }
  }
}

/// A number for a sequence while it comes in, with the bits that the whole gives.
public struct RegressionStream: SequenceStream {
  /// The task whose predictions these are.
  public typealias Task = RegressionTask

  private let task: RegressionTask
  private var reader: SequenceClassifierStream

  init?(task: RegressionTask, model: SequenceClassifier) {
    guard let reader = SequenceClassifierStream(model) else { return nil }
    self.task = task
    self.reader = reader
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) { reader.push(step) }

  /// The number after the steps so far.
  public var prediction: RegressionTask.Prediction { task.prediction(reader.scores[0]) }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get { reader.state }
    set { reader.state = newValue }
  }
}
