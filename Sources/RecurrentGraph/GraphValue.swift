/// An array that flows through a graph: numbers of one type in a shape.
///
/// Floats are computed in single precision, those of 64 bits in double; those of 16 bits are rounded after each operator.
/// Integers and truth values are held in 64 bits and wrap around as their type does.
public struct GraphValue: Sendable {
  /// The type of the elements.
  public let elementType: ElementType
  /// The extent of each axis; empty for a single number.
  public let shape: [Int]
  let storage: Storage

  enum Storage: Sendable {
    /// F32, F16 and BF16.
    case floats(Tensor)
    /// F64.
    case doubles([Double])
    /// All others; the bits of U64.
    case integers([Int64])
  }

  /// Single-precision floats.
  public init(_ tensor: Tensor) {
    elementType = .f32
    shape = tensor.shape
    storage = .floats(tensor.detached)
  }

  /// Integers or truth values, which must be in the range of their type.
  public init(integers: [Int64], shape: [Int], elementType: ElementType = .i64) {
    self.elementType = elementType
    self.shape = shape
    storage = .integers(integers)
  }

  /// Floats of any type, rounded to it.
  public init(doubles: [Double], shape: [Int], elementType: ElementType) {
    self.elementType = elementType
    self.shape = shape
    if elementType == .f64 {
      storage = .doubles(doubles)
    } else {
      storage = .floats(
        Tensor(doubles.map { Float(GraphValue.rounded($0, to: elementType)) }, shape: shape))
    }
  }

  /// The nearest number of a type of floats.
  static func rounded(_ value: Double, to elementType: ElementType) -> Double {
    switch elementType {
    case .f64: value
    case .f16: Double(float(halfBits: halfBits(Float(value))))
    case .bf16: Double(float(brainFloatBits: brainFloatBits(Float(value))))
    default: Double(Float(value))
    }
  }

  /// Floats of 16 or 32 bits, rounded to `elementType`.
  init(rounding tensor: Tensor, to elementType: ElementType) {
    if elementType == .f32 {
      self.init(tensor)
    } else {
      self.init(doubles: tensor.scalars.map { Double($0) }, shape: tensor.shape, elementType: elementType)
    }
  }

  /// The numbers of a file.
  ///
  /// - Throws: ``FormatError`` for types that no operator knows.
  public init(_ array: StoredArray) throws(FormatError) {
    // operators walk along the other axes of an array without numbers
    guard !array.shape.contains(0) || GraphValue.span(of: array.shape) <= 1 << 24 else {
      throw .invalidShape(path: array.path, name: array.name, problem: "\(array.shape) holds no numbers")
    }
    switch array.elementType {
    case .f32, .f16, .bf16:
      self.init(
        array.elementType, array.shape, .floats(Tensor(try array.floats(), shape: array.shape)))
    case .f64: self.init(doubles: try array.doubles(), shape: array.shape, elementType: .f64)
    case .u64:
      self.init(integers: try array.bits64(), shape: array.shape, elementType: .u64)
    case .f8E4M3, .f8E5M2:
      throw .unsupportedConversion(
        path: array.path, name: array.name, expected: GraphValue.elementTypes, found: array.elementType)
    default: self.init(integers: try array.integers(), shape: array.shape, elementType: array.elementType)
    }
  }

  /// The product of the extents that are not 0, at most `Int.max`.
  private static func span(of shape: [Int]) -> Int {
    shape.reduce(1) { product, extent in
      let (next, overflows) = product.multipliedReportingOverflow(by: Swift.max(extent, 1))
      return overflows ? .max : next
    }
  }

  /// The types of elements that operators know.
  public static let elementTypes = ElementType.allCases.filter { $0 != .f8E4M3 && $0 != .f8E5M2 }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The elements as single-precision floats.
  public var tensor: Tensor {
    switch storage {
    case .floats(let tensor): tensor
    case .doubles(let values): Tensor(values.map { Float($0) }, shape: shape)
    case .integers: Tensor(doubles.map { Float($0) }, shape: shape)
    }
  }

