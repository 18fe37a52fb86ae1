extension String: SettingConvertible {
  /// The text.
  public init?(fieldValue: FieldValue) {
    guard case .text(let value) = fieldValue else { return nil }
    self = value
  }

  /// A text.
  public var fieldValue: FieldValue { .text(self) }
}

extension Bool: SettingConvertible {
  /// On or off.
  public init?(fieldValue: FieldValue) {
    guard case .bool(let value) = fieldValue else { return nil }
    self = value
  }

  /// On or off.
  public var fieldValue: FieldValue { .bool(self) }
}

extension Int: SettingConvertible {
  /// The whole number.
  public init?(fieldValue: FieldValue) {
    guard case .integer(let value) = fieldValue else { return nil }
    self = value
  }

  /// A whole number.
  public var fieldValue: FieldValue { .integer(self) }
}

extension Double: SettingConvertible {
  /// The number.
  public init?(fieldValue: FieldValue) {
    switch fieldValue {
    case .number(let value): self = value
    case .integer(let value): self = Double(value)
    default: return nil
    }
  }

  /// A number.
  public var fieldValue: FieldValue { .number(self) }
}

extension Array: SettingConvertible where Element: ListedSetting {
  /// The values of a list.
  public init?(fieldValue: FieldValue) {
    guard let values = Element.list(fieldValue) else { return nil }
    self = values
  }

  /// A list.
  public var fieldValue: FieldValue { Element.value(self) }
}

/// A type that lists of settings are made of.
public protocol ListedSetting: Sendable {
  /// The elements; nil where the value is no list of them.
  static func list(_ value: FieldValue) -> [Self]?
  /// The elements as a value.
  static func value(_ list: [Self]) -> FieldValue
}

extension String: ListedSetting {
  /// Several texts.
  public static func list(_ value: FieldValue) -> [String]? {
    guard case .texts(let values) = value else { return nil }
    return values
  }

  /// Several texts.
  public static func value(_ list: [String]) -> FieldValue { .texts(list) }
}

extension Double: ListedSetting {
  /// Several numbers.
  public static func list(_ value: FieldValue) -> [Double]? {
    guard case .numbers(let values) = value else { return nil }
    return values
  }

  /// Several numbers.
  public static func value(_ list: [Double]) -> FieldValue { .numbers(list) }
}

/// A type whose values are words of a fixed set.
public protocol NamedSetting: SettingConvertible, RawRepresentable, CaseIterable where RawValue == String {}

extension NamedSetting {
  /// The value of a name.
  public init?(fieldValue: FieldValue) {
    guard case .text(let name) = fieldValue else { return nil }
    self.init(rawValue: name)
  }

  /// The name.
  public var fieldValue: FieldValue { .text(rawValue) }
}

extension Setting where Value: NamedSetting {
  /// A setting that takes the name of one of all cases.
  public init(_ name: String, of valueName: String = "name", standard: Value? = nil, help summary: String) {
    self.init(
      name, .choice(Value.allCases.map(\.rawValue)), valueName, standard: standard, help: summary)
  }
}

/// A type whose values are texts of a form of its own, such as `50 ms`.
public protocol WrittenSetting: SettingConvertible {
  /// Reads a text.
  init?(written text: String)
  /// The text.
  var written: String { get }
  /// The form in words.
  static var writtenForm: String { get }
}

extension WrittenSetting {
  /// The value of a text.
  public init?(fieldValue: FieldValue) {
    guard case .text(let text) = fieldValue else { return nil }
    self.init(written: text)
  }

  /// The text.
  public var fieldValue: FieldValue { .text(written) }
}

extension Setting where Value: WrittenSetting {
  /// A setting that takes a text of the form of its type.
  public init(_ name: String, written valueName: String, standard: Value? = nil, help summary: String) {
    self.init(
      name, .form(Value.writtenForm, { Value(written: $0) != nil }), valueName, standard: standard,
      help: summary)
  }
}
