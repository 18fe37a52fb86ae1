import RecurrentCore

/// A named array of numbers in a file of whatever format; its bytes are touched when its numbers are asked for.
public struct StoredArray: Sendable {
  /// The path of the file, for errors.
  public let path: String
  /// The name in the file.
  public let name: String
  /// The type of the elements.
  public let elementType: ElementType
  /// The extent of each axis; empty for a scalar.
  public let shape: [Int]
  /// How far apart neighbours along each axis stand, in elements; nil for row-major without gaps.
  let strides: [Int]?
  /// Whether the first byte of an element is its highest.
  let isBigEndian: Bool
  /// From the first element to the end of the last one.
  let bytes: FileBytes

  /// The caller has seen to it that every element lies within `bytes`.
  init(
    path: String, name: String, elementType: ElementType, shape: [Int], strides: [Int]? = nil,
    isBigEndian: Bool = false, bytes: FileBytes
  ) {
    self.path = path
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.strides = strides
    self.isBigEndian = isBigEndian && elementType.byteCount > 1
    self.bytes = bytes
  }

  /// Single-precision floats in memory, as many as the shape asks for; errors call the file `path`.
  public init(path: String, name: String, floats: [Float], shape: [Int]) {
    trapUnless(
      floats.count == shape.reduce(1, *),
      "StoredArray: shape \(shape) needs \(shape.reduce(1, *)) numbers, received \(floats.count)")
    let bytes = floats.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    self.init(path: path, name: name, elementType: .f32, shape: shape, bytes: FileBytes(bytes))
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The size of the elements in bytes.
  public var byteCount: Int { count * elementType.byteCount }

  /// Calls `body` with the elements, row-major and little-endian; the pointer is valid until `body` returns and need not
  /// be aligned.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    if strides == nil, !isBigEndian { return try bytes.withBytes(body) }
    let gathered = gathered()
    return try gathered.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }

  /// The elements row-major and little-endian, in memory of their own.
  private func gathered() -> [UInt8] {
    let (size, count) = (elementType.byteCount, count)
    let strides = strides ?? StoredArray.rowMajorStrides(shape)
    return [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialised in
      bytes.withBytes { source in
        var index = [Int](repeating: 0, count: shape.count)
        var from = 0
        for element in 0..<count {
          for byte in 0..<size {
            let place = isBigEndian ? size - 1 - byte : byte
            buffer.initializeElement(at: element * size + byte, to: source[from * size + place])
          }
          var axis = shape.count - 1
          while axis >= 0 {
            index[axis] += 1
            from += strides[axis]
            if index[axis] < shape[axis] { break }
            from -= strides[axis] * shape[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
      initialised = count * size
    }
  }

  /// The strides of an array without gaps whose last axis changes fastest.
  static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * Swift.max(shape[axis + 1], 1)
    }
    return strides
  }
}

/// A file of named arrays.
public protocol ArrayFile: Sendable {
  /// The path that the file was opened with.
  var path: String { get }
  /// The names of the arrays, in the order of the file.
  var names: [String] { get }
  /// Whether ``names`` stand in the order in which they were given to the writer, rather than sorted by the format.
  var keepsOrder: Bool { get }
  /// Texts that the file carries beside its arrays.
  var metadata: [String: String] { get }
  /// The array of a name.
  ///
  /// - Throws: ``FormatError/unknownTensor(path:name:available:)`` where there is none.
  func array(named name: String) throws(FormatError) -> StoredArray
}
