/// What a check of UTF-8 bytes found.
enum UTF8Check: Equatable {
  /// All bytes are valid.
  case complete
  /// All bytes are valid, but the sequence that begins at `index` goes on behind the last one.
  case incomplete(index: Int)
  /// The sequence that begins at `index` is malformed.
  case invalid(index: Int)
}

/// Checks `bytes` against the table of well-formed sequences (The Unicode Standard, table 3-7).
func checkUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> UTF8Check {
  let raw = UnsafeRawBufferPointer(bytes)
  let count = bytes.count
  var index = 0
  while index < count {
    // Text is ASCII for the most part: eight bytes at once.
    if index + 8 <= count,
      raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      index += 8
      continue
    }
    let lead = bytes[index]
    if lead < 0x80 {
      index += 1
      continue
    }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return .invalid(index: index)
    }
    for position in 1..<length {
      guard index + position < count else { return .incomplete(index: index) }
      let allowed = position == 1 ? second : 0x80...0xBF
      guard allowed.contains(bytes[index + position]) else { return .invalid(index: index) }
    }
    index += length
  }
  return .complete
}

/// The number of bytes at the end of `bytes` that begin a valid sequence without completing it, 0 to 3.
func incompleteTail(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
  for length in 1...3 where length <= bytes.count {
    let start = bytes.count - length
    if bytes[start] & 0xC0 == 0x80 { continue }
    let tail = UnsafeBufferPointer(rebasing: bytes[start...])
    return checkUTF8(tail) == .incomplete(index: 0) ? length : 0
  }
  return 0
}

/// The scalar that begins at `index` of valid UTF-8, and the number of its bytes.
@inline(__always)
package func scalar(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
  let lead = UInt32(bytes[index])
  if lead < 0x80 { return (lead, 1) }
  let second = UInt32(bytes[index + 1] & 0x3F)
  if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
  let third = UInt32(bytes[index + 2] & 0x3F)
  if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
  return ((lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
}

/// The number of scalars in valid UTF-8.
func scalarCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
  var count = 0
  for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
  return count
}

/// Where a scalar of valid UTF-8 begins, by its number; the end for the number of all.
func byteOffset(ofScalar number: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
  var left = number
  for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
    if left == 0 { return offset }
    left -= 1
  }
  return bytes.count
}
