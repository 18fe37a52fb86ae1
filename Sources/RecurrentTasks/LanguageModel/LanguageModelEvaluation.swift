import RecurrentReports

/// How well a language model predicts a text that is read from its beginning to its end in one carried state.
public struct LanguageModelEvaluation: Sendable, Equatable, Codable {
  /// What one token stands for.
  public var unit: TextUnit
  /// Tokens that were predicted: all but the first.
  public var tokenCount: Int
  /// Characters of the tokens that were predicted, and for words of what stands between them.
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
  ///   - session: what was read before the text, which predicts its first token; after the call what has been read then. Nil
  ///     for a text of its own, whose end nobody asks for.
  ///   - progress: called with the completed fraction, 0 to 1; ends the reading where it throws.
  public init(
    _ model: LanguageModel, vocabulary: TextVocabulary, text: EncodedText,
    session: inout LanguageModelSession?, progress: (Double) throws -> Void
  ) rethrows {
    let packed = model.packed()
    let ids = text.ids
    let pieceLength = 2048
    var state = session?.cells
    let scores = session?.logits
    // the first token is predicted where something stands before it
    var total = scores.map { LanguageModelEvaluation.crossEntropy(of: ids[0], $0) } ?? 0
    let isFirstPredicted = scores != nil
    var start = 0
    while start + 1 < ids.count {
      let end = Swift.min(ids.count - 1, start + pieceLength)
      let inputs = Indices(Array(ids[start..<end]), shape: [end - start, 1])
      let targets = Indices(Array(ids[start + 1..<end + 1]), shape: [end - start, 1])
      let (loss, next) = packed.loss(inputs, targets: targets, state: state)
      total += Double(loss.scalar) * Double(end - start)
      state = next
      start = end
      try progress(Double(start) / Double(ids.count - 1))
    }
    if let before = session {
      var recent = before
      recent.pass(ids, cells: state ?? before.cells)
      session = recent
    }
    unit = vocabulary.unit
    tokenCount = isFirstPredicted ? ids.count : ids.count - 1
    let first =
      isFirstPredicted
      ? (characters: 0, bytes: 0) : LanguageModelEvaluation.size(of: ids.first, vocabulary)
    characterCount = Swift.max(text.characters - first.characters, 1)
    byteCount = Swift.max(text.bytes - first.bytes, 1)
    nats = total / Double(Swift.max(tokenCount, 1))
    let bits = total / 0.693147180559945309
    bitsPerCharacter = bits / Double(characterCount)
    bitsPerByte = bits / Double(byteCount)
    perplexity = perplexityOfNats(nats)
    (unknownCount, unknownExamples) = (text.unknownCount, text.unknownExamples)
  }

  /// The cross-entropy of a token that is scored so.
  private static func crossEntropy(of id: Int32, _ scores: [Float]) -> Double {
    Double(RecurrentLayers.crossEntropy(Tensor(scores, shape: [1, scores.count]), Indices([id])).scalar)
  }

  /// The size of the first token, which nothing predicts. Of one that is unknown no more is known than that it is there.
  private static func size(of id: Int32?, _ vocabulary: TextVocabulary) -> (characters: Int, bytes: Int) {
    guard let id, id != vocabulary.unknownID, let bytes = vocabulary.bytes(of: id) else { return (1, 1) }
    // bytes that do not go on with a character begin one
    return (bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }, bytes.count)
  }
}

extension LanguageModelEvaluation {
  /// Metrics, and lines for a terminal.
  var taskEvaluation: TaskEvaluation {
    var rows = [
      ("tokens", grouped(tokenCount)), (unit.isOfBases ? "bases" : "characters", grouped(characterCount)),
      ("cross-entropy", "\(rounded(nats, 4)) nats a \(unit == .bpe ? "token" : unit.rawValue)"),
      ("", "\(rounded(bitsPerCharacter, 4)) bits a \(unit.isOfBases ? "base" : "character")"),
      ("perplexity", rounded(perplexity, 3)),
    ]
    if unknownCount > 0 {
      let examples = unknownExamples.map { "\"\($0)\"" }.joined(separator: " ")
      rows.append(
        (
          "unknown",
          "\(counted(unknownCount, "token")) not seen in training\(examples.isEmpty ? "" : ": \(examples)")"
        ))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return TaskEvaluation(
      metrics: [
        .init("bits per character", bitsPerCharacter), .init("perplexity", perplexity), .init("nats", nats),
      ], lines: rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }, report: "",
      details: self)
  }
}
