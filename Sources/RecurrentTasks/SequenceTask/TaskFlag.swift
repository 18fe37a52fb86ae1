/// A setting of a task as the command line shows it.
public struct TaskFlag: Sendable, Equatable {
  /// What kind of value it takes.
  public enum Kind: Sendable, Equatable {
    /// Any words.
    case text
    /// One of a few words.
    case choice([String])
    /// Several words, separated by commas.
    case texts
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A number in a range.
    case number(ClosedRange<Double>)
    /// A ``TaskDuration``.
    case duration
    /// On, or with `no-` before the name off.
    case truth
  }

  /// The name without dashes, which is also that in a file of settings.
  public var name: String
  /// What kind of value it takes.
  public var kind: Kind
  /// The value in the help.
  public var value: String
  /// What it does, with the default.
  public var help: String

  /// A flag.
  public init(_ name: String, _ kind: Kind, value: String = "", help: String) {
    self.name = name
    self.kind = kind
    self.value = value
    self.help = help
  }

  /// The name as that of a property: `label-column` is `labelColumn`.
  public var key: String {
    let parts = name.split(separator: "-")
    return parts.dropFirst().reduce(String(parts[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }

  /// What a value must be, in words.
  public var expectation: String {
    switch kind {
    case .text: "a text"
    case .choice(let words): words.joined(separator: ", ")
    case .texts: "words separated by commas"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .duration: "seconds such as 0.05, or 50 ms, or 2 steps"
    case .truth: "true or false"
    }
  }

  /// The value that a word stands for; nil where it is none of this kind.
  public func parsed(_ word: String) -> TaskFlagValue? {
    switch kind {
    case .text: return word.isEmpty ? nil : .text(word)
    case .choice(let words): return words.contains(word) ? .text(word) : nil
    case .texts:
      let parts = word.split(separator: ",").map(String.init)
      return parts.isEmpty ? nil : .texts(parts)
    case .integer(let range): return Int(word).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let range): return Double(word).flatMap { range.contains($0) ? .number($0) : nil }
    case .duration: return TaskDuration(word).map { .text($0.text) }
    case .truth: return word == "true" ? .truth(true) : word == "false" ? .truth(false) : nil
    }
  }
}

/// A value of a setting.
public enum TaskFlagValue: Sendable, Equatable, Encodable {
  /// Words.
  case text(String)
  /// Several words.
  case texts([String])
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// On or off.
  case truth(Bool)

  /// As JSON has it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .texts(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .truth(let value): try container.encode(value)
    }
  }
}
