/// The cyclic redundancy check of zip files: the polynomial 0x04C11DB7 with reflected bits (ISO 3309).
struct CRC32 {
  private var state: UInt32 = .max

  /// `tables[k][b]` is the remainder of byte `b` with k zero bytes behind it.
  private static let tables: [[UInt32]] = {
    var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
      tables[0][byte] = remainder
    }
    for k in 1..<8 {
      for byte in 0..<256 {
        let before = tables[k - 1][byte]
        tables[k][byte] = before >> 8 ^ tables[0][Int(before & 0xFF)]
      }
    }
    return tables
  }()

  /// Takes bytes in.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let tables = CRC32.tables
    var index = 0
    var sum = state
    while index + 8 <= bytes.count {
      let word =
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(sum)
      sum = 0
      for k in 0..<8 { sum ^= tables[7 - k][Int(truncatingIfNeeded: word >> (8 * UInt64(k)) & 0xFF)] }
      index += 8
    }
    while index < bytes.count {
      sum = sum >> 8 ^ tables[0][Int((sum ^ UInt32(bytes[index])) & 0xFF)]
      index += 1
    }
    state = sum
  }

  /// The check of everything taken in.
  var value: UInt32 { ~state }

  /// The check of `bytes`.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var check = CRC32()
    check.update(bytes)
    return check.value
  }
}