  /// The elements as double-precision floats.
  public var doubles: [Double] {
    switch storage {
    case .floats(let tensor): tensor.scalars.map { Double($0) }
    case .doubles(let values): values
    case .integers(let values):
      elementType == .u64 ? values.map { Double(UInt64(bitPattern: $0)) } : values.map { Double($0) }
    }
  }

  /// The elements as integers; floats are cut towards zero, and what is too large to the nearest that fits.
  public var integers: [Int64] {
    switch storage {
    case .integers(let values): values
    case .floats, .doubles: doubles.map { Int64(clampingTowardZero: $0) }
    }
  }

  /// The same elements in another shape of as many.
  func reshaped(to shape: [Int]) -> GraphValue {
    switch storage {
    case .floats(let tensor): GraphValue(elementType, shape, .floats(tensor.reshaped(to: shape)))
    case .doubles, .integers: GraphValue(elementType, shape, storage)
    }
  }

  init(_ elementType: ElementType, _ shape: [Int], _ storage: Storage) {
    self.elementType = elementType
    self.shape = shape
    self.storage = storage
  }

  /// The elements with the given numbers in the order of these, in a new shape: what moves numbers about without
  /// computing.
  func picking(_ places: [Int], shape: [Int]) -> GraphValue {
    switch storage {
    case .floats(let tensor):
      let values = tensor.scalars
      return GraphValue(elementType, shape, .floats(Tensor(places.map { values[$0] }, shape: shape)))
    case .doubles(let values): return GraphValue(elementType, shape, .doubles(places.map { values[$0] }))
    case .integers(let values): return GraphValue(elementType, shape, .integers(places.map { values[$0] }))
    }
  }

  /// The value as an array to be written to a file.
  public func entry(named name: String) -> ArrayEntry {
    switch storage {
    case .floats(let tensor):
      switch elementType {
      case .f16: return ArrayEntry(name: name, shape: shape, roundingToHalf: tensor.scalars)
      case .bf16: return ArrayEntry(name: name, shape: shape, roundingToBrainFloat: tensor.scalars)
      default: return ArrayEntry(name: name, shape: shape, floats: tensor.scalars)
      }
    case .doubles(let values):
      return ArrayEntry(
        name: name, dataType: .f64, shape: shape,
        bytes: values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
    case .integers(let values):
      let size = elementType.byteCount
      return ArrayEntry(
        name: name, dataType: elementType, shape: shape,
        bytes: values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0.prefix(size)) } })
    }
  }
}

extension Int64 {
  /// The nearest integer towards zero; NaN is zero.
  init(clampingTowardZero value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= 0x1p63 {
      self = .max
    } else if value <= -0x1p63 {
      self = .min
    } else {
      self = Int64(value)
    }
  }

  /// The number of the type with the same low bits.
  func wrapped(to type: ElementType) -> Int64 {
    switch type {
    case .bool: self == 0 ? 0 : 1
    case .u8: Int64(UInt8(truncatingIfNeeded: self))
    case .i8: Int64(Int8(truncatingIfNeeded: self))
    case .u16: Int64(UInt16(truncatingIfNeeded: self))
    case .i16: Int64(Int16(truncatingIfNeeded: self))
    case .u32: Int64(UInt32(truncatingIfNeeded: self))
    case .i32: Int64(Int32(truncatingIfNeeded: self))
    default: self
    }
  }
}

extension ElementType {
  /// The integers of a type, as far as 64 bits with a sign hold them.
  var integers: ClosedRange<Int64> {
    switch self {
    case .bool: 0...1
    case .u8: 0...255
    case .i8: -128...127
    case .u16: 0...65_535
    case .i16: -32_768...32_767
    case .u32: 0...4_294_967_295
    case .i32: -2_147_483_648...2_147_483_647
    case .u64: 0...Int64.max
    default: Int64.min...Int64.max
    }
  }
}
