/// Deals examples of different lengths out to batches so that little of a batch is empty, in another order every epoch.
///
/// Examples are sorted by length with a little noise, cut into batches, and the batches shuffled. The order is a function of
/// seed and epoch, so that a training can be gone on with at any step.
public struct BucketedBatches: Sendable {
  private let lengths: [Int]
  private let batchSize: Int
  private let seed: UInt64
  /// How far lengths are moved before they are sorted, as a share.
  private static let noise = 0.1

  /// Batches of at most `batchSize` examples with the given lengths.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` without examples, or for a size below one.
  public init(lengths: [Int], batchSize: Int, seed: UInt64) throws(DataError) {
    guard !lengths.isEmpty else {
      throw .invalidSetting(name: "examples", expected: "at least one", found: "none")
    }
    guard batchSize >= 1 else {
      throw .invalidSetting(name: "batch size", expected: "at least 1", found: "\(batchSize)")
    }
    self.lengths = lengths
    self.batchSize = batchSize
    self.seed = seed
  }

  /// Batches in an epoch.
  public var count: Int { (lengths.count + batchSize - 1) / batchSize }

  /// The examples of all batches of an epoch.
  public func batches(epoch: Int) -> [[Int]] {
    let key = RandomKey(seed: seed).child(epoch)
    let numbers = key.child(0).uniforms(lengths.count)
    let spans = zip(lengths, numbers).map {
      Double($0) * (1 + BucketedBatches.noise * (2 * Double($1) - 1)) + Double($1)
    }
    let sorted = lengths.indices.sorted { (spans[$0], $0) < (spans[$1], $1) }
    let batches = stride(from: 0, to: sorted.count, by: batchSize).map {
      Array(sorted[$0..<min($0 + batchSize, sorted.count)])
    }
    let order = key.child(1).uniforms(batches.count)
    return batches.indices.sorted { (order[$0], $0) < (order[$1], $1) }.map { batches[$0] }
  }
}
