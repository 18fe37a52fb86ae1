/// Zip and gzip files made by hand, so that tests can lie in them.
public enum Archives {
  /// A zip file of parts that are stored, with right checksums.
  public static func zip(_ parts: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    zip(parts.map { (name: $0.name, bytes: $0.bytes, isDeflated: false, count: $0.bytes.count) })
  }

  /// A zip file of parts that are stored or deflated to so many bytes; those of deflated parts are not checked.
  public static func zip(
    _ parts: [(name: String, bytes: [UInt8], isDeflated: Bool, count: Int)]
  ) -> [UInt8] {
    var (file, directory) = ([UInt8](), [UInt8]())
    for part in parts {
      let place = file.count
      let fields =
        little(part.isDeflated ? 8 : 0, 2) + little(0, 4) + little(Int(checksum(part.bytes)), 4)
        + little(part.bytes.count, 4) + little(part.count, 4) + little(part.name.utf8.count, 2) + little(0, 2)
      file +=
        little(0x0403_4B50, 4) + little(20, 2) + little(0, 2) + fields + Array(part.name.utf8) + part.bytes
      directory +=
        little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(0, 2) + fields + little(0, 10)
        + little(place, 4) + Array(part.name.utf8)
    }
    return file + directory + little(0x0605_4B50, 4) + little(0, 4) + little(parts.count, 2)
      + little(parts.count, 2) + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
  }

  /// A deflated stream of at least `count` times the letter a, about a thousandth as long.
  public static func deflatedLetters(_ count: Int) -> [UInt8] {
    var (bytes, bits, used) = ([UInt8](), 0, 0)
    func put(_ value: Int, _ width: Int) {
      bits |= value << used
      used += width
      while used >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        used -= 8
      }
    }
    /// Codes stand with their highest bit first.
    func code(_ value: Int, _ width: Int) { for bit in (0..<width).reversed() { put(value >> bit & 1, 1) } }
    put(1, 1)
    put(1, 2)
    code(0x30 + 0x61, 8)
    // 258 bytes more, from one byte before
    for _ in 0..<(count + 257) / 258 {
      code(0b1100_0101, 8)
      code(0, 5)
    }
    code(0, 7)
    put(0, 7)
    return bytes
  }

  /// A gzip file of at least `count` times the letter a, without the check at its end.
  public static func gzippedLetters(_ count: Int) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + deflatedLetters(count) + [UInt8](repeating: 0, count: 8)
  }

  /// The lowest `width` bytes of a number, the lowest first.
  public static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
