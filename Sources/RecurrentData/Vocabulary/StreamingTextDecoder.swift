/// Turns tokens into text one at a time, for output that appears while it is made.
///
/// What ``push(_:)`` and ``finish()`` return, put together, is what ``TextVocabulary/decode(_:)`` returns.
/// The value can be copied to follow several continuations.
public struct StreamingTextDecoder: Sendable {
  private let vocabulary: TextVocabulary
  /// The beginning of a scalar whose other bytes are still to come, at most 3 bytes.
  private var pending: [UInt8] = []
  private var spacing: WordSpacing

  /// A decoder at the beginning of a text.
  public init(_ vocabulary: TextVocabulary) {
    self.vocabulary = vocabulary
    spacing = WordSpacing(splitsPunctuation: vocabulary.splitsPunctuation)
  }

  /// Takes the next token and returns the text that is now certain; empty where bytes of a character are
  /// missing.
  ///
  /// Malformed UTF-8 and numbers outside `0..<V` become U+FFFD.
  public mutating func push(_ id: Int32) -> String {
    guard let bytes = vocabulary.bytes(of: id) else { return finish() + "\u{FFFD}" }
    switch vocabulary.unit {
    case .character: return String(decoding: bytes, as: UTF8.self)
    case .word:
      let word = String(decoding: bytes, as: UTF8.self)
      return spacing.space(before: word) ? " " + word : word
    case .byte, .bpe:
      pending.append(contentsOf: bytes)
      let tail = pending.withUnsafeBufferPointer { incompleteTail($0) }
      let text = String(decoding: pending.dropLast(tail), as: UTF8.self)
      pending.removeFirst(pending.count - tail)
      return text
    }
  }

  /// Ends the text: returns one U+FFFD where a character is still incomplete, else nothing.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }
}
