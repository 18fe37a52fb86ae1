/// How well a language model foretells a text that is read from its beginning to its end in one carried state.
public struct LanguageModelEvaluation: Sendable, Equatable, Codable {
  /// What one token stands for.
  public var unit: TextUnit
  /// Tokens that were foretold: all but the first.
  public var tokenCount: Int
  /// Characters of the tokens that were foretold, and for words of what stands between them.
  public var characterCount: Int
  /// Bytes of the same.
  public var byteCount: Int
  /// The mean cross-entropy of a token, in nats.
  public var nats: Double
  /// The cross-entropy of the text divided by these characters, in bits.
  public var bitsPerCharacter: Double
  /// The cross-entropy of the text divided by these bytes, in bits.
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
  ///   - session: what was read before the text, which foretells its first token; after the call what has been read
  ///     then. Nil for a text of its own, whose end nobody asks for.
  ///   - shouldStop: asked between pieces; when it says so the result is nil.
  ///   - progress: hears the fraction that is done.
  public static func evaluate(
    _ model: LanguageModel, vocabulary: TextVocabulary, text: EncodedText,
    session: inout LanguageModelSession?,
    shouldStop: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
  ) -> LanguageModelEvaluation? {
    let prepared = model.prepared()
    let ids = text.ids
    let pieceLength = 2048
    var state = session?.state
    let scores = session?.logits
    // the first token is foretold where something stands before it
    var total = scores.map { crossEntropy(of: ids[0], $0) } ?? 0
    let isForetold = scores != nil
    var start = 0
    while start + 1 < ids.count {
      let end = Swift.min(ids.count - 1, start + pieceLength)
      let inputs = Indices(Array(ids[start..<end]), shape: [end - start, 1])
      let targets = Indices(Array(ids[start + 1..<end + 1]), shape: [end - start, 1])
      let (loss, next) = prepared.loss(inputs, targets: targets, state: state)
      total += Double(loss.scalar) * Double(end - start)
      state = next
      start = end
      progress(Double(start) / Double(ids.count - 1))
      if shouldStop() { return nil }
    }
    if let before = session {
      var recent = before
      recent.pass(ids, state: state ?? before.state)
      session = recent
    }
    let tokenCount = isForetold ? ids.count : ids.count - 1
    let count = Swift.max(tokenCount, 1)
    let first = isForetold ? (characters: 0, bytes: 0) : size(of: ids.first, vocabulary)
    let characters = Swift.max(text.characters - first.characters, 1)
    let bytes = Swift.max(text.bytes - first.bytes, 1)
    let nats = total / Double(count)
    let bits = total / 0.693147180559945309
    return LanguageModelEvaluation(
      unit: vocabulary.unit, tokenCount: tokenCount, characterCount: characters, byteCount: bytes,
      nats: nats,
      bitsPerCharacter: bits / Double(characters), bitsPerByte: bits / Double(bytes),
      perplexity: perplexityOfNats(nats),
      unknownCount: text.unknownCount, unknownExamples: text.unknownExamples)
  }

  /// The same for a text of its own.
  public static func evaluate(
    _ model: LanguageModel, vocabulary: TextVocabulary, text: EncodedText, shouldStop: () -> Bool = { false },
    progress: (Double) -> Void = { _ in }
  ) -> LanguageModelEvaluation? {
    var none: LanguageModelSession?
    return evaluate(
      model, vocabulary: vocabulary, text: text, session: &none, shouldStop: shouldStop, progress: progress)
  }

  /// The cross-entropy of a token that is scored so.
  private static func crossEntropy(of id: Int32, _ scores: [Float]) -> Double {
    Double(RecurrentLayers.crossEntropy(Tensor(scores, shape: [1, scores.count]), Indices([id])).scalar)
  }

  /// The size of the first token, which nothing foretells. Of one that is unknown no more is known than that it is there.
  private static func size(of id: Int32?, _ vocabulary: TextVocabulary) -> (characters: Int, bytes: Int) {
    guard let id, id != vocabulary.unknownID, let bytes = vocabulary.bytes(of: id) else { return (1, 1) }
    // bytes that do not go on with a character begin one
    return (bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }, bytes.count)
  }
}
