/// The cyclic checksums of FLAC: of the head of a frame with x^8 + x^2 + x + 1, of a frame with x^16 + x^15 + x^2 + 1, the
/// highest bit first, beginning with 0.
enum FLACChecksum {
  private static let heads = table(width: 8, polynomial: 0x07)
  private static let frames = table(width: 16, polynomial: 0x8005)

  private static func table(width: Int, polynomial: Int) -> [Int] {
    let (top, mask) = (1 << (width - 1), 1 << width - 1)
    return (0..<256).map { byte in
      (0..<8).reduce(byte << (width - 8)) { sum, _ in (sum << 1 ^ (sum & top != 0 ? polynomial : 0)) & mask }
    }
  }

  static func head(_ bytes: UnsafeRawBufferPointer.SubSequence) -> Int {
    bytes.reduce(0) { heads[$0 ^ Int($1)] }
  }

  static func frame(_ bytes: UnsafeRawBufferPointer.SubSequence) -> Int {
    bytes.reduce(0) { ($0 << 8 & 0xFFFF) ^ frames[$0 >> 8 ^ Int($1)] }
  }
}
