/// Turns the tokens of a ``TextVocabulary`` into text one at a time.
///
/// What ``push(_:)`` and ``finish()`` return, put together, is what ``Tokenizer/decode(_:)`` returns.
/// The value can be copied to follow several continuations.
public struct StreamingTextDecoder: TokenDecoder {
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
    guard id >= 0, Int(id) < vocabulary.count else { return finish() + "\u{FFFD}" }
    switch vocabulary.table {
    case .character(let table):
      return id == 0 ? WordTable.unknown : String(table.characters[Int(id) - 1])
    case .word(let table):
      let word = id == 0 ? WordTable.unknown : table.words[Int(id) - 1]
      return spacing.space(before: word) ? " " + word : word
    case .bases(let table):
      return String(decoding: table.letters(of: id), as: UTF8.self)
    case .byte:
      pending.append(UInt8(id))
      return takeWhole()
    case .bpe(let table):
      pending.append(contentsOf: table.bytes(of: id))
      return takeWhole()
    }
  }

  /// Takes everything but the beginning of a scalar at the end.
  private mutating func takeWhole() -> String {
    let tail = pending.withUnsafeBufferPointer { incompleteTail($0) }
    let text = String(decoding: pending.dropLast(tail), as: UTF8.self)
    pending.removeFirst(pending.count - tail)
    return text
  }

  /// Ends the text: returns one U+FFFD where a character is still incomplete, else nothing.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }
}
