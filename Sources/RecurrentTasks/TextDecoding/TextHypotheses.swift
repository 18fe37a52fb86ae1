/// One of the texts that a ``TextDecoder`` may write.
public struct TextHypothesis: Sendable, Equatable {
  /// The text.
  public var text: String
  /// What it is ranked by.
  public var score: Double
  /// The natural logarithm of its probability, that of its end among it.
  public var logProbability: Double
  /// How much each of its words looked at each place of what was read, `[words][places]`, rows of at most 1: the words of a text,
  /// the steps of a recording.
  public var weights: [[Float]]
  /// Words that it has from what was read, in place of unknown ones, in their order.
  public var copies: [String] = []

  /// Which words belong to which places.
  public var alignment: WordAlignment { WordAlignment(attention: weights) }
}

/// What may be written about a sequence.
public struct TextHypotheses: Sendable, Equatable {
  /// The texts, the best first; there is always one.
  public var all: [TextHypothesis]

  /// The best text.
  public var best: TextHypothesis { all[0] }

  /// The empty text, about nothing.
  static let none = TextHypotheses(all: [
    TextHypothesis(text: "", score: 0, logProbability: 0, weights: [])
  ])

  /// What a search has found; the empty text where it has found nothing.
  init(_ found: [BeamHypothesis], _ make: (BeamHypothesis) -> TextHypothesis) {
    self = found.isEmpty ? .none : TextHypotheses(all: found.map(make))
  }

  private init(all: [TextHypothesis]) { self.all = all }

  /// A row for each text, with its rank where several are asked for.
  ///
  /// - Parameters:
  ///   - name: of the sequence.
  ///   - best: how many texts are asked for.
  ///   - others: further fields of a text.
  func rows(name: String, best: Int, others: (TextHypothesis) -> [Field] = { _ in [] }) -> [[Field]] {
    all.enumerated().map { rank, own in
      [Field("input", .text(name))] + (best > 1 ? [Field("rank", .integer(rank + 1))] : []) + [
        Field("text", .text(own.text)), Field("score", .number(own.score)),
        Field("logProbability", .number(own.logProbability)),
      ] + others(own)
    }
  }
}
