/// A next-token model that can go on learning from what it reads: the losses of its training, and what each token was worth.
protocol AdaptableModel: NextTokenModel, RecurrentModel {
  /// The state of `batch` sequences before their first token.
  func initialState(batch: Int) -> RecurrentLayer<AnyCell>.State

  /// The mean cross-entropy of the softmax of all scores, and beside it, off the tape, that of each row in nats. Tokens that are
  /// less likely than ``neglected`` at each row learn nothing from it.
  ///
  /// - Parameters:
  ///   - hidden: what scores are computed from, `[n, E]`.
  ///   - targets: n tokens.
  func losses(_ hidden: Tensor, targets: Indices) -> (mean: Tensor, rows: Tensor)
}

extension AdaptableModel {
  /// The probability below which the weights of a token that does not come are left as they are: the thousands of others in a
  /// vocabulary of words would cost more than all else, and gain nothing.
  static var neglected: Float { 3e-4 }
}

extension LanguageModel: AdaptableModel {
  func losses(_ hidden: Tensor, targets: Indices) -> (mean: Tensor, rows: Tensor) {
    if let adaptiveSoftmax {
      return adaptiveSoftmax.losses(hidden, ranked(targets), neglected: Self.neglected)
    }
    let weight = decoder?.weight ?? embedding.weight
    return linearCrossEntropies(
      hidden, weight: weight, bias: decoder == nil ? decoderBias : decoder?.bias, targets,
      neglected: Self.neglected)
  }
}

extension RecommendationModel: AdaptableModel {
  func losses(_ hidden: Tensor, targets: Indices) -> (mean: Tensor, rows: Tensor) {
    linearCrossEntropies(hidden, weight: embedding.weight, bias: bias, targets, neglected: Self.neglected)
  }
}

extension AdaptableModel {
  /// The outputs of the layers `[n, H]` for tokens of one text, and the state behind them.
  func outputs(
    _ ids: [Int32], from state: RecurrentLayer<AnyCell>.State?
  ) -> (outputs: Tensor, state: RecurrentLayer<AnyCell>.State) {
    let vectors = embedding(Indices(ids, shape: [ids.count, 1]))
    let (outputs, next) = recurrent(SequenceBatch(vectors), state: state)
    return (outputs.reshaped(to: [ids.count, recurrent.outputSize]), next)
  }

  /// What scores are computed from.
  func hidden(_ outputs: Tensor) -> Tensor { projection?(outputs) ?? outputs }
}
