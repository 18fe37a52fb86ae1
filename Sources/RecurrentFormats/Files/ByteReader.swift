/// Reads little-endian numbers one after the other; what would pass the end is an error with its place.
struct ByteReader {
  /// The path that errors name.
  let path: String
  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  /// The next byte, counted from the beginning of `bytes`.
  private(set) var index: Int

  /// Reads `bytes`, which stand at byte `base` of the file at `path` and must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int = 0, index: Int = 0) {
    self.path = path
    self.bytes = bytes
    self.base = base
    self.index = index
  }

  /// Where in the file the next byte stands.
  var offset: Int { base + index }
  /// The bytes that are left.
  var remaining: Int { bytes.count - index }

  /// The next number.
  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(FormatError)
    -> Number
  {
    let size = MemoryLayout<Number>.size
    try need(size)
    defer { index += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: Number.self))
  }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(FormatError) -> UnsafeRawBufferPointer {
    try need(count)
    defer { index += count }
    return UnsafeRawBufferPointer(rebasing: bytes[index..<index + count])
  }

  /// The next `count` bytes as UTF-8.
  mutating func text(_ count: Int) throws(FormatError) -> String {
    let start = offset
    let part = try take(count)
    guard let text = String(validating: part, as: UTF8.self) else {
      throw .unexpected(
        path: path, offset: start, what: "a text of \(count) bytes", expected: "UTF-8", found: "other bytes")
    }
    return text
  }

  private func need(_ count: Int) throws(FormatError) {
    guard count >= 0, count <= remaining else {
      throw .truncated(
        path: path, offset: offset, needed: UInt64(clamping: count), found: Swift.max(0, remaining))
    }
  }
}
