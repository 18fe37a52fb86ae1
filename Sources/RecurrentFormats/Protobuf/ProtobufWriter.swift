/// Writes a message of Protocol Buffers field by field, fields in the order of the calls.
struct ProtobufWriter {
  /// The bytes of the message so far.
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ number: Int, _ wire: ProtobufReader.Wire) {
    varint(UInt64(number) << 3 | wire.rawValue)
  }

  /// An integer.
  mutating func integer(_ number: Int, _ value: Int64) {
    tag(number, .varint)
    varint(UInt64(bitPattern: value))
  }

  /// A float.
  mutating func float(_ number: Int, _ value: Float) {
    tag(number, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A double.
  mutating func double(_ number: Int, _ value: Double) {
    tag(number, .fixed64)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes.
  mutating func bytes(_ number: Int, _ value: some Collection<UInt8>) {
    tag(number, .bytes)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A text.
  mutating func text(_ number: Int, _ value: String) { bytes(number, value.utf8) }

  /// A message inside this one.
  mutating func message(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    bytes(number, inner.bytes)
  }

  /// Integers, packed; none for an empty list.
  mutating func integers(_ number: Int, _ values: [Int64]) {
    guard !values.isEmpty else { return }
    var packed = ProtobufWriter()
    for value in values { packed.varint(UInt64(bitPattern: value)) }
    bytes(number, packed.bytes)
  }

  /// Floats, packed; none for an empty list.
  mutating func floats(_ number: Int, _ values: [Float]) {
    guard !values.isEmpty else { return }
    bytes(
      number, values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
  }

  /// Doubles, packed; none for an empty list.
  mutating func doubles(_ number: Int, _ values: [Double]) {
    guard !values.isEmpty else { return }
    bytes(
      number, values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
  }
}
