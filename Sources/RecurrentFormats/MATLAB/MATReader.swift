/// Reads the elements of a ``MATFile``.
struct MATReader {
  private var reader: ByteReader
  /// Numbers, cells and letters that may still come, so that small elements cannot stand for many.
  private var budget: Int
  private static let deepest = 32

  private static let matrix = 14
  private static let compressed = 15

  static func variables(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> [(name: String, value: MATFile.Value)] {
    var head = ByteReader(bytes, path: path)
    let text = try head.take(124)
    guard text.starts(with: Array("MATLAB 5.0".utf8)) else {
      throw .unexpected(
        path: path, offset: 0, what: "the head", expected: "\"MATLAB 5.0\"", found: "other bytes")
    }
    let (version, order) = (try head.number(UInt16.self), try head.number(UInt16.self))
    guard order == 0x4D49 else {
      throw .unsupported(
        path: path, what: "a big-endian file of MATLAB", remedy: "save it again on a machine of today")
    }
    guard version == 0x0100 else {
      throw .unexpected(
        path: path, offset: 124, what: "the version", expected: "256", found: "\(version)")
    }
    var machine = MATReader(reader: head, budget: ExpansionLimit.bytes(of: bytes.count))
    var variables: [(name: String, value: MATFile.Value)] = []
    while machine.reader.remaining >= 8 {
      if let variable = try machine.variable() { variables.append(variable) }
    }
    return variables
  }

  /// The type and length of the next element, and the length with what fills it up.
  private mutating func tag() throws(FormatError) -> (type: Int, count: Int, padded: Int) {
    let word = try reader.number(UInt32.self)
    // up to four bytes stand in the tag itself
    if word >> 16 != 0 { return (Int(word & 0xFFFF), Int(word >> 16), 4) }
    let count = Int(try reader.number(UInt32.self))
    return (Int(word), count, Int(word) == MATReader.compressed ? count : (count + 7) / 8 * 8)
  }

  private func unexpected(_ what: String, _ expected: String, _ found: String) -> FormatError {
    .unexpected(path: reader.path, offset: reader.offset, what: what, expected: expected, found: found)
  }

  /// The next variable; nil for an element that is none.
  private mutating func variable() throws(FormatError) -> (name: String, value: MATFile.Value)? {
    let tag = try tag()
    switch tag.type {
    case MATReader.compressed:
      let base = reader.offset
      let bytes = try reader.take(tag.count)
      guard bytes.count > 2, bytes[0] & 15 == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 else {
        throw unexpected("compressed data", "the head of zlib", "other bytes")
      }
      let part = UnsafeRawBufferPointer(rebasing: bytes[2...])
      guard
        let (inflated, _) = try Inflate.decompress(
          prefixOf: part, limit: budget, path: reader.path, base: base + 2)
      else {
        throw .unsupported(
          path: reader.path,
          what: "\(bytes.count) bytes stand for more than \(budget) when they are decompressed",
          remedy: ExpansionLimit.remedy)
      }
      var inner = self
      let read = try inflated.withUnsafeBufferPointer {
        (buffer) throws(FormatError) -> (name: String, value: MATFile.Value) in
        inner.reader = ByteReader(UnsafeRawBufferPointer(buffer), path: reader.path, base: base)
        let tag = try inner.tag()
        guard tag.type == MATReader.matrix else {
          return (name: "", value: MATFile.Value.other("an element of type \(tag.type)"))
        }
        return try inner.array(tag.count, depth: 0)
      }
      budget = max(0, inner.budget - inflated.count)
      return read
    case MATReader.matrix: return try array(tag.count, depth: 0)
    default:
      _ = try reader.take(tag.padded)
      return nil
    }
  }

  /// The bytes of the next element of a plain type.
  private mutating func plain(_ what: String) throws(FormatError) -> (
    type: Int, bytes: UnsafeRawBufferPointer
  ) {
    let tag = try tag()
    guard tag.count <= tag.padded else {
      throw unexpected(what, "at most \(tag.padded) bytes", "\(tag.count)")
    }
    let bytes = try reader.take(min(tag.padded, max(tag.count, reader.remaining)))
    guard tag.count <= bytes.count else {
      throw .truncated(
        path: reader.path, offset: reader.offset, needed: UInt64(tag.count), found: bytes.count)
    }
    return (tag.type, UnsafeRawBufferPointer(rebasing: bytes.prefix(tag.count)))
  }

  private mutating func spend(_ count: Int) throws(FormatError) {
    guard count <= budget else {
      throw .unsupported(
        path: reader.path, what: "more numbers than a file of its size may stand for",
        remedy: ExpansionLimit.remedy)
    }
    budget -= count
  }

  /// A matrix of `count` bytes.
  private mutating func array(_ count: Int, depth: Int) throws(FormatError) -> (
    name: String, value: MATFile.Value
  ) {
    guard depth < MATReader.deepest else { throw unexpected("a cell", "at most 32 in each other", "more") }
    guard count <= reader.remaining else {
      throw .truncated(
        path: reader.path, offset: reader.offset, needed: UInt64(count), found: reader.remaining)
    }
    let end = reader.index + count
    // an empty cell has no content
    if count == 0 { return ("", .numbers(shape: [0, 0], values: [])) }
    let flags = try plain("flags")
    guard flags.bytes.count == 8 else { throw unexpected("flags", "8 bytes", "\(flags.bytes.count)") }
    let (kind, isComplex) = (Int(flags.bytes[0]), flags.bytes[1] & 8 != 0)
    let extents = try plain("extents")
    guard extents.type == 5, extents.bytes.count % 4 == 0, (8...256).contains(extents.bytes.count) else {
      throw unexpected(
        "extents", "two or more of 4 bytes", "\(extents.bytes.count) bytes of type \(extents.type)")
    }
    let shape = stride(from: 0, to: extents.bytes.count, by: 4).map {
      Int(Int32(littleEndian: extents.bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self)))
    }
    let total = shape.reduce(1) {
      $0 < 0 || $1 < 0 ? -1 : $0.multipliedReportingOverflow(by: $1).overflow ? -1 : $0 * $1
    }
    guard total >= 0 else { throw unexpected("extents", "those of an array", "\(shape)") }
    let name = String(decoding: try plain("a name").bytes, as: UTF8.self)
    let value = try content(kind, shape, total, isComplex: isComplex, depth: depth)
    guard reader.index <= end else { throw unexpected("an array", "\(count) bytes", "more") }
    // the content of classes that are not read
    _ = try reader.take(end - reader.index)
    return (name, value)
  }

