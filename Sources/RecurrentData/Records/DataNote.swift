/// Something that was found in data or assumed about them, and the setting that says otherwise.
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
  /// The name of the setting that changes it, such as `label-column`; nil where none does.
  public var setting: String?

  /// A note.
  public init(_ kind: Kind, _ text: String, setting: String? = nil) {
    self.kind = kind
    self.text = text
    self.setting = setting
  }

  /// Whether it is said beside the answers of a trained model too: a warning, or a guess at how the bytes of a file are read. What
  /// the columns mean is known from the training.
  package var concernsAnswers: Bool {
    switch kind {
    case .found: false
    case .assumed: ["encoding", "delimiter", "decimal"].contains(setting)
    case .warning: true
    }
  }

  private enum CodingKeys: String, CodingKey { case kind, text, setting, flag }

  /// Reads what `encode(to:)` wrote, also in bundles that name the flag `--label-column`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    text = try container.decode(String.self, forKey: .text)
    setting =
      try container.decodeIfPresent(String.self, forKey: .setting)
      ?? container.decodeIfPresent(String.self, forKey: .flag)?.replacing("--", with: "")
  }

  /// Writes kind, text and setting.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(text, forKey: .text)
    try container.encodeIfPresent(setting, forKey: .setting)
  }
}
