/// What somebody has set; what is missing is left to defaults and to the data.
public struct Settings: Sendable, Equatable, Codable {
  /// The values by the names of their settings.
  public private(set) var values: [String: FieldValue] = [:]

  /// Nothing set.
  public init() {}

  /// The value of a setting; nil where none is given.
  public subscript<Value>(_ setting: Setting<Value>) -> Value? {
    get { values[setting.name].flatMap(Value.init(fieldValue:)) }
    set { values[setting.name] = newValue?.fieldValue }
  }

  /// The value of a setting, or its default. Traps where it has none.
  public func value<Value>(_ setting: Setting<Value>) -> Value {
    guard let value = self[setting] ?? setting.standard else {
      fatalError("Settings: \"\(setting.name)\" has no default")
    }
    return value
  }

  /// Sets the value that a text stands for.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where it is none of the setting's.
  public mutating func set(_ setting: any SettingDescription, to text: String) throws(DataError) {
    guard let value = setting.kind.parse(text) else {
      throw .invalidSetting(
        name: setting.name, expected: setting.kind.expectation,
        found: Double(text) == nil ? "\"\(text)\"" : text)
    }
    values[setting.name] = value
  }

  /// These settings, and those of `other` where there are none.
  public func filled(from other: Settings) -> Settings {
    var result = self
    result.values.merge(other.values) { own, _ in own }
    return result
  }

  /// The settings of a group alone.
  public func only(_ groups: [SettingsGroup]) -> Settings {
    let names = Set(groups.flatMap(\.settings).map(\.name))
    var result = self
    result.values = values.filter { names.contains($0.key) }
    return result
  }

  /// Reads an object with the values by name.
  public init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: FieldValue].self)
  }

  /// Writes an object with the values by name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}