  private mutating func content(
    _ kind: Int, _ shape: [Int], _ total: Int, isComplex: Bool, depth: Int
  ) throws(FormatError) -> MATFile.Value {
    switch kind {
    case 1:
      // each cell takes a tag of 8 bytes
      guard total <= reader.remaining / 8 else { throw unexpected("cells", "\(total)", "bytes for fewer") }
      try spend(total)
      var cells: [MATFile.Value] = []
      for _ in 0..<total {
        let tag = try tag()
        guard tag.type == MATReader.matrix else { throw unexpected("a cell", "type 14", "type \(tag.type)") }
        cells.append(try array(tag.count, depth: depth + 1).value)
      }
      return .cells(shape: shape, values: cells)
    case 4:
      let part = try plain("a text")
      let numbers = try numbers(part.type, part.bytes)
      var text = String.UnicodeScalarView()
      for number in numbers where (0..<0x110000).contains(number) {
        if let scalar = Unicode.Scalar(UInt32(number)) { text.append(scalar) }
      }
      return .text(String(text))
    case 6...15 where !isComplex:
      let part = try plain("numbers")
      let values = try numbers(part.type, part.bytes)
      guard values.count == total else {
        throw unexpected("numbers", "\(total) of the shape \(shape)", "\(values.count)")
      }
      return .numbers(shape: shape, values: values)
    default: return .other(isComplex ? "complex numbers" : "class \(kind)")
    }
  }

  private mutating func numbers(_ type: Int, _ bytes: UnsafeRawBufferPointer) throws(FormatError) -> [Double]
  {
    func all<N: FixedWidthInteger>(_ type: N.Type) -> [Double] { bits(type) { Double($0) } }
    func bits<N: FixedWidthInteger>(_ type: N.Type, _ value: (N) -> Double) -> [Double] {
      let size = MemoryLayout<N>.size
      return (0..<bytes.count / size).map {
        value(N(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: N.self)))
      }
    }
    try spend(bytes.count)
    switch type {
    case 1: return all(Int8.self)
    case 2, 16: return all(UInt8.self)
    case 3: return all(Int16.self)
    case 4, 17: return all(UInt16.self)
    case 5: return all(Int32.self)
    case 6, 18: return all(UInt32.self)
    case 7: return bits(UInt32.self) { Double(Float(bitPattern: $0)) }
    case 9: return bits(UInt64.self) { Double(bitPattern: $0) }
    case 12: return all(Int64.self)
    case 13: return all(UInt64.self)
    default: throw unexpected("numbers", "a type of numbers", "type \(type)")
    }
  }
}
