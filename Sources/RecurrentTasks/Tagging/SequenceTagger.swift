/// A sequence to scores of labels at each step: a network, a linear map, and where asked for a conditional random field over
/// the labels that follow each other.
public struct SequenceTagger: SequenceModel {
  /// What reads the sequence.
  public var network: SequenceNetwork
  /// To the scores.
  public var head: Linear
  /// To the scores of an auxiliary loss, which only a training reads; nil for none.
  public var auxiliaryHead: Linear?
  /// Which label may follow which; nil for steps by themselves.
  public var field: ConditionalRandomField?

  /// A tagger with fresh parameters; with `auxiliaryCount` outputs of its ``auxiliaryHead``, 0 for none.
  public init(
    _ configuration: SequenceNetworkConfiguration, labelCount: Int, usesCRF: Bool, auxiliaryCount: Int = 0,
    key: RandomKey
  ) {
    network = SequenceNetwork(configuration, key: key.child(0))
    head = Linear(inputSize: configuration.outputSize, outputSize: labelCount, key: key.child(1))
    field = usesCRF ? ConditionalRandomField(labelCount: labelCount, key: key.child(2)) : nil
    auxiliaryHead =
      auxiliaryCount > 0
      ? Linear(inputSize: configuration.outputSize, outputSize: auxiliaryCount, key: key.child(3)) : nil
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("network", &network)
    visitor.visit("head", &head)
    visitor.visit("field", &field)
    visitor.visit("auxiliaryHead", &auxiliaryHead)
  }

  /// Scores of labels `[T', B, L]`, and the lengths of the rows in steps of the output.
  public func callAsFunction(_ batch: FeatureBatch, mode: Mode = .inference) -> (
    scores: Tensor, lengths: [Int]
  ) {
    let own = outputs(batch, mode: mode)
    return (head(own.values), own.lengths)
  }

  /// What the heads read, `[T', B, W]`, and the lengths of the rows in steps of the output.
  func outputs(_ batch: FeatureBatch, mode: Mode) -> (values: Tensor, lengths: [Int]) {
    network.outputs(batch, mode: mode)
  }
}
