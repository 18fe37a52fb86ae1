/// Numbers as little-endian float32, whole blocks at a time: a message of many steps is mostly these.
enum Float32Bytes {
  /// The numbers of bytes; what is no whole number at the end is left out.
  static func numbers(_ bytes: UnsafeRawBufferPointer) -> [Double] {
    let count = bytes.count / 4
    guard let start = bytes.baseAddress, count > 0 else { return [] }
    return [Double](unsafeUninitializedCapacity: count) { numbers, written in
      for place in 0..<count {
        let bits = (start + 4 * place).loadUnaligned(as: UInt32.self)
        numbers[place] = Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
      written = count
    }
  }

  /// Appends numbers, rounded.
  static func append(_ numbers: [Double], to bytes: inout [UInt8]) {
    let part = [UInt32](unsafeUninitializedCapacity: numbers.count) { part, written in
      numbers.withUnsafeBufferPointer { numbers in
        for place in numbers.indices { part[place] = Float(numbers[place]).bitPattern.littleEndian }
      }
      written = numbers.count
    }
    part.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Appends numbers.
  static func append(_ numbers: [Float], to bytes: inout [UInt8]) {
    #if _endian(little)
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    #else
    append(numbers.map { Double($0) }, to: &bytes)
    #endif
  }
}

extension [Double] {
  /// The place of the first number whose size is not below a bound, or that is none.
  ///
  /// All are counted before one is looked for: there is seldom one, and a count needs no branch for each number.
  func firstIndex(notBelow bound: Double) -> Int? {
    var count = 0
    for number in self { count &+= abs(number) < bound ? 0 : 1 }
    return count == 0 ? nil : firstIndex { !(abs($0) < bound) }
  }
}
