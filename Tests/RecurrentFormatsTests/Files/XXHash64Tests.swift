import RecurrentFormats
import Testing

@Suite struct XXHash64Tests {
  /// Values of the reference implementation.
  @Test(arguments: [
    ("", "ef46db3751d8e999"), ("a", "d24ec4f1a98c6e5b"), ("abc", "44bc2cf5ad770999"),
    ("Nobody inspects the spammish repetition", "fbcea83c8a378bf1"),
  ])
  func knownValues(_ text: String, _ digits: String) {
    #expect(XXHash64.digits(of: Array(text.utf8)) == digits)
  }

  /// However the bytes come, the checksum is that of the whole.
  @Test func pieces() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    for size in 1...70 {
      var hash = XXHash64()
      for start in stride(from: 0, to: bytes.count, by: size) {
        hash.update(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(hash.digits == XXHash64.digits(of: bytes))
    }
  }

  @Test func everyBitCounts() {
    for count in [1, 7, 8, 31, 32, 33, 100] {
      let bytes = [UInt8](repeating: 0, count: count)
      var found: Set<String> = [XXHash64.digits(of: bytes)]
      for bit in 0..<8 * count {
        var other = bytes
        other[bit / 8] ^= 1 << (bit % 8)
        found.insert(XXHash64.digits(of: other))
      }
      #expect(found.count == 8 * count + 1)
    }
  }
}
