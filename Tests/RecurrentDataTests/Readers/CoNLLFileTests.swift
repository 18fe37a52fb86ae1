import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct CoNLLFileTests {
  private typealias Sentence = CoNLLFile.Sentence

  private func sentences(
    _ text: String, word: Int? = nil, tag: Int? = nil, needsTags: Bool = true
  ) throws -> [CoNLLFile.Sentence] {
    try CoNLLFile(
      DataBytes(Array(text.utf8), path: "f"), wordColumn: word, tagColumn: tag, needsTags: needsTags
    ).sentences
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func readsSentences(_ lineEnd: String) throws {
    let text = "-DOCSTART- -X- O\n\nJim NNP B-PER\nsaw VBD O\n\n\n# # O\n. . O".replacing("\n", with: lineEnd)
    #expect(
      try sentences(text) == [
        Sentence(words: ["Jim", "saw"], tags: ["B-PER", "O"], lines: [3, 4]),
        Sentence(words: ["#", "."], tags: ["O", "O"], lines: [7, 8]),
      ])
    #expect(try sentences(text, tag: 1)[0].tags == ["NNP", "VBD"])
  }

  @Test func leavesOutComments() throws {
    let text = "# id 1\n1\tJim\tPER\n# of three\n#\t#\tO\n\n# id\n1\tAnn\tPER\n"
    #expect(
      try sentences(text, word: 1) == [
        Sentence(words: ["Jim", "#"], tags: ["PER", "O"], lines: [2, 4]),
        Sentence(words: ["Ann"], tags: ["PER"], lines: [7]),
      ])
  }

  /// A line that begins with a number sign is a row where its last field is a tag of other rows.
  @Test func aNumberSignMayBeAWord() throws {
    let found = try sentences("# O\n# five\n#one B\nnumber O\n\n# a b c\nten B\n")
    #expect(found.map(\.words) == [["#", "#one", "number"], ["ten"]])
    #expect(found.map(\.lines) == [[1, 3, 4], [7]])
  }

  /// Between tabs a word may have blanks in it; columns between blanks and a tab are columns too.
  @Test func blanksWithinWords() throws {
    let tabs = try sentences("New York\tLOC\nis \tO\n\n# a comment\nfar\tO\n")
    #expect(tabs.map(\.words) == [["New York", "is"], ["far"]] && tabs[0].tags == ["LOC", "O"])
    let both = try sentences("New NNP\tLOC\nYork NNP\tLOC\n")
    #expect(both.map(\.words) == [["New", "York"]] && both[0].tags == ["LOC", "LOC"])
  }

  /// The first column of CoNLL-U numbers the words; ranges and added words are none.
  @Test func numberedWords() throws {
    func row(_ number: String, _ word: String, _ tag: String) -> String {
      "\(number)\t\(word)\t_\t\(tag)\t_\t_\t0\troot\t_\tSpaceAfter=No\n"
    }
    let text =
      "# text = Don't go\n" + row("1-2", "Don't", "_") + row("1", "Do", "AUX") + row("2", "n't", "PART")
      + row("3", "go", "VERB") + row("3.1", "there", "ADV") + "\n" + row("1", "Yes", "INTJ")
    #expect(
      try sentences(text) == [
        Sentence(words: ["Do", "n't", "go"], tags: ["AUX", "PART", "VERB"], lines: [3, 4, 5]),
        Sentence(words: ["Yes"], tags: ["INTJ"], lines: [8]),
      ])
    #expect(try sentences(text, needsTags: false).map(\.words) == [["Do", "n't", "go"], ["Yes"]])
    // numbers that do not count are words
    #expect(try sentences("7 CD\n8 CD\n").map(\.words) == [["7", "8"]])
  }

  @Test func wordsWithoutTags() throws {
    let column = try sentences("the\nU.S.\n#\n\n5\n", needsTags: false)
    #expect(column.map(\.words) == [["the", "U.S.", "#"], ["5"]] && column.allSatisfy { $0.tags.isEmpty })
    let missing = try sentences("the DT O\ncat NN\n", needsTags: false)
    #expect(missing.map(\.words) == [["the", "cat"]])
    for text in ["the\nblack cat\n", "a b c\nd\n"] {
      let error = #expect(throws: DataError.self) { try sentences(text, needsTags: false) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("line 2"))
    }
  }

  @Test(arguments: [
    ("Jim\n", "f: line 1: expected 2 columns"), ("a b\nc\n", "f: line 2: expected 2 columns"),
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
