/// How well a language model foretells a text that is read from its beginning to its end in one carried state.
public struct LanguageModelEvaluation: Sendable, Equatable, Codable {
  /// What one token stands for.
  public var unit: TextUnit
  /// Tokens that were foretold: all but the first.
  public var tokenCount: Int
  /// Characters of the text.
  public var characterCount: Int
  /// Bytes of the text.
  public var byteCount: Int
  /// The mean cross-entropy of a token, in nats.
  public var nats: Double
  /// The cross-entropy of the text divided by its characters, in bits.
  public var bitsPerCharacter: Double
  /// The cross-entropy of the text divided by its bytes, in bits.
  public var bitsPerByte: Double
  /// e to the cross-entropy of a token.
  public var perplexity: Double
  /// Tokens of the text that the model has never seen.
  public var unknownCount: Int
  /// A few of them.
  public var unknownExamples: [String]

  /// Reads `text` with `model`.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - vocabulary: its vocabulary.
  ///   - text: tokens with the counts of what they stand for.
  ///   - shouldStop: asked between pieces; when it says so the result is nil.
  ///   - progress: hears the fraction that is done.
  public static func evaluate(
    _ model: LanguageModel, vocabulary: TextVocabulary, text: EncodedText, shouldStop: () -> Bool = { false },
    progress: (Double) -> Void = { _ in }
  ) -> LanguageModelEvaluation? {
    let prepared = model.prepared()
    let ids = text.ids
    let pieceLength = 2048
    var state: LanguageModel.State?
    var total = 0.0
    var start = 0
    while start + 1 < ids.count {
      let end = Swift.min(ids.count - 1, start + pieceLength)
      let inputs = Indices(Array(ids[start..<end]), shape: [end - start, 1])
      let targets = Indices(Array(ids[start + 1..<end + 1]), shape: [end - start, 1])
      let (logits, next) = prepared(inputs, state: state)
      total += Double(crossEntropy(logits, targets).scalar) * Double(end - start)
      state = next
      start = end
      progress(Double(start) / Double(ids.count - 1))
      if shouldStop() { return nil }
    }
    let count = Swift.max(ids.count - 1, 1)
    let nats = total / Double(count)
    let bits = total / 0.693147180559945309
    return LanguageModelEvaluation(
      unit: vocabulary.unit, tokenCount: ids.count - 1, characterCount: text.characters, byteCount: text.bytes,
      nats: nats, bitsPerCharacter: bits / Double(Swift.max(text.characters, 1)),
      bitsPerByte: bits / Double(Swift.max(text.bytes, 1)), perplexity: perplexityOfNats(nats),
      unknownCount: text.unknownCount, unknownExamples: text.unknownExamples)
  }
}
