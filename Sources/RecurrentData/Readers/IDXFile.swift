import RecurrentFormats

/// An array in the IDX format of the MNIST files: bytes, shorts, integers, floats or doubles, big-endian.
public struct IDXFile: Sendable {
  /// The extent of each axis.
  public let shape: [Int]
  private let file: DataBytes
  private let type: ElementKind
  private let start: Int

  private enum ElementKind: Int, Sendable {
    case unsignedByte = 0x08
    case signedByte = 0x09
    case short = 0x0B
    case integer = 0x0C
    case float = 0x0D
    case double = 0x0E

    var size: Int {
      switch self {
      case .unsignedByte, .signedByte: 1
      case .short: 2
      case .integer, .float: 4
      case .double: 8
      }
    }
  }

  /// Whether bytes begin as an IDX file does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 8 && bytes[0] == 0 && bytes[1] == 0 && ElementKind(rawValue: Int(bytes[2])) != nil
      && (1...8).contains(bytes[3])
  }

  /// Reads the head of a file that was opened.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes) throws(DataError) {
    self.file = file
    (shape, type, start) = try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      guard IDXFile.recognizes(bytes), let type = ElementKind(rawValue: Int(bytes[2])) else {
        throw cursor.malformed("the mark of an IDX file", "something else")
      }
      cursor.index = 4
      var shape: [Int] = []
      var count = type.size
      for _ in 0..<Int(bytes[3]) {
        let extent = try cursor.big(4, "an extent")
        let (product, overflows) = count.multipliedReportingOverflow(by: extent)
        guard !overflows, extent > 0 else {
          throw cursor.malformed("an array with numbers that fits the memory", "extents \(shape + [extent])")
        }
        count = product
        shape.append(extent)
      }
      try cursor.need(count, "elements of the shape \(shape)")
      return (shape, type, cursor.index)
    }
  }

  /// The elements with the given number of the first axis, row-major; bytes as 0 ... 255.
  public func row(_ index: Int) -> [Float] {
    let count = shape.dropFirst().reduce(1, *)
    return file.withBytes { bytes in
      (0..<count).map { value(bytes, start + (index * count + $0) * type.size) }
    }
  }

  private func value(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Float {
    switch type {
    case .unsignedByte: Float(bytes[place])
    case .signedByte: Float(Int8(bitPattern: bytes[place]))
    case .short: Float(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
    case .integer: Float(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
    case .float:
      Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    case .double:
      Float(
        Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))))
    }
  }
}
