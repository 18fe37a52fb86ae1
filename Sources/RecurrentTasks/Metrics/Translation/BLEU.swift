import RecurrentCore
import RecurrentData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The metric BLEU (Papineni and others 2002, doi:10.3115/1073083.1073135), as sacrebleu computes it (Post 2018,
/// doi:10.18653/v1/W18-6319): the geometric mean of the precisions of n-grams of 1 to 4 words, with a penalty for texts that are
/// too short.
///
///     let bleu = BLEU()
///     let score = bleu.score(hypotheses: ["the cat sat"], references: [["the cat sat down", "a cat sat"]])
///     print(bleu.line(score, referenceCounts: [2]))
///
/// N-grams count at most as often as the reference that has them most often; lengths are those of the reference that is closest,
/// of two as close the shorter one. Texts are compared with their case.
public struct BLEU: Sendable, Equatable, Codable {
  /// The longest n-grams that count.
  public static let order = 4

  /// What stands for a precision of zero.
  public enum Smoothing: Sendable, Equatable, Codable {
    /// Halves the precision of one match from each order without matches to the next.
    case exponential
    /// So many matches for none.
    case floor(Double = 0.1)
    /// So many more matches and n-grams, from n-grams of two words on.
    case add(Double = 1)
    /// Nothing, which makes the whole score zero.
    case none
  }

  /// How texts are cut.
  public var tokenizer: BLEUTokenizer
  /// What stands for a precision of zero.
  public var smoothing: Smoothing
  /// Whether orders that a text is too short for do not count, as is usual for single sentences.
  public var usesEffectiveOrder: Bool

  /// A metric; without arguments that which papers report.
  public init(
    tokenizer: BLEUTokenizer = .western, smoothing: Smoothing = .exponential, usesEffectiveOrder: Bool = false
  ) {
    (self.tokenizer, self.smoothing, self.usesEffectiveOrder) = (tokenizer, smoothing, usesEffectiveOrder)
  }

  /// What is counted over sentences.
  public struct Counts: Sendable, Equatable, Codable {
    /// Words of the hypotheses, and of the references that are closest.
    public var hypothesisLength, referenceLength: Int
    /// N-grams of each order that both have, and that the hypotheses have.
    public var matches, totals: [Int]

    /// Counts of nothing.
    public init() {
      (hypothesisLength, referenceLength) = (0, 0)
      (matches, totals) = ([Int](repeating: 0, count: order), [Int](repeating: 0, count: order))
    }

    /// How many numbers are counted.
    static let width = 2 + 2 * order

    /// Counts by their numbers: both lengths, matches, totals.
    init(numbers: some RandomAccessCollection<Int>) {
      let all = Array(numbers)
      (hypothesisLength, referenceLength) = (all[0], all[1])
      (matches, totals) = (Array(all[2..<2 + order]), Array(all[(2 + order)...]))
    }

    /// Both lengths, matches, totals.
    var numbers: [Int] { [hypothesisLength, referenceLength] + matches + totals }

    /// The counts of two texts together.
    public static func + (a: Counts, b: Counts) -> Counts {
      Counts(numbers: zip(a.numbers, b.numbers).map { $0 + $1 })
    }
  }

  /// The score of a text.
  public struct Score: Sendable, Equatable, Codable {
    /// BLEU, 0 to 100.
    public var value: Double
    /// The smoothed precision of each order in per cent; zeros where nothing matches.
    public var precisions: [Double]
    /// The factor for texts that are too short, 0 to 1.
    public var brevityPenalty: Double
    /// What was counted.
    public var counts: Counts

    /// Words of the hypotheses for each of the references; 0 without any.
    public var lengthRatio: Double {
      counts.referenceLength > 0 ? Double(counts.hypothesisLength) / Double(counts.referenceLength) : 0
    }
  }

  /// The counts of each sentence.
  ///
  /// - Parameters:
  ///   - hypotheses: what was written.
  ///   - references: what might have been written, at least one for each hypothesis. Traps where the counts differ.
  public func counts(hypotheses: [String], references: [[String]]) -> [Counts] {
    trapUnless(
      hypotheses.count == references.count,
      "BLEU: expected references for \(hypotheses.count) hypotheses, received \(references.count)")
    var counter = BLEUCounter(tokenizer)
    return zip(hypotheses, references).map { counter.counts($0, $1) }
  }

  /// The score of a text, sentence by sentence; that of no sentence is 0.
  public func score(hypotheses: [String], references: [[String]]) -> Score {
    score(counts(hypotheses: hypotheses, references: references).reduce(Counts(), +))
  }

  /// The score of what was counted.
  public func score(_ counts: Counts) -> Score {
    let (own, other) = (Double(counts.hypothesisLength), Double(counts.referenceLength))
    let penalty =
      counts.hypothesisLength < counts.referenceLength
      ? counts.hypothesisLength > 0 ? exp(1 - other / own) : 0 : 1
    var precisions = [Double](repeating: 0, count: BLEU.order)
    guard counts.matches.contains(where: { $0 > 0 }) else {
      return Score(value: 0, precisions: precisions, brevityPenalty: penalty, counts: counts)
    }
    var (halves, last) = (1.0, BLEU.order)
    for n in 0..<BLEU.order {
      var (matches, total) = (Double(counts.matches[n]), Double(counts.totals[n]))
      if case .add(let more) = smoothing, n > 0 { (matches, total) = (matches + more, total + more) }
      if total == 0 { break }
      if usesEffectiveOrder { last = n + 1 }
      if matches > 0 {
        precisions[n] = 100 * matches / total
      } else if smoothing == .exponential {
        halves *= 2
        precisions[n] = 100 / (halves * total)
      } else if case .floor(let least) = smoothing {
        precisions[n] = 100 * least / total
      }
    }
    // of zero as sacrebleu has it
    let logarithms = precisions[..<last].reduce(0) { $0 + ($1 > 0 ? log($1) : -9_999_999_999) }
    return Score(
      value: penalty * exp(logarithms / Double(last)), precisions: precisions, brevityPenalty: penalty,
      counts: counts)
  }

  /// What the score depends on, as sacrebleu writes it: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:recurrent-0.1.0`.
  ///
  /// - Parameter referenceCounts: how many references sentences have.
  public func signature(referenceCounts: Set<Int>) -> String {
    let smooth =
      switch smoothing {
      case .exponential: "exp"
      case .floor(let least): "floor[\(fixed(least, 2))]"
      case .add(let more): "add-k[\(fixed(more, 2))]"
      case .none: "none"
      }
    return
      "nrefs:\(MetricSignature.references(referenceCounts))|case:mixed|eff:\(usesEffectiveOrder ? "yes" : "no")"
      + "|tok:\(tokenizer.rawValue)|smooth:\(smooth)|\(MetricSignature.version)"
  }

  /// The score with its signature, as sacrebleu prints it.
  public func line(_ score: Score, referenceCounts: Set<Int>, decimals: Int = 1) -> String {
    "BLEU|\(signature(referenceCounts: referenceCounts)) = \(fixed(score.value, decimals)) \(BLEU.details(score))"
  }

  /// The precisions and lengths of a score, as sacrebleu prints them.
  static func details(_ score: Score) -> String {
    score.precisions.map { fixed($0, 1) }.joined(separator: "/")
      + " (BP = \(fixed(score.brevityPenalty, 3)) ratio = \(fixed(score.lengthRatio, 3)) "
      + "hyp_len = \(score.counts.hypothesisLength) ref_len = \(score.counts.referenceLength))"
  }
}

/// Counts sentences one after the other; words get their numbers once.
struct BLEUCounter {
  private var cutter: BLEUTokenCutter
  private var words = ByteStringTable()
  private var matcher = NGramMatcher(order: BLEU.order)
  private var symbols: [Int32] = []
  private var matches = [Int](repeating: 0, count: BLEU.order)

  init(_ tokenizer: BLEUTokenizer) { cutter = BLEUTokenCutter(tokenizer) }

  mutating func counts(_ hypothesis: String, _ references: [String]) -> BLEU.Counts {
    trapUnless(!references.isEmpty, "BLEU: expected a reference for each hypothesis, received none")
    number(hypothesis)
    matcher.begin(symbols)
    var counts = BLEU.Counts()
    counts.hypothesisLength = symbols.count
    var closest = (difference: Int.max, length: 0)
    for reference in references {
      number(reference)
      matcher.compare(symbols, matches: &matches)
      let own = (difference: abs(matcher.length - symbols.count), length: symbols.count)
      if own < closest { closest = own }
    }
    counts.referenceLength = closest.length
    for n in 1...BLEU.order {
      counts.matches[n - 1] = matcher.clippedMatches(order: n)
      counts.totals[n - 1] = max(0, matcher.length - n + 1)
    }
    return counts
  }

  private mutating func number(_ text: String) {
    symbols.removeAll(keepingCapacity: true)
    cutter.number(text, words: &words, symbols: &symbols)
  }
}
