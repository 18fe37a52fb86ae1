/// What stands before the numbers of an `.npy` file (NumPy's format 1.0 to 3.0): a type, an order and a shape.
struct NPYHeader: Equatable {
  var elementType: ElementType
  var isBigEndian: Bool
  /// Whether the first axis changes fastest.
  var isColumnMajor: Bool
  var shape: [Int]
  /// Bytes of the header, with all that stands before it.
  var byteCount: Int

  /// The first bytes of a file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// NumPy writes less than 200 bytes for arrays of numbers; a header far beyond is no such file.
  private static let limit = 1 << 16

  /// Reads the header at the beginning of `bytes`, which stand at byte `base` of the file at `path`.
  init(parsing bytes: UnsafeRawBufferPointer, path: String, base: Int) throws(FormatError) {
    var reader = ByteReader(bytes, path: path, base: base)
    let text = try NPYHeader.text(&reader)
    var literal = NPYLiteral(text, path: path, base: reader.offset - text.count)
    (elementType, isBigEndian, isColumnMajor, shape) = try literal.description()
    byteCount = reader.index
  }

  /// The bytes of the header at the beginning of `bytes`, with all that stands before it, whatever it describes.
  static func length(of bytes: UnsafeRawBufferPointer, path: String) throws(FormatError) -> Int {
    var reader = ByteReader(bytes, path: path)
    _ = try text(&reader)
    return reader.index
  }

  /// The text of the header.
  private static func text(_ reader: inout ByteReader) throws(FormatError) -> UnsafeRawBufferPointer {
    let (path, start) = (reader.path, reader.offset)
    guard Array(try reader.take(6)) == magic else {
      throw .unexpected(
        path: path, offset: start, what: "the file", expected: "the mark of an .npy file",
        found: "something else")
    }
    let major = try reader.number(UInt8.self)
    _ = try reader.number(UInt8.self)
    guard (1...3).contains(major) else {
      throw .unsupported(
        path: path, what: "the .npy file is of version \(major), known are 1 to 3",
        remedy: "save it by numpy.save")
    }
    let length = major == 1 ? Int(try reader.number(UInt16.self)) : Int(try reader.number(UInt32.self))
    guard length <= limit else {
      throw .headerTooLong(path: path, found: UInt64(length), limit: limit)
    }
    return try reader.take(length)
  }

  /// The header of an array in row-major order and little-endian, padded to a multiple of 64 bytes.
  static func bytes(_ elementType: ElementType, shape: [Int], path: String) throws(FormatError) -> [UInt8] {
    guard let type = typeNames.first(where: { $0.value == elementType })?.key else {
      throw .unsupported(
        path: path, what: "NumPy has no type for \(elementType.rawValue)",
        remedy: "convert the array first")
    }
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = elementType.byteCount == 1 ? "|" : "<"
    var text = Array("{'descr': '\(order)\(type)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    let length = (magic.count + 4 + text.count + 1 + 63) / 64 * 64 - magic.count - 4
    text += [UInt8](repeating: 0x20, count: length - text.count - 1) + [0x0A]
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text
  }

  /// NumPy's names without the order of bytes.
  static let typeNames: [String: ElementType] = [
    "b1": .bool, "u1": .u8, "i1": .i8, "u2": .u16, "i2": .i16, "u4": .u32, "i4": .i32, "u8": .u64, "i8": .i64,
    "f2": .f16, "f4": .f32, "f8": .f64,
  ]
}

/// The part of Python's notation that describes an array.
private struct NPYLiteral {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private let base: Int
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int) {
    self.bytes = bytes
    self.path = path
    self.base = base
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, in any order.
  mutating func description() throws(FormatError) -> (ElementType, Bool, Bool, [Int]) {
    var type: (ElementType, Bool)?
    var isColumnMajor: Bool?
    var shape: [Int]?
    try pass("{")
    while !tries("}") {
      let key = try string()
      try pass(":")
      switch key {
      case "descr" where type == nil: type = try elementType()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try truth()
      case "shape" where shape == nil: shape = try extents()
      default: throw mismatch("descr, fortran_order and shape once each", "\"\(key)\"")
      }
      if !tries(",") {
        try pass("}")
        break
      }
    }
    skipSpace()
    guard index == bytes.count else { throw mismatch("nothing but spaces behind the header", "more") }
    guard let type, let isColumnMajor, let shape else {
      throw mismatch("descr, fortran_order and shape", "not all of them")
    }
    return (type.0, type.1, isColumnMajor, shape)
  }

  private mutating func elementType() throws(FormatError) -> (ElementType, Bool) {
    let start = index
    skipSpace()
    if index < bytes.count, bytes[index] == UInt8(ascii: "[") {
      throw .unsupported(
        path: path, what: "the array has records with fields",
        remedy: "save each field as an array of its own")
    }
    let name = try string()
    let order = name.first ?? " "
    let known = "<>|=".contains(order) ? NPYHeader.typeNames[String(name.dropFirst())] : nil
    guard let known else {
      index = start
      throw .unsupported(
        path: path, what: "the array has elements of the type '\(name)'",
        remedy: "save it as one of " + NPYHeader.typeNames.keys.sorted().joined(separator: ", "))
    }
    return (known, order == ">")
  }

  private mutating func truth() throws(FormatError) -> Bool {
    if tries("True") { return true }
    try pass("False")
    return false
  }

  private mutating func extents() throws(FormatError) -> [Int] {
    try pass("(")
    var shape: [Int] = []
    while !tries(")") {
      guard shape.count < 64 else { throw mismatch("at most 64 axes", "more") }
      shape.append(try integer())
      if !tries(",") {
        try pass(")")
        break
      }
    }
    return shape
  }

  private mutating func integer() throws(FormatError) -> Int {
    skipSpace()
    var value = 0
    let start = index
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(Int(bytes[index] - 0x30))
      guard !first, !second else { throw mismatch("an extent of 64 bits", "a larger one") }
      value = sum
      index += 1
    }
    guard index > start else { throw mismatch("an extent", found) }
    // Python 2 wrote 3L
    if index < bytes.count, bytes[index] == UInt8(ascii: "L") { index += 1 }
    return value
  }

  private mutating func string() throws(FormatError) -> String {
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\"") else {
      throw mismatch("a quoted word", found)
    }
    let quote = bytes[index]
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw mismatch("the end of a quoted word", "none")
    }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func tries(_ word: String) -> Bool {
    skipSpace()
    guard bytes[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func pass(_ word: String) throws(FormatError) {
    if !tries(word) { throw mismatch("'\(word)'", found) }
  }

  private mutating func skipSpace() {
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
  }

  private var found: String {
    index < bytes.count ? "byte \(bytes[index])" : "the end of the header"
  }

  private func mismatch(_ expected: String, _ found: String) -> FormatError {
    .unexpected(
      path: path, offset: base + index, what: "the header of the array", expected: expected, found: found)
  }
}
