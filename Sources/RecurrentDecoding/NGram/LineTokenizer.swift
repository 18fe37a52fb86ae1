/// Splits the lines of a text, each of which is a sentence, into the tokens of an n-gram model.
public protocol LineTokenizer: Sendable {
  /// Calls `body` with the bytes of each token of a line, in their order. The line has no end in it; a pointer is valid until
  /// `body` returns.
  func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
}

/// Words as they stand between blanks: spaces, tabs, carriage returns and zeros, as KenLM has it.
public struct WordTokens: LineTokenizer {
  /// Words.
  public init() {}

  /// Calls `body` with each word of a line.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var place = 0
    while place < line.count {
      while place < line.count, WordTokens.isBlank(line[place]) { place += 1 }
      let start = place
      while place < line.count, !WordTokens.isBlank(line[place]) { place += 1 }
      if place > start { body(UnsafeBufferPointer(rebasing: line[start..<place])) }
    }
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0
  }
}

/// Characters: Unicode scalars. A space or a tab is the token `▁`, for a blank separates the words of an ARPA file.
public struct CharacterTokens: LineTokenizer {
  /// The token that stands for a blank.
  public static let blank = "\u{2581}"

  /// Characters.
  public init() {}

  /// The token of a character.
  public static func token(of character: Unicode.Scalar) -> String {
    character == " " || character == "\t" ? blank : String(character)
  }

  /// Calls `body` with each character of a line.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var place = 0
    while place < line.count {
      let start = place
      place += 1
      // the bytes behind the first one of a scalar are 10xxxxxx
      while place < line.count, line[place] & 0xC0 == 0x80 { place += 1 }
      if line[start] == 0x20 || line[start] == 0x09 {
        var blank = CharacterTokens.blank
        blank.withUTF8(body)
      } else {
        body(UnsafeBufferPointer(rebasing: line[start..<place]))
      }
    }
  }
}

/// Tokens that a function finds in a line, such as the pieces of a vocabulary.
public struct SplitTokens: LineTokenizer {
  private let split: @Sendable (String) -> [String]

  /// Tokens by a function.
  public init(_ split: @escaping @Sendable (String) -> [String]) { self.split = split }

  /// Calls `body` with each token of a line.
  public func forEachToken(
    in line: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    for var token in split(String(decoding: line, as: UTF8.self)) { token.withUTF8(body) }
  }
}
