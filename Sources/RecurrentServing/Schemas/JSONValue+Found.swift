import RecurrentTasks

extension JSONValue {
  /// What it is, in few words, for who expected something else.
  var found: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): JSONValue.text(number)
    case .text(let text): "the text \"" + (text.count > 40 ? text.prefix(40) + "..." : text) + "\""
    case .list(let values): values.isEmpty ? "an empty list" : "a list"
    case .object: "an object"
    }
  }

  /// A number without decimals that say nothing.
  static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
