import RecurrentData
import Testing

@Suite struct WordTests {
  private func tokens(_ text: String, splitsPunctuation: Bool = true) throws -> [String] {
    let vocabulary = try TextVocabulary.fit(
      unit: .word, texts: [text + "\n"], splitsPunctuation: splitsPunctuation)
    return vocabulary.encode(text).ids.compactMap { vocabulary.token($0) }
  }

  @Test(arguments: [
    ("a b", ["a", "b"]), ("  a\t\u{A0}b ", ["a", "b"]), ("a\r\nb\n\nc", ["a", "\n", "b", "\n", "\n", "c"]),
    ("Don't, well-known 'x'.", ["Don't", ",", "well-known", "'", "x", "'", "."]),
    ("3.14 1,000 10:30 u.s. e_f", ["3.14", "1,000", "10:30", "u.s", ".", "e_f"]),
    ("a--b wait... -5", ["a", "-", "-", "b", "wait", ".", ".", ".", "-", "5"]),
    ("<unk> </s> <eos>. <a b> < <>", ["<unk>", "</s>", "<eos>", ".", "<", "a", "b", ">", "<", "<", ">"]),
    ("日本、e\u{301}t\u{E9}’s €5", ["日本", "、", "e\u{301}t\u{E9}’s", "€", "5"]), ("a😀b", ["a", "😀", "b"]),
    ("", []),
  ])
  func splits(_ text: String, _ expected: [String]) throws { #expect(try tokens(text) == expected) }

  @Test func leavesSplitTextAlone() throws {
    let text = "= Title =\nthe u.s. 's <unk> @-@ 5 @.@ 0 ( x ) .\n"
    let vocabulary = try TextVocabulary.fit(unit: .word, texts: [text], splitsPunctuation: false)
    let encoded = vocabulary.encode(text)
    #expect(encoded.ids.count == 17 && encoded.unknownCount == 1)
    #expect(vocabulary.decode(encoded.ids) == text)
  }

  @Test(arguments: [
    "Hello, world! It's 3.14.\nNew (line) [x]; a: b?", "He said \"no, never\" and left.",
    "\"Yes\" \"no\"\n\"Open",
    "it costs $5 or €6", "either/or", "the end...", "“quoted” and ‘single’", "x = y + z", "a & b",
  ])
  func readableTextComesBack(_ text: String) throws {
    let vocabulary = try TextVocabulary.fit(unit: .word, texts: [text])
    #expect(vocabulary.decode(vocabulary.encode(text).ids) == text)
  }

  @Test func overlongWordsAreCut() throws {
    let parts = try tokens(String(repeating: "x", count: 1_300) + " y")
    #expect(parts.map(\.utf8.count) == [512, 512, 276, 1])
    let accents = try tokens(String(repeating: "\u{20AC}", count: 3) + String(repeating: "日", count: 400))
    #expect(accents.map(\.utf8.count) == [3, 3, 3, 510, 510, 180])
  }
}
