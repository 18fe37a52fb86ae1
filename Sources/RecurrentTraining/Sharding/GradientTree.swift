/// Adds vectors as the leaves of a bottom-up binary tree: neighbours are added, level by level; an odd last one moves up.
///
/// The order of the additions is a function of the number of leaves alone. A block of 2^k leaves that begins at a multiple of
/// 2^k is one node, so that blocks can be added apart and their sums again by such a tree.
///
/// Only one vector for each level is kept. An absent leaf adds nothing, not even a zero, for -0 + 0 is not -0.
struct GradientTree {
  private var nodes: [(size: Int, sum: [Float]?)] = []

  /// Adds a leaf, the next one.
  mutating func add(_ leaf: [Float]?) {
    nodes.append((1, leaf))
    while nodes.count > 1, nodes[nodes.count - 2].size == nodes[nodes.count - 1].size { merge() }
  }

  /// The sum of all leaves; nil where all are absent.
  mutating func finish() -> [Float]? {
    while nodes.count > 1 { merge() }
    return nodes.popLast()?.sum
  }

  private mutating func merge() {
    let right = nodes.removeLast()
    nodes[nodes.count - 1].size += right.size
    guard let addend = right.sum else { return }
    guard var sum = nodes[nodes.count - 1].sum else {
      nodes[nodes.count - 1].sum = addend
      return
    }
    nodes[nodes.count - 1].sum = nil
    sum.withUnsafeMutableBufferPointer { sum in
      addend.withUnsafeBufferPointer { addend in
        for index in 0..<sum.count { sum[index] += addend[index] }
      }
    }
    nodes[nodes.count - 1].sum = sum
  }
}

extension Module {
  /// Tells parameters from others, bit by bit; no protection against intent.
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (_, value) in parameters {
      for scalar in value.scalars {
        hash = (hash ^ UInt64(scalar.bitPattern)) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
      }
    }
    return hash
  }
}
