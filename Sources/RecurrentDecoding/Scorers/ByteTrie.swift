/// Texts by their common prefixes: a tree whose edges are bytes, found by hashing. Node 0 is the empty text.
struct ByteTrie: Sendable, Equatable {
  /// For each node the number of Unicode scalars that begin on the way to it.
  private(set) var depths: [Int32] = [0]
  /// For each node but the first the node before.
  private(set) var parents: [Int32] = [-1]
  /// The bytes that lead to the nodes.
  private(set) var bytes: [UInt8] = [0]
  /// Nodes by the hash of their parents and bytes; -1 is free.
  private var table: [Int32] = [Int32](repeating: -1, count: 64)

  /// The number of nodes.
  var count: Int { depths.count }

  /// For each node the number of bytes on the way to it.
  var lengths: [Int] {
    // a node is newer than the one before it
    var lengths = [Int](repeating: 0, count: count)
    for node in 1..<max(1, count) { lengths[node] = lengths[Int(parents[node])] + 1 }
    return lengths
  }

  /// The node after another one by a byte; nil where there is none.
  @inline(__always)
  func child(_ node: Int32, _ byte: UInt8) -> Int32? {
    let found = table[slot(node, byte)]
    return found < 0 ? nil : found
  }

  /// The node after another one by bytes; nil where there is none.
  func descendant(_ node: Int32, _ bytes: some Sequence<UInt8>) -> Int32? {
    var node = node
    for byte in bytes {
      guard let next = child(node, byte) else { return nil }
      node = next
    }
    return node
  }

  /// The node of a text, which is put in where it is new.
  mutating func insert(_ text: some Sequence<UInt8>) -> Int32 {
    var node: Int32 = 0
    for byte in text {
      let place = slot(node, byte)
      if table[place] >= 0 {
        node = table[place]
        continue
      }
      let new = Int32(count)
      depths.append(depths[Int(node)] + (byte & 0xC0 == 0x80 ? 0 : 1))
      parents.append(node)
      bytes.append(byte)
      table[place] = new
      node = new
      if 2 * count > table.count { grow() }
    }
    return node
  }

  private mutating func grow() {
    table = [Int32](repeating: -1, count: 2 * table.count)
    for node in 1..<count { table[slot(parents[node], bytes[node])] = Int32(node) }
  }

  /// Where a child stands or would stand.
  @inline(__always)
  private func slot(_ node: Int32, _ byte: UInt8) -> Int {
    let key = UInt64(UInt32(bitPattern: node)) &<< 8 | UInt64(byte)
    let mask = table.count - 1
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
    while table[place] >= 0 {
      let found = Int(table[place])
      if parents[found] == node, bytes[found] == byte { break }
      place = (place &+ 1) & mask
    }
    return place
  }
}
