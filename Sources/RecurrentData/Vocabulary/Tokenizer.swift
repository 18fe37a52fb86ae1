/// Makes tokens of texts and texts of tokens. ``TextVocabulary`` is one for prose; other notations, such as music or items of a
/// catalogue written as text, have tokenizers of their own and go through the same language model.
public protocol Tokenizer: Sendable {
  /// V: the number of tokens, which are 0 ..< V.
  var count: Int { get }
  /// The token that stands for what has none; nil where every text can be written with the tokens.
  var unknownID: Int32? { get }

  /// The tokens of a text, with what was met on the way.
  func encode(_ text: String) -> EncodedText

  /// A decoder at the beginning of a text.
  func makeDecoder() -> any TokenDecoder
}

/// Turns tokens into text one at a time, for output that appears while it is made.
public protocol TokenDecoder: Sendable {
  /// Takes the next token.
  ///
  /// - Returns: the text that is now certain; empty where it depends on further tokens.
  mutating func push(_ id: Int32) -> String

  /// Ends the text.
  ///
  /// - Returns: what waited for further tokens.
  mutating func finish() -> String
}

extension Tokenizer {
  /// The text that tokens stand for.
  public func decode(_ ids: some Sequence<Int32>) -> String {
    var decoder = makeDecoder()
    return ids.reduce(into: "") { $0 += decoder.push($1) } + decoder.finish()
  }
}
