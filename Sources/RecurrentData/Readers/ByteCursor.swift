/// Reads numbers of a binary file from its beginning on; what is cut is an error with its place.
struct ByteCursor {
  let bytes: UnsafeRawBufferPointer
  let path: String
  /// The next byte.
  var index = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Bytes that are left.
  var left: Int { bytes.count - index }

  func malformed(_ expected: String, _ found: String) -> DataError {
    .malformed(path: path, place: .byte(index), expected: expected, found: found)
  }

  /// Sees to it that `count` more bytes are there for `what`.
  func need(_ count: Int, _ what: String) throws(DataError) {
    guard count >= 0, count <= left else { throw malformed("\(count) bytes of \(what)", "\(left)") }
  }

  mutating func byte(_ what: String) throws(DataError) -> Int {
    try need(1, what)
    defer { index += 1 }
    return Int(bytes[index])
  }

  mutating func little(_ size: Int, _ what: String) throws(DataError) -> Int {
    try need(size, what)
    defer { index += size }
    return (0..<size).reduce(0) { $0 | Int(bytes[index + $1]) << (8 * $1) }
  }

  mutating func big(_ size: Int, _ what: String) throws(DataError) -> Int {
    try need(size, what)
    defer { index += size }
    return (0..<size).reduce(0) { $0 << 8 | Int(bytes[index + $1]) }
  }

  /// A number with its highest byte first, or its lowest.
  mutating func number(_ size: Int, isBig: Bool, _ what: String) throws(DataError) -> Int {
    isBig ? try big(size, what) : try little(size, what)
  }

  /// Bytes as characters, for marks.
  mutating func mark(_ count: Int, _ what: String) throws(DataError) -> String {
    try need(count, what)
    defer { index += count }
    return String(decoding: bytes[index..<index + count], as: UTF8.self)
  }

  mutating func part(_ count: Int, _ what: String) throws(DataError) -> UnsafeRawBufferPointer {
    try need(count, what)
    defer { index += count }
    return UnsafeRawBufferPointer(rebasing: bytes[index..<index + count])
  }
}
