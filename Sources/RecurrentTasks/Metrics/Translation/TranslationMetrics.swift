import RecurrentData

/// How well texts were translated: BLEU, chrF2 and chrF2++ with 95 % intervals, of all sentences, of each, and by the length of
/// the source.
///
/// Scores and signatures are those of sacrebleu; only final text and references as somebody wrote them are compared, never pieces.
/// Intervals are those of a bootstrap that draws whole sentences (Koehn 2004), the same for the same seed.
public struct TranslationMetrics: Sendable, Equatable, Codable {
  /// A sentence, what it was translated to, and what it might have been translated to.
  public struct Pair: Sendable, Equatable {
    /// What was translated; empty where there is no text, such as of pictures.
    public var source: String
    /// What was written, as users see it.
    public var hypothesis: String
    /// What people wrote, at least one.
    public var references: [String]

    /// A sentence with its translations.
    public init(source: String = "", hypothesis: String, references: [String]) {
      (self.source, self.hypothesis, self.references) = (source, hypothesis, references)
    }
  }

  /// The sentences of a range of lengths.
  public struct Part: Sendable, Equatable, Codable {
    /// Which lengths.
    public var name: String
    /// How many sentences it has.
    public var sentences: Int
    /// Their scores.
    public var bleu, chrF: ScoreInterval
  }

  /// How BLEU is computed.
  public let settings: BLEU
  /// How many sentences were compared.
  public let sentences: Int
  /// How many references sentences have, each number once, the lowest first.
  public let referenceCounts: [Int]
  /// BLEU with its parts.
  public let score: BLEU.Score
  /// BLEU, chrF2 and chrF2++ of all sentences.
  public let bleu, chrF, chrFPlusPlus: ScoreInterval
  /// By the length of the source, the shortest first; empty where there is none.
  public let lengths: [Part]
  /// BLEU of each sentence alone, by the orders that it has words for, and chrF2.
  public let sentenceBLEU, sentenceCHRF: [Double]
  /// BLEU, chrF2 and chrF2++ with their signatures, as sacrebleu prints them.
  public let signatures: [String]
  /// Hypotheses that end in a blank and a full stop, as text does that was split into words and not put together again.
  public let splitCount: Int

  /// The longest sources of each range of lengths but the last.
  private static let lengthBounds = [5, 10, 15, 20, 30, 40]
  /// So many lines with a full stop of its own are no accident, as sacrebleu thinks too.
  private static let splitLimit = 100

  /// Compares translations. Traps where a sentence has no reference.
  ///
  /// - Parameters:
  ///   - pairs: the sentences.
  ///   - tokenizer: how BLEU cuts texts; nil for the one that suits the language of the references.
  ///   - smoothing: what stands for a precision of zero.
  ///   - seed: of the bootstrap.
  public init(
    _ pairs: [Pair], tokenizer: BLEUTokenizer? = nil, smoothing: BLEU.Smoothing = .exponential,
    seed: UInt64 = 0
  ) {
    let bleu = BLEU(
      tokenizer: tokenizer ?? .suitable(for: pairs.lazy.compactMap(\.references.first)), smoothing: smoothing)
    let counts = TranslationCounts(pairs, bleu)
    let all = counts.scores(pairs.indices, seed: seed)
    settings = bleu
    sentences = pairs.count
    referenceCounts = Set(pairs.map(\.references.count)).sorted()
    (score, self.bleu, chrF, chrFPlusPlus) = (all.score, all.bleu, all.chrF, all.chrFPlusPlus)
    (sentenceBLEU, sentenceCHRF) = (counts.sentenceBLEU, counts.sentenceCHRF)
    let references = Set(referenceCounts)
    signatures = [
      bleu.line(all.score, referenceCounts: references),
      CHRF().line(all.chrF.value, referenceCounts: references),
      CHRF.plusPlus.line(all.chrFPlusPlus.value, referenceCounts: references),
    ]
    splitCount = pairs.count { $0.hypothesis.hasSuffix(" .") }
    let sourceLengths = TranslationMetrics.lengths(of: pairs.map(\.source))
    let hasSources = pairs.contains { !$0.source.isEmpty }
    let ranges = Dictionary(grouping: pairs.indices) { place in
      TranslationMetrics.lengthBounds.firstIndex { sourceLengths.values[place] <= $0 }
        ?? TranslationMetrics.lengthBounds.count
    }
    lengths =
      hasSources
      ? ranges.keys.sorted().map { range in
        let places = ranges[range] ?? []
        let own = counts.scores(places, seed: seed)
        return Part(
          name: TranslationMetrics.lengthName(range, unit: sourceLengths.unit), sentences: places.count,
          bleu: own.bleu, chrF: own.chrF)
      } : []
  }

  /// The lengths of sources in words, or in characters where the language has no blanks between words.
  private static func lengths(of sources: [String]) -> (values: [Int], unit: String) {
    let tokenizer = BLEUTokenizer.suitable(for: sources)
    var cutter = BLEUTokenCutter(tokenizer == .character ? .character : .none)
    let values = sources.map { source in
      var count = 0
      cutter.forEachToken(source) { _ in count += 1 }
      return count
    }
    return (values, tokenizer == .character ? "characters" : "words")
  }

  private static func lengthName(_ range: Int, unit: String) -> String {
    guard range > 0 else { return "up to \(lengthBounds[0]) \(unit)" }
    let first = lengthBounds[range - 1] + 1
    guard range < lengthBounds.count else { return "\(first) \(unit) or more" }
    return "\(first) to \(lengthBounds[range]) \(unit)"
  }

  /// What may be wrong with what was compared; nil for nothing.
  public var warning: DataNote? {
    guard splitCount >= TranslationMetrics.splitLimit else { return nil }
    return DataNote(
      .warning,
      "\(splitCount) of \(sentences) translations end in a blank and a full stop: scores of text that was split into words "
        + "do not compare with others; put the words together again first")
  }

  /// The places of the sentences from the worst to the best by chrF2, those as bad in their order.
  public var worstFirst: [Int] {
    sentenceCHRF.indices.sorted { (sentenceCHRF[$0], $0) < (sentenceCHRF[$1], $1) }
  }
}
