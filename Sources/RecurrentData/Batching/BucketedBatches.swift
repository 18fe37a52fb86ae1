/// Deals examples of different lengths out to batches so that little of a batch is empty, in another order every epoch.
///
/// Examples are sorted by length with a little noise, cut into batches, and the batches shuffled. The order is a function of
/// seed and epoch, so that a training can be gone on with at any step.
public struct BucketedBatches: Sendable {
  private let lengths: [Int]
  private let batchSize: Int
  private let costLimit: Int?
  private let seed: UInt64
  /// How far lengths are moved before they are sorted, as a share.
  private static let noise = 0.1

  /// Batches of at most `batchSize` examples with the given lengths.
  ///
  /// - Parameters:
  ///   - lengths: of the examples.
  ///   - batchSize: the most examples of a batch.
  ///   - costLimit: the most steps of a batch, its examples times the longest of them; a longer example is a batch by itself. Nil for any
  ///     number.
  ///   - seed: of the order.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` without examples, or for a size below one.
  public init(lengths: [Int], batchSize: Int, costLimit: Int? = nil, seed: UInt64) throws(DataError) {
    guard !lengths.isEmpty else {
      throw .invalidSetting(name: "examples", expected: "at least one", found: "none")
    }
    guard batchSize >= 1 else {
      throw .invalidSetting(name: "batch size", expected: "at least 1", found: "\(batchSize)")
    }
    self.lengths = lengths
    self.batchSize = batchSize
    self.costLimit = costLimit
    self.seed = seed
  }

  /// The examples of all batches of an epoch.
  public func batches(epoch: Int) -> [[Int]] {
    let key = RandomKey(seed: seed).child(epoch)
    let numbers = key.child(0).uniforms(lengths.count)
    let spans = zip(lengths, numbers).map {
      Double($0) * (1 + BucketedBatches.noise * (2 * Double($1) - 1)) + Double($1)
    }
    let sorted = lengths.indices.sorted { (spans[$0], $0) < (spans[$1], $1) }
    let batches = cut(sorted)
    let order = key.child(1).uniforms(batches.count)
    return batches.indices.sorted { (order[$0], $0) < (order[$1], $1) }.map { batches[$0] }
  }

  /// Neighbours as batches.
  private func cut(_ sorted: [Int]) -> [[Int]] {
    var batches: [[Int]] = []
    var (current, longest) = ([Int](), 0)
    for index in sorted {
      let reach = max(longest, lengths[index])
      let isOver = costLimit.map { (current.count + 1) * reach > $0 } ?? false
      if current.count == batchSize || isOver && !current.isEmpty {
        batches.append(current)
        (current, longest) = ([], 0)
      }
      current.append(index)
      longest = max(longest, lengths[index])
    }
    batches.append(current)
    return batches
  }
}
