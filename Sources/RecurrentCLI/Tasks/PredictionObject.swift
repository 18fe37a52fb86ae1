import Recurrent

/// Predictions as an object of JSON.
struct PredictionObject: Encodable {
  private let members: [(name: String, value: PredictionValue)]

  init(_ members: [(name: String, value: PredictionValue)]) { self.members = members }

  /// A row.
  init(_ row: [Field]) { members = row.map { (name: $0.name, value: .field($0.value)) } }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: JSONKey.self)
    for member in members { try container.encode(member.value, forKey: JSONKey(member.name)) }
  }
}

/// A value of such an object.
enum PredictionValue: Encodable {
  case field(FieldValue)
  case value(JSONValue)
  case rows([[Field]])

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .field(let value): try value.encode(to: encoder)
    case .value(let value): try JSONForm(value: value).encode(to: encoder)
    case .rows(let rows): try rows.map { PredictionObject($0) }.encode(to: encoder)
    }
  }
}

/// A decoded value of JSON, to be written again.
private struct JSONForm: Encodable {
  let value: JSONValue

  func encode(to encoder: any Encoder) throws {
    if case .object(let members) = value {
      var container = encoder.container(keyedBy: JSONKey.self)
      for (name, member) in members { try container.encode(JSONForm(value: member), forKey: JSONKey(name)) }
      return
    }
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .bool(let own): try container.encode(own)
    case .number(let own):
      try own == own.rounded() && abs(own) < 1e15 ? container.encode(Int(own)) : container.encode(own)
    case .text(let own): try container.encode(own)
    case .list(let values): try container.encode(values.map { JSONForm(value: $0) })
    case .object: break
    }
  }
}

/// A key of JSON of any name.
struct JSONKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
