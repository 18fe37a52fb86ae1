import RecurrentData

/// Compares the words of hypotheses with those of the best one.
enum WordConfidence {
  /// For each word of the first list the weights of the lists that have it at its place. Places are those of the alignment
  /// with the fewest insertions, deletions and substitutions (Levenshtein); 1 where all lists have it.
  ///
  /// - Parameters:
  ///   - lists: the words of each hypothesis.
  ///   - weights: the probabilities of the hypotheses, with sum 1.
  static func shares(_ lists: [[DecodedWord]], weights: [Double]) -> [Double] {
    guard let best = lists.first else { return [] }
    var (shares, counts) = ([Double](repeating: 0, count: best.count), [Int](repeating: 0, count: best.count))
    for (list, weight) in zip(lists, weights) {
      forEachMatch(best, list) { place in
        shares[place] += weight
        counts[place] += 1
      }
    }
    return zip(shares, counts).map { $1 == lists.count ? 1 : min($0, 1) }
  }

  private static func forEachMatch(_ a: [DecodedWord], _ b: [DecodedWord], _ body: (Int) -> Void) {
    let shorter = min(a.count, b.count)
    var head = 0
    while head < shorter, a[head].text == b[head].text { head += 1 }
    var tail = 0
    while tail < shorter - head, a[a.count - 1 - tail].text == b[b.count - 1 - tail].text { tail += 1 }
    for place in 0..<head { body(place) }
    for place in a.count - tail..<a.count { body(place) }
    let (middle, other) = (a[head..<a.count - tail].map(\.text), b[head..<b.count - tail].map(\.text))
    guard !middle.isEmpty, !other.isEmpty else { return }
    // where alignments tie, an insertion goes before a deletion: what `a` has alone before what `b` has alone
    for step in EditAlignment(reference: other, hypothesis: middle, costs: .unit).steps {
      if case .match(_, let place) = step { body(head + place) }
    }
  }
}
