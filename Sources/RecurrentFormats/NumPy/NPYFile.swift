/// A NumPy `.npy` file: one array, called by the name of the file without its ending.
public struct NPYFile: ArrayFile {
  /// The path that the file was opened with.
  public let path: String
  /// The array.
  public let array: StoredArray
  /// The one name.
  public var names: [String] { [array.name] }
  /// One name is in order.
  public var keepsOrder: Bool { true }
  /// NumPy keeps no texts.
  public var metadata: [String: String] { [:] }

  /// Opens the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    self.path = path
    let name = path.split(separator: "/").last.map { $0.hasSuffix(".npy") ? $0.dropLast(4) : $0 } ?? "array"
    array = try NPYFile.array(named: String(name), in: FileBytes(MappedFile(path: path)), path: path)
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    self.path = path
    array = try NPYFile.array(named: "array", in: FileBytes(bytes), path: path)
  }

  /// The array, by its name.
  public func array(named name: String) throws(FormatError) -> StoredArray {
    guard name == array.name else { throw .unknownTensor(path: path, name: name, available: names) }
    return array
  }

  /// The array in the bytes of an `.npy` file.
  static func array(named name: String, in bytes: FileBytes, path: String) throws(FormatError) -> StoredArray
  {
    let header = try bytes.withBytes { (bytes) throws(FormatError) in
      try NPYHeader(parsing: bytes, path: path, base: 0)
    }
    guard let size = header.elementType.byteCount(of: header.shape) else {
      throw .invalidShape(path: path, name: name, problem: "its bytes cannot be counted in 64 bits")
    }
    let found = bytes.count - header.byteCount
    guard size <= found else {
      throw .truncated(path: path, offset: header.byteCount, needed: UInt64(size), found: found)
    }
    guard size == found else {
      throw .trailingBytes(path: path, offset: header.byteCount + size, count: found - size)
    }
    var strides: [Int]?
    if header.isColumnMajor, header.shape.count > 1 {
      strides = Array(StoredArray.rowMajorStrides(header.shape.reversed()).reversed())
    }
    return StoredArray(
      path: path, name: name, elementType: header.elementType, shape: header.shape, strides: strides,
      isBigEndian: header.isBigEndian, bytes: bytes.part(header.byteCount..<bytes.count))
  }
}
