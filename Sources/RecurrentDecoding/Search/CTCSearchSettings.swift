import RecurrentCore

/// How much a search looks at, and when it decides. Nothing here depends on the language model.
public struct CTCSearchSettings: Sendable, Equatable {
  /// The number of hypotheses that are kept from frame to frame; `Int.max` for all.
  public var beamWidth: Int
  /// Hypotheses whose score is further below the best one are dropped; infinity for none.
  public var scoreDistance: Double
  /// How many tokens at most may follow in a frame, the likeliest; `Int.max` for all.
  public var tokensPerFrame: Int
  /// A token with a smaller logarithm of its probability in a frame does not follow; minus infinity for none.
  public var tokenFloor: Double
  /// In a frame whose blank has at least this probability nothing follows. Without it the tokens of a silence begin in the
  /// first frame in which they are not quite impossible. Above 1 for never.
  public var blankThreshold: Double
  /// A word that ended so many frames ago in the best hypothesis is decided, at the latest an eighth of them later:
  /// hypotheses without it are dropped. It holds for whole inputs as for streams; nil for never.
  public var commitAfter: Int?

  /// Settings: 32 hypotheses, 25 apart at most; 40 tokens a frame of a probability of at least e^-8; a blank of less than
  /// 0.999; no word decided before all hypotheses agree.
  public init(
    beamWidth: Int = 32, scoreDistance: Double = 25, tokensPerFrame: Int = 40, tokenFloor: Double = -8,
    blankThreshold: Double = 0.999, commitAfter: Int? = nil
  ) {
    trapUnless(beamWidth > 0, "CTCSearchSettings: expected a positive beam width, received \(beamWidth)")
    trapUnless(
      scoreDistance > 0, "CTCSearchSettings: expected a positive score distance, received \(scoreDistance)")
    trapUnless(
      tokensPerFrame > 0,
      "CTCSearchSettings: expected a positive number of tokens, received \(tokensPerFrame)")
    trapUnless(
      commitAfter ?? 1 > 0,
      "CTCSearchSettings: expected words to be decided after a positive number of frames, received "
        + "\(commitAfter ?? 0)")
    (self.beamWidth, self.scoreDistance) = (beamWidth, scoreDistance)
    (self.tokensPerFrame, self.tokenFloor) = (tokensPerFrame, tokenFloor)
    (self.blankThreshold, self.commitAfter) = (blankThreshold, commitAfter)
  }

  /// Everything is looked at: the result is exact, and the time grows with the number of texts.
  public static var exhaustive: CTCSearchSettings {
    CTCSearchSettings(
      beamWidth: .max, scoreDistance: .infinity, tokensPerFrame: .max, tokenFloor: -.infinity,
      blankThreshold: 2)
  }
}
