/// What a token of a text is that a network reads or writes.
public enum TokenKind: String, Sendable, Codable, CaseIterable, NamedSetting {
  /// A character; words are separated by spaces.
  case character
  /// A whole word.
  case word
  /// A group of characters that are frequent together; the first one of a word has the space before it (byte-pair encoding,
  /// Sennrich et al. 2016, arXiv:1508.07909).
  case piece

  /// What the tokens of a vocabulary are.
  var unit: TextUnit {
    switch self {
    case .character: .character
    case .word: .word
    case .piece: .bpe
    }
  }

  /// Throws where a vocabulary has other tokens.
  func check(_ vocabulary: TextVocabulary) throws(ValueIssue) {
    try ValueIssue.check(
      vocabulary.unit == unit,
      "units.vocabulary has the unit \(vocabulary.unit.rawValue), expected \(unit.rawValue)")
  }
}

extension String {
  /// The words with one space between.
  var spaced: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
