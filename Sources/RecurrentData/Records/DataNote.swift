/// Something that was found in data or assumed about them, and the flag that says otherwise.
public struct DataNote: Sendable, Equatable, Codable {
  /// How much it matters.
  public enum Kind: String, Sendable, Codable {
    /// What there is.
    case found
    /// What nobody said, so that it was guessed.
    case assumed
    /// What may spoil the result.
    case warning
  }

  /// How much it matters.
  public var kind: Kind
  /// What is so.
  public var text: String
  /// The flag that changes it; nil where none does.
  public var flag: String?

  /// A note.
  public init(_ kind: Kind, _ text: String, flag: String? = nil) {
    self.kind = kind
    self.text = text
    self.flag = flag
  }
}
