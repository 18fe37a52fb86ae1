/// A named value of a row of predictions.
public struct Field: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The value.
  public var value: FieldValue

  /// A field.
  public init(_ name: String, _ value: FieldValue) {
    (self.name, self.value) = (name, value)
  }
}

extension [Field] {
  /// The value of a name; nil where there is none.
  public subscript(name: String) -> FieldValue? { first { $0.name == name }?.value }
}
