/// The cyclic redundancy check with Castagnoli's polynomial 0x1EDC6F41, reflected (RFC 3720), masked as TensorFlow's record
/// files have it.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    var remainder = UInt32(byte)
    for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1 }
    return remainder
  }

  /// The check of `bytes`.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes { sum = sum >> 8 ^ table[Int((sum ^ UInt32(byte)) & 0xFF)] }
    return ~sum
  }

  /// The check turned and moved, so that a check of bytes that hold checks is none of theirs.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let check = of(bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }
}
