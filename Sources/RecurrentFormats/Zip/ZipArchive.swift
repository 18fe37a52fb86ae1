/// A zip file: named parts, stored or deflated (APPNOTE 6.3, with the extension to 64 bits).
///
/// The directory at the end is read and checked when the value is made: every part lies in the file and overlaps no
/// other. A part is decompressed, and its checksum verified, when it is asked for.
struct ZipArchive: Sendable {
  /// The path that the file was opened with.
  let path: String
  /// The parts in the order of the directory.
  let entries: [Entry]
  private let storage: FileBytes
  /// The size of the file in bytes.
  var count: Int { storage.count }
  private let places: [String: Int]

  /// A part.
  struct Entry: Sendable {
    /// Its name, with slashes between folders.
    let name: String
    /// 0 stored, 8 deflated.
    fileprivate let method: UInt16
    fileprivate let checksum: UInt32
    /// The bytes of the part in the file.
    let byteRange: Range<Int>
    /// Its size when it is decompressed.
    let count: Int
  }

  /// Opens a file.
  init(path: String) throws(FormatError) {
    try self.init(storage: FileBytes(MappedFile(path: path)), path: path)
  }

  /// Reads the directory of `storage`; errors call it `path`.
  init(storage: FileBytes, path: String) throws(FormatError) {
    self.path = path
    self.storage = storage
    entries = try storage.withBytes { (bytes) throws(FormatError) in
      try ZipDirectory(bytes, path: path).entries()
    }
    var places: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard places.updateValue(index, forKey: entry.name) == nil else {
        throw .duplicateName(path: path, name: entry.name)
      }
    }
    self.places = places
    try ZipArchive.checkExpansion(of: entries, in: storage.count, path: path)
    let sorted = entries.sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
    for (left, right) in zip(sorted, sorted.dropFirst())
    where left.byteRange.upperBound > right.byteRange.lowerBound {
      throw .unexpected(
        path: path, offset: right.byteRange.lowerBound, what: "the part \"\(right.name)\"",
        expected: "bytes of its own", found: "those of \"\(left.name)\"")
    }
  }

  /// Refuses a file whose deflated parts would become more, together, than ``ExpansionLimit`` allows.
  private static func checkExpansion(of entries: [Entry], in count: Int, path: String) throws(FormatError) {
    let limit = ExpansionLimit.bytes(of: count)
    var sum = 0
    for entry in entries where entry.method != 0 {
      let (next, overflows) = sum.addingReportingOverflow(entry.count)
      guard !overflows, next <= limit else {
        throw .unsupported(
          path: path,
          what:
            "\(count) bytes stand for more than \(limit) when they are decompressed, with the part \"\(entry.name)\"",
          remedy: ExpansionLimit.remedy)
      }
      sum = next
    }
  }

  /// The part of a name; nil where there is none.
  func entry(named name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The content of a part; that of a stored one is not copied.
  func content(of entry: Entry) throws(FormatError) -> FileBytes {
    let part = storage.part(entry.byteRange)
    let content: FileBytes
    if entry.method == 0 {
      content = part
    } else {
      content = FileBytes(
        try part.withBytes { (bytes) throws(FormatError) in
          try Inflate.decompress(bytes, count: entry.count, path: path, base: entry.byteRange.lowerBound)
        })
    }
    let checksum = content.withBytes { CRC32.of($0) }
    guard checksum == entry.checksum else {
      throw .checksumMismatch(path: path, name: entry.name, expected: entry.checksum, found: checksum)
    }
    return content
  }

  /// Whether a file begins as zip files do.
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 4 && bytes[0] == 0x50 && bytes[1] == 0x4B
      && (bytes[2] == 3 && bytes[3] == 4 || bytes[2] == 5 && bytes[3] == 6)
  }
}

/// The list of parts at the end of a zip file.
private struct ZipDirectory {
  let bytes: UnsafeRawBufferPointer
  let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  private func reader(at offset: Int) -> ByteReader { ByteReader(bytes, path: path, index: offset) }

