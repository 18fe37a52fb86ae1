/// One number for a sequence.
public struct RegressionTask: PooledTask, PartedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "regression"

  /// The second: the network learns what a linear map leaves over. The third: of the sequence as it is.
  public static var trainingVersion: Int { 3 }

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// What reads the sequence; its one score is the number on the scale of the training part, or with a linear map beside it what
  /// this leaves over.
  public var reader: PooledNetworkConfiguration
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// The mean and the deviation of the numbers of the training part.
  public var center, scale: Double
  /// Conformal half-width: nine of ten numbers of the validation part lay no farther from their prediction.
  public var reach: Double
  /// How the network counts beside its linear map; nil where there is none.
  public var residual: ResidualScale?
  /// How nearest neighbours did on the parts to validate and to test.
  public var neighbours: [NeighbourErrors]?
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
  public struct Prediction: Sendable, Equatable, Codable {
    /// The predicted number.
    public var value: Double
    /// The bounds of the number.
    public var low, high: Double
    /// What the linear map alone predicts; nil where there is none.
    public var linear: Double?
  }

  /// A changed example, of which the network learns what the linear map leaves over of the example as it is: else it would learn
  /// most of all to take back what that map makes of the noise.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    var copy = changed(example, key: key)
    guard let linear = reader.linear, copy.features != example.features else { return copy }
    let values = linear.values(FeatureBatch([example.features, copy.features]))
    copy.target += scale * Double(values[1] - values[0])
    return copy
  }

  /// The mean squared error of the scores `[B, 1]`, on the scale of the training part, or of what the linear map leaves over.
  public func loss(
    _ model: PooledNetwork, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let batch = FeatureBatch(examples.map(\.features))
    let linear = reader.linear?.values(batch)
    let unit = residual?.deviation ?? 1
    let targets = examples.enumerated().map { row, example in
      Float(((example.target - center) / scale - Double(linear?[row] ?? 0)) / unit)
    }
    let scores = model.scores(batch, mode: mode)
    return (squaredError(scores, Tensor(targets, shape: [targets.count, 1])), Double(examples.count))
  }

  /// The number that a score `[1]` stands for, with its bounds; with a linear map `[2]`.
  public func prediction(_ scores: [Float]) -> Prediction {
    var value = Double(scores[0])
    var linear: Double?
    if let residual, scores.count > 1 {
      value = Double(scores[1]) + residual.share * residual.deviation * value
      linear = Double(scores[1]) * scale + center
    }
    value = value * scale + center
    return Prediction(value: value, low: value - reach, high: value + reach, linear: linear)
  }

  /// Finds how much the network counts beside the linear map, and fits the bounds (split conformal prediction).
  ///
  /// - Throws: what reading the examples throws.
  public mutating func calibrate(
    _ model: PooledNetwork, on examples: ExampleSource<Example>
  ) throws {
    guard examples.count > 0 else { return }
    residual?.share = 1
    let all = try allPredictions(model, to: examples)
    var values = all.predictions.map(\.value)
    if residual != nil {
      let linear = all.predictions.map { $0.linear ?? 0 }
      let network = zip(values, linear).map { $0 - $1 }
      let share = ResidualScale.share(of: network, left: zip(all.examples, linear).map { $0.target - $1 })
      residual?.share = share
      values = zip(linear, network).map { $0 + share * $1 }
    }
    let distances = zip(values, all.examples).map { abs($0 - $1.target) }
    reach = ConformalIntervals.quantile(distances, ConformalIntervals.regressionCoverage)
  }

  /// The same task without the mean of both strands, which the graph does not compute.
  var ofOneStrand: Self {
    var copy = self
    copy.augmentation.oppositeStrands = nil
    return copy
  }
}
