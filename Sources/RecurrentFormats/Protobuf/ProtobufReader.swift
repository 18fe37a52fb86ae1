/// Reads a message of Protocol Buffers field by field, without a description of it.
///
/// The caller asks for the next field and takes its value in the way that the field has; unknown fields are passed over.
struct ProtobufReader {
  private var reader: ByteReader
  private let what: String

  /// How the value of a field is written.
  enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  /// A field whose value is next.
  struct Field {
    let number: Int
    let wire: Wire
  }

  /// Reads `bytes`, which are a message of the kind `what` at byte `base` of the file at `path` and outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int, what: String) {
    reader = ByteReader(bytes, path: path, base: base)
    self.what = what
  }

  /// The path that errors name.
  var path: String { reader.path }
  /// Where in the file the next byte stands.
  var offset: Int { reader.offset }
  /// Whether bytes are left.
  var hasMore: Bool { reader.remaining > 0 }

  private func mismatch(_ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: offset, what: what, expected: expected, found: found)
  }

  /// The next field; nil at the end of the message.
  mutating func next() throws(FormatError) -> Field? {
    guard hasMore else { return nil }
    let tag = try varint()
    guard let wire = Wire(rawValue: tag & 7), tag >> 3 > 0, tag >> 3 < 1 << 29 else {
      throw mismatch("a field", "the tag \(tag)")
    }
    return Field(number: Int(tag >> 3), wire: wire)
  }

  /// A number of 7 bits a byte.
  mutating func varint() throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try reader.number(UInt8.self)
      guard shift < 63 || byte <= 1 else { throw mismatch("a number of 64 bits", "a larger one") }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
  }

  /// An integer.
  mutating func integer(_ field: Field) throws(FormatError) -> Int64 {
    try need(field, .varint)
    return Int64(bitPattern: try varint())
  }

  /// A single-precision float.
  mutating func float(_ field: Field) throws(FormatError) -> Float {
    try need(field, .fixed32)
    return Float(bitPattern: try reader.number(UInt32.self))
  }

  /// Bytes, with their place in the file.
  mutating func bytes(_ field: Field) throws(FormatError) -> (bytes: UnsafeRawBufferPointer, offset: Int) {
    try need(field, .bytes)
    let count = try varint()
    guard count <= UInt64(reader.remaining) else {
      throw .truncated(path: path, offset: offset, needed: count, found: reader.remaining)
    }
    let offset = offset
    return (try reader.take(Int(count)), offset)
  }

  /// A text.
  mutating func text(_ field: Field) throws(FormatError) -> String {
    let (bytes, offset) = try bytes(field)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unexpected(
        path: path, offset: offset, what: what, expected: "a text in UTF-8", found: "other bytes")
    }
    return text
  }

  /// A message inside this one.
  mutating func message(_ field: Field, what: String) throws(FormatError) -> ProtobufReader {
    let (bytes, offset) = try bytes(field)
    return ProtobufReader(bytes, path: path, base: offset, what: what)
  }

  /// Integers, packed or one by one.
  mutating func integers(_ field: Field, into values: inout [Int64]) throws(FormatError) {
    guard field.wire == .bytes else {
      values.append(try integer(field))
      return
    }
    var packed = try message(field, what: what)
    while packed.hasMore { values.append(Int64(bitPattern: try packed.varint())) }
  }

  /// Floats, packed or one by one.
  mutating func floats(_ field: Field, into values: inout [Float]) throws(FormatError) {
    guard field.wire == .bytes else {
      values.append(try float(field))
      return
    }
    var packed = try message(field, what: what)
    while packed.hasMore { values.append(Float(bitPattern: try packed.reader.number(UInt32.self))) }
  }

  /// Doubles, packed or one by one.
  mutating func doubles(_ field: Field, into values: inout [Double]) throws(FormatError) {
    guard field.wire == .bytes else {
      try need(field, .fixed64)
      values.append(Double(bitPattern: try reader.number(UInt64.self)))
      return
    }
    var packed = try message(field, what: what)
    while packed.hasMore { values.append(Double(bitPattern: try packed.reader.number(UInt64.self))) }
  }

  /// Passes over the value of a field.
  mutating func skip(_ field: Field) throws(FormatError) {
    switch field.wire {
    case .varint: _ = try varint()
    case .fixed64: _ = try reader.take(8)
    case .fixed32: _ = try reader.take(4)
    case .bytes: _ = try bytes(field)
    }
  }

  private func need(_ field: Field, _ wire: Wire) throws(FormatError) {
    guard field.wire == wire else { throw mismatch("field \(field.number) as \(wire)", "\(field.wire)") }
  }
}
