/// How wide addresses and lengths of a file are, and where its addresses begin.
struct HDF5Sizes: Sendable {
  /// Bytes of an address and of a length.
  var offset, length: Int
  /// What addresses are counted from.
  var base: Int

  /// Finds the superblock, at the beginning or at 512, 1024, ... bytes.
  ///
  /// - Returns: the sizes, and the address of the root group.
  /// - Throws: ``FormatError``.
  static func superblock(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> (sizes: HDF5Sizes, root: Int) {
    var start = 0
    while start + 8 <= bytes.count, !bytes[start..<start + 8].elementsEqual(HDF5File.mark) {
      start = start == 0 ? 512 : start * 2
    }
    guard start + 8 <= bytes.count else {
      throw .unexpected(
        path: path, offset: 0, what: "the head", expected: "the mark of HDF5", found: "other bytes")
    }
    var reader = ByteReader(bytes, path: path, index: start + 8)
    let version = try reader.number(UInt8.self)
    guard version <= 3 else {
      throw .unsupported(
        path: path, what: "a superblock of version \(version)",
        remedy: "write the file with libver=\"earliest\"")
    }
    if version < 2 { _ = try reader.take(4) }
    let (offset, length) = (Int(try reader.number(UInt8.self)), Int(try reader.number(UInt8.self)))
    guard [2, 4, 8].contains(offset), [2, 4, 8].contains(length) else {
      throw .unexpected(
        path: path, offset: reader.offset - 2, what: "the sizes of addresses and lengths",
        expected: "2, 4 or 8", found: "\(offset) and \(length)")
    }
    // shared by what is before the addresses: two ranks and flags, or flags alone
    _ = try reader.take(version < 2 ? 1 + 4 + 4 + (version == 1 ? 4 : 0) : 1)
    var sizes = HDF5Sizes(offset: offset, length: length, base: 0)
    var source = HDF5Cursor(reader, sizes)
    sizes.base = try source.address() ?? 0
    guard sizes.base <= bytes.count else {
      throw .truncated(path: path, offset: sizes.base, needed: 1, found: 0)
    }
    _ = try source.address()
    _ = try source.address()
    // of an old one the driver, then the name of the root
    if version < 2 {
      _ = try source.address()
      _ = try source.address()
    }
    guard let root = try source.address() else {
      throw .unexpected(
        path: path, offset: start, what: "the superblock", expected: "a root group", found: "none")
    }
    return (sizes, root)
  }
}

/// The bytes of a file with the sizes of its addresses.
struct HDF5Source {
  let bytes: UnsafeRawBufferPointer
  let path: String
  let sizes: HDF5Sizes

  init(_ bytes: UnsafeRawBufferPointer, path: String, sizes: HDF5Sizes) {
    (self.bytes, self.path, self.sizes) = (bytes, path, sizes)
  }

  /// A cursor at an address.
  ///
  /// - Throws: ``FormatError`` where that is beyond the end.
  func cursor(at address: Int) throws(FormatError) -> HDF5Cursor {
    let (place, overflows) = address.addingReportingOverflow(sizes.base)
    guard !overflows, place >= 0, place <= bytes.count else {
      throw .truncated(path: path, offset: max(0, overflows ? Int.max : place), needed: 1, found: 0)
    }
    return HDF5Cursor(ByteReader(bytes, path: path, index: place), sizes)
  }

  /// A cursor behind a mark of four letters at an address.
  ///
  /// - Throws: ``FormatError`` where another one stands there.
  func cursor(at address: Int, behind mark: String) throws(FormatError) -> HDF5Cursor {
    var cursor = try cursor(at: address)
    let found = try cursor.reader.take(4)
    guard found.elementsEqual(mark.utf8) else {
      throw .unexpected(
        path: path, offset: address + sizes.base, what: "a block", expected: "the mark \(mark)",
        found: "other bytes")
    }
    return cursor
  }

  /// The bytes at an address.
  func part(at address: Int, count: Int) throws(FormatError) -> UnsafeRawBufferPointer {
    var cursor = try cursor(at: address)
    return try cursor.reader.take(count)
  }

  func unexpected(_ what: String, _ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: 0, what: what, expected: expected, found: found)
  }
}

/// Reads numbers of the sizes of a file one after the other.
struct HDF5Cursor {
  var reader: ByteReader
  let sizes: HDF5Sizes

  init(_ reader: ByteReader, _ sizes: HDF5Sizes) { (self.reader, self.sizes) = (reader, sizes) }

  mutating func byte() throws(FormatError) -> Int { Int(try reader.number(UInt8.self)) }
  mutating func word() throws(FormatError) -> Int { Int(try reader.number(UInt16.self)) }
  mutating func double() throws(FormatError) -> Int { Int(try reader.number(UInt32.self)) }

  /// A number of so many bytes, at most 8; one beyond 2^62 is 2^62.
  mutating func number(_ size: Int) throws(FormatError) -> Int {
    var value: UInt64 = 0
    for (place, byte) in try reader.take(size).enumerated() where place < 8 {
      value |= UInt64(byte) << UInt64(8 * place)
    }
    return Int(min(value, 1 << 62))
  }

  /// A length.
  mutating func length() throws(FormatError) -> Int { try number(sizes.length) }

  /// An address; nil for that of nothing.
  mutating func address() throws(FormatError) -> Int? {
    let part = try reader.take(sizes.offset)
    if part.allSatisfy({ $0 == 0xFF }) { return nil }
    var value: UInt64 = 0
    for (place, byte) in part.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
    return Int(min(value, 1 << 62))
  }

  mutating func skip(_ count: Int) throws(FormatError) { _ = try reader.take(count) }
}
