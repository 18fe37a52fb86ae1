import RecurrentCore

/// How much a search looks at, and when it decides. Nothing here depends on the language model.
public struct CTCSearchSettings: Sendable, Equatable {
  /// The number of hypotheses that are kept from frame to frame; `Int.max` for all.
  public var beamWidth: Int
  /// Hypotheses whose score is further below the best one are dropped, in nats; infinity for none.
  public var beamThreshold: Double
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
    beamWidth: Int = 32, beamThreshold: Double = 25, tokensPerFrame: Int = 40, tokenFloor: Double = -8,
    blankThreshold: Double = 0.999, commitAfter: Int? = nil
  ) {
    (self.beamWidth, self.beamThreshold) = (beamWidth, beamThreshold)
    (self.tokensPerFrame, self.tokenFloor) = (tokensPerFrame, tokenFloor)
    (self.blankThreshold, self.commitAfter) = (blankThreshold, commitAfter)
    trapUnless(issue == nil, "CTCSearchSettings: \(issue ?? "")")
  }

  /// What is impossible about the settings; nil where nothing is. A search traps where there is something.
  public var issue: String? {
    guard beamWidth > 0 else { return "the beam width is \(beamWidth), expected a positive number" }
    guard beamThreshold > 0 else {
      return "the beam threshold is \(beamThreshold), expected a positive number"
    }
    guard tokensPerFrame > 0 else {
      return "the number of tokens in a frame is \(tokensPerFrame), expected a positive number"
    }
    guard !tokenFloor.isNaN else { return "the floor of the tokens is \(tokenFloor), expected a number" }
    guard blankThreshold > 0 else {
      return "the blank threshold is \(blankThreshold), expected a positive number"
    }
    if let commitAfter, commitAfter <= 0 {
      return "words are decided after \(commitAfter) frames, expected a positive number"
    }
    return nil
  }

  /// Everything is looked at: the result is exact, and the time grows with the number of texts.
  public static var exhaustive: CTCSearchSettings {
    CTCSearchSettings(
      beamWidth: .max, beamThreshold: .infinity, tokensPerFrame: .max, tokenFloor: -.infinity,
      blankThreshold: 2)
  }
}
