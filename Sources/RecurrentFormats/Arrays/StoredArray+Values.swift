extension StoredArray {
  /// The elements as single-precision floats, row-major.
  ///
  /// F32, F16, BF16 and the 8-bit floats are exact; F64 is rounded to the nearest.
  ///
  /// - Parameter convertsIntegers: whether integers and truth values are rounded to floats too.
  /// - Throws: ``FormatError/unsupportedConversion(path:name:expected:found:)``.
  public func floats(convertsIntegers: Bool = false) throws(FormatError) -> [Float] {
    if convertsIntegers, !elementType.isFloat { return try integers().map { Float($0) } }
    return try withBytes { (bytes) throws(FormatError) in
      switch elementType {
      case .f32: convert(bytes, from: UInt32.self) { Float(bitPattern: $0) }
      case .f16: convert(bytes, from: UInt16.self) { float(halfBits: $0) }
      case .bf16: convert(bytes, from: UInt16.self) { float(brainFloatBits: $0) }
      case .f64: convert(bytes, from: UInt64.self) { Float(Double(bitPattern: $0)) }
      case .f8E5M2: convert(bytes, from: UInt8.self) { float(halfBits: UInt16($0) << 8) }
      case .f8E4M3: convert(bytes, from: UInt8.self) { float(f8E4M3Bits: $0) }
      case .bool, .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64:
        throw .unsupportedConversion(
          path: path, name: name, expected: ElementType.allCases.filter(\.isFloat), found: elementType)
      }
    }
  }

  /// The elements as integers, row-major; truth values become 0 and 1.
  ///
  /// - Throws: ``FormatError/unsupportedConversion(path:name:expected:found:)`` for floats, or
  ///   ``FormatError/valueOutOfRange(path:name:index:value:)`` where a U64 is too large.
  public func integers() throws(FormatError) -> [Int64] {
    try withBytes { (bytes) throws(FormatError) in
      switch elementType {
      case .bool: convert(bytes, from: UInt8.self) { $0 == 0 ? 0 : 1 }
      case .u8: convert(bytes, from: UInt8.self) { Int64($0) }
      case .i8: convert(bytes, from: Int8.self) { Int64($0) }
      case .u16: convert(bytes, from: UInt16.self) { Int64($0) }
      case .i16: convert(bytes, from: Int16.self) { Int64($0) }
      case .u32: convert(bytes, from: UInt32.self) { Int64($0) }
      case .i32: convert(bytes, from: Int32.self) { Int64($0) }
      case .i64: convert(bytes, from: Int64.self) { $0 }
      case .u64: try signed(convert(bytes, from: UInt64.self) { $0 })
      case .f8E5M2, .f8E4M3, .f16, .bf16, .f32, .f64:
        throw .unsupportedConversion(
          path: path, name: name, expected: ElementType.allCases.filter { !$0.isFloat }, found: elementType)
      }
    }
  }

  /// The elements as double-precision floats, row-major; those of all floats are exact.
  ///
  /// - Throws: ``FormatError/unsupportedConversion(path:name:expected:found:)`` for integers.
  public func doubles() throws(FormatError) -> [Double] {
    guard elementType == .f64 else { return try floats().map { Double($0) } }
    return try withBytes { (bytes) throws(FormatError) in
      convert(bytes, from: UInt64.self) { Double(bitPattern: $0) }
    }
  }

  /// The bits of elements of 64 bits.
  package func bits64() throws(FormatError) -> [Int64] {
    try withBytes { (bytes) throws(FormatError) in convert(bytes, from: Int64.self) { $0 } }
  }

  private func signed(_ values: [UInt64]) throws(FormatError) -> [Int64] {
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
