/// A word that was found, and where.
public struct DecodedWord: Sendable, Equatable {
  /// The word.
  public var text: String
  /// The frame of its first token's first spike.
  public var firstFrame: Int
  /// The frame of its last token's last spike.
  public var lastFrame: Int
  /// The share of the hypotheses, weighed by their probabilities, that have the word there.
  public var confidence: Double
  /// The mean of the logarithms of the probabilities that the network alone gives to its tokens where they begin: unlike the
  /// confidence it does not forget alternatives that fell out of the beam.
  public var evidence: Double

  /// A word.
  public init(text: String, firstFrame: Int, lastFrame: Int, confidence: Double, evidence: Double) {
    (self.text, self.firstFrame, self.lastFrame) = (text, firstFrame, lastFrame)
    (self.confidence, self.evidence) = (confidence, evidence)
  }
}

/// A text that was found.
public struct DecodedHypothesis: Sendable, Equatable {
  /// The words in their order.
  public var words: [DecodedWord]
  /// The text.
  public var text: String
  /// `log p(text | input) + scorer`, over all paths of the text.
  public var score: Double
  /// What the scorer added to it.
  public var scorerScore: Double
  /// The probability among all hypotheses that the search still had.
  public var posterior: Double

  /// `log p(text | input)` of the network alone.
  public var networkScore: Double { score - scorerScore }
}
