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
    align(a[head..<a.count - tail], b[head..<b.count - tail], body)
  }

  private static func align(
    _ a: ArraySlice<DecodedWord>, _ b: ArraySlice<DecodedWord>, _ body: (Int) -> Void
  ) {
    guard !a.isEmpty, !b.isEmpty else { return }
    let width = b.count + 1
    var costs = [Int32](repeating: 0, count: (a.count + 1) * width)
    for column in 0..<width { costs[column] = Int32(column) }
    for row in 1...a.count {
      costs[row * width] = Int32(row)
      for column in 1..<width {
        let isSame = a[a.startIndex + row - 1].text == b[b.startIndex + column - 1].text
        costs[row * width + column] = min(
          costs[(row - 1) * width + column - 1] + (isSame ? 0 : 1), costs[(row - 1) * width + column] + 1,
          costs[row * width + column - 1] + 1)
      }
    }
    var (row, column) = (a.count, b.count)
    while row > 0, column > 0 {
      let cost = costs[row * width + column]
      let isSame = a[a.startIndex + row - 1].text == b[b.startIndex + column - 1].text
      if cost == costs[(row - 1) * width + column - 1] + (isSame ? 0 : 1) {
        (row, column) = (row - 1, column - 1)
        if isSame { body(a.startIndex + row) }
      } else if cost == costs[(row - 1) * width + column] + 1 {
        row -= 1
      } else {
        column -= 1
      }
    }
  }
}
