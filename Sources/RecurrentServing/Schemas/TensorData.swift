import RecurrentTasks

/// The types of the Open Inference Protocol, and how their numbers stand in bytes, little-endian.
public enum TensorType: String, Sendable, CaseIterable {
  case bool = "BOOL"
  case uint8 = "UINT8"
  case uint16 = "UINT16"
  case uint32 = "UINT32"
  case uint64 = "UINT64"
  case int8 = "INT8"
  case int16 = "INT16"
  case int32 = "INT32"
  case int64 = "INT64"
  case fp16 = "FP16"
  case fp32 = "FP32"
  case fp64 = "FP64"
  case bytes = "BYTES"

  /// Bytes of a number; nil for texts, whose length stands before each.
  var width: Int? {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .fp16: 2
    case .uint32, .int32, .fp32: 4
    case .uint64, .int64, .fp64: 8
    case .bytes: nil
    }
  }

  /// The name in the configuration of a model.
  var configurationName: String { self == .bytes ? "TYPE_STRING" : "TYPE_" + rawValue }

  /// Whether a number of JSON is one of the type. Numbers that are not whole are rounded to theirs.
  func holds(_ number: Double) -> Bool {
    switch self {
    case .bytes: false
    case .fp16, .fp32, .fp64: true
    case .bool: number == 0 || number == 1
    case .uint8: UInt8(exactly: number) != nil
    case .uint16: UInt16(exactly: number) != nil
    case .uint32: UInt32(exactly: number) != nil
    case .uint64: UInt64(exactly: number) != nil
    case .int8: Int8(exactly: number) != nil
    case .int16: Int16(exactly: number) != nil
    case .int32: Int32(exactly: number) != nil
    case .int64: Int64(exactly: number) != nil
    }
  }

  /// A number of bits.
  func number(_ bits: UInt64) -> Double {
    switch self {
    case .bool: bits == 0 ? 0 : 1
    case .uint8, .uint16, .uint32, .uint64: Double(bits)
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int64: Double(Int64(bitPattern: bits))
    case .fp16: Double(TensorType.half(UInt16(truncatingIfNeeded: bits)))
    case .fp32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .fp64: Double(bitPattern: bits)
    case .bytes: .nan
    }
  }

  /// A number of IEEE 754 in 16 bits.
  private static func half(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    let sign: Float = bits >> 15 == 1 ? -1 : 1
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}

/// Numbers or texts of a tensor.
public enum TensorData: Sendable, Equatable {
  /// Numbers; of 64-bit integers those beyond 2^53 are rounded.
  case numbers([Double])
  /// Texts.
  case texts([String])

  /// How many.
  public var count: Int {
    switch self {
    case .numbers(let own): own.count
    case .texts(let own): own.count
    }
  }

  /// Reads bytes.
  ///
  /// - Throws: ``ServingError`` where they are not whole.
  init(_ bytes: ArraySlice<UInt8>, _ type: TensorType, name: String) throws(ServingError) {
    func wrong(_ reason: String) -> ServingError {
      ServingError(.malformed, "input \"\(name)\": \(reason)", parameter: "inputs")
    }
    guard let width = type.width else {
      var (texts, rest) = ([String](), bytes)
      while !rest.isEmpty {
        guard rest.count >= 4 else { throw wrong("\(rest.count) bytes are left, expected a length of 4") }
        let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else {
          throw wrong("a text has \(length) bytes, \(rest.count) are left")
        }
        guard let text = String(validating: rest.prefix(length), as: UTF8.self) else {
          throw wrong("text \(texts.count + 1) is not UTF-8")
        }
        texts.append(text)
        rest = rest.dropFirst(length)
      }
      self = .texts(texts)
      return
    }
    guard bytes.count % width == 0 else {
      throw wrong("\(bytes.count) bytes, expected \(type.rawValue) of \(width) each")
    }
    let numbers = bytes.withUnsafeBytes { bytes in
      guard type != .fp32 else { return Float32Bytes.numbers(bytes) }
      return (0..<bytes.count / width).map { place in
        var bits: UInt64 = 0
        for own in 0..<width { bits |= UInt64(bytes[width * place + own]) << (8 * UInt64(own)) }
        return type.number(bits)
      }
    }
    if let strange = numbers.firstIndex(notBelow: .infinity) {
      throw wrong("number \(strange + 1) is \(numbers[strange]), expected a finite one")
    }
    self = .numbers(numbers)
  }

  /// Reads a value of JSON, flat or nested.
  ///
  /// - Throws: ``ServingError`` where it holds something else.
  init(_ value: JSONValue, _ type: TensorType, name: String) throws(ServingError) {
    var (numbers, texts) = ([Double](), [String]())
    func walk(_ value: JSONValue) throws(ServingError) {
      switch value {
      case .list(let values): for own in values { try walk(own) }
      case .number(let number) where type.holds(number): numbers.append(number)
      case .bool(let flag) where type == .bool: numbers.append(flag ? 1 : 0)
      case .text(let text) where type == .bytes: texts.append(text)
      default:
        throw ServingError(
          .malformed, "input \"\(name)\": its data hold \(value.found), expected \(type.rawValue)",
          parameter: "inputs")
      }
    }
    try walk(value)
    self = type == .bytes ? .texts(texts) : .numbers(numbers)
  }

  /// Appends the bytes.
  func write(_ type: TensorType, to bytes: inout [UInt8]) {
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    switch self {
    case .texts(let texts):
      for text in texts {
        append(UInt32(truncatingIfNeeded: text.utf8.count))
        bytes += text.utf8
      }
    case .numbers(let numbers):
      guard type != .fp32 else { return Float32Bytes.append(numbers, to: &bytes) }
      bytes.reserveCapacity(bytes.count + 8 * numbers.count)
      switch type {
      case .int64, .uint64: for number in numbers { append(Int64(number)) }
      case .bool: for number in numbers { bytes.append(number == 0 ? 0 : 1) }
      default: for number in numbers { append(number.bitPattern) }
      }
    }
  }

  /// The list of JSON.
  ///
  /// - Throws: ``ServingError`` where a number is not finite, which JSON cannot say.
  func node(_ type: TensorType, name: String) throws(ServingError) -> JSONNode {
    switch self {
    case .texts(let texts): return .list(texts.map { .text($0) })
    case .numbers(let numbers):
      if let strange = numbers.first(where: { !$0.isFinite }) {
        throw ServingError(
          .unsupported, "output \"\(name)\" has \(strange), which JSON cannot say; ask for binary data",
          parameter: "outputs")
      }
      switch type {
      case .fp32: return .floats(numbers.map { Float($0) })
      case .int64, .uint64: return .list(numbers.map { .integer(Int($0)) })
      case .bool: return .list(numbers.map { .bool($0 != 0) })
      default: return .numbers(numbers)
      }
    }
  }
}
