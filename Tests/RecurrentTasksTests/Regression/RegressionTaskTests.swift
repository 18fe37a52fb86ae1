import RecurrentTasks
import RecurrentTestSupport
import Testing

struct RegressionTaskTests {
  @Test(arguments: [(true, 0), (false, 0), (true, 2), (false, 2), (true, 8)])
  func promisesHold(_ isCausal: Bool, _ linearSteps: Int) throws {
    let features = [6, 3, 9, 5, 1, 0].enumerated().map { index, steps in
      FeatureSequence(
        featureCount: 2, values: Tensor.random([steps * 2], key: RandomKey(seed: UInt64(index))).scalars)
    }
    let featurizer = SeriesFeaturizer(
      channels: ["a", "b"], scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]]),
      missing: MissingValues(marksMissing: false))
    let network = SequenceNetworkConfiguration(
      featureCount: 2, convolutions: [.init(size: 3, width: 2)], isCausal: isCausal, hiddenSize: 3)
    var task = RegressionTask(
      featurizer: .series(featurizer),
      reader: PooledNetworkConfiguration(network: network, poolings: [.mean, .last], classCount: 1),
      augmentation: Augmentation(noise: 0.1), center: 3, scale: 2)
    if linearSteps > 0 {
      let weights = Tensor.random([2 * (linearSteps + 1) + 1], key: RandomKey(seed: 9)).scalars
      task.reader.linear = LinearReading(steps: linearSteps, featureCount: 2, weights: weights)
      task.residual = ResidualScale(deviation: 0.3, share: 0.7)
    }
    try checkTask(task, examples: zip(features, 0...).map { .init(features: $0, target: Double($1)) })
  }
}
