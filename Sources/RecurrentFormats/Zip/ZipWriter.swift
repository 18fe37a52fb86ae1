/// Writes zip files whose parts are stored as they are, with the extension to 64 bits where it is needed. All carry the
/// first day that the format knows, so that the bytes depend on the parts alone.
enum ZipWriter {
  /// A part of a file, handed over twice: for its size and checksum, then to be written.
  struct Part {
    let name: String
    let stream: (ArrayEntry.Sink) throws(FormatError) -> Void
  }

  /// A part whose size is known.
  private struct Record {
    let name: [UInt8]
    let checksum: UInt32
    let count: Int
    let offset: Int
  }

  /// Writes `parts` to the file at `path`, atomically.
  ///
  /// - Throws: ``FormatError``; a previous file at `path` is unchanged then.
  static func write(_ parts: [Part], to path: String) throws(FormatError) {
    var names: Set<String> = []
    for part in parts where !names.insert(part.name).inserted {
      throw .duplicateName(path: path, name: part.name)
    }
    try AtomicFile.write(to: path) { (writer) throws(FormatError) in
      var records: [Record] = []
      for part in parts {
        var checksum = CRC32()
        var count = 0
        try part.stream { (bytes) throws(FormatError) in
          checksum.update(bytes)
          count += bytes.count
        }
        let record = Record(
          name: Array(part.name.utf8), checksum: checksum.value, count: count, offset: writer.byteCount)
        try writer.write(localHeader(record))
        try part.stream { (bytes) throws(FormatError) in try writer.write(bytes) }
        records.append(record)
      }
      let begin = writer.byteCount
      for record in records { try writer.write(entry(record)) }
      try writer.write(end(count: records.count, begin: begin, size: writer.byteCount - begin))
    }
  }

  private static func isLarge(_ number: Int) -> Bool { number >= 0xFFFF_FFFF }

  /// Version, flags (UTF-8 names), method, and 1980-01-01.
  private static func common(_ record: Record, isLarge: Bool) -> [UInt8] {
    little(UInt16(isLarge ? 45 : 20)) + little(UInt16(0x800)) + little(UInt16(0)) + little(UInt16(0))
      + little(UInt16(0x21)) + little(record.checksum)
  }

  private static func localHeader(_ record: Record) -> [UInt8] {
    let large = isLarge(record.count)
    let size = large ? UInt32.max : UInt32(record.count)
    var bytes = little(UInt32(0x0403_4B50)) + common(record, isLarge: large) + little(size) + little(size)
    bytes += little(UInt16(record.name.count)) + little(UInt16(large ? 20 : 0)) + record.name
    if large {
      bytes +=
        little(UInt16(1)) + little(UInt16(16)) + little(UInt64(record.count)) + little(UInt64(record.count))
    }
    return bytes
  }

  private static func entry(_ record: Record) -> [UInt8] {
    let (large, far) = (isLarge(record.count), isLarge(record.offset))
    let size = large ? UInt32.max : UInt32(record.count)
    var extra: [UInt8] = []
    if large { extra += little(UInt64(record.count)) + little(UInt64(record.count)) }
    if far { extra += little(UInt64(record.offset)) }
    if !extra.isEmpty { extra = little(UInt16(1)) + little(UInt16(extra.count)) + extra }
    var bytes = little(UInt32(0x0201_4B50)) + little(UInt16(45)) + common(record, isLarge: large || far)
    bytes += little(size) + little(size) + little(UInt16(record.name.count)) + little(UInt16(extra.count))
    // no comment, disk 0, no attributes
    bytes += [UInt8](repeating: 0, count: 10)
    return bytes + little(far ? UInt32.max : UInt32(record.offset)) + record.name + extra
  }

  private static func end(count: Int, begin: Int, size: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    let large = count >= 0xFFFF || isLarge(begin) || isLarge(size)
    if large {
      bytes += little(UInt32(0x0606_4B50)) + little(UInt64(44)) + little(UInt16(45)) + little(UInt16(45))
      bytes += [UInt8](repeating: 0, count: 8) + little(UInt64(count)) + little(UInt64(count))
      bytes += little(UInt64(size)) + little(UInt64(begin))
      bytes +=
        little(UInt32(0x0706_4B50)) + little(UInt32(0)) + little(UInt64(begin + size)) + little(UInt32(1))
    }
    let entries = UInt16(clamping: count)
    bytes += little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(entries) + little(entries)
    bytes += little(UInt32(clamping: size)) + little(large ? UInt32.max : UInt32(begin)) + little(UInt16(0))
    return bytes
  }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
