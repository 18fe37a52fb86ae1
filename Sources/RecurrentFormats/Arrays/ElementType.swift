/// The types of numbers in array files; the raw value is the name in safetensors files.
///
/// The order of the cases is that of the safetensors format (increasing alignment), by which its writer sorts
/// tensors.
public enum ElementType: String, CaseIterable, Sendable {
  /// Truth values, one byte each, 0 or 1.
  case bool = "BOOL"
  /// Unsigned 8-bit integers.
  case u8 = "U8"
  /// Signed 8-bit integers.
  case i8 = "I8"
  /// 8-bit floats with 5 bits of exponent and 2 of fraction.
  case f8E5M2 = "F8_E5M2"
  /// 8-bit floats with 4 bits of exponent and 3 of fraction, without infinities.
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

  /// The place in the order of the safetensors format.
  var rank: Int { ElementType.allCases.firstIndex(of: self) ?? 0 }

  /// Whether the numbers are floats.
  public var isFloat: Bool {
    switch self {
    case .f8E5M2, .f8E4M3, .f16, .bf16, .f32, .f64: true
    case .bool, .u8, .i8, .i16, .u16, .i32, .u32, .i64, .u64: false
    }
  }

  /// The number of elements of an array of `shape`, nil where an extent is negative or its bytes overflow.
  func count(of shape: [Int]) -> Int? { byteCount(of: shape).map { $0 / byteCount } }

  /// The bytes that an array of `shape` takes up, nil where an extent is negative or the product overflows.
  ///
  /// The product of the extents that are not 0 must not overflow either, whatever stands beside them: strides and parts of
  /// the shape are products of some of these.
  func byteCount(of shape: [Int]) -> Int? {
    var product = byteCount
    for extent in shape where extent != 0 {
      guard extent > 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}
