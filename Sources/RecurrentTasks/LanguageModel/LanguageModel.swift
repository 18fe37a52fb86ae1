/// A recurrent language model: token vectors, recurrent layers, and a score for each token that may come next
/// (Mikolov et al. 2010).
///
///     logits_t = W d(h_t) + b,   h = recurrent(d(embedding(ids))),   d = dropout
///
/// With tied embeddings W is the table of token vectors; when the layers are not as wide as these, a linear map without
/// bias stands between. With an adaptive softmax that takes the place of W and b.
public struct LanguageModel: RecurrentModel {
  /// `[V, E]`.
  public var embedding: Embedding
  /// The layers, E in and H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H to E, when embeddings are tied and the widths differ.
  public var projection: Linear?
  /// `[V, H]`; nil when embeddings are tied or the softmax is adaptive.
  public var decoder: Linear?
  /// `[V]`, when embeddings are tied.
  public var decoderBias: Tensor?
  /// Instead of the decoder, over tokens by falling frequency.
  public var adaptiveSoftmax: AdaptiveSoftmax?
  /// The dropout rate on token vectors and before the output.
  public let dropoutRate: Float
  private let isDropoutVariational: Bool
  /// The cell of the layers.
  public let cellChoice: CellChoice
  /// The place of each token in the order of falling frequency; nil where tokens are numbered in that order.
  private let ranks: Indices?

  /// The states of all layers.
  public typealias State = RecurrentLayer<AnyCell>.State

  /// A model for `vocabularySize` tokens, with fresh parameters.
  ///
  /// - Parameters:
  ///   - configuration: the sizes; cutoffs of an adaptive softmax must be resolved.
  ///   - vocabularySize: V.
  ///   - tokenOrder: all tokens by falling frequency, for an adaptive softmax; nil where they are numbered so.
  ///   - key: of the parameters.
  public init(
    _ configuration: LanguageModelConfiguration, vocabularySize: Int, tokenOrder: [Int32]? = nil,
    key: RandomKey
  ) {
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
    .with(precision: configuration.precision)
    if isTied {
      projection =
        hidden == size ? nil : Linear(inputSize: hidden, outputSize: size, hasBias: false, key: key.child(2))
      decoder = nil
      decoderBias = Tensor(zeros: [vocabularySize])
      adaptiveSoftmax = nil
    } else if let adaptive = configuration.adaptiveSoftmax {
      projection = nil
      decoder = nil
      decoderBias = nil
      adaptiveSoftmax = AdaptiveSoftmax(
        inputSize: hidden, classCount: vocabularySize, cutoffs: adaptive.cutoffs,
        division: adaptive.division, hasHeadBias: true, key: key.child(2))
    } else {
      projection = nil
      decoder = Linear(inputSize: hidden, outputSize: vocabularySize, key: key.child(2))
      decoderBias = nil
      adaptiveSoftmax = nil
    }
    ranks = adaptiveSoftmax == nil ? nil : tokenOrder.map(LanguageModel.ranks)
    dropoutRate = configuration.dropoutRate
    isDropoutVariational = configuration.isDropoutVariational
    cellChoice = configuration.cellChoice
    if let range = configuration.initialRange {
      var drawing = UniformParameters(range: range, key: key.child(3))
      walk(&drawing)
    }
  }

