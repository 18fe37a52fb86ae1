/// What BLEU, chrF2 and chrF2++ count in each of many sentences, and their scores over any of these.
struct TranslationCounts {
  private let bleu: BLEU
  private let chrF = CHRF()
  private let plus = CHRF.plusPlus
  /// The numbers of each sentence: those of BLEU, of chrF2, of chrF2++.
  private let rows: [[Int]]

  /// Counts sentences. Traps where one has no reference.
  init(_ pairs: [TranslationMetrics.Pair], _ bleu: BLEU) {
    self.bleu = bleu
    let (hypotheses, references) = (pairs.map(\.hypothesis), pairs.map(\.references))
    let words = bleu.counts(hypotheses: hypotheses, references: references)
    let plusCounts = plus.counts(hypotheses: hypotheses, references: references)
    let width = 3 * chrF.characterOrder
    // of one reference the counts of characters are the same
    let characters =
      references.allSatisfy { $0.count == 1 }
      ? plusCounts.map { Array($0.numbers[..<width]) }
      : chrF.counts(hypotheses: hypotheses, references: references).map(\.numbers)
    rows = pairs.indices.map { words[$0].numbers + characters[$0] + plusCounts[$0].numbers }
  }

  /// The scores of some sentences with their 95 % intervals.
  func scores(_ places: some Collection<Int>, seed: UInt64) -> Scores {
    let (first, second) = (BLEU.Counts.width, BLEU.Counts.width + chrF.noCounts.numbers.count)
    let all = second + plus.noCounts.numbers.count
    let sums = SumBootstrap(places.flatMap { rows[$0] }, width: all, seed: seed)
    return Scores(
      score: bleu.score(BLEU.Counts(numbers: sums.sums[..<first])),
      bleu: sums.interval { bleu.score(BLEU.Counts(numbers: $0[..<first])).value },
      chrF: sums.interval { chrF.score(CHRF.Counts(numbers: Array($0[first..<second]))) },
      chrFPlusPlus: sums.interval { plus.score(CHRF.Counts(numbers: Array($0[second...]))) })
  }

  /// Scores of several sentences together.
  struct Scores {
    var score: BLEU.Score
    var bleu, chrF, chrFPlusPlus: ScoreInterval
  }

  /// BLEU of each sentence alone, by the orders that it has words for.
  var sentenceBLEU: [Double] {
    let single = BLEU(tokenizer: bleu.tokenizer, smoothing: bleu.smoothing, usesEffectiveOrder: true)
    return rows.map { single.score(BLEU.Counts(numbers: $0[..<BLEU.Counts.width])).value }
  }

  /// chrF2 of each sentence alone.
  var sentenceCHRF: [Double] {
    let range = BLEU.Counts.width..<BLEU.Counts.width + chrF.noCounts.numbers.count
    return rows.map { chrF.score(CHRF.Counts(numbers: Array($0[range]))) }
  }
}
