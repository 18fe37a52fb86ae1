/// The sum of vectors that come one after the other: in float, as a whole sequence is summed, and beyond a million of them in
/// double, so that a long stream goes on to count.
package struct RunningSum: Sendable {
  /// Vectors that are summed in float; a power of two far below 2^24, behind which ones are lost.
  package static let blockLength = 1 << 20

  /// The sum of the block that is being filled.
  package var block: [Float]
  /// Vectors in it.
  package var blockCount = 0
  /// The sum of all blocks before; empty where there are none.
  package var total: [Double] = []

  /// Nothing, of vectors of `width` numbers.
  package init(width: Int) { block = [Float](repeating: 0, count: width) }

  /// Adds a vector. Traps for another width.
  package mutating func add(_ values: [Float]) { values.withUnsafeBufferPointer { add($0) } }

  /// Adds a vector. Traps for another width.
  package mutating func add(_ values: UnsafeBufferPointer<Float>) {
    trapUnless(
      values.count == block.count, "RunningSum: expected \(block.count) numbers, received \(values.count)")
    for index in values.indices { block[index] += values[index] }
    blockCount += 1
    guard blockCount == RunningSum.blockLength else { return }
    if total.isEmpty { total = [Double](repeating: 0, count: block.count) }
    for index in block.indices {
      total[index] += Double(block[index])
      block[index] = 0
    }
    blockCount = 0
  }

  /// The sum.
  package var values: [Float] {
    total.isEmpty ? block : zip(total, block).map { Float($0 + Double($1)) }
  }

  /// The mean of `count` vectors.
  package func mean(of count: Int) -> [Float] {
    guard total.isEmpty else { return zip(total, block).map { Float(($0 + Double($1)) / Double(count)) } }
    let share = 1 / Float(max(count, 1))
    return block.map { $0 * share }
  }
}
