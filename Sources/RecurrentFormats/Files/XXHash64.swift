/// The 64-bit checksum xxHash (XXH64, seed 0): it shows accidental damage at the speed of memory, and is no protection
/// against somebody who changes a file on purpose.
///
/// Two contents that differ in bits of one word of eight bytes never have the same lanes; others agree once in 2^64.
/// Source: the specification in https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
public struct XXHash64: Sendable {
  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  private var a = p1 &+ p2
  private var b = p2
  private var c: UInt64 = 0
  private var d = 0 &- p1
  /// What does not fill a stripe of 32 bytes yet.
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  /// The checksum of nothing so far.
  public init() {}

  /// Takes bytes in.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let part = rest.prefix(32 - pending.count)
      pending += part
      rest = rest.dropFirst(part.count)
      if pending.count < 32 { return }
      let stripe = pending
      stripe.withUnsafeBytes { read($0) }
      pending = []
    }
    let whole = rest.count & ~31
    if whole > 0 { read(UnsafeRawBufferPointer(rebasing: rest.prefix(whole))) }
    pending = Array(rest.dropFirst(whole))
  }

  /// Takes bytes in.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The checksum of everything taken in.
  public var value: UInt64 {
    var hash = XXHash64.p5
    if length >= 32 {
      hash =
        XXHash64.rotate(a, 1) &+ XXHash64.rotate(b, 7) &+ XXHash64.rotate(c, 12) &+ XXHash64.rotate(d, 18)
      for lane in [a, b, c, d] {
        hash = (hash ^ XXHash64.round(0, lane)) &* XXHash64.p1 &+ XXHash64.p4
      }
    }
    hash &+= length
    return pending.withUnsafeBytes { bytes in
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        hash = XXHash64.rotate(hash ^ XXHash64.round(0, word), 27) &* XXHash64.p1 &+ XXHash64.p4
        place += 8
      }
      if place + 4 <= bytes.count {
        let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        hash = XXHash64.rotate(hash ^ (UInt64(word) &* XXHash64.p1), 23) &* XXHash64.p2 &+ XXHash64.p3
        place += 4
      }
      while place < bytes.count {
        hash = XXHash64.rotate(hash ^ (UInt64(bytes[place]) &* XXHash64.p5), 11) &* XXHash64.p1
        place += 1
      }
      hash = (hash ^ (hash >> 33)) &* XXHash64.p2
      hash = (hash ^ (hash >> 29)) &* XXHash64.p3
      return hash ^ (hash >> 32)
    }
  }

  /// The checksum as 16 hexadecimal digits.
  public var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The checksum of `bytes`, as 16 hexadecimal digits.
  public static func digits(of bytes: [UInt8]) -> String {
    var hash = XXHash64()
    hash.update(bytes)
    return hash.digits
  }

  /// The checksum of the file at `path`, as 16 hexadecimal digits.
  ///
  /// - Throws: ``FormatError/cannotRead(path:cause:)``.
  public static func digits(file path: String) throws(FormatError) -> String {
    try MappedFile(path: path).withBytes { bytes in
      var hash = XXHash64()
      hash.update(bytes)
      return hash.digits
    }
  }

  /// Takes whole stripes in.
  private mutating func read(_ stripes: UnsafeRawBufferPointer) {
    var (a, b, c, d) = (self.a, self.b, self.c, self.d)
    func word(_ place: Int) -> UInt64 {
      UInt64(littleEndian: stripes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    for place in stride(from: 0, to: stripes.count, by: 32) {
      a = XXHash64.round(a, word(place))
      b = XXHash64.round(b, word(place + 8))
      c = XXHash64.round(c, word(place + 16))
      d = XXHash64.round(d, word(place + 24))
    }
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* p2, 31) &* p1
  }

  @inline(__always)
  private static func rotate(_ x: UInt64, _ n: UInt64) -> UInt64 { x &<< n | x &>> (64 &- n) }
}
