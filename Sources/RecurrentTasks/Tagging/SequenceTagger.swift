/// A sequence to scores of labels at each step: a network, a linear map, and where asked for a conditional random field over
/// the labels that follow each other.
public struct SequenceTagger: SequenceModel {
  /// What reads the sequence.
  public var network: SequenceNetwork
  /// To the scores.
  public var head: Linear
  /// To further scores that only a training reads; nil for none.
  public var sideHead: Linear?
  /// Which label may follow which; nil for steps by themselves.
  public var field: ConditionalRandomField?

  /// A tagger with fresh parameters; with `sideCount` outputs of its ``sideHead``, 0 for none.
  public init(
    _ configuration: SequenceNetworkConfiguration, labelCount: Int, usesCRF: Bool, sideCount: Int = 0,
    key: RandomKey
  ) {
    network = SequenceNetwork(configuration, key: key.child(0))
    head = Linear(inputSize: configuration.outputSize, outputSize: labelCount, key: key.child(1))
    field = usesCRF ? ConditionalRandomField(labelCount: labelCount, key: key.child(2)) : nil
    sideHead =
      sideCount > 0
      ? Linear(inputSize: configuration.outputSize, outputSize: sideCount, key: key.child(3)) : nil
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("network", &network)
    visitor.visit("head", &head)
    visitor.visit("field", &field)
    visitor.visit("sideHead", &sideHead)
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
    let (inputs, outputs) = network(batch, mode: mode.child(0))
    let dropped = Dropout(rate: network.configuration.dropoutRate)(outputs, mode: mode.child(1))
    return (dropped, inputs.lengths ?? [Int](repeating: inputs.stepCount, count: inputs.batchSize))
  }
}
