import RecurrentTestSupport
import Testing

@testable import RecurrentTraining

@Suite struct GradientTreeTests {
  /// Level by level, as it is defined.
  private func sum(_ leaves: [Float?]) -> Float? {
    var level = leaves
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { place in
        guard place + 1 < level.count, let right = level[place + 1] else { return level[place] }
        return level[place].map { $0 + right } ?? right
      }
    }
    return level[0]
  }

  private func tree(_ leaves: some Sequence<Float?>) -> Float? {
    var tree = GradientTree()
    for leaf in leaves { tree.add(leaf.map { [$0] }) }
    return tree.finish()?[0]
  }

  @Test(arguments: 1...33) func levelByLevel(_ count: Int) {
    let values = RandomKey(seed: UInt64(count)).uniforms(count).map { Float?($0 * 2 - 1) }
    #expect(tree(values)?.bitPattern == sum(values)?.bitPattern)
    // some are absent
    let some = values.enumerated().map { $0 % 3 == 1 ? nil : $1 }
    #expect(tree(some)?.bitPattern == sum(some)?.bitPattern)
    #expect(tree([Float?](repeating: nil, count: count)) == nil)
  }

  /// Blocks of a power of two are nodes: their sums are added by such a tree to the same bits.
  @Test(arguments: [(4, 2), (12, 4), (12, 2), (12, 1), (6, 2), (24, 8), (7, 1)])
  func blocksAreNodes(_ count: Int, _ block: Int) {
    let values = RandomKey(seed: 3).uniforms(count).map { Float?($0 * 2 - 1) }
    let nodes = stride(from: 0, to: count, by: block).map { tree(values[$0..<$0 + block]) }
    #expect(tree(nodes)?.bitPattern == tree(values)?.bitPattern)
  }

  /// A block of another size is none: the test above would see it.
  @Test func blocksOfOtherSizesAreNone() {
    let differs = (0..<20).contains { seed in
      let values = RandomKey(seed: UInt64(seed)).uniforms(12).map { Float?($0 * 2 - 1) }
      return tree([tree(values[..<6]), tree(values[6...])])?.bitPattern != tree(values)?.bitPattern
    }
    #expect(differs)
  }

  /// An absent leaf is not a zero: the sign of -0 stays.
  @Test func absentLeavesAddNothing() {
    #expect(tree([-0.0, nil])?.sign == .minus && tree([nil, -0.0, nil])?.sign == .minus)
    #expect(tree([-0.0, 0])?.sign == .plus)
  }

  @Test func flatAndBack() {
    let linear = Linear(inputSize: 3, outputSize: 2, key: RandomKey(seed: 1))
    let values = linear.parameters.map(\.value)
    for (ranks, least, count) in [(1, 1, 1), (3, 1, 2), (3, 100, 1)] {
      let slices = GradientSlices(of: values.map(\.count), ranks: ranks, leastCount: least)
      let flat = slices.slices.map { slices.flattened($0, times: 2) { values[$0] } }
      #expect(flat.count == count)
      // zeros make parts of equal size
      for (slice, own) in zip(slices.slices, flat) {
        let elements = slice.parameters.map { values[$0].count }.reduce(0, +)
        #expect(
          own.count % ranks == 0 && own.count - elements < ranks && own[elements...].allSatisfy { $0 == 0 })
      }
      #expect(
        slices.unflattened(flat, times: 3, like: linear).parameters.map { $0.value.scalars }
          == values.map { $0.scalars.map { 2 * $0 * 3 } })
      let nothing = slices.flattened(slices.slices[0], times: 2) { _ in nil }
      #expect(nothing.allSatisfy { $0 == 0 })
    }
    var other = linear
    other.weight = other.weight * 1.0000001 + 1e-7
    #expect(other.fingerprint != linear.fingerprint && linear.fingerprint == linear.fingerprint)
  }
}
