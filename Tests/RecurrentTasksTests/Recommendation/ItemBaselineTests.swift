import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct ItemBaselineTests {
  private static let itemCount = 12

  private static func sessions() -> [[Int32]] {
    (0..<40).map { session in
      let key = RandomKey(seed: 100).child(session)
      let length = 1 + key.integers(1, below: 8)[0]
      return key.child(1).integers(2 * length, below: itemCount).chunked.map { Int32(min($0.0, $0.1)) }
    }
  }

  private static func tables(_ sessions: [[Int32]]) -> (baselines: ItemBaselines, counts: [Int]) {
    var (sequences, counts) = (SessionSequences(), [Int](repeating: 0, count: itemCount))
    for session in sessions {
      sequences.append(session)
      for item in session { counts[Int(item)] += 1 }
    }
    return (ItemBaselines(sequences, itemCount: itemCount), counts)
  }

  /// Each baseline ranks as its definition says, counted anew for every event.
  @Test func ranksByDefinition() {
    let sessions = Self.sessions()
    let (baselines, counts) = Self.tables(sessions)
    var ranker = BaselineRanker(baselines, counts: counts)
    func score(_ kind: ItemBaselines.Kind, _ item: Int32, _ seen: ArraySlice<Int32>) -> Int {
      switch kind {
      case .popularity: return 0
      case .lastItemMarkov:
        return sessions.reduce(0) { sum, session in
          sum + zip(session, session.dropFirst()).count { $0 == seen.last && $1 == item }
        }
      case .coOccurrence:
        return seen.reduce(0) { sum, own in
          sum + sessions.count { own != item && $0.contains(own) && $0.contains(item) }
        }
      case .alreadySeen: return (seen.lastIndex(of: item) ?? -1) + 1
      }
    }
    for session in sessions {
      for place in session.indices.dropFirst() {
        let (seen, target) = (session[..<place], session[place])
        for kind in ItemBaselines.Kind.allCases {
          func value(_ item: Int32) -> (Int, Int) { (score(kind, item, seen), counts[Int(item)]) }
          let own = value(target)
          let all = (0..<Int32(Self.itemCount)).map(value)
          let rank = ranker.rank(kind, of: target, after: seen)
          #expect(rank.above == all.count { $0 > own }, "\(kind) \(session) \(place)")
          #expect(rank.equal == all.count { $0 == own } - 1, "\(kind) \(session) \(place)")
        }
      }
    }
  }

  @Test func theFileGivesTheTables() throws {
    let (baselines, counts) = Self.tables(Self.sessions())
    let bytes = baselines.bytes
    let read = try ItemBaselines(bytes: bytes, itemCount: Self.itemCount, path: "b")
    #expect(read == baselines && !read.isEmpty && ItemBaselines().isEmpty)
    for end in 0..<bytes.count {
      #expect(throws: BundleError.self) {
        try ItemBaselines(bytes: Array(bytes[..<end]), itemCount: Self.itemCount, path: "b")
      }
    }
    #expect(throws: BundleError.self) {
      try ItemBaselines(bytes: bytes + [0], itemCount: Self.itemCount, path: "b")
    }
    // any byte may be wrong: an error, or tables that rank without a trap
    for place in bytes.indices {
      var other = bytes
      other[place] ^= 0x81
      guard let own = try? ItemBaselines(bytes: other, itemCount: Self.itemCount, path: "b") else { continue }
      var ranker = BaselineRanker(own, counts: counts)
      for kind in ItemBaselines.Kind.allCases { _ = ranker.rank(kind, of: 3, after: [1, 2, 3, 4, 5]) }
    }
  }

  /// Of an item with very many neighbours the most frequent are kept.
  @Test func neighboursAreLimited() {
    var sequences = SessionSequences()
    for item in 1..<300 { for _ in 0..<(item % 5 + 1) { sequences.append([0, Int32(item)]) } }
    let table = NeighbourTable(sequences, itemCount: 300, isOnce: true) { _, session in session }
    let own = table.neighbours(0)
    #expect(own.count == NeighbourTable.limit && table.counts[own].allSatisfy { $0 >= 4 })
    #expect(table.neighbours(7).map { table.items[$0] } == [0])
  }
}

extension [Int] {
  /// Pairs of neighbours, each number in one pair.
  fileprivate var chunked: [(Int, Int)] {
    stride(from: 0, to: count - 1, by: 2).map { (self[$0], self[$0 + 1]) }
  }
}
