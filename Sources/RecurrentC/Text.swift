import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Frees a text: `rec_text_free` of the header.
@_cdecl("rec_text_free")
public func recTextFree(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

/// Nobody writes to it.
nonisolated(unsafe) private let version = strdup(RecurrentVersion.current)

/// The version of the library: `rec_version` of the header.
@_cdecl("rec_version")
public func recVersion() -> UnsafePointer<CChar>? { version.map { UnsafePointer($0) } }

/// A copy of a text for a program in C.
func copied(_ text: String) throws -> UnsafeMutablePointer<CChar> {
  guard let copy = strdup(text) else { throw CallError.unsupported("there is no memory for a text") }
  return copy
}

/// A value of JSON that is written with its members in their order.
indirect enum OrderedJSON {
  case text(String)
  case number(Double)
  case integer(Int)
  case bool(Bool)
  case list([OrderedJSON])
  case object([(name: String, value: OrderedJSON)])

  /// A value of a row.
  init(_ value: FieldValue) {
    switch value {
    case .text(let value): self = .text(value)
    case .texts(let values): self = .list(values.map { .text($0) })
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .numbers(let values): self = .list(values.map { .number($0) })
    case .floats(let values): self = .list(values.map { .number(Double($0)) })
    case .bool(let value): self = .bool(value)
    }
  }

  /// Rows of predictions.
  init(_ rows: [[Field]]) {
    self = .list(rows.map { row in .object(row.map { (name: $0.name, value: OrderedJSON($0.value)) }) })
  }

  /// The value as JSON; numbers that are not finite as texts.
  var text: String {
    var result = ""
    write(to: &result)
    return result
  }

  private func write(to result: inout String) {
    switch self {
    case .text(let value): OrderedJSON.quote(value, to: &result)
    case .number(let value):
      if value.isFinite {
        result += "\(value)"
      } else {
        result += value.isNaN ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\""
      }
    case .integer(let value): result += "\(value)"
    case .bool(let value): result += value ? "true" : "false"
    case .list(let values):
      result += "["
      for (index, value) in values.enumerated() {
        if index > 0 { result += "," }
        value.write(to: &result)
      }
      result += "]"
    case .object(let members):
      result += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { result += "," }
        OrderedJSON.quote(member.name, to: &result)
        result += ":"
        member.value.write(to: &result)
      }
      result += "}"
    }
  }

  private static func quote(_ text: String, to result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}
