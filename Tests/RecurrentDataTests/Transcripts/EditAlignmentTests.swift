import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct EditAlignmentTests {
  /// The letters of an alignment: C, S, D, I.
  private static func letters(_ alignment: EditAlignment) -> String {
    String(
      alignment.steps.map { step -> Character in
        switch step {
        case .match: "C"
        case .substitution: "S"
        case .deletion: "D"
        case .insertion: "I"
        }
      })
  }

  /// Worked out by hand with the costs and ties of sclite's network alignment.
  @Test(
    arguments: [
      ("a b c", "a b c", "CCC"), ("a b c", "a c", "CDC"), ("a c", "a b c", "CIC"), ("", "a b", "II"),
      ("a b", "", "DD"),
      ("", "", ""),
      // two substitutions cost 8, a deletion and an insertion 6
      ("a b", "b c", "DCI"), ("a b", "b a", "DCI"),
      // a substitution goes before a deletion or an insertion, seen from the end
      ("a b", "c", "DS"), ("a", "b c", "IS"), ("a b c", "x y", "DSS"),
      ("the cat sat on the mat", "the hat sat the mat today", "CSCDCCI"),
      // four gaps cost 12, six substitutions 24
      ("a b c d e f", "b c x d y e", "DCCICICD"),
    ])
  func sclite(_ reference: String, _ hypothesis: String, _ expected: String) {
    let alignment = EditAlignment(
      reference: reference.split(separator: " "), hypothesis: hypothesis.split(separator: " "))
    #expect(EditAlignmentTests.letters(alignment) == expected)
  }

  /// All costs, without a band.
  private static func slow(_ a: [Int], _ b: [Int], _ costs: EditAlignment.Costs) -> [EditAlignment.Step] {
    var cost = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    func ways(_ i: Int, _ j: Int) -> (diagonal: Int, deletion: Int, insertion: Int) {
      (
        i > 0 && j > 0 ? cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : costs.substitution) : .max,
        i > 0 ? cost[i - 1][j] + costs.gap : .max, j > 0 ? cost[i][j - 1] + costs.gap : .max
      )
    }
    for i in 0...a.count {
      for j in 0...b.count where i + j > 0 {
        let all = ways(i, j)
        cost[i][j] = min(all.diagonal, all.deletion, all.insertion)
      }
    }
    var (i, j, steps) = (a.count, b.count, [EditAlignment.Step]())
    while i + j > 0 {
      let all = ways(i, j)
      if all.diagonal <= all.deletion, all.diagonal <= all.insertion {
        (i, j) = (i - 1, j - 1)
        steps.append(
          a[i] == b[j] ? .match(reference: i, hypothesis: j) : .substitution(reference: i, hypothesis: j))
      } else if all.deletion < all.insertion {
        i -= 1
        steps.append(.deletion(reference: i))
      } else {
        j -= 1
        steps.append(.insertion(hypothesis: j))
      }
    }
    return steps.reversed()
  }

  @Test(arguments: [EditAlignment.Costs.sclite, .unit], [2, 6, 50])
  func bandsChooseAsTheWhole(_ costs: EditAlignment.Costs, _ symbols: Int) {
    let key = RandomKey(seed: UInt64(symbols))
    for round in 0..<120 {
      let sizes = key.child(2 * round).uniforms(2)
      let longest: Float = round % 10 == 0 ? 150 : 40
      let (rows, columns) = (Int(sizes[0] * longest), Int(sizes[1] * longest))
      let draws = key.child(2 * round + 1).uniforms(rows + 2 * columns)
      let a = draws[..<rows].map { Int($0 * Float(symbols)) }
      // half of them near each other
      let b = (0..<columns).map { place in
        let noise = Int(draws[rows + place] * Float(symbols))
        return round % 2 == 0 && draws[rows + columns + place] < 0.8 && !a.isEmpty
          ? a[min(place, a.count - 1)] : noise
      }
      let alignment = EditAlignment(reference: a, hypothesis: b, costs: costs)
      #expect(alignment.steps == EditAlignmentTests.slow(a, b, costs), "\(a) \(b)")
    }
  }

  /// The rows are computed in blocks here.
  @Test func longTexts() {
    let words = Array(0..<24_000)
    var read = Array(words.dropFirst(700))
    for place in stride(from: 5, to: read.count, by: 97) { read[place] = -place }
    read.insert(contentsOf: 100_000..<100_009, at: 12_000)
    let changed = stride(from: 5, to: 23_300, by: 97).map { $0 }.count
    let counts = EditAlignment(reference: words, hypothesis: read).counts
    #expect(
      counts.deletions == 700 && counts.insertions == 9 && counts.substitutions == changed
        && counts.matches == 24_000 - 700 - changed)
    let nothing = EditAlignment(reference: Array(0..<4500), hypothesis: Array(5000..<9500)).counts
    #expect(nothing.substitutions == 4500 && nothing.errors == 4500)
  }

  @Test func countsOfJiwer() throws {
    let fixture = try TranscriptFixture()
    var (words, sclite) = (EditCounts(), EditCounts())
    for own in fixture.cases {
      let (reference, hypothesis) = (
        own.reference.split(separator: " "), own.hypothesis.split(separator: " ")
      )
      let alignment = EditAlignment(reference: reference, hypothesis: hypothesis, costs: .unit)
      #expect(alignment.counts.errors == own.wordErrors, "\(own.reference)")
      #expect(
        EditAlignment(reference: Array(own.reference), hypothesis: Array(own.hypothesis), costs: .unit).counts
          .errors
          == own.characterErrors, "\(own.reference)")
      // the costs of sclite never find fewer errors
      let other = EditAlignment(reference: reference, hypothesis: hypothesis)
      #expect(other.counts.errors >= own.wordErrors && other.counts.referenceCount == reference.count)
      (words, sclite) = (words + alignment.counts, sclite + other.counts)
    }
    #expect(abs(words.rate - fixture.wordErrorRate) < 1e-12)
    #expect(sclite.rate < words.rate * 1.02)
  }

  @Test func rates() {
    #expect(EditCounts().rate == 0)
    #expect(EditAlignment(reference: [Int](), hypothesis: [1]).counts.rate == 1)
    #expect(EditAlignment(reference: [1, 2], hypothesis: [1, 2, 3]).counts.rate == 0.5)
  }
}
