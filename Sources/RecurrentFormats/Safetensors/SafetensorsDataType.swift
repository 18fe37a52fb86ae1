/// The element types of the safetensors format; the raw value is the name in the file.
///
/// The order of the cases is the order of the format (increasing alignment), by which its writer sorts
/// tensors.
public enum SafetensorsDataType: String, CaseIterable, Sendable {
  /// Truth values, one byte each, 0 or 1.
  case bool = "BOOL"
  /// Unsigned 8-bit integers.
  case u8 = "U8"
  /// Signed 8-bit integers.
  case i8 = "I8"
  /// 8-bit floats with 5 bits of exponent and 2 of fraction.
  case f8E5M2 = "F8_E5M2"
  /// 8-bit floats with 4 bits of exponent and 3 of fraction.
  case f8E4M3 = "F8_E4M3"
  /// Signed 16-bit integers.
  case i16 = "I16"
  /// Unsigned 16-bit integers.
  case u16 = "U16"
  /// IEEE 754 half precision.
  case f16 = "F16"
  /// The upper half of an IEEE 754 single.
  case bf16 = "BF16"
  /// Signed 32-bit integers.
  case i32 = "I32"
  /// Unsigned 32-bit integers.
  case u32 = "U32"
  /// IEEE 754 single precision.
  case f32 = "F32"
  /// IEEE 754 double precision.
  case f64 = "F64"
  /// Signed 64-bit integers.
  case i64 = "I64"
  /// Unsigned 64-bit integers.
  case u64 = "U64"

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8, .f8E5M2, .f8E4M3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .f64, .i64, .u64: 8
    }
  }

  /// The place in the format's order of types.
  var rank: Int {
    switch self {
    case .bool: 0
    case .u8: 1
    case .i8: 2
    case .f8E5M2: 3
    case .f8E4M3: 4
    case .i16: 5
    case .u16: 6
    case .f16: 7
    case .bf16: 8
    case .i32: 9
    case .u32: 10
    case .f32: 11
    case .f64: 12
    case .i64: 13
    case .u64: 14
    }
  }

  /// The bytes that a tensor of `shape` takes up, nil where an extent is negative or the product overflows.
  func byteCount(of shape: [Int]) -> Int? {
    var product = byteCount
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}
