import Testing

@testable import RecurrentData

/// Whether the words of a text were split already.
@Suite struct SplitWordsTests {
  private static let split = "the cat , he said , did n't like <unk> 's dog \n"
  private static let plain = "The cat, he said, didn't like Tom's dog.\n"
  private static let treebank = "mr. <unk> said it did n't matter to the company 's new chairman \n"

  private static func evidence(_ parts: (String, Int)...) throws -> SplitWords.Evidence {
    try SplitWords.evidence(
      UTF8TextReader(texts: parts.map { String(repeating: $0.0, count: $0.1) }))
  }

  @Test func splitTextsAreRecognised() throws {
    #expect(try Self.evidence((Self.split, 20)) == .init(areSplit: true, hasUnknown: true))
    // without marks, its endings tell
    #expect(try Self.evidence((Self.treebank, 20)) == .init(areSplit: true, hasUnknown: true))
    #expect(try Self.evidence((Self.plain, 20)) == .init(areSplit: false, hasUnknown: false))
  }

  /// Too little, or both ways of writing, say nothing.
  @Test func otherTextsSayNothing() throws {
    #expect(try Self.evidence((Self.split, 2)).areSplit == nil)
    #expect(try Self.evidence((Self.split, 20), (Self.plain, 20)).areSplit == nil)
    #expect(try Self.evidence(("no marks here\n", 100)) == .init(areSplit: nil, hasUnknown: false))
    // a few of the other kind are slips
    #expect(try Self.evidence((Self.split, 100), ("well, no\n", 5)).areSplit == true)
  }
}
