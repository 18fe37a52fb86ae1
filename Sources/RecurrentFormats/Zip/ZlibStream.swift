/// A stream of zlib (RFC 1950): a head of two bytes, deflated data, and a checksum.
public enum ZlibStream {
  /// What a stream stands for.
  ///
  /// - Parameters:
  ///   - bytes: the stream, and perhaps more behind it.
  ///   - count: the bytes that it stands for, which must be known.
  ///   - path: of the file, for messages.
  /// - Throws: ``FormatError``.
  public static func decompress(_ bytes: [UInt8], count: Int, path: String) throws(FormatError) -> [UInt8] {
    guard bytes.count >= 6 else { throw .truncated(path: path, offset: 0, needed: 6, found: bytes.count) }
    let head = Int(bytes[0]) << 8 | Int(bytes[1])
    guard bytes[0] & 15 == 8, bytes[1] & 32 == 0, head % 31 == 0 else {
      throw .unexpected(
        path: path, offset: 0, what: "compressed data", expected: "a stream of zlib that is deflated",
        found: "bytes \(bytes[0]) \(bytes[1])")
    }
    var result: Result<[UInt8], FormatError> = .success([])
    bytes.withUnsafeBytes { raw in
      do throws(FormatError) {
        result = .success(
          try Inflate.decompress(
            UnsafeRawBufferPointer(rebasing: raw[2...]), count: count, path: path, base: 2))
      } catch { result = .failure(error) }
    }
    return try result.get()
  }
}
