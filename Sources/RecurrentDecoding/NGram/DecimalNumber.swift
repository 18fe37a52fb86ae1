/// Reads decimal numbers as ARPA files have them.
enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }

  /// The number that all of the bytes are, such as `-1.25`, `-4e-05`, `-inf`; nil where they are none.
  static func float(_ bytes: UnsafeRawBufferPointer) -> Float? {
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }
    // up to 15 digits and powers up to 22 are exact in Double, so one division gives the nearest number
    var (mantissa, digits, decimals, point) = (0, 0, 0, false)
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x30, byte <= 0x39 {
        mantissa = mantissa * 10 + Int(byte - 0x30)
        digits += 1
        if point { decimals += 1 }
        guard digits <= 15 else { return general(bytes) }
      } else if byte == UInt8(ascii: "."), !point {
        point = true
      } else {
        return general(bytes)
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    let value = Double(mantissa) / powers[decimals]
    return Float(isNegative ? -value : value)
  }

  private static func general(_ bytes: UnsafeRawBufferPointer) -> Float? {
    guard bytes.count <= 64 else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self)).map { Float($0) }
  }

  /// The whole number that all of the bytes are; nil where they are none or it has more than 18 digits.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
}
