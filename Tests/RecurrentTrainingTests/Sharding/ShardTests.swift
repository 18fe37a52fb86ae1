import RecurrentTestSupport
import Testing

@testable import RecurrentTraining

@Suite struct ShardTests {
  /// Rows are dealt out whole and in order, whatever their number is.
  @Test(arguments: 0...9) func rows(_ batch: Int) {
    let parts = (0..<4).map { Shard($0, of: 4).rows(of: batch) }
    #expect(parts.flatMap(Array.init) == Array(0..<batch))
    #expect(parts.allSatisfy { (batch / 4...batch / 4 + 1).contains($0.count) })
  }

  @Test func ranks() {
    #expect(Shard.possibleRanks(shards: 12) == [1, 3, 6, 12])
    #expect(Shard.possibleRanks(shards: 4) == [1, 2, 4])
    #expect(Shard.block(ofRank: 2, of: 3, shards: 12) == 8..<12)
    #expect(Shard.block(ofRank: 1, of: 2, shards: 12) == nil)
    let error = ShardError.ranks(2, shards: 12)
    #expect("\(error)".contains("possible are 1, 3, 6, 12"))
  }

  @Test(arguments: [1, 2, 5]) func ranksOfThreads(_ size: Int) throws {
    let results = try ThreadRanks.run(size) { ranks in
      let texts = try ranks.gather(Array("rank \(ranks.rank)".utf8.prefix(4 + 2 * ranks.rank)))
      let first = try ranks.broadcast([UInt8(ranks.rank + 7)])
      let parts = try ranks.exchangeValues((0..<ranks.size).map { 100 * ranks.rank + $0 })
      return (texts.map(\.count), first, parts)
    }
    for (rank, result) in results.enumerated() {
      #expect(result.0 == (0..<size).map { min(4 + 2 * $0, 6) } && result.1 == [7])
      #expect(result.2 == (0..<size).map { 100 * $0 + rank })
    }
  }

  private struct Failure: Error {}

  /// Who fails ends all, and says why.
  @Test func failuresEndAll() {
    #expect(throws: Failure.self) {
      try ThreadRanks.run(3) { ranks in
        if ranks.rank == 1 { throw Failure() }
        _ = try ranks.gather([1])
      }
    }
  }
}
