/// Splits the lines of a text, each of which is a sentence, into the tokens of an n-gram model.
public protocol LineTokenizer: Sendable {
  /// Calls `body` with the bytes of each token, in UTF-8 and in their order.
  ///
  /// - Parameters:
  ///   - line: the bytes of a line without its end.
  ///   - body: gets the bytes of a token, at least one; the pointer is valid until it returns.
  func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
}

/// Words between white space: spaces, tabs, carriage returns and zero bytes, as KenLM has it.
public struct WordTokens: LineTokenizer {
  /// A tokenizer of words.
  public init() {}

  /// Calls `body` with the bytes of each word of a line; of white space alone with none.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var place = 0
    while place < line.count {
      while place < line.count, WordTokens.isSpace(line[place]) { place += 1 }
      let start = place
      while place < line.count, !WordTokens.isSpace(line[place]) { place += 1 }
      if place > start { body(UnsafeBufferPointer(rebasing: line[start..<place])) }
    }
  }

  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0
  }
}

/// Characters: Unicode scalars. A space or a tab is the token `▁`, for white space separates the words of an ARPA file.
public struct CharacterTokens: LineTokenizer {
  /// The token that stands for a space or a tab: U+2581, as in SentencePiece.
  public static let wordMark = "\u{2581}"

  /// A tokenizer of characters.
  public init() {}

  /// The token of a character: ``wordMark`` for a space or a tab, else the character itself.
  public static func token(of character: Unicode.Scalar) -> String {
    character == " " || character == "\t" ? wordMark : String(character)
  }

  /// Calls `body` with the bytes of each character of a line, 1 to 4, or those of ``wordMark``.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var place = 0
    while place < line.count {
      let start = place
      place += 1
      // the bytes after the first one of a scalar are 10xxxxxx
      while place < line.count, line[place] & 0xC0 == 0x80 { place += 1 }
      if line[start] == 0x20 || line[start] == 0x09 {
        var mark = CharacterTokens.wordMark
        mark.withUTF8(body)
      } else {
        body(UnsafeBufferPointer(rebasing: line[start..<place]))
      }
    }
  }
}

/// Tokens that a function finds in a line, such as the pieces of a vocabulary.
public struct SplitTokens: LineTokenizer {
  private let split: @Sendable (String) -> [String]

  /// A tokenizer by a function from a line without its end to its tokens, in their order; for an ARPA file without white
  /// space in them.
  public init(_ split: @escaping @Sendable (String) -> [String]) { self.split = split }

  /// Calls `body` with the bytes of each token that the function finds in a line.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    for var token in split(String(decoding: line, as: UTF8.self)) { token.withUTF8(body) }
  }
}
