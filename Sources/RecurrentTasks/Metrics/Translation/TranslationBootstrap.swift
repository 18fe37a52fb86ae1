import RecurrentCore

/// What scores would be for other sentences of the same kind: as many are drawn with replacement, 1,000 times.
struct TranslationBootstrap {
  private let bleu: BLEU
  private let chrF: CHRF
  private let total: (bleu: BLEU.Counts, chrF: CHRF.Counts)
  private let draws: [(bleu: Double, chrF: Double)]

  /// Draws from the sentences at some places.
  init(
    _ bleu: BLEU, _ bleuCounts: [BLEU.Counts], _ chrF: CHRF, _ chrFCounts: [CHRF.Counts], places: [Int],
    seed: UInt64
  ) {
    (self.bleu, self.chrF) = (bleu, chrF)
    let width = 2 + 2 * BLEU.order + chrF.noCounts.numbers.count
    var rows: [Int32] = []
    rows.reserveCapacity(places.count * width)
    for place in places {
      let own = bleuCounts[place]
      rows.append(Int32(clamping: own.hypothesisLength))
      rows.append(Int32(clamping: own.referenceLength))
      for number in own.matches { rows.append(Int32(clamping: number)) }
      for number in own.totals { rows.append(Int32(clamping: number)) }
      for number in chrFCounts[place].numbers { rows.append(Int32(clamping: number)) }
    }
    func counts(_ sums: [Int]) -> (bleu: BLEU.Counts, chrF: CHRF.Counts) {
      var own = BLEU.Counts()
      (own.hypothesisLength, own.referenceLength) = (sums[0], sums[1])
      own.matches = Array(sums[2..<2 + BLEU.order])
      own.totals = Array(sums[2 + BLEU.order..<2 + 2 * BLEU.order])
      return (own, CHRF.Counts(numbers: Array(sums[(2 + 2 * BLEU.order)...])))
    }
    func sum(_ drawn: some Sequence<Int>) -> [Int] {
      var sums = [Int](repeating: 0, count: width)
      rows.withUnsafeBufferPointer { rows in
        sums.withUnsafeMutableBufferPointer { sums in
          for row in drawn { for column in 0..<width { sums[column] += Int(rows[row * width + column]) } }
        }
      }
      return sums
    }
    let count = places.count
    total = counts(sum(0..<count))
    // draws of one sentence say nothing
    guard count > 1 else {
      draws = []
      return
    }
    let key = RandomKey(seed: seed)
    draws = (0..<1000).map { draw in
      let uniforms = key.child(draw).uniforms(count)
      let own = counts(sum(uniforms.lazy.map { min(Int(Double($0) * Double(count)), count - 1) }))
      return (bleu.score(own.bleu).value, chrF.score(own.chrF))
    }
  }

  /// BLEU of all sentences.
  var bleuScore: BLEU.Score { bleu.score(total.bleu) }
  /// BLEU with its interval.
  var bleuInterval: TranslationMetrics.Interval { interval(bleuScore.value, \.bleu) }
  /// chrF with its interval.
  var chrFInterval: TranslationMetrics.Interval { interval(chrF.score(total.chrF), \.chrF) }

  private func interval(
    _ value: Double, _ part: KeyPath<(bleu: Double, chrF: Double), Double>
  ) -> TranslationMetrics.Interval {
    guard !draws.isEmpty else { return TranslationMetrics.Interval(value: value, low: value, high: value) }
    let sorted = draws.map { $0[keyPath: part] }.sorted()
    return TranslationMetrics.Interval(
      value: value, low: sorted[sorted.count * 25 / 1000], high: sorted[sorted.count * 975 / 1000])
  }
}
