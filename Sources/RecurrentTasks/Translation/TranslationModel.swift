/// A network that reads a sentence in both directions and writes another one while it looks at it (Bahdanau et al. 2015,
/// arXiv:1409.0473): token vectors, layers of GRUs, and a ``TextDecoder``, whose token vectors are those of both languages.
public struct TranslationModel: Module {
  /// Reads the source.
  public var encoder: RecurrentLayer<GRU>
  /// Writes the target; its token vectors are those of the source too.
  public var writer: TextDecoder
  private let configuration: TranslationConfiguration

  /// A model for `vocabularySize` tokens, with fresh parameters.
  public init(_ configuration: TranslationConfiguration, vocabularySize: Int, key: RandomKey) {
    writer = TextDecoder(configuration.writer, vocabularySize: vocabularySize, key: key)
    encoder = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: configuration.embeddingSize, isBidirectional: true,
      dropoutRate: configuration.dropoutRate, key: key.child(1)
    ) { GRU(inputSize: $0, hiddenSize: configuration.hiddenSize, key: $1) }
    self.configuration = configuration
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &writer.embedding)
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &writer.decoder)
    visitor.visit("output_bias", &writer.outputBias)
  }

  /// The same model with its weights in the form that kernels read.
  public func packed() -> TranslationModel {
    var copy = self
    (copy.encoder, copy.writer) = (encoder.packed(), writer.packed())
    return copy
  }

  /// Reads sources.
  ///
  /// - Parameters:
  ///   - sources: the tokens of each row.
  ///   - mode: training for dropout.
  public func memory(_ sources: [[Int32]], mode: Mode = .inference) -> AttentionMemory {
    let (tokens, steps) = TextDecoder.sideBySide(sources)
    var x = writer.vectors(tokens, shape: [steps, sources.count])
    if let key = mode.rowKey, configuration.wordDropoutRate > 0 {
      let ones = x.backend.filled(1, shape: [steps, sources.count, 1])
      x = x * dropout(ones, rate: configuration.wordDropoutRate, key: key.child(0))
    }
    let noise = Dropout(rate: configuration.dropoutRate)
    let read = encoder(
      SequenceBatch(noise(x, mode: mode.child(1)), lengths: sources.map(\.count)), mode: mode.child(2))
    return writer.decoder.memory(noise(read.outputs, mode: mode.child(3)), lengths: sources.map(\.count))
  }

  /// The mean negative log-likelihood of the tokens of targets and their ends, in nats; in training with label smoothing.
  ///
  /// - Parameters:
  ///   - sources: the tokens of each row.
  ///   - targets: the tokens of each row.
  ///   - end: the token that begins and ends targets.
  ///   - mode: training for dropout and label smoothing.
  public func loss(_ sources: [[Int32]], _ targets: [[Int32]], end: Int32, mode: Mode) -> Tensor {
    writer.loss(targets, over: memory(sources, mode: mode), end: end, mode: mode)
  }
}
