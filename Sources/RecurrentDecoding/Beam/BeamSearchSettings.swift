import RecurrentCore

/// How a ``BeamSearch`` looks, and which sequences it prefers.
public struct BeamSearchSettings: Sendable, Equatable, Codable {
  /// The most sequences that are kept from step to step, of a row; `Int.max` for all.
  public var beamWidth: Int
  /// The most sequences that are given of a row.
  public var best: Int
  /// What scores are divided by.
  public var lengthPenalty: LengthPenalty
  /// What is taken off scores.
  public var coveragePenalty: CoveragePenalty
  /// Groups of so many tokens occur once in a sequence; nil for any number of times.
  public var noRepeatNGramSize: Int?
  /// The least tokens of a sequence, without its end.
  public var minimumLength: Int
  /// The most tokens of a sequence, without its end, for each place of its source.
  public var maximumRatio: Double
  /// The most tokens of a sequence besides.
  public var maximumOffset: Int
  /// Whether the search goes on until nothing can be better than what it has found. Else it ends with as many ended sequences as
  /// it keeps, and each of them leaves room for one less.
  public var isThorough: Bool
  /// How many tokens may follow a sequence where a scorer is asked about them, the likeliest; `Int.max` for all.
  public var scoredTokens: Int

  private enum CodingKeys: String, CodingKey {
    case beamWidth, best, lengthPenalty, coveragePenalty, minimumLength, maximumRatio, maximumOffset
    case isThorough, scoredTokens
    // as bundles call it
    case noRepeatNGramSize = "unrepeated"
  }

  /// Settings: 8 sequences, of which one is given; scores by the mean of the logarithms; at most twice as many tokens as places,
  /// and 10 more.
  public init(
    beamWidth: Int = 8, best: Int = 1, lengthPenalty: LengthPenalty = .average(alpha: 1),
    coveragePenalty: CoveragePenalty = .none, noRepeatNGramSize: Int? = nil, minimumLength: Int = 0,
    maximumRatio: Double = 2, maximumOffset: Int = 10, isThorough: Bool = false, scoredTokens: Int = 64
  ) {
    (self.beamWidth, self.best) = (beamWidth, best)
    (self.lengthPenalty, self.coveragePenalty) = (lengthPenalty, coveragePenalty)
    (self.noRepeatNGramSize, self.minimumLength) = (noRepeatNGramSize, minimumLength)
    (self.maximumRatio, self.maximumOffset) = (maximumRatio, maximumOffset)
    (self.isThorough, self.scoredTokens) = (isThorough, scoredTokens)
  }

  /// What is impossible about the settings; nil where nothing is. A search traps where there is something.
  public var issue: String? {
    func isIn(_ value: Double, _ range: ClosedRange<Double>) -> Bool { range.contains(value) }
    if beamWidth < 1 { return "the beam width is \(beamWidth), expected a positive number" }
    if best < 1 { return "the number of sequences is \(best), expected a positive number" }
    if let alpha = lengthPenalty.alpha, !isIn(alpha, 0...10) {
      return "alpha of the length penalty is \(alpha), expected a number from 0 to 10"
    }
    switch coveragePenalty {
    case .wu(let beta) where !isIn(beta, 0...100), .summary(let beta) where !isIn(beta, 0...100):
      return "beta of the coverage penalty is \(beta), expected a number from 0 to 100"
    default: break
    }
    if let noRepeatNGramSize, noRepeatNGramSize < 1 {
      return "groups of \(noRepeatNGramSize) tokens cannot be kept from repeating, expected a positive number"
    }
    if minimumLength < 0 { return "the minimum length is \(minimumLength), expected 0 or more" }
    if !isIn(maximumRatio, 0...1e6) {
      return "the maximum ratio is \(maximumRatio), expected a number from 0 to 1000000"
    }
    if !(0...1 << 40).contains(maximumOffset) {
      return "the maximum offset is \(maximumOffset), expected a number from 0 to \(1 << 40)"
    }
    if scoredTokens < 1 {
      return "the number of scored tokens is \(scoredTokens), expected a positive number"
    }
    return nil
  }

  /// Everything is looked at: the result is exact, and the time grows with the number of sequences.
  public static var exhaustive: BeamSearchSettings {
    BeamSearchSettings(beamWidth: .max, best: .max, isThorough: true, scoredTokens: .max)
  }

  /// The most tokens for a source of so many places.
  func maximumLength(_ places: Int) -> Int {
    max(minimumLength, Int((maximumRatio * Double(places)).rounded(.down)) + maximumOffset)
  }
}
