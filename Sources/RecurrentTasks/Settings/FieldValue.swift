/// A value of a field: of a setting, or of a row of predictions.
public enum FieldValue: Sendable, Equatable, Codable {
  /// A text.
  case text(String)
  /// Several texts.
  case texts([String])
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// Several numbers.
  case numbers([Double])
  /// Several numbers of 32 bits, such as the output of a layer; they are read back as ``numbers(_:)``.
  case floats([Float])
  /// On or off.
  case bool(Bool)

  /// Reads a value of JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Double].self) {
      self = .numbers(value)
    } else {
      self = .texts(try container.decode([String].self))
    }
  }

  /// Writes a value of JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .texts(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .numbers(let value): try container.encode(value)
    case .floats(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    }
  }
}
