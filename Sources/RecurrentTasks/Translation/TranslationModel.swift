/// A network that reads a sentence in both directions and writes another one while it looks at it (Bahdanau et al. 2015,
/// arXiv:1409.0473): token vectors, layers of GRUs, an ``AttentionDecoder`` of GRUs, and a score for each token.
///
/// The token vectors are those of both languages and the weights of the output (Press and Wolf 2017, arXiv:1608.05859).
public struct TranslationModel: Module {
  /// `[V, E]`.
  public var embedding: Embedding
  /// Reads the source.
  public var encoder: RecurrentLayer<GRU>
  /// Writes the target.
  public var decoder: AttentionDecoder<GRU>
  /// `[V]`.
  public var outputBias: Tensor
  private let configuration: TranslationConfiguration
  /// The output with its weights in the form that kernels read.
  private var output: Linear?

  /// A model for `vocabularySize` tokens, with fresh parameters.
  public init(_ configuration: TranslationConfiguration, vocabularySize: Int, key: RandomKey) {
    let (size, hidden) = (configuration.embeddingSize, configuration.hiddenSize)
    embedding = Embedding(
      vocabularySize: vocabularySize, size: size,
      initializer: .normal(deviation: 1 / Float(size).squareRoot()), key: key.child(0))
    encoder = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: size, isBidirectional: true,
      dropoutRate: configuration.dropoutRate, key: key.child(1)
    ) { GRU(inputSize: $0, hiddenSize: hidden, key: $1) }
    decoder = AttentionDecoder(
      inputSize: size, memorySize: 2 * hidden, outputSize: size, key: key.child(2)
    ) { GRU(inputSize: $0, hiddenSize: 2 * hidden, key: $1) }
    outputBias = Tensor(zeros: [vocabularySize])
    self.configuration = configuration
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    output = nil  // a visitor may change the weights
    visitor.visit("embedding", &embedding)
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &decoder)
    visitor.visit("output_bias", &outputBias)
  }

  /// The same model with its weights in the form that kernels read.
  public func packed() -> TranslationModel {
    var copy = self
    (copy.encoder, copy.decoder) = (encoder.packed(), decoder.packed())
    copy.output = Linear(weight: embedding.weight, bias: outputBias).packed()
    return copy
  }

  /// Vectors of tokens, of variance 1 at the beginning.
  private func vectors(_ tokens: [Int32], shape: [Int]) -> Tensor {
    embedding(Indices(tokens, shape: shape)) * Float(configuration.embeddingSize).squareRoot()
  }

  /// Sequences side by side, `[T, B]`, padded with zeros.
  private static func sideBySide(_ rows: [[Int32]]) -> (tokens: [Int32], steps: Int) {
    let steps = rows.map(\.count).max() ?? 0
    return ((0..<steps).flatMap { step in rows.map { step < $0.count ? $0[step] : 0 } }, steps)
  }

  /// Reads sources.
  ///
  /// - Parameters:
  ///   - sources: the tokens of each row.
  ///   - mode: training for dropout.
  public func memory(_ sources: [[Int32]], mode: Mode = .inference) -> AttentionMemory {
    let (tokens, steps) = TranslationModel.sideBySide(sources)
    var x = vectors(tokens, shape: [steps, sources.count])
    if case .training(let key, _) = mode, configuration.wordDropoutRate > 0 {
      let ones = x.backend.filled(1, shape: [steps, sources.count, 1])
      x = x * dropout(ones, rate: configuration.wordDropoutRate, key: key.child(0))
    }
    let noise = Dropout(rate: configuration.dropoutRate)
    let read = encoder(
      SequenceBatch(noise(x, mode: mode.child(1)), lengths: sources.map(\.count)), mode: mode.child(2))
    return decoder.memory(noise(read.outputs, mode: mode.child(3)), lengths: sources.map(\.count))
  }

  /// The mean negative log-likelihood of the tokens of targets and their ends, in nats; in training with label smoothing.
  ///
  /// - Parameters:
  ///   - sources: the tokens of each row.
  ///   - targets: the tokens of each row.
  ///   - end: the token that begins and ends targets.
  ///   - mode: training for dropout and label smoothing.
  public func loss(_ sources: [[Int32]], _ targets: [[Int32]], end: Int32, mode: Mode) -> Tensor {
    let lengths = targets.map { $0.count + 1 }
    let (inputs, steps) = TranslationModel.sideBySide(targets.map { [end] + $0 })
    let (labels, _) = TranslationModel.sideBySide(targets.map { $0 + [end] })
    let x = Dropout(rate: configuration.dropoutRate)(
      vectors(inputs, shape: [steps, targets.count]), mode: mode.child(4))
    let written = decoder(SequenceBatch(x, lengths: lengths), over: memory(sources, mode: mode)).outputs
    var smoothing: Float = 0
    if case .training = mode { smoothing = configuration.labelSmoothing }
    return linearCrossEntropy(
      Dropout(rate: configuration.outputDropoutRate)(written, mode: mode.child(5)),
      weight: embedding.weight, bias: outputBias, Indices(labels, shape: [steps, targets.count]),
      labelSmoothing: smoothing, lengths: lengths)
  }

  /// Writes one token of each row.
  ///
  /// - Parameters:
  ///   - tokens: the last one of each row.
  ///   - state: of as many rows.
  ///   - memory: what is looked at.
  ///   - rows: for each row that of the memory.
  /// - Returns: the logarithms of the probabilities of all tokens `[B, V]`, what was looked at `[B, S]`, and the next state.
  func step(
    _ tokens: [Int32], _ state: Tensor, over memory: AttentionMemory, rows: [Int]
  ) -> (logProbabilities: Tensor, attention: Tensor, state: Tensor) {
    let (written, attention, next) = decoder.step(
      vectors(tokens, shape: [tokens.count]), state, over: memory, rows: rows)
    let output = output ?? Linear(weight: embedding.weight, bias: outputBias)
    return (logSoftmax(output(written)), attention, next)
  }
}
