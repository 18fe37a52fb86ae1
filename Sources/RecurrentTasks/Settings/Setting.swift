/// A setting: stated once, it is a flag of the command line, a key of a configuration file, a line of the help, and typed
/// access to its value.
///
///     extension Setting where Value == Int {
///       static var hidden: Setting { Setting("hidden", .integer(1...65_536), "n", help: "Units in a recurrent layer.") }
///     }
///     let size = settings[.hidden] ?? 64
public struct Setting<Value: SettingConvertible>: SettingDescription {
  /// The name in lower case, with hyphens.
  public let name: String
  /// The values that it takes.
  public let kind: SettingKind
  /// What stands for the value in the help; empty for a switch.
  public let valueName: String
  /// What it does, as a sentence.
  public let summary: String
  /// The value where none is given; nil where the data decide.
  public let standard: Value?

  /// A setting.
  public init(
    _ name: String, _ kind: SettingKind, _ valueName: String = "", standard: Value? = nil,
    help summary: String
  ) {
    (self.name, self.kind, self.valueName) = (name, kind, valueName)
    (self.summary, self.standard) = (summary, standard)
  }

  /// The same setting with another summary or default, where it means something more precise for a task.
  public func describing(_ summary: String? = nil, standard: Value? = nil) -> Setting {
    Setting(name, kind, valueName, standard: standard ?? self.standard, help: summary ?? self.summary)
  }

  /// The default as a text.
  public var standardText: String? { standard.map { $0.fieldValue.text } }
}

/// What is known about a setting without its type.
public protocol SettingDescription: Sendable {
  /// The name in lower case, with hyphens.
  var name: String { get }
  /// The values that it takes.
  var kind: SettingKind { get }
  /// What stands for the value in the help; empty for a switch.
  var valueName: String { get }
  /// What it does, as a sentence.
  var summary: String { get }
  /// The default as a text; nil where the data decide.
  var standardText: String? { get }
}

extension SettingDescription {
  /// The summary with the default.
  public var help: String {
    guard let standardText else { return summary }
    return "\(summary.hasSuffix(".") ? String(summary.dropLast()) : summary) (default: \(standardText))."
  }
}

/// Settings that belong together in the help.
public struct SettingsGroup: Sendable {
  /// The headline.
  public let title: String
  /// The settings.
  public let settings: [any SettingDescription]

  /// A group.
  public init(_ title: String, _ settings: [any SettingDescription]) {
    (self.title, self.settings) = (title, settings)
  }
}

/// A type that values of settings have.
public protocol SettingConvertible: Sendable {
  /// The value; nil where it is none of this type.
  init?(fieldValue: FieldValue)
  /// The value as files have it.
  var fieldValue: FieldValue { get }
}

extension FieldValue {
  /// The value as a command line has it.
  public var text: String {
    switch self {
    case .text(let value): value
    case .texts(let values): values.joined(separator: ",")
    case .integer(let value): "\(value)"
    case .number(let value): FieldValue.plain(value)
    case .numbers(let values): values.map(FieldValue.plain).joined(separator: ",")
    case .floats(let values): values.map { FieldValue.plain(Double($0)) }.joined(separator: ",")
    case .bool(let value): value ? "on" : "off"
    }
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}
