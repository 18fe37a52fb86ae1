import Testing

@testable import RecurrentData

@Suite struct BytePairTests {
  private func pieces(_ text: String) -> [String] {
    var stream = PieceStream(BytePairSplitter())
    var pieces: [String] = []
    var text = text
    text.withUTF8 { stream.feed($0) { pieces.append(String(decoding: $0, as: UTF8.self)) } }
    stream.finish { pieces.append(String(decoding: $0, as: UTF8.self)) }
    return pieces
  }

  @Test(arguments: [
    ("the cat's 42nd", ["the", " cat", "'", "s", " 42", "nd"]), ("a  b", ["a", " ", " b"]),
    ("a \n b", ["a", " \n", " b"]),
    ("a\n\nb ", ["a", "\n\n", "b", " "]), ("  ", ["  "]), (" !?x", [" !?", "x"]), ("日本 ４２", ["日本", " ４２"]),
    ("", []),
  ])
  func splits(_ text: String, _ expected: [String]) { #expect(pieces(text) == expected) }

  /// The definition, without any of the trainer's bookkeeping: count all pairs anew before each merge.
  private func referenceMerges(_ text: String, size: Int, minimumCount: Int) -> [BytePairTable.Pair] {
    typealias Pair = BytePairTable.Pair
    var words = pieces(text).map { $0.utf8.map { Int32($0) } }
    var merges: [Pair] = []
    while 256 + merges.count < size {
      var counts: [Pair: Int] = [:]
      for word in words {
        for (left, right) in zip(word, word.dropFirst()) {
          counts[Pair(left: left, right: right), default: 0] += 1
        }
      }
      let best = counts.min { ($1.value, $0.key.left, $0.key.right) < ($0.value, $1.key.left, $1.key.right) }
      guard let best, best.value >= minimumCount else { break }
      let token = Int32(256 + merges.count)
      merges.append(best.key)
      words = words.map { replacing(best.key, by: token, in: $0) }
    }
    return merges
  }

  private func replacing(_ pair: BytePairTable.Pair, by token: Int32, in word: [Int32]) -> [Int32] {
    var result: [Int32] = []
    var index = 0
    while index < word.count {
      if index + 1 < word.count, word[index] == pair.left, word[index + 1] == pair.right {
        result.append(token)
        index += 2
      } else {
        result.append(word[index])
        index += 1
      }
    }
    return result
  }

  static let texts: [String] = {
    var state: UInt64 = 11
    func letters(_ count: Int, of alphabet: String) -> String {
      let alphabet = Array(alphabet)
      return String(
        (0..<count).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return alphabet[Int(truncatingIfNeeded: state >> 40) % alphabet.count]
        })
    }
    return [
      "low low low lower lower newest newest newest widest", "aaaa aaa aaaaaaa aa a aaaaa",
      "abababab abab ab baba",
      letters(1_500, of: "ab "), letters(1_500, of: "aab\n "), letters(1_500, of: "abcdé 1.,"),
      letters(400, of: "a"),
    ]
  }()

  @Test(arguments: texts, [2, 5])
  func trainerFollowsTheDefinition(_ text: String, _ minimumCount: Int) throws {
    var counter = PieceCounter(BytePairSplitter())
    var copy = text
    copy.withUTF8 { counter.feed($0) }
    counter.finish()
    var trainer = BytePairTrainer(counter)
    let merges = trainer.merges(size: 330, minimumCount: minimumCount)
    #expect(merges == referenceMerges(text, size: 330, minimumCount: minimumCount))
    #expect(!merges.isEmpty)

    // Encoding a piece is applying all merges in the order in which they were learnt.
    var encoder = BytePairEncoder(try BytePairTable(merges))
    for piece in Set(pieces(text + " cabbage aabba")) {
      var expected = piece.utf8.map { Int32($0) }
      for (rank, pair) in merges.enumerated() {
        expected = replacing(pair, by: Int32(256 + rank), in: expected)
      }
      var found: [Int32] = []
      for _ in 0..<2 {
        found = []
        var piece = piece
        piece.withUTF8 { encoder.encode($0, into: &found) }
        #expect(found == expected)
      }
    }
  }

  @Test func heapOrdersCandidates() {
    var heap = CandidateHeap()
    var counts: [Int] = []
    for index in 0..<200 {
      let count = (index * 73) % 41
      counts.append(count)
      heap.push(.init(count: count, pair: .init(left: Int32(index % 7), right: 0), number: index))
    }
    var popped: [CandidateHeap.Candidate] = []
    while let top = heap.pop() { popped.append(top) }
    #expect(popped.map(\.count) == counts.sorted(by: >))
    #expect(zip(popped, popped.dropFirst()).allSatisfy { !$1.precedes($0) })
  }
}
