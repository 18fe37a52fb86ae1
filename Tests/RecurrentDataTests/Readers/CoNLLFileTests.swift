import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct CoNLLFileTests {
  private typealias Sentence = CoNLLFile.Sentence

  private func sentences(_ text: String, word: Int = 0, tag: Int? = nil) throws -> [CoNLLFile.Sentence] {
    try CoNLLFile(DataBytes(Array(text.utf8), path: "f"), wordColumn: word, tagColumn: tag).sentences
  }

  @Test(arguments: ["\n", "\r\n"])
  func readsSentences(_ lineEnd: String) throws {
    let text = "-DOCSTART- -X- O\n\nJim NNP B-PER\nsaw VBD O\n\n\n# # O\n. . O".replacing("\n", with: lineEnd)
    #expect(
      try sentences(text) == [
        Sentence(words: ["Jim", "saw"], tags: ["B-PER", "O"], line: 3),
        Sentence(words: ["#", "."], tags: ["O", "O"], line: 7),
      ])
    #expect(try sentences(text, tag: 1)[0].tags == ["NNP", "VBD"])
  }

  @Test func leavesOutComments() throws {
    let text = "# id 1\n1\tJim\tPER\n# of three\n#\t#\tO\n\n# id\n1\tAnn\tPER\n"
    #expect(
      try sentences(text, word: 1) == [
        Sentence(words: ["Jim", "#"], tags: ["PER", "O"], line: 2),
        Sentence(words: ["Ann"], tags: ["PER"], line: 7),
      ])
  }

  @Test(arguments: [
    ("Jim\n", "f: line 1: expected 1 columns"), ("a b\nc\n", "f: line 2: expected 2 columns"),
    ("\n# x\n", "f: is empty"),
  ])
  func refusesWhatItCannotRead(_ text: String, _ beginning: String) {
    let error = #expect(throws: DataError.self) { try sentences(text) }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(beginning))
  }

  @Test func refusesColumnsThatAreNotThere() {
    for (word, tag) in [(2, nil), (-1, nil), (0, 2), (0, -1)] as [(Int, Int?)] {
      #expect(throws: DataError.self) { try sentences("a b\n", word: word, tag: tag) }
    }
  }

  @Test func withstandsDamage() throws {
    try checkFormat(Array("# a\nJim NNP PER\nsaw VBD O\n\nä . O\n".utf8), rounds: 3000, isCutNoticed: false) {
      (bytes) throws(DataError) in _ = try CoNLLFile(DataBytes(bytes))
    }
  }
}
