/// One number for a sequence.
public struct RegressionTask: PooledTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "regression"

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// What reads the sequence; its one score is the number on the scale of the training part.
  public var reader: PooledNetworkConfiguration
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// The mean and the deviation of the numbers of the training part.
  public var center, scale: Double
  /// Conformal half-width: nine of ten numbers of the validation part lay no farther from their prediction.
  public var reach: Double
  /// What the columns of the training data were, where these were a table.
  public var columns: TableColumns?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, reader: PooledNetworkConfiguration,
    augmentation: Augmentation = Augmentation(),
    center: Double, scale: Double
  ) {
    (self.featurizer, self.reader, self.augmentation) = (featurizer, reader, augmentation)
    (self.center, self.scale) = (center, scale)
    reach = 1.645 * scale
  }

  /// A number.
  public typealias Target = Double
  /// A sequence with its number.
  public typealias Example = TargetExample<Double>

  /// A number, and between which bounds it lies in nine of ten cases.
  public struct Prediction: Sendable, Equatable {
    /// The predicted number.
    public var value: Double
    /// The bounds of the number.
    public var low, high: Double
  }

  /// The mean squared error of the scores `[B, 1]`, on the scale of the training part.
  public func loss(
    _ model: PooledNetwork, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let scores = model(FeatureBatch(examples.map(\.features)), mode: mode)
    let targets = examples.map { Float(($0.target - center) / scale) }
    return (squaredError(scores, Tensor(targets, shape: [targets.count, 1])), Double(examples.count))
  }

  /// The number that a score `[1]` stands for, with its bounds.
  public func prediction(_ scores: [Float]) -> Prediction {
    let value = Double(scores[0]) * scale + center
    return Prediction(value: value, low: value - reach, high: value + reach)
  }

  /// Fits the bounds (split conformal prediction).
  ///
  /// - Throws: what reading the examples throws.
  public mutating func calibrate(
    _ model: PooledNetwork, on examples: ExampleSource<Example>
  ) throws {
    guard examples.count > 0 else { return }
    let all = try allPredictions(model, to: examples)
    let distances = zip(all.predictions, all.examples).map { abs($0.value - $1.target) }
    reach = ConformalIntervals.quantile(distances, ConformalIntervals.regressionCoverage)
  }

  /// The same task without the mean of both strands, which the graph does not compute.
  var ofOneStrand: Self {
    var copy = self
    copy.augmentation.oppositeStrands = nil
    return copy
  }
}
