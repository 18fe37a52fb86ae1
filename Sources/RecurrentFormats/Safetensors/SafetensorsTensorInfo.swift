/// What the header of a safetensors file says about one tensor.
public struct SafetensorsTensorInfo: Sendable, Equatable {
  /// The name of the tensor.
  public let name: String
  /// The type of its elements.
  public let dataType: ElementType
  /// The extent of each axis; empty for a scalar.
  public let shape: [Int]
  /// The place of its bytes, row-major and little-endian, counted from the beginning of the file.
  public let byteRange: Range<Int>

  /// The number of elements.
  public var count: Int { byteRange.count / dataType.byteCount }
}
