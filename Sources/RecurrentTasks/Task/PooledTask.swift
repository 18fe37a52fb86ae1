/// A sequence with one target: the number of its class, or a number; -1 or NaN where it is unknown.
public struct TargetExample<Target: Sendable & Equatable>: FeatureExample, Equatable {
  /// What is read.
  public var features = FeatureSequence(tokens: [])
  /// What is to be predicted.
  public var target: Target

  /// An example.
  public init(features: FeatureSequence, target: Target) {
    (self.features, self.target) = (features, target)
  }
}

/// The target alone: what is read is not written down.
extension TargetExample: Codable where Target: Codable {
  private enum CodingKeys: CodingKey { case target }
}

/// A task that predicts one thing of a whole sequence, from the scores of a ``PooledNetwork``.
public protocol PooledTask: FeatureTask
where
  Model == PooledNetwork, Example == TargetExample<Target>, Session == SteppedSession<PooledHead<Prediction>>
{
  /// What is predicted.
  associatedtype Target: Sendable & Equatable

  /// The network.
  var reader: PooledNetworkConfiguration { get }

  /// The prediction that the scores of a sequence, `[C]`, stand for; with a linear map beside the network its number is behind them.
  func prediction(_ scores: [Float]) -> Prediction
}

extension PooledTask {
  /// The network that reads the features.
  public var network: SequenceNetworkConfiguration { reader.network }

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> PooledNetwork { PooledNetwork(reader, key: key) }

  /// The number of parameters of the network, by its sizes alone.
  public var parameterCount: Int { reader.parameterCount }

  /// The prediction of each example, from the scores `[B, C]` of a batch of them.
  public func predictions(_ model: PooledNetwork, to examples: [Example]) -> [Prediction] {
    wholePredictions(model, to: examples)
  }

  /// The same, whatever a task does with long examples.
  func wholePredictions(_ model: PooledNetwork, to examples: [Example]) -> [Prediction] {
    let count = reader.outputCount
    var both = model(FeatureBatch(examples.map(\.features)))
    if let strands = meanOfStrands {
      both = (both + model(FeatureBatch(examples.map { strands.oppositeStrand($0.features) }))) * 0.5
    }
    let scores = both.scalars
    return examples.indices.map { prediction(Array(scores[$0 * count..<($0 + 1) * count])) }
  }

  /// The beginning of a sequence; each output is the prediction for a sequence that ends there.
  public func session(_ model: PooledNetwork) -> SteppedSession<PooledHead<Prediction>>? {
    let task = self
    return .pooled(model) { task.prediction($0) }
  }
}
