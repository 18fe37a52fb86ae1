/// One of the shards that a step is cut into: some of its rows, which are computed by themselves.
public struct Shard: Sendable, Equatable {
  /// s: its number, from 0.
  public let index: Int
  /// S: how many there are.
  public let count: Int

  /// A shard. Traps unless its number is in `0 ..< count`.
  public init(_ index: Int, of count: Int) {
    trapUnless(
      (0..<count).contains(index), "Shard: expected a shard in 0 ..< \(count), received \(index)")
    (self.index, self.count) = (index, count)
  }

  /// Its rows out of B: `[sB/S, (s+1)B/S)`; empty where there are fewer rows than shards.
  public func rows(of batch: Int) -> Range<Int> {
    index * batch / count..<(index + 1) * batch / count
  }

  /// The shards that a rank computes; nil where that many ranks cannot share them.
  ///
  /// A rank computes as many as every other, and more than one rank a power of two each: then its sum is a node of the tree by
  /// which gradients are added, whatever the number of ranks is.
  public static func block(ofRank rank: Int, of size: Int, shards count: Int) -> Range<Int>? {
    guard isPossible(ranks: size, shards: count) else { return nil }
    let own = count / size
    return rank * own..<(rank + 1) * own
  }

  /// Whether that many ranks can share the shards.
  static func isPossible(ranks: Int, shards: Int) -> Bool {
    guard ranks > 1 else { return ranks == 1 }
    return shards % ranks == 0 && (shards / ranks).nonzeroBitCount == 1
  }

  /// The numbers of ranks that can share so many shards.
  public static func possibleRanks(shards: Int) -> [Int] {
    (1...shards).filter { isPossible(ranks: $0, shards: shards) }
  }
}
