/// A word of a decoded text with its frames and how sure it is.
public struct DecodedWord: Sendable, Equatable {
  /// The spelling, without the white space around it.
  public var text: String
  /// The frame of its first token's first spike, counted from 0 over the whole input.
  public var firstFrame: Int
  /// The frame of its last token's last spike, ``firstFrame`` or later.
  public var lastFrame: Int
  /// The posterior probability of the word at its place, 0 to 1: the sum over the hypotheses that have it there.
  public var confidence: Double
  /// `1 / n sum over its n tokens of log p(token | frame of its first spike)` of the network alone, in nats: unlike the
  /// confidence it does not forget alternatives that fell out of the beam.
  public var meanLogProbability: Double

  /// A word from `firstFrame` to `lastFrame`, both included; `meanLogProbability` in nats.
  public init(text: String, firstFrame: Int, lastFrame: Int, confidence: Double, meanLogProbability: Double) {
    (self.text, self.firstFrame, self.lastFrame) = (text, firstFrame, lastFrame)
    (self.confidence, self.meanLogProbability) = (confidence, meanLogProbability)
  }
}

/// A text of a search with its words and scores.
public struct DecodedHypothesis: Sendable, Equatable {
  /// The words in their order.
  public var words: [DecodedWord]
  /// The words with ``OutputUnits/joiner`` between.
  public var text: String
  /// `log p(text | input) + scorer(text)`, in nats, summed over all paths of the text in the beam.
  public var score: Double
  /// `scorer(text)`, the part of ``score`` that the scorer added, in nats.
  public var scorerScore: Double
  /// `exp(score) / sum of exp(score) over all hypotheses that the search still had`, 0 to 1.
  public var posterior: Double

  /// A text with its scores in nats.
  public init(words: [DecodedWord], text: String, score: Double, scorerScore: Double, posterior: Double) {
    (self.words, self.text, self.score) = (words, text, score)
    (self.scorerScore, self.posterior) = (scorerScore, posterior)
  }

  /// `log p(text | input)` of the network alone, in nats.
  public var networkScore: Double { score - scorerScore }
}
