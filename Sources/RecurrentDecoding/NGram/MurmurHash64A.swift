/// The 64-bit hash MurmurHash64A, by which files of KenLM find words.
///
/// Source: Appleby, https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp.
enum MurmurHash64A {
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) -> UInt64 {
    let factor: UInt64 = 0xC6A4_A793_5BD1_E995
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = seed ^ UInt64(bytes.count) &* factor
    var index = 0
    while index + 8 <= bytes.count {
      var word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* factor
      word ^= word >> 47
      hash = (hash ^ word &* factor) &* factor
      index += 8
    }
    if index < bytes.count {
      var rest: UInt64 = 0
      for place in (index..<bytes.count).reversed() { rest = rest << 8 | UInt64(bytes[place]) }
      hash = (hash ^ rest) &* factor
    }
    hash ^= hash >> 47
    hash = hash &* factor
    return hash ^ hash >> 47
  }
}
