extension ONNXReader {
  /// The fields of a tensor, of which one holds its numbers.
  private struct TensorFields {
    var name = ""
    var shape: [Int64] = []
    var type: Int64 = 0
    var raw: Range<Int>?
    var floats: [Float] = []
    var integers: [Int64] = []
    var doubles: [Double] = []
    var isExternal = false
    var external: [String: String] = [:]
  }

  func tensor(_ reader: ProtobufReader) throws(FormatError) -> ONNXTensor {
    var message = reader
    var fields = TensorFields()
    while let field = try message.next() {
      switch field.number {
      case 1: try message.integers(field, into: &fields.shape)
      case 2: fields.type = try message.integer(field)
      case 4: try message.floats(field, into: &fields.floats)
      case 5, 7, 11: try message.integers(field, into: &fields.integers)
      case 8: fields.name = try message.text(field)
      case 9:
        let (bytes, offset) = try message.bytes(field)
        fields.raw = offset..<offset + bytes.count
      case 10: try message.doubles(field, into: &fields.doubles)
      case 13:
        let (key, value) = try entry(message.message(field, what: "the place of a tensor"))
        fields.external[key] = value
      case 14: fields.isExternal = try message.integer(field) == 1
      default: try message.skip(field)
      }
    }
    guard let type = ElementType(onnxNumber: fields.type) else {
      throw .unsupported(
        path: path, what: "the tensor \"\(fields.name)\" has elements of the type \(fields.type)",
        remedy: "convert it to floats, integers or truth values")
    }
    let shape = fields.shape.map { Int($0) }
    guard let size = type.byteCount(of: shape) else {
      throw .invalidShape(path: path, name: fields.name, problem: "\(shape) cannot be counted in 64 bits")
    }
    let bytes = try fields.isExternal ? externalBytes(fields, size: size) : ownBytes(fields, type: type)
    guard bytes.count == size else {
      throw .byteCountMismatch(path: path, name: fields.name, expected: size, found: bytes.count)
    }
    return ONNXTensor(
      name: fields.name,
      array: StoredArray(path: path, name: fields.name, elementType: type, shape: shape, bytes: bytes))
  }

  private func ownBytes(_ fields: TensorFields, type: ElementType) throws(FormatError) -> FileBytes {
    if let raw = fields.raw { return storage.part(raw) }
    func little(_ values: some Sequence<some FixedWidthInteger>) -> FileBytes {
      FileBytes(values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } })
    }
    switch type {
    case .f32: return little(fields.floats.map(\.bitPattern))
    case .f64: return little(fields.doubles.map(\.bitPattern))
    case .i64, .u64: return little(fields.integers)
    case .i32, .u32: return little(fields.integers.map { Int32(truncatingIfNeeded: $0) })
    case .i16, .u16, .f16, .bf16: return little(fields.integers.map { Int16(truncatingIfNeeded: $0) })
    case .i8, .u8, .bool, .f8E4M3, .f8E5M2:
      return little(fields.integers.map { Int8(truncatingIfNeeded: $0) })
    }
  }

  /// The bytes in a file beside the model.
  private func externalBytes(_ fields: TensorFields, size: Int) throws(FormatError) -> FileBytes {
    let file = try external.file(fields.external["location"] ?? "", tensor: fields.name, model: path)
    func number(_ key: String, or standard: Int) throws(FormatError) -> Int {
      guard let text = fields.external[key] else { return standard }
      guard let number = Int(text), number >= 0 else {
        throw .unexpected(
          path: path, offset: 0, what: "the \(key) of the tensor \"\(fields.name)\"",
          expected: "a number of bytes",
          found: "\"\(text)\"")
      }
      return number
    }
    let offset = try number("offset", or: 0)
    let length = try number("length", or: Swift.max(0, file.count - offset))
    guard offset <= file.count, length <= file.count - offset else {
      throw .unexpected(
        path: path, offset: 0, what: "the tensor \"\(fields.name)\" in \(file.path)",
        expected: "\(length) bytes from byte \(offset) on", found: "a file of \(file.count) bytes")
    }
    try external.take(length, of: file, tensor: fields.name, model: path)
    return FileBytes(file).part(offset..<offset + length)
  }
}