  private func signature(at offset: Int) -> UInt32? {
    guard offset >= 0, offset + 4 <= bytes.count else { return nil }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Where the record that ends the file begins; a comment of up to 65,535 bytes may follow it.
  private func end() throws(FormatError) -> Int {
    var offset = bytes.count - 22
    while offset >= 0, offset >= bytes.count - 22 - 0xFFFF {
      if signature(at: offset) == 0x0605_4B50 { return offset }
      offset -= 1
    }
    throw .unexpected(
      path: path, offset: bytes.count, what: "the end of the file", expected: "the directory of a zip file",
      found: "none; the file is cut short, or is no zip file")
  }

  /// How many parts there are, and where the list begins and ends.
  private func list() throws(FormatError) -> (count: Int, range: Range<Int>) {
    let end = try end()
    var record = reader(at: end + 10)
    var count = UInt64(try record.number(UInt16.self))
    var size = UInt64(try record.number(UInt32.self))
    var begin = UInt64(try record.number(UInt32.self))
    var limit = end
    if signature(at: end - 20) == 0x0706_4B50 {
      var locator = reader(at: end - 12)
      let place = try locator.number(UInt64.self)
      guard place <= UInt64(end), signature(at: Int(place)) == 0x0606_4B50 else {
        throw .unexpected(
          path: path, offset: end - 20, what: "the locator", expected: "the place of a 64-bit record",
          found: "\(place)")
      }
      var large = reader(at: Int(place) + 32)
      count = try large.number(UInt64.self)
      size = try large.number(UInt64.self)
      begin = try large.number(UInt64.self)
      limit = Int(place)
    }
    let (last, overflows) = begin.addingReportingOverflow(size)
    // an entry of the list has 46 bytes and a name
    guard !overflows, last <= UInt64(limit), count <= size / 46 else {
      throw .unexpected(
        path: path, offset: end, what: "the directory", expected: "\(count) parts within \(limit) bytes",
        found: "\(size) bytes from byte \(begin) on")
    }
    return (Int(count), Int(begin)..<Int(last))
  }

  func entries() throws(FormatError) -> [ZipArchive.Entry] {
    let (count, range) = try list()
    var record = reader(at: range.lowerBound)
    var entries: [ZipArchive.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let entry = try entry(&record, limit: range.lowerBound)
      if !entry.name.hasSuffix("/") { entries.append(entry) }
    }
    guard record.offset <= range.upperBound else {
      throw .truncated(
        path: path, offset: range.upperBound, needed: UInt64(record.offset - range.upperBound), found: 0)
    }
    return entries
  }

  private func entry(_ record: inout ByteReader, limit: Int) throws(FormatError) -> ZipArchive.Entry {
    let start = record.offset
    guard try record.number(UInt32.self) == 0x0201_4B50 else {
      throw .unexpected(
        path: path, offset: start, what: "the directory", expected: "the entry of a part",
        found: "something else")
    }
    _ = try record.take(4)
    let flags = try record.number(UInt16.self)
    let method = try record.number(UInt16.self)
    _ = try record.take(4)
    let checksum = try record.number(UInt32.self)
    var packed = UInt64(try record.number(UInt32.self))
    var unpacked = UInt64(try record.number(UInt32.self))
    let (nameCount, extraCount) = (try record.number(UInt16.self), try record.number(UInt16.self))
    let commentCount = try record.number(UInt16.self)
    _ = try record.take(8)
    var header = UInt64(try record.number(UInt32.self))
    let name = try record.text(Int(nameCount))
    var extra = ByteReader(
      try record.take(Int(extraCount)), path: path, base: record.offset - Int(extraCount))
    _ = try record.take(Int(commentCount))
    while extra.remaining >= 4 {
      let (kind, size) = (try extra.number(UInt16.self), try extra.number(UInt16.self))
      var field = ByteReader(try extra.take(Int(size)), path: path, base: extra.offset - Int(size))
      guard kind == 1 else { continue }
      if unpacked == 0xFFFF_FFFF { unpacked = try field.number() }
      if packed == 0xFFFF_FFFF { packed = try field.number() }
      if header == 0xFFFF_FFFF { header = try field.number() }
    }
    guard flags & 1 == 0 else {
      throw .unsupported(
        path: path, what: "the part \"\(name)\" is encrypted", remedy: "save it without a password")
    }
    guard method == 0 || method == 8 else {
      throw .unsupported(
        path: path, what: "the part \"\(name)\" is compressed by method \(method), known are 0 and 8",
        remedy: "save it uncompressed")
    }
    return ZipArchive.Entry(
      name: name, method: method, checksum: checksum,
      byteRange: try content(name, header: header, packed: packed, limit: limit),
      count: try size(name, method: method, packed: packed, unpacked: unpacked, offset: start))
  }

  /// Where the bytes of a part stand, behind a header of their own.
  private func content(
    _ name: String, header: UInt64, packed: UInt64, limit: Int
  ) throws(FormatError) -> Range<Int> {
    guard header <= UInt64(limit), signature(at: Int(header)) == 0x0403_4B50 else {
      throw .unexpected(
        path: path, offset: Int(clamping: header), what: "the part \"\(name)\"", expected: "its header",
        found: "something else")
    }
    var local = reader(at: Int(header) + 26)
    let (nameCount, extraCount) = (try local.number(UInt16.self), try local.number(UInt16.self))
    let begin = Int(header) + 30 + Int(nameCount) + Int(extraCount)
    guard begin <= limit, packed <= UInt64(limit - begin) else {
      throw .truncated(path: path, offset: begin, needed: packed, found: Swift.max(0, limit - begin))
    }
    return begin..<begin + Int(packed)
  }

  /// The size of a part, which must be possible for its compressed size.
  private func size(
    _ name: String, method: UInt16, packed: UInt64, unpacked: UInt64, offset: Int
  ) throws(FormatError) -> Int {
    // deflate makes at most 258 bytes of two bits
    let (most, overflows) = packed.multipliedReportingOverflow(by: method == 0 ? 1 : 1032)
    guard !overflows, unpacked <= most, method != 0 || unpacked == packed else {
      throw .unexpected(
        path: path, offset: offset, what: "the part \"\(name)\"",
        expected: "a size that \(packed) bytes can hold", found: "\(unpacked)")
    }
    return Int(unpacked)
  }
}
