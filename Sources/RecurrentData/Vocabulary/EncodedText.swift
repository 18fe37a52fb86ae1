/// A text as token numbers, with what was met on the way.
public struct EncodedText: Sendable, Equatable {
  /// The tokens, each in `0..<V` of the vocabulary.
  public var ids: TokenSequence
  /// How many of the tokens are unknown to the vocabulary, `<unk>` in the text itself included.
  public var unknownCount = 0
  /// Up to ``exampleLimit`` different characters or words that are unknown, in the order of the text;
  /// without `<unk>` itself.
  public var unknownExamples: [String] = []
  /// The size of the text in bytes of UTF-8, without byte order marks.
  public var bytes = 0
  /// The size of the text in Unicode scalars.
  public var characters = 0

  /// The most examples that are kept.
  public static let exampleLimit = 10

  /// No text yet, for a vocabulary of so many tokens.
  public init(vocabularySize: Int) { ids = TokenSequence(vocabularySize: vocabularySize) }

  mutating func noteUnknown(_ bytes: UnsafeBufferPointer<UInt8>) {
    unknownCount += 1
    guard unknownExamples.count < Self.exampleLimit else { return }
    let example = String(decoding: bytes, as: UTF8.self)
    // By bytes: examples may be equal as `String` and differ.
    let isNew = !unknownExamples.contains { $0.utf8.elementsEqual(example.utf8) }
    if isNew, example != WordTable.unknown { unknownExamples.append(example) }
  }
}
