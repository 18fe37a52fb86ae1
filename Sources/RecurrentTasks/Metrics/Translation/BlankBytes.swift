/// White space as Python's `str.split` knows it, which the metrics of translations split at: that of Unicode, and the separators
/// U+001C to U+001F.
enum BlankBytes {
  /// The number of bytes of the white space that begins at a place of valid UTF-8; 0 where none does.
  @inline(__always)
  static func length(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = bytes[index]
    if lead < 0x80 { return lead == 0x20 || (9...13).contains(lead) || (0x1C...0x1F).contains(lead) ? 1 : 0 }
    guard lead == 0xC2 || lead == 0xE1 || lead == 0xE2 || lead == 0xE3 else { return 0 }
    return longLength(bytes, at: index)
  }

  private static func longLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let second = bytes[index + 1]
    // U+0085, U+00A0
    if bytes[index] == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
    let third = bytes[index + 2]
    switch (bytes[index], second, third) {
    // U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9),
      (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }

  /// Calls `body` with each run of bytes between white space.
  @inline(__always)
  static func forEachWord(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var (start, index) = (0, 0)
    while index < bytes.count {
      let length = length(bytes, at: index)
      if length == 0 {
        index += 1
        continue
      }
      if index > start { body(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
      index += length
      start = index
    }
    if index > start { body(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
  }

  /// Where the text without the white space at its end ends.
  static func end(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = bytes.count
    while end > 0 {
      var start = end - 1
      while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      guard length(bytes, at: start) == end - start else { return end }
      end = start
    }
    return 0
  }
}
