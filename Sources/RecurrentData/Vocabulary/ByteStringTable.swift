/// Numbers different byte strings 0, 1, 2, ... in the order in which they are first met.
///
/// A dictionary of `String` would not do: it takes strings as equal that differ in their bytes (composed and
/// decomposed accents), and makes a string of every key that is looked up.
package struct ByteStringTable: Sendable {
  private var arena: [UInt8] = []
  /// Where in `arena` each string begins; one more for the end of the last.
  private var starts: [Int] = [0]
  /// Open addressing: the number of a string, or -1. The size is a power of two, at most half is in use.
  private var slots = [Int32](repeating: -1, count: 64)

  /// Differs from run to run, so that no text can be made to collide everywhere; the numbers do not depend on
  /// it.
  private static let seed = UInt64.random(in: .min ... .max)

  /// No strings yet.
  package init() {}

  /// How many different strings there are.
  package var count: Int { starts.count - 1 }

  /// How many bytes they have together.
  package var byteCount: Int { arena.count }

  /// The number of `bytes`, nil where they have none.
  package func number(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = slots[slot(of: bytes)]
    return found < 0 ? nil : Int(found)
  }

  /// The number of `bytes`, a new one where they had none.
  package mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let slot = slot(of: bytes)
    if slots[slot] >= 0 { return Int(slots[slot]) }
    let number = count
    slots[slot] = Int32(number)
    arena.append(contentsOf: bytes)
    starts.append(arena.count)
    if count * 2 > slots.count { grow() }
    return number
  }

  /// Calls `body` with the string of this number; the pointer is valid until `body` returns.
  @inline(__always)
  package func withBytes<Result>(of number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    arena.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[starts[number]..<starts[number + 1]]))
    }
  }

  /// The string of this number.
  package func string(_ number: Int) -> String {
    withBytes(of: number) { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the string of `left` stands before that of `right`, byte by byte.
  func precedes(_ left: Int, _ right: Int) -> Bool {
    arena[starts[left]..<starts[left + 1]].lexicographicallyPrecedes(arena[starts[right]..<starts[right + 1]])
  }

  /// The slot that holds `bytes`, or the empty one where they belong.
  private func slot(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(bytes)) & mask
    while slots[slot] >= 0 {
      if withBytes(of: Int(slots[slot]), { isEqual($0, bytes) }) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  @inline(__always)
  private func isEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left[index] != right[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for number in 0..<count {
      var slot = withBytes(of: number) { Int(truncatingIfNeeded: Self.hash($0)) } & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = seed ^ UInt64(bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      hash = RandomKey(seed: hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)).bits
      index += 8
    }
    var rest: UInt64 = 0
    while index < bytes.count {
      rest = rest << 8 | UInt64(bytes[index])
      index += 1
    }
    return RandomKey(seed: hash ^ rest).bits
  }
}
