extension SafetensorsFile {
  /// The elements of the tensor `name` as single-precision floats, row-major.
  ///
  /// F32, F16 and BF16 are exact; F64 is rounded to the nearest.
  ///
  /// - Throws: ``FormatError/unknownTensor(path:name:available:)`` or
  ///   ``FormatError/unsupportedConversion(path:name:expected:found:)``.
  public func floats(named name: String) throws(FormatError) -> [Float] {
    let dataType = try dataType(of: name)
    return try withBytes(of: name) { (bytes) throws(FormatError) in
      switch dataType {
      case .f32: convert(bytes, from: UInt32.self) { Float(bitPattern: $0) }
      case .f16: convert(bytes, from: UInt16.self) { float(halfBits: $0) }
      case .bf16: convert(bytes, from: UInt16.self) { float(brainFloatBits: $0) }
      case .f64: convert(bytes, from: UInt64.self) { Float(Double(bitPattern: $0)) }
      default:
        throw .unsupportedConversion(
          path: path, name: name, expected: [.f32, .f16, .bf16, .f64], found: dataType)
      }
    }
  }

  /// The elements of the tensor `name` as integers, row-major; truth values become 0 and 1.
  ///
  /// - Throws: ``FormatError/unknownTensor(path:name:available:)``,
  ///   ``FormatError/unsupportedConversion(path:name:expected:found:)`` for floats, or
  ///   ``FormatError/valueOutOfRange(path:name:index:value:)`` where a U64 is too large.
  public func integers(named name: String) throws(FormatError) -> [Int64] {
    let dataType = try dataType(of: name)
    return try withBytes(of: name) { (bytes) throws(FormatError) in
      switch dataType {
      case .bool: convert(bytes, from: UInt8.self) { $0 == 0 ? 0 : 1 }
      case .u8: convert(bytes, from: UInt8.self) { Int64($0) }
      case .i8: convert(bytes, from: Int8.self) { Int64($0) }
      case .u16: convert(bytes, from: UInt16.self) { Int64($0) }
      case .i16: convert(bytes, from: Int16.self) { Int64($0) }
      case .u32: convert(bytes, from: UInt32.self) { Int64($0) }
      case .i32: convert(bytes, from: Int32.self) { Int64($0) }
      case .i64: convert(bytes, from: Int64.self) { $0 }
      case .u64: try signed(convert(bytes, from: UInt64.self) { $0 }, name: name)
      default:
        throw .unsupportedConversion(
          path: path, name: name,
          expected: [.bool, .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64], found: dataType)
      }
    }
  }

  private func dataType(of name: String) throws(FormatError) -> SafetensorsDataType {
    guard let info = info(named: name) else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    return info.dataType
  }

  private func signed(_ values: [UInt64], name: String) throws(FormatError) -> [Int64] {
    if let index = values.firstIndex(where: { $0 > UInt64(Int64.max) }) {
      throw .valueOutOfRange(path: path, name: name, index: index, value: values[index])
    }
    return values.map { Int64($0) }
  }
}

/// Reads `bytes` as little-endian elements and converts each.
private func convert<Element: FixedWidthInteger, Value>(
  _ bytes: UnsafeRawBufferPointer, from type: Element.Type, _ value: (Element) -> Value
) -> [Value] {
  let size = MemoryLayout<Element>.size
  let count = bytes.count / size
  return [Value](unsafeUninitializedCapacity: count) { buffer, initialised in
    for index in 0..<count {
      let element = Element(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self))
      buffer.initializeElement(at: index, to: value(element))
    }
    initialised = count
  }
}
