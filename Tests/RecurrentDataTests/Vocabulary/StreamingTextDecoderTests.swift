import RecurrentData
import Testing

@Suite struct StreamingTextDecoderTests {
  @Test func holdsBackIncompleteCharacters() throws {
    let vocabulary = try TextVocabulary.fit(unit: .byte, texts: [])
    var decoder = StreamingTextDecoder(vocabulary)
    let parts = "aé😀".utf8.map { decoder.push(Int32($0)) }
    #expect(parts == ["a", "", "é", "", "", "", "😀"])
    #expect(decoder.finish() == "")
    #expect(decoder.push(0xF0) + decoder.push(0x9F) == "")
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(decoder.finish() == "")
    #expect(decoder.push(0xE2) == "" && decoder.push(0x41) == "\u{FFFD}A")
    #expect(decoder.push(0x80) == "\u{FFFD}" && decoder.push(0xFF) == "\u{FFFD}")
  }

  @Test func copiesAreIndependent() throws {
    var first = StreamingTextDecoder(try TextVocabulary.fit(unit: .byte, texts: []))
    #expect(first.push(0xC3) == "")
    var second = first
    #expect(first.push(0xA9) == "é" && second.push(0xBC) == "ü")
  }

  /// Any bytes, valid or not: the parts together are what the standard library makes of the whole.
  @Test(arguments: [1, 2, 3, 4])
  func agreesWithDecodingAtOnce(_ seed: UInt64) throws {
    var state = seed
    let telling: [UInt8] = [0x41, 0x80, 0xBF, 0xC3, 0xE0, 0xE2, 0xED, 0xA0, 0x9F, 0xF0, 0xF4, 0x90, 0xFF]
    let bytes = (0..<4_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return telling[Int(truncatingIfNeeded: state >> 40) % telling.count]
    }
    let vocabulary = try TextVocabulary.fit(unit: .byte, texts: [])
    #expect(vocabulary.decode(bytes.map { Int32($0) }) == String(decoding: bytes, as: UTF8.self))
  }

  @Test func spacesWordsOneByOne() throws {
    let vocabulary = try TextVocabulary.fit(unit: .word, texts: ["Hi, (you)\nthere"])
    var decoder = StreamingTextDecoder(vocabulary)
    let parts = vocabulary.encode("Hi, (you)\nthere").ids.map { decoder.push($0) }
    #expect(parts == ["Hi", ",", " (", "you", ")", "\n", "there"])
  }
}
