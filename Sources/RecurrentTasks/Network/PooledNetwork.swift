/// The parts of a network that gives a sequence scores.
public struct PooledNetworkConfiguration: Sendable, Equatable, Codable {
  /// What reads the sequence.
  public var network: SequenceNetworkConfiguration
  /// How the outputs become one vector; several stand side by side.
  public var poolings: [SequencePooling]
  /// Whether the mean of what the recurrent layers read stands beside them, as in LSTM-FCN (Karim et al. 2018,
  /// arXiv:1709.05206).
  public var poolsInputs: Bool
  /// Whether the sum of the numbers beside the tokens stands beside them: of log-count ratios that is what a naive Bayes
  /// classifier decides by.
  public var sumsFeatures: Bool
  /// Scores: one for each class, or of the one number that is predicted.
  public var classCount: Int
  /// A linear map of the features whose number stands behind the scores; nil for none.
  public var linear: LinearReading?

  /// A network.
  public init(
    network: SequenceNetworkConfiguration, poolings: [SequencePooling] = [.mean, .max],
    poolsInputs: Bool = false,
    sumsFeatures: Bool = false, classCount: Int
  ) {
    (self.network, self.poolings, self.poolsInputs) = (network, poolings, poolsInputs)
    (self.sumsFeatures, self.classCount) = (sumsFeatures, classCount)
  }

  /// Numbers that the network gives of a sequence: the scores, and that of the linear map.
  public var outputCount: Int { classCount + (linear == nil ? 0 : 1) }

  /// The width of the vector that the scores are made from.
  public var pooledSize: Int {
    poolings.count * network.outputSize + (poolsInputs ? network.inputSize : 0)
      + (sumsFeatures ? network.featureCount : 0)
  }

  /// The number of parameters of network, attention and head, by their sizes alone. Asked where there is no ``issue``.
  public var parameterCount: Int {
    let attention = poolings.contains(.attention) ? network.hiddenSize * (network.outputSize + 2) : 0
    return network.parameterCount + attention + classCount * (pooledSize + 1)
  }

  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    guard !poolings.isEmpty, Set(poolings).count == poolings.count, (1...1 << 20).contains(classCount) else {
      return "the classifier has no pooling, or one twice, or no classes"
    }
    return network.issue ?? linear?.issue(featureCount: network.featureCount)
  }
}

/// A sequence to scores: a network, pooling over the steps, a linear map.
public struct PooledNetwork: SequenceModel {
  /// What reads the sequence.
  public var network: SequenceNetwork
  /// Weights of the steps, where they are pooled by attention.
  public var attention: AttentionPooling?
  /// To the scores.
  public var head: Linear
  /// The parts.
  public let configuration: PooledNetworkConfiguration

  /// A network with fresh parameters.
  public init(_ configuration: PooledNetworkConfiguration, key: RandomKey) {
    self.configuration = configuration
    network = SequenceNetwork(configuration.network, key: key.child(0))
    attention =
      configuration.poolings.contains(.attention)
      ? AttentionPooling(
        inputSize: configuration.network.outputSize, size: configuration.network.hiddenSize, key: key.child(1)
      )
      : nil
    head = Linear(
      inputSize: configuration.pooledSize, outputSize: configuration.classCount, key: key.child(2))
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("network", &network)
    visitor.visit("attention", &attention)
    visitor.visit("head", &head)
  }

  /// The scores `[B, C]` of a batch of B sequences; with a linear map its numbers behind them, `[B, C + 1]`.
  public func callAsFunction(_ batch: FeatureBatch, mode: Mode = .inference) -> Tensor {
    guard let linear = configuration.linear else { return scores(batch, mode: mode) }
    let values = Tensor(linear.values(batch), shape: [batch.lengths.count, 1])
    return concatenate([scores(batch, mode: mode), values], axis: 1)
  }

  /// The scores alone, `[B, C]`.
  func scores(_ batch: FeatureBatch, mode: Mode) -> Tensor {
    let (inputs, outputs) = network(batch, mode: mode.child(0))
    let pooled = Dropout(rate: configuration.network.dropoutRate)(
      pooled(outputs, inputs: inputs), mode: mode.child(1))
    guard configuration.sumsFeatures, let values = batch.values else { return head(pooled) }
    return head(concatenate([pooled, sumOverSteps(values)], axis: 1))
  }

  /// One vector for each row: of the outputs `[T', B, H]` and what the recurrent layers read, `[T', B, W]`, to `[B, P]` with P
  /// numbers of all poolings side by side.
  func pooled(_ outputs: Tensor, inputs: SequenceBatch) -> Tensor {
    var parts = configuration.poolings.map { pooling in
      pooling == .attention
        ? attention.map { $0(outputs, lengths: inputs.lengths).pooled } ?? outputs
        : pooling(outputs, lengths: inputs.lengths, isBidirectional: !configuration.network.isCausal)
    }
    if configuration.poolsInputs {
      parts.append(SequencePooling.mean(inputs.values, lengths: inputs.lengths, isBidirectional: false))
    }
    return concatenate(parts, axis: 1)
  }
}
