/// A recurrent language model: token vectors, recurrent layers, and a score for each token that may come next
/// (Mikolov et al. 2010).
///
///     logits_t = W d(h_t) + b,   h = recurrent(d(embedding(ids))),   d = dropout
///
/// With tied embeddings W is the table of token vectors; when the layers are not as wide as these, a linear map without
/// bias stands between.
public struct LanguageModel: Module {
  /// `[V, E]`.
  public var embedding: Embedding
  /// The layers, E in and H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H to E, when embeddings are tied and the widths differ.
  public var projection: Linear?
  /// `[V, H]`; nil when embeddings are tied.
  public var decoder: Linear?
  /// `[V]`, when embeddings are tied.
  public var decoderBias: Tensor?
  /// The dropout rate on token vectors and before the output.
  public let dropoutRate: Float
  private let isDropoutVariational: Bool

  /// The states of all layers.
  public typealias State = RecurrentLayer<AnyCell>.State

  /// A model for `vocabularySize` tokens, with fresh parameters.
  public init(_ configuration: LanguageModelConfiguration, vocabularySize: Int, key: RandomKey) {
    let (size, hidden) = (configuration.embeddingSize, configuration.outputSize)
    let isTied = configuration.tiesEmbeddings
    // tied vectors are also the weights of the output: they start small
    embedding = Embedding(
      vocabularySize: vocabularySize, size: size,
      initializer: isTied ? .uniform(bound: 0.1) : .normal(deviation: 1),
      key: key.child(0))
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: size, dropoutRate: configuration.dropoutRate,
      isDropoutVariational: configuration.isDropoutVariational, key: key.child(1)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize,
        options: configuration.cellOptions ?? CellOptions(),
        initialization: configuration.initialization.recurrent, key: key)
    }
    if isTied {
      projection =
        hidden == size ? nil : Linear(inputSize: hidden, outputSize: size, hasBias: false, key: key.child(2))
      decoder = nil
      decoderBias = Tensor(zeros: [vocabularySize])
    } else {
      projection = nil
      decoder = Linear(inputSize: hidden, outputSize: vocabularySize, key: key.child(2))
      decoderBias = nil
    }
    dropoutRate = configuration.dropoutRate
    isDropoutVariational = configuration.isDropoutVariational
  }

  /// Names every parameter; of tied embeddings the one table.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("recurrent", &recurrent)
    visitor.visit("projection", &projection)
    visitor.visit("decoder", &decoder)
    visitor.visit("decoder.bias", &decoderBias)
  }

  /// V.
  public var vocabularySize: Int { embedding.weight.shape[0] }

  /// The same model with its weights in the form that kernels read, for generation.
  public func prepared() -> LanguageModel {
    var copy = self
    copy.recurrent = recurrent.prepared()
    copy.projection = projection?.prepared()
    copy.decoder = decoder?.prepared()
    return copy
  }

  /// The zero state of `batch` texts.
  public func initialState(batch: Int) -> State { recurrent.initialState(batch: batch) }

  /// Reads tokens and scores what may follow each.
  ///
  /// - Parameters:
  ///   - ids: `[T, B]`.
  ///   - state: of B texts; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: logits `[T, B, V]` and the state after the last step.
  public func callAsFunction(
    _ ids: Indices, state: State? = nil, mode: Mode = .inference
  ) -> (logits: Tensor, state: State) {
    let drop = Dropout(rate: dropoutRate, isVariational: isDropoutVariational)
    let vectors = drop(embedding(ids), mode: mode.child(0))
    let (outputs, next) = recurrent(SequenceBatch(vectors), state: state, mode: mode.child(1))
    var hidden = drop(outputs, mode: mode.child(2))
    if let projection { hidden = projection(hidden) }
    if let decoder { return (decoder(hidden), next) }
    return (matmul(hidden, embedding.weight, transposeB: true, bias: decoderBias), next)
  }
}
