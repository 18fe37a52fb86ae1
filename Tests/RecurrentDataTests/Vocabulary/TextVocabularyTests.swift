import RecurrentData
import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TextVocabularyTests {
  static let shakespeare = repositoryRoot + "/Examples/Data/tinyshakespeare.txt"

  /// Texts with everything that is easily lost: marks, joiners, line ends, NUL, spaces in rows, no text at
  /// all.
  static let awkward = [
    "", " ", "\n", "a", "  a  b\t\n\n c ", "a\r\nb\r", "e\u{301}\u{E9}\u{301}", "👩‍👩‍👧 🇩🇪",
    "\0\u{1}\u{FEFF}\u{FFFF}",
    "don't 3.14, \"x\" <unk> (日本語、テスト)", "\u{10FFFF}\u{A0}\u{2028}x", String(repeating: "ab", count: 700),
    String(repeating: " ", count: 1_500) + "x", String(repeating: "é", count: 1_000) + "\n",
  ]

  @Test func tinyShakespeare() throws {
    let vocabulary = try TextVocabulary.fit(
      unit: .character, from: UTF8TextReader([DataSource(Self.shakespeare)]))
    let encoded = try vocabulary.encode(sources: [DataSource(Self.shakespeare)])
    #expect(vocabulary.count == 66 && vocabulary.unknownID == 0)
    #expect(encoded.ids.count == 1_115_394 && encoded.characters == 1_115_394 && encoded.bytes == 1_115_394)
    #expect(encoded.unknownCount == 0 && encoded.unknownExamples == [])
    #expect(vocabulary.token(1) == " " && vocabulary.token(2) == "e" && vocabulary.token(66) == nil)
    let text = try String(decoding: Data(contentsOf: URL(filePath: Self.shakespeare)), as: UTF8.self)
    #expect(vocabulary.decode(encoded.ids) == text)
    let pairs = try TextVocabulary.fit(unit: .bpe, from: UTF8TextReader([DataSource(Self.shakespeare)]))
    let tokens = try pairs.encode(sources: [DataSource(Self.shakespeare)])
    #expect(pairs.count == 2_000)
    #expect(pairs.decode(tokens.ids) == text)
    // Byte pairs of this size hold two to four characters of English each.
    #expect((2.0...4.0).contains(Double(tokens.characters) / Double(tokens.ids.count)))
  }

  @Test func ordersByCountThenValue() throws {
    let characters = try TextVocabulary.fit(unit: .character, texts: ["bca", "cb\u{E9}", "c"])
    #expect((0..<5).map { characters.token($0) } == ["<unk>", "c", "b", "a", "\u{E9}"])
    let words = try TextVocabulary.fit(unit: .word, texts: ["b c a\n", "c b B c", "\n"])
    #expect((0..<6).map { words.token($0) } == ["<unk>", "c", "\n", "b", "B", "a"])
    #expect(words.count == 6)
  }

  @Test(arguments: TextUnit.allCases.filter { !$0.isOfBases })
  func limitsSizeAndCount(_ unit: TextUnit) throws {
    let text = "aaa bb bb c c c aaa"
    let size = unit == .character || unit == .word ? 3 : 256
    let vocabulary = try TextVocabulary.fit(unit: unit, texts: [text], size: size)
    #expect(vocabulary.count == size)
    let frequent = try TextVocabulary.fit(unit: unit, texts: [text], minimumCount: 3)
    // Kept are "a", " ", "b", "c"; "c"; the bytes, and with them the pairs "aa" (4) and " c" (3).
    #expect(frequent.count == [.character: 5, .word: 2, .byte: 256, .bpe: 258][unit])
    #expect(throws: DataError.self) { try TextVocabulary.fit(unit: unit, texts: [text], size: size - 2) }
  }

  @Test(arguments: [TextUnit.character, .word, .bpe])
  func needsText(_ unit: TextUnit) {
    #expect(throws: DataError.noText) { try TextVocabulary.fit(unit: unit, texts: ["", ""]) }
    #expect(throws: DataError.notFound(path: "no.txt")) {
      try TextVocabulary.fit(unit: unit, from: UTF8TextReader([DataSource("no.txt")]))
    }
  }

  @Test func countsUnknowns() throws {
    let characters = try TextVocabulary.fit(unit: .character, texts: ["abc"])
    let encoded = characters.encode("xaxé😀")
    #expect(encoded.ids == [0, 1, 0, 0, 0])
    #expect(encoded.unknownCount == 4 && encoded.unknownExamples == ["x", "é", "😀"])
    #expect(encoded.characters == 5 && encoded.bytes == 9)
    #expect(characters.decode([1, 0, 2]) == "a<unk>b")
    let many = characters.encode(
      String(String.UnicodeScalarView((0x4E00..<0x4E40).compactMap { Unicode.Scalar($0) })))
    #expect(many.unknownCount == 64 && many.unknownExamples.count == EncodedText.exampleLimit)
    let words = try TextVocabulary.fit(unit: .word, texts: ["the <unk> cat <unk> ."])
    #expect(words.count == 4)
    let sentence = words.encode("the dog <unk> the dog .")
    #expect(sentence.ids.filter { $0 == 0 }.count == 3)
    #expect(sentence.unknownCount == 3 && sentence.unknownExamples == ["dog"])
  }

  /// Units without unknowns keep every text; the vocabulary was fitted to something else.
  @Test(arguments: [TextUnit.byte, .bpe], awkward)
  func losesNothing(_ unit: TextUnit, _ text: String) throws {
    let vocabulary = try TextVocabulary.fit(
      unit: unit, texts: ["the cat  sat on the mat\n\n  é é é abab abab"], size: 300)
    let encoded = vocabulary.encode(text)
    #expect(vocabulary.unknownID == nil && encoded.unknownCount == 0)
    #expect(vocabulary.decode(encoded.ids).utf8.elementsEqual(text.utf8))
    if unit == .byte { #expect(encoded.ids == TokenSequence(text.utf8.map { Int32($0) })) }
  }

  @Test func characterRoundTrip() throws {
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: Self.awkward)
    for text in Self.awkward {
      #expect(vocabulary.decode(vocabulary.encode(text).ids).utf8.elementsEqual(text.utf8))
    }
  }

  @Test func bytePairsKeepRandomText() throws {
    var state: UInt64 = 3
    func random(_ limit: UInt32) -> UInt32 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt32(truncatingIfNeeded: state >> 33) % limit
    }
    for limit: UInt32 in [4, 0x80, 0x800, 0x110000] {
      let scalars = (0..<3_000).compactMap { _ in Unicode.Scalar(random(limit)) }
      let text = String(String.UnicodeScalarView(scalars))
      let vocabulary = try TextVocabulary.fit(unit: .bpe, texts: [text], size: 600)
      #expect(vocabulary.decode(vocabulary.encode(text).ids).utf8.elementsEqual(text.utf8))
    }
  }

  /// The tokens do not depend on how a file is cut into parts, and equal those of the text in memory.
  @Test(arguments: TextUnit.allCases, [1, 7, 64, 1_000])
  func chunksDoNotShow(_ unit: TextUnit, _ chunkSize: Int) throws {
    let text = Self.awkward.joined(separator: "\n")
    let folder = try ScratchFolder()
    let path = try folder.file("in.txt", Array(text.utf8))
    let reader = UTF8TextReader([DataSource(path)], chunkSize: chunkSize)
    let vocabulary = try TextVocabulary.fit(unit: unit, from: reader)
    #expect(try vocabulary == TextVocabulary.fit(unit: unit, texts: [text]))
    #expect(try vocabulary.encode(reader) == vocabulary.encode(text))
  }

  @Test(arguments: TextUnit.allCases.filter { !$0.isOfBases })
  func canonicallyEqualTextsStayDifferent(_ unit: TextUnit) throws {
    let text = "\u{E9} e\u{301} \u{212B} \u{C5}"
    let vocabulary = try TextVocabulary.fit(unit: unit, texts: [text])
    #expect(vocabulary.decode(vocabulary.encode(text).ids).utf8.elementsEqual(text.utf8))
    let copy = try JSONDecoder().decode(TextVocabulary.self, from: JSONEncoder().encode(vocabulary))
    #expect(copy.decode(copy.encode(text).ids).utf8.elementsEqual(text.utf8))
  }

  @Test(arguments: TextUnit.allCases)
  func numbersOutsideAreReplaced(_ unit: TextUnit) throws {
    let vocabulary = try TextVocabulary.fit(unit: unit, texts: ["a"])
    #expect(vocabulary.bytes(of: -1) == nil && vocabulary.token(Int32(vocabulary.count)) == nil)
    #expect(vocabulary.decode([-1, .max]) == "\u{FFFD}\u{FFFD}")
  }
}
