/// A checkpoint as `torch.save` wrote it before PyTorch 1.6, and since then where it is asked to: five pickles (a number that marks the
/// format, its version, the sizes of the machine, the object, the keys of the storages), then for each storage the number of its
/// elements in 64 bits, and these.
struct PlainCheckpoint {
  let pickle: Pickle
  let storages: [String: FileBytes]
  /// Where the storages stand.
  let range: Range<Int>
  let isBigEndian: Bool

  /// The marking number, in the form in which protocols from 2 on write it.
  private static let mark: [UInt8] =
    [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] + Array(".".utf8)

  /// Whether bytes begin as such a file does.
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 2 && bytes[0] == 0x80 && bytes[2...].starts(with: mark)
  }

  /// Reads the pickles and finds the storages.
  ///
  /// - Throws: ``FormatError``.
  init(_ file: FileBytes, path: String) throws(FormatError) {
    let found = try file.withBytes { (bytes) throws(FormatError) in
      try PlainCheckpoint.parts(bytes, path: path)
    }
    (pickle, range, isBigEndian) = (found.pickle, found.begin..<file.count, found.isBigEndian)
    storages = found.storages.mapValues { file.part($0) }
  }

  private static func parts(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> (pickle: Pickle, begin: Int, storages: [String: Range<Int>], isBigEndian: Bool) {
    var place = 2 + mark.count
    func next() throws(FormatError) -> Pickle {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[place...])
      let (pickle, count) = try PickleReader.readFirst(rest, path: path, base: place, of: .torch)
      place += count
      return pickle
    }
    let version = try next().root
    guard version.int == 1001 else {
      throw .unexpected(
        path: path, offset: place, what: "the version of the format", expected: "1001",
        found: version.int.map { "\($0)" } ?? version.kind)
    }
    let machine = try next()
    let isLittle = machine.items(machine.root)?["little_endian"]
    guard case .bool(let isLittle)? = isLittle else {
      throw .unexpected(
        path: path, offset: place, what: "the order of bytes", expected: "a truth value",
        found: isLittle?.kind ?? "nothing")
    }
    let object = try next()
    let keys = try next()
    guard case .list(let list) = keys.root else {
      throw .unexpected(
        path: path, offset: place, what: "the keys of the storages", expected: "a list", found: keys.root.kind
      )
    }
    let begin = place
    var storages: [String: Range<Int>] = [:]
    for key in keys.containers[list] {
      guard let key = key.string, let storage = object.storages[key], storages[key] == nil else {
        throw .unexpected(
          path: path, offset: place, what: "the keys of the storages",
          expected: "those of the object, once each",
          found: key.string.map { "\"\($0.prefix(80))\"" } ?? key.kind)
      }
      var reader = ByteReader(bytes, path: path, index: place)
      let raw = try reader.number(UInt64.self)
      let count = isLittle ? raw : raw.byteSwapped
      guard count == UInt64(storage.count) else {
        throw .unexpected(
          path: path, offset: place, what: "the size of the storage \"\(key)\"", expected: "\(storage.count)",
          found: "\(count)")
      }
      let size = (storage.elementType ?? .u8).byteCount(of: [storage.count])
      guard let size, size <= bytes.count - place - 8 else {
        throw .truncated(
          path: path, offset: place + 8, needed: size.map { UInt64($0) } ?? .max,
          found: max(bytes.count - place - 8, 0))
      }
      storages[key] = place + 8..<place + 8 + size
      place += 8 + size
    }
    guard place == bytes.count else {
      throw .trailingBytes(path: path, offset: place, count: bytes.count - place)
    }
    return (object, begin, storages, !isLittle)
  }
}
