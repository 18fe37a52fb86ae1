import RecurrentData

/// Numbered tokens and the bytes that they stand for.
public protocol OutputTokens {
  /// The number of tokens.
  var count: Int { get }
  /// The bytes of a token, nil outside `0..<count`.
  func bytes(of id: Int32) -> [UInt8]?
  /// The token that stands for text which has none, and is never emitted; nil where there is none.
  var unknownID: Int32? { get }
}

extension TextVocabulary: OutputTokens {}
