/// How texts are compared: as they are, or without what writers differ in. Error rates of different forms are not comparable.
public enum TranscriptForm: String, Sendable, Codable, CaseIterable {
  /// As written.
  case raw
  /// In small letters, with compatible characters (ligatures, full width, other forms of digits) replaced as by NFKC of Unicode,
  /// dashes as blanks, and without other punctuation. Numbers stay as they are written.
  case normalized

  /// What was done, in words.
  public var explanation: String {
    switch self {
    case .raw: "as written, with case and punctuation"
    case .normalized: "normalised: small letters, NFKC, no punctuation, dashes as blanks"
    }
  }

  /// A text in this form.
  public func text(_ text: String) -> String { self == .raw ? text : words(text).joined(separator: " ") }

  /// The words of a text, between white space, in this form.
  public func words(_ text: String) -> [String] {
    guard self == .normalized else { return text.split(whereSeparator: \.isWhitespace).map(String.init) }
    var result = String.UnicodeScalarView()
    for scalar in CompatibilityTable.standard.replaced(text.unicodeScalars) {
      switch scalar.properties.generalCategory {
      case .dashPunctuation: result.append(" ")
      case .connectorPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
        .otherPunctuation:
        break
      default: result.append(scalar)
      }
    }
    return String(result).lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The characters of a text in this form, those that belong together as one, with one blank between words.
  public func characters(_ text: String) -> [Character] { Array(words(text).joined(separator: " ")) }
}
