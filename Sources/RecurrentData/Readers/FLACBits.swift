/// Reads the bits of a FLAC stream, the highest of a byte first; what is cut is an error with its place.
struct FLACBits {
  let bytes: UnsafeRawBufferPointer
  let path: String
  /// The next bit.
  private var place: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String, byte: Int) {
    (self.bytes, self.path, place) = (bytes, path, 8 * byte)
  }

  /// The byte of the next bit.
  var byte: Int { place >> 3 }

  func malformed(_ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .byte(min(byte, bytes.count)), expected: expected, found: found)
  }

  /// Goes on at a whole byte; all bits before it are passed over.
  mutating func align() { place = (place + 7) & ~7 }

  /// The next bits from the highest on, at least 57 of them; zeros beyond the end.
  private var window: UInt64 {
    let start = place >> 3
    if start + 8 <= bytes.count {
      let whole = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      return UInt64(bigEndian: whole) << UInt64(place & 7)
    }
    let rest = (start..<start + 8).reduce(UInt64(0)) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
    return rest << UInt64(place & 7)
  }

  private mutating func advance(_ count: Int, _ what: String) throws(DataError) {
    place += count
    guard place <= 8 * bytes.count else {
      throw .malformed(
        path: path, place: .byte(bytes.count), expected: "more bits of \(what)", found: "the end of the file")
    }
  }

  /// The next 0 to 57 bits as a number that is not negative.
  mutating func unsigned(_ count: Int, _ what: String) throws(DataError) -> Int {
    guard count > 0 else { return 0 }
    let value = window >> UInt64(64 - count)
    try advance(count, what)
    return Int(value)
  }

  /// The next 0 to 57 bits as a number in two's complement.
  mutating func signed(_ count: Int, _ what: String) throws(DataError) -> Int64 {
    guard count > 0 else { return 0 }
    let value = Int64(bitPattern: window) >> Int64(64 - count)
    try advance(count, what)
    return value
  }

  /// How many zeros stand before the next one, which is passed over too.
  mutating func unary(_ what: String) throws(DataError) -> Int {
    var count = 0
    while true {
      let zeros = window.leadingZeroBitCount
      guard zeros >= 57 else {
        try advance(zeros + 1, what)
        return count + zeros
      }
      try advance(57, what)
      count += 57
    }
  }

  /// A number of the code of Rice with its sign in the lowest bit.
  mutating func rice(_ parameter: Int) throws(DataError) -> Int64 {
    let what = "a residual"
    let view = window
    var quotient = view.leadingZeroBitCount
    let remainder: Int
    if quotient + parameter < 57 {
      // all of it is in sight
      remainder = Int(((view << UInt64(quotient + 1)) >> 1) >> UInt64(63 - parameter))
      try advance(quotient + 1 + parameter, what)
    } else {
      quotient = try unary(what)
      guard quotient <= 0xFFFF_FFFF >> parameter else {
        throw malformed("a residual of at most 32 bits", "a longer one")
      }
      remainder = try unsigned(parameter, what)
    }
    let folded = quotient << parameter | remainder
    guard folded <= 0xFFFF_FFFF else { throw malformed("a residual of at most 32 bits", "a longer one") }
    return Int64(folded >> 1) ^ -Int64(folded & 1)
  }
}
