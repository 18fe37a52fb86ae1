import RecurrentTasks

/// A value to be written as JSON, with members in their order.
public enum JSONNode: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// In the shortest form that reads back to the same number; null where it is not finite, for JSON has no such number.
  case number(Double)
  /// A list of those.
  case numbers([Double])
  /// A list of the same of 32 bits.
  case floats([Float])
  case text(String)
  case list([JSONNode])
  case object([(String, JSONNode)])
  /// Text of JSON, as it is.
  case written([UInt8])

  /// The text.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// Appends the text.
  public func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += value.description.utf8
    case .number(let value): JSONNode.write(value, to: &bytes)
    case .numbers(let values): JSONNode.write(values, to: &bytes)
    case .floats(let values): JSONNode.write(values, to: &bytes)
    case .text(let text): JSONNode.write(text, to: &bytes)
    case .written(let text): bytes += text
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONNode.write(member.0, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.1.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write<Number: BinaryFloatingPoint & CustomStringConvertible>(
    _ values: [Number], to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "["))
    for (place, value) in values.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      write(value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func write<Number: BinaryFloatingPoint & CustomStringConvertible>(
    _ value: Number, to bytes: inout [UInt8]
  ) {
    guard value.isFinite else {
      bytes += "null".utf8
      return
    }
    let start = bytes.count
    bytes += value.description.utf8
    if bytes.count > start + 2, bytes[bytes.count - 1] == UInt8(ascii: "0"),
      bytes[bytes.count - 2] == UInt8(ascii: ".")
    {
      bytes.removeLast(2)
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSONNode {
  /// A value of a row.
  public init(_ value: FieldValue) {
    switch value {
    case .text(let own): self = .text(own)
    case .texts(let own): self = .list(own.map { .text($0) })
    case .integer(let own): self = .integer(own)
    case .number(let own): self = .number(own)
    case .numbers(let own): self = .numbers(own)
    case .floats(let own): self = .floats(own)
    case .bool(let own): self = .bool(own)
    }
  }

  /// A row of predictions.
  public init(_ row: [Field]) { self = .object(row.map { ($0.name, JSONNode($0.value)) }) }

  /// A value that was read; members come in the order of their names.
  public init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let own): self = .bool(own)
    case .number(let own): self = .number(own)
    case .text(let own): self = .text(own)
    case .list(let own): self = .list(own.map { JSONNode($0) })
    case .object(let own):
      self = .object(own.sorted { $0.key < $1.key }.map { ($0.key, JSONNode($0.value)) })
    }
  }
}
