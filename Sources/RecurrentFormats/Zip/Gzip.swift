/// Data compressed by gzip (RFC 1952): one member behind the other.
public enum Gzip {
  /// Whether bytes begin as gzip does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// What the bytes of the file at `path` stand for.
  ///
  /// - Throws: ``FormatError`` where they are cut, damaged, of another method than deflate, or would become more than
  ///   ``ExpansionLimit`` allows.
  public static func decompress(_ bytes: UnsafeRawBufferPointer, path: String) throws(FormatError) -> [UInt8]
  {
    var output: [UInt8] = []
    var start = 0
    let limit = ExpansionLimit.bytes(of: bytes.count)
    repeat {
      let member = try member(bytes, from: start, limit: limit, left: limit - output.count, path: path)
      if output.isEmpty { output = member.output } else { output += member.output }
      start = member.end
    } while start < bytes.count && !isPadding(bytes, from: start)
    return output
  }

  /// Zeros may stand behind the last member.
  private static func isPadding(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
    bytes[start...].allSatisfy { $0 == 0 }
  }

  private static func member(
    _ bytes: UnsafeRawBufferPointer, from start: Int, limit: Int, left: Int, path: String
  ) throws(FormatError) -> (output: [UInt8], end: Int) {
    var index = start
    func need(_ count: Int) throws(FormatError) {
      guard bytes.count - index >= count else {
        throw .truncated(
          path: path, offset: bytes.count, needed: UInt64(count), found: bytes.count - index)
      }
    }
    try need(10)
    guard bytes[index] == 0x1F, bytes[index + 1] == 0x8B, bytes[index + 2] == 8 else {
      throw .unexpected(
        path: path, offset: index, what: "compressed data", expected: "a gzip member that is deflated",
        found: "bytes \(bytes[index]) \(bytes[index + 1]) \(bytes[index + 2])")
    }
    let flags = bytes[index + 3]
    index += 10
    if flags & 4 != 0 {
      try need(2)
      let length = Int(bytes[index]) | Int(bytes[index + 1]) << 8
      try need(2 + length)
      index += 2 + length
    }
    // a name and a comment, each ended by zero
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      guard let end = bytes[index...].firstIndex(of: 0) else {
        throw .truncated(path: path, offset: bytes.count, needed: 1, found: 0)
      }
      index = end + 1
    }
    if flags & 2 != 0 {
      try need(2)
      index += 2
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
    let inflated = try Inflate.decompress(prefixOf: rest, limit: left, path: path, base: index)
    guard let (output, consumed) = inflated else {
      throw .unsupported(
        path: path, what: "\(bytes.count) bytes stand for more than \(limit) when they are decompressed",
        remedy: ExpansionLimit.remedy)
    }
    index += consumed
    try need(8)
    func word(_ at: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }
    let check = output.withUnsafeBytes { CRC32.of($0) }
    guard word(index) == check else {
      throw .checksumMismatch(path: path, name: "gzip", expected: word(index), found: check)
    }
    guard word(index + 4) == UInt32(truncatingIfNeeded: output.count) else {
      throw .unexpected(
        path: path, offset: index + 4, what: "compressed data", expected: "\(word(index + 4)) bytes in it",
        found: "\(output.count)")
    }
    return (output, index + 8)
  }
}
