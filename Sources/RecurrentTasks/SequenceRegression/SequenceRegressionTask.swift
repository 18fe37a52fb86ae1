/// One or more numbers at each step of a sequence: the loads on a joint, the outputs of a system for its inputs.
public struct SequenceRegressionTask: FeatureTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "sequence-regression"

  /// From the inputs of a step to features; of numbers.
  public var featurizer: SequenceFeaturizer
  /// The columns to predict, D of them, in the order of the outputs.
  public var targets: [String]
  /// The network; none of its convolutions has a stride.
  public var network: SequenceNetworkConfiguration
  /// The scale of each target in the training part.
  public var scaler: ChannelScaler
  /// The deviation of noise on the features in training, on their common scale.
  public var noise: Float
  /// Conformal half-width of each target: nine of ten numbers of the validation part lay no farther from their prediction.
  public var halfWidths: [Double]
  /// The columns that were named in training: further data are read alike.
  public var columns: RecordingColumns?
  /// How dates and numbers of the training tables are written, where that was a question.
  public var format: TableFormat?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, targets: [String], network: SequenceNetworkConfiguration,
    scaler: ChannelScaler, noise: Float = 0
  ) {
    self.featurizer = featurizer
    self.targets = targets
    self.network = network
    self.scaler = scaler
    self.noise = noise
    // nine of ten numbers of a normal distribution, before anything is known about the errors
    halfWidths = scaler.scales.map { 1.645 * $0 }
  }

  /// A sequence with its targets.
  public struct Example: FeatureExample, Equatable {
    /// What is read.
    public var features: FeatureSequence
    /// Step by step all targets, `[step * D + target]`; NaN where one is unknown.
    public var targets: [Float]

    /// An example.
    public init(features: FeatureSequence, targets: [Float]) {
      self.features = features
      self.targets = targets
    }
  }

  /// All targets at each step of a sequence, and between which bounds they lie in nine of ten cases.
  public struct Prediction: Sendable, Equatable {
    /// Step by step all targets, `[step * D + target]`.
    public var values: [Double]
    /// How far the bounds of each target are from its value, `[D]`.
    public var halfWidths: [Double]

    /// The value of a target at a step with its bounds.
    public func interval(_ target: Int, at step: Int) -> (value: Double, low: Double, high: Double) {
      let value = values[step * halfWidths.count + target]
      return (value, value - halfWidths[target], value + halfWidths[target])
    }
  }

  /// Noise alone: targets stay at their steps.
  public var augmentation: Augmentation { Augmentation(noise: noise) }

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> SequenceTagger {
    SequenceTagger(network, labelCount: targets.count, usesCRF: false, key: key)
  }

  /// The number of parameters of network and head, by their sizes alone.
  public var parameterCount: Int { network.parameterCount + targets.count * (network.outputSize + 1) }

  /// The bytes of the features and of the targets `[T, D]`.
  public func memory(of example: Example) -> Int { example.features.byteCount + 4 * example.targets.count }

  /// The mean squared error of the scores `[T, B, D]` where targets are known, on the scale of the training part; its weight is
  /// the number of these.
  public func loss(
    _ model: SequenceTagger, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let (scores, lengths) = model(FeatureBatch(examples.map(\.features)), mode: mode)
    let (batch, width) = (examples.count, targets.count)
    var values = [Float](repeating: 0, count: scores.count)
    var mask = values
    var count = 0
    for (row, example) in examples.enumerated() {
      for index in 0..<lengths[row] * width where example.targets[index].isFinite {
        let place = (index / width * batch + row) * width + index % width
        values[place] = scaler.scaled(example.targets[index], channel: index % width)
        mask[place] = 1
        count += 1
      }
    }
    let differences = (scores - Tensor(values, shape: scores.shape)) * Tensor(mask, shape: scores.shape)
    return (square(differences).sum() * (count > 0 ? 1 / Float(count) : 0), Double(count))
  }

  /// The targets at each step, with their bounds.
  public func predictions(_ model: SequenceTagger, to examples: [Example]) -> [Prediction] {
    let (scores, lengths) = model(FeatureBatch(examples.map(\.features)))
    let (values, batch, width) = (scores.scalars, examples.count, targets.count)
    return examples.indices.map { row in
      prediction(
        (0..<lengths[row]).flatMap { step in
          let start = (step * batch + row) * width
          return values[start..<start + width]
        })
    }
  }

  /// The prediction of scores `[step * D + target]`.
  func prediction(_ scores: [Float]) -> Prediction {
    let width = targets.count
    return Prediction(
      values: scores.enumerated().map { index, score in
        Double(score) * scaler.scales[index % width] + scaler.centers[index % width]
      }, halfWidths: halfWidths)
  }

  /// Fits the bounds (split conformal prediction).
  ///
  /// - Throws: what reading the sequences throws.
  public mutating func calibrate(_ model: SequenceTagger, on source: ExampleSource<Example>) throws {
    let all = try allPredictions(model, to: source)
    for target in targets.indices {
      let distances = zip(all.predictions, all.examples).flatMap { prediction, example in
        known(target, of: example).map { abs(prediction.interval(target, at: $0.step).value - $0.value) }
      }
      guard !distances.isEmpty else { continue }
      halfWidths[target] = ConformalIntervals.quantile(distances, ConformalIntervals.regressionCoverage)
    }
  }

  /// The steps at which a target is known, with its values.
  func known(_ target: Int, of example: Example) -> [(step: Int, value: Double)] {
    stride(from: target, to: example.targets.count, by: targets.count).compactMap { index in
      let value = example.targets[index]
      return value.isFinite ? (index / targets.count, Double(value)) : nil
    }
  }

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try ValueIssue.check("targets", distinct: targets)
      try ValueIssue.check("the count of targets", targets.count, in: 1...1 << 16)
      try ValueIssue.check(
        featurizer.modality == .series, "featurizer is for \(featurizer.modality), expected numbers")
      try network.check(beside: featurizer)
      try ValueIssue.check("network.stride", network.stride, equals: 1, "a prediction for each step")
      try scaler.check("scaler", channels: targets.count)
      try augmentation.check()
      try ValueIssue.check(
        "the count of halfWidths", halfWidths.count, equals: targets.count, "that of the targets")
      try ValueIssue.check("halfWidths", each: halfWidths, in: 0...1e300)
    }
  }
}
