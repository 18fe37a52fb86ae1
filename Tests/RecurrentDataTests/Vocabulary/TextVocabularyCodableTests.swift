import RecurrentData
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TextVocabularyCodableTests {
  @Test(arguments: TextUnit.allCases, [true, false])
  func roundTrip(_ unit: TextUnit, _ splitsPunctuation: Bool) throws {
    let text = TextVocabularyTests.awkward.joined()
    let vocabulary = try TextVocabulary.fit(unit: unit, texts: [text], splitsPunctuation: splitsPunctuation)
    let copy = try JSONDecoder().decode(TextVocabulary.self, from: JSONEncoder().encode(vocabulary))
    #expect(copy == vocabulary)
    #expect(copy.unit == unit && copy.count == vocabulary.count)
    #expect(copy.splitsPunctuation == vocabulary.splitsPunctuation)
    #expect(copy.encode(text) == vocabulary.encode(text))
  }

  @Test func isCompact() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ vocabulary: TextVocabulary) throws -> String {
      String(decoding: try encoder.encode(vocabulary), as: UTF8.self)
    }
    #expect(try json(.fit(unit: .character, texts: ["aab"])) == #"{"tokens":["a","b"],"unit":"character"}"#)
    #expect(try json(.fit(unit: .byte, texts: [])) == #"{"unit":"byte"}"#)
    #expect(try json(.fit(unit: .bpe, texts: ["abab"])) == #"{"merges":[[97,98]],"unit":"bpe"}"#)
    #expect(
      try json(.fit(unit: .word, texts: ["a a b"]))
        == #"{"splitsPunctuation":true,"tokens":["a","b"],"unit":"word"}"#)
  }

  /// Each text with a part of the message that it must lead to.
  @Test(arguments: [
    (#"{"unit":"character","tokens":["a","bc"]}"#, "token 1 must be one Unicode scalar"),
    (#"{"unit":"character","tokens":[""]}"#, "token 0 must be one Unicode scalar"),
    (#"{"unit":"character","tokens":["a","a"]}"#, "occurs a second time"),
    (#"{"unit":"word","splitsPunctuation":true,"tokens":["a","a"]}"#, "occurs a second time"),
    (#"{"unit":"word","splitsPunctuation":true,"tokens":["a",""]}"#, "token 1 is empty"),
    (#"{"unit":"word","splitsPunctuation":true,"tokens":["<unk>"]}"#, "token 0 is empty or the reserved"),
    (#"{"unit":"bpe","merges":[[97,98],[97,98]]}"#, "merge 1 occurs a second time"),
    (#"{"unit":"bpe","merges":[[97,256]]}"#, "merge 0 uses a token that comes after it"),
    (#"{"unit":"bpe","merges":[[97,-1]]}"#, "merge 0 uses a token"),
    (#"{"unit":"bpe","merges":[[97,98,99]]}"#, "merge 0 must be two token numbers, found 3"),
    (
      #"{"unit":"bpe","merges":[[97,97],[256,256],[257,257],[258,258],[259,259],[260,260],[261,261],"#
        + "[262,262],[263,263],[264,264]]}",
      "merge 9 makes a token of more than 512 bytes"
    ),
  ])
  func refusesDamage(_ json: String, _ message: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TextVocabulary.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains(message))
  }

  @Test(arguments: [
    "{}", #"{"unit":"sentence"}"#, #"{"unit":"character"}"#, #"{"unit":"word","tokens":["a"]}"#,
    #"{"unit":"bpe","merges":[[1e30,2]]}"#, #"{"unit":"bpe"}"#,
  ])
  func refusesMissingParts(_ json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TextVocabulary.self, from: Data(json.utf8))
    }
  }
}
