/// A network that reads frames, sound or numbers and writes a sentence while it looks at them: a ``SequenceNetwork``, with the
/// pictures through the encoder of all tasks, and a ``TextDecoder`` (temporal attention, Yao et al. 2015, arXiv:1502.08029).
public struct CaptionModel: SequenceModel {
  /// What reads the sequence.
  public var network: SequenceNetwork
  /// Writes the sentence.
  public var writer: TextDecoder
  /// To the scores of an auxiliary loss, which only a training reads; nil for none.
  public var auxiliaryHead: Linear?

  /// A model with fresh parameters.
  ///
  /// - Parameters:
  ///   - network: what reads.
  ///   - writer: what writes; its memory is as wide as the outputs of the network.
  ///   - vocabularySize: V.
  ///   - auxiliaryCount: outputs of the auxiliary head; 0 for none.
  ///   - key: of the random numbers.
  public init(
    _ network: SequenceNetworkConfiguration, _ writer: TextDecoder.Configuration, vocabularySize: Int,
    auxiliaryCount: Int = 0, key: RandomKey
  ) {
    self.network = SequenceNetwork(network, key: key.child(0))
    self.writer = TextDecoder(writer, vocabularySize: vocabularySize, key: key.child(1))
    auxiliaryHead =
      auxiliaryCount > 0
      ? Linear(inputSize: network.outputSize, outputSize: auxiliaryCount, key: key.child(2)) : nil
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("network", &network)
    visitor.visit("writer", &writer)
    visitor.visit("auxiliaryHead", &auxiliaryHead)
  }

  /// The same model with its weights in the form that kernels read.
  public func packed() -> CaptionModel {
    var copy = self
    (copy.network, copy.writer) = (network.packed(), writer.packed())
    return copy
  }

  /// Reads sequences.
  ///
  /// - Returns: what the decoder looks at, and what it is made of, `[T', B, M]`, for further heads.
  func memory(
    _ batch: FeatureBatch, mode: Mode = .inference
  ) -> (memory: AttentionMemory, outputs: Tensor) {
    let (outputs, lengths) = network.outputs(batch, mode: mode.child(0))
    return (writer.decoder.memory(outputs, lengths: lengths), outputs)
  }
}
