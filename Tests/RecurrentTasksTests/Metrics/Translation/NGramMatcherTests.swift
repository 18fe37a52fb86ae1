import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct NGramMatcherTests {
  private func slow(_ own: [Int32], _ others: [[Int32]], _ n: Int) -> Int {
    func counts(_ symbols: [Int32]) -> [[Int32]: Int] {
      guard symbols.count >= n else { return [:] }
      return (0...(symbols.count - n)).reduce(into: [:]) { $0[Array(symbols[$1..<$1 + n]), default: 0] += 1 }
    }
    let all = others.map(counts)
    return counts(own).reduce(0) { sum, gram in
      sum + min(gram.value, all.map { $0[gram.key] ?? 0 }.max() ?? 0)
    }
  }

  /// One matcher for texts of all lengths, whose memory is used again and grows.
  @Test func countsAsTheDefinition() {
    var matcher = NGramMatcher(order: 6)
    var matches = [Int](repeating: 0, count: 6)
    let key = RandomKey(seed: 3)
    for round in 0..<200 {
      let symbols = Float([2, 4, 50][round % 3])
      func text(_ part: Int) -> [Int32] {
        let own = key.child(round).child(part)
        let length = Int(own.uniform(at: 0) * (round % 20 == 7 ? 600 : 40))
        return own.uniforms(length, from: 1).map { Int32($0 * symbols) }
      }
      let (hypothesis, references) = (text(0), [text(1), text(2)])
      matcher.begin(hypothesis)
      for reference in references {
        matcher.compare(reference, matches: &matches)
        for n in 1...6 { #expect(matches[n - 1] == slow(hypothesis, [reference], n)) }
      }
      for n in 1...6 { #expect(matcher.clippedMatches(order: n) == slow(hypothesis, references, n)) }
    }
  }
}
