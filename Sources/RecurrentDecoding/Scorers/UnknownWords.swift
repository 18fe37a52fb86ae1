/// What becomes of words that are not in the list.
public enum UnknownWords: Sendable, Equatable {
  /// Every hypothesis with one is dropped as soon as no word of the list begins as it does.
  case refused
  /// They are scored as the unknown word of the language model, and both numbers are added, as soon as no word of the list
  /// begins as they do. A number for each character keeps two unknown words from being run together into one.
  case allowed(perWord: Float = -4, perCharacter: Float = -0.5)
}