  /// Names every parameter; of tied embeddings the one table.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("recurrent", &recurrent)
    visitor.visit("projection", &projection)
    visitor.visit("decoder", &decoder)
    visitor.visit("decoder.bias", &decoderBias)
    visitor.visit("softmax", &adaptiveSoftmax)
  }

  /// V.
  public var vocabularySize: Int { embedding.weight.shape[0] }

  /// The same model with its weights in the form that kernels read, for generation.
  public func packed() -> LanguageModel {
    var copy = self
    copy.recurrent = recurrent.packed()
    copy.projection = projection?.packed()
    copy.decoder = decoder?.packed()
    copy.adaptiveSoftmax = adaptiveSoftmax?.packed()
    return copy
  }

  /// The same model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> LanguageModel {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// What stands behind the layers: the output of the last one goes through these, to the scores or to what an adaptive
  /// softmax reads.
  var heads: [Linear] {
    let before = projection.map { [$0] } ?? []
    guard adaptiveSoftmax == nil else { return before }
    return before + [decoder ?? Linear(weight: embedding.weight, bias: decoderBias)]
  }

  /// The zero state of `batch` texts.
  public func initialState(batch: Int) -> State { recurrent.initialState(batch: batch) }

  /// Reads tokens and scores what may follow each.
  ///
  /// - Parameters:
  ///   - ids: `[T, B]`.
  ///   - state: of B texts; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: logits `[T, B, V]`, with an adaptive softmax log-probabilities, and the state after the last step.
  public func callAsFunction(
    _ ids: Indices, state: State? = nil, mode: Mode = .inference
  ) -> (logits: Tensor, state: State) {
    let (hidden, next) = read(ids, state: state, mode: mode)
    return (scores(hidden), next)
  }

  /// Reads tokens and measures how well each predicted the next: what the logits of all steps are not needed for.
  ///
  /// - Parameters:
  ///   - ids: `[T, B]`.
  ///   - targets: the token after each, `[T, B]`.
  ///   - state: of B texts; nil for the beginning.
  ///   - mode: training for dropout.
  /// - Returns: the mean cross-entropy of a token in nats, of shape [], and the state after the last step.
  public func loss(
    _ ids: Indices, targets: Indices, state: State? = nil, mode: Mode = .inference
  ) -> (loss: Tensor, state: State) {
    let (hidden, next) = read(ids, state: state, mode: mode)
    return (losses(hidden, targets: targets).mean, next)
  }

  /// Tokens as an adaptive softmax numbers them; of what does not count the label stays.
  func ranked(_ targets: Indices) -> Indices {
    guard let ranks else { return targets }
    return Indices(targets.values.map { $0 < 0 ? $0 : ranks.values[Int($0)] }, shape: targets.shape)
  }

  /// What the output is computed from, `[T, B, H]` (or E, when embeddings are tied), and the state after the last step.
  func read(
    _ ids: Indices, state: State? = nil, mode: Mode = .inference
  ) -> (hidden: Tensor, state: State) {
    let (outputs, next) = layers(ids, state: state, mode: mode)
    let hidden = dropout(outputs, mode: mode.child(2))
    return (projection?(hidden) ?? hidden, next)
  }

  /// Reads tokens as far as the state after them needs it: the outputs of the last layer `[T, B, H]` and the state.
  func layers(_ ids: Indices, state: State?, mode: Mode) -> (outputs: Tensor, state: State) {
    let vectors = dropout(embedding(ids), mode: mode.child(0))
    return recurrent(SequenceBatch(vectors), state: state, mode: mode.child(1))
  }

  private func dropout(_ x: Tensor, mode: Mode) -> Tensor {
    Dropout(rate: dropoutRate, isVariational: isDropoutVariational)(x, mode: mode)
  }

  /// Scores of every token, `[..., V]`, from what `read` returns.
  func scores(_ hidden: Tensor) -> Tensor {
    if let decoder { return decoder(hidden) }
    guard let adaptiveSoftmax else {
      return matmul(hidden, embedding.weight, transposeB: true, bias: decoderBias)
    }
    let scores = adaptiveSoftmax.logProbabilities(hidden)
    guard let ranks else { return scores }
    let columns = scores.reshaped(to: [scores.count / vocabularySize, vocabularySize]).transposed
    return gather(columns, rows: ranks).transposed.reshaped(to: scores.shape)
  }

  /// The place of each token in `order`. Traps unless that names every token once.
  private static func ranks(_ order: [Int32]) -> Indices {
    var ranks = [Int32](repeating: -1, count: order.count)
    for (rank, id) in order.enumerated() {
      trapUnless(
        ranks.indices.contains(Int(id)) && ranks[Int(id)] < 0,
        "LanguageModel: token \(id) at place \(rank) of the order is impossible or occurs a second time")
      ranks[Int(id)] = Int32(rank)
    }
    return Indices(ranks)
  }
}

/// Draws every parameter from `-range ..< range`.
private struct UniformParameters: ParameterVisitor {
  var path = ParameterPath()
  let range: Float
  let key: RandomKey
  private var place = 0

  init(range: Float, key: RandomKey) { (self.range, self.key) = (range, key) }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    place += 1
    parameter = Tensor(uniformIn: -range...range, shape: parameter.shape, key: key.child(place))
  }
}
