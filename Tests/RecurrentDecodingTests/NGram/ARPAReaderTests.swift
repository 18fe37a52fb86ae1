import RecurrentData
import RecurrentDecoding
import RecurrentTestSupport
import Testing

@Suite struct ARPAReaderTests {
  static let small = """
    \\data\\
    ngram 1=4
    ngram 2=2

    \\1-grams:
    -1\t<unk>
    -99\t<s>\t-0.5
    -0.5\t</s>
    -0.75\ta\t-0.25

    \\2-grams:
    -0.25\t<s> a
    -0.125\ta </s>

    \\end\\
    """

  private func read(_ text: String) throws -> NGramModel {
    try NGramModel(bytes: Array(text.utf8), path: "x.arpa")
  }

  @Test(arguments: ["estimated", "pruned"]) func scoresAsKenLM(_ name: String) throws {
    let fixture = try NGramFixture()
    try fixture.check(NGramModel(bytes: fixture.bytes("\(name)/arpa")), name)
  }

  @Test func readsOddSeparatorsCommentsAndPreambles() throws {
    let odd = """
      This model was made by hand.
      # a comment

      \\data\\ \r
      ngram  1= 4\r
      # between
      ngram 2 =2

      \\1-grams: \t
        -1 <unk>
      -99   <s>\t-0.5\r
      -0.5 </s> 0
      # -0.1 b
      -7.5e-01\ta \t -0.25

      \\2-grams:

      -0.25 <s>  a
      -.125 a </s> 0

      \\end\\

      """
    let (plain, model) = (try read(ARPAReaderTests.small), try read(odd))
    #expect(model.encoded() == plain.encoded() && model.notes.isEmpty)
    #expect(try read("\u{FEFF}" + ARPAReaderTests.small).encoded() == plain.encoded())
  }

  @Test func aVerticalTabMayBeInAWord() throws {
    let model = try read(
      ARPAReaderTests.small.replacing("\ta", with: "\ta\u{B}b").replacing(" a\n", with: " a\u{B}b\n")
        .replacing("\ta\u{B}b </s>", with: "\ta\u{B}b </s>"))
    #expect(model.token(of: "a\u{B}b") == 3)
  }

  @Test func readsGzip() throws {
    let fixture = try NGramFixture()
    let folder = try ScratchFolder()
    let path = try folder.file("x.arpa.gz", fixture.bytes("gzip/file"))
    try fixture.check(NGramModel(DataSource(path)), "estimated")
  }

  @Test func addsAMissingUnknownWord() throws {
    let text = ARPAReaderTests.small.replacing("-1\t<unk>\n", with: "").replacing(
      "ngram 1=4", with: "ngram 1=3")
    let model = try read(text)
    #expect(model.vocabularyCount == 4 && model.notes.count == 1 && model.notes[0].text.contains("no <unk>"))
    let score = model.score(model.unknown, after: model.start).score
    #expect(abs(score - (-100 - 0.5) * 2.3025851) < 1e-3)
    #expect(try read(ARPAReaderTests.small.replacing("<unk>", with: "<UNK>")).notes.isEmpty)
  }

  @Test func notesMissingMarksOfSentences() throws {
    let text = "\\data\\\nngram 1=2\n\\1-grams:\n-1 <unk>\n-0.5 a\n\\end\\"
    let model = try read(text)
    #expect(model.notes.count == 2 && model.sentenceBegin == nil)
    #expect(abs(model.finish(model.start) + 2.3025851) < 1e-5)
  }

  /// What is changed, and a part of the message.
  private static let refused: [(String, String, String)] = [
    ("\\data\\\n", "iARPA\n\\data\\\n", "compile-lm"), ("\\data\\\n", "blmt 3 100\n", "compile-lm"),
    ("\\data\\", "data", "\\data\\"), ("ngram 1=4", "ngram 1=5", "line 11: expected 5 1-grams"),
    ("ngram 1=4", "ngram 1=3", "line 9: expected 3 1-grams"), ("ngram 2=2", "ngram 3=2", "2-grams"),
    ("ngram 2=2", "ngram 2=x", "line 3"), ("ngram 2=2", "ngram 2=999999999999", "n-grams"),
    ("ngram 2=2", "ngram 2=-1", "line 3"), ("ngram 1=4\nngram 2=2\n", "", "ngram 1=100"),
    ("-0.75\ta", "0.75\ta", "line 9: expected the logarithm of a probability, at most 0"),
    ("-0.75\ta", "nan\ta", "logarithm"), ("-0.75\ta", "x\ta", "logarithm"),
    ("-0.75\ta", "1e999\ta", "logarithm"),
    ("\t-0.25", "\tinf", "back-off"), ("-0.25\t<s> a", "-0.25\t<s> a\t-1", "longest n-grams"),
    ("-0.25\t<s> a", "-0.25\t<s> a b -1", "2 words"), ("-0.25\t<s> a", "-0.25\t<s>", "2 words"),
    ("-0.25\t<s> a", "-0.25\t<s> c", "among the 1-grams"),
    ("-0.125\ta </s>", "-0.125\t<s> a", "each 2-gram once"),
    ("-0.75\ta", "-0.75\t</s>", "each word once"), ("\\2-grams:", "\\3-grams:", "\\2-grams:"),
    ("\\end\\", "", "the end of the file"), ("\\end\\", "\\end\\\nmore", "nothing after"),
    ("\\end\\", "\\3-grams:", "\\end\\"),
  ]

  @Test(arguments: refused) func refuses(_ old: String, _ new: String, _ message: String) throws {
    try #require(ARPAReaderTests.small.contains(old))
    let error = #expect(throws: DataError.self) { try read(ARPAReaderTests.small.replacing(old, with: new)) }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.hasPrefix("x.arpa: line ") && text.contains(message), "\(text)")
  }

  @Test func refusesAnNGramWithoutItsContext() throws {
    let text = """
      \\data\\
      ngram 1=4
      ngram 2=1
      ngram 3=1
      \\1-grams:
      -1 <unk>
      -99 <s> -0.5
      -0.5 </s>
      -0.75 a -0.25
      \\2-grams:
      -0.25 <s> a
      \\3-grams:
      -0.25 a a </s>
      \\end\\
      """
    let error = #expect(throws: DataError.self) { try read(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("line 13: expected the context of every 3-gram"))
  }

  @Test func wordsThatAreNotUTF8() throws {
    var bytes = Array(ARPAReaderTests.small.utf8)
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "a").advanced(by: 0)))
    bytes = Array(bytes[..<place]) + bytes[place...].map { $0 == UInt8(ascii: "a") ? 0xE9 : $0 }
    #expect(throws: DataError.self) { try NGramModel(bytes: bytes) }
  }

  @Test func withstandsDamage() throws {
    try checkFormat(Array(ARPAReaderTests.small.utf8)) { try score(NGramModel(bytes: $0)) }
    let estimated = try NGramFixture().bytes("estimated/arpa")
    // what is cut after the last mark is whole
    try checkFormat(estimated, rounds: 200, isCutNoticed: false) { try score(NGramModel(bytes: $0)) }
    try checkStructure(damagedNumerals(Array(ARPAReaderTests.small.utf8)), naming: "x.arpa") {
      try score(NGramModel(bytes: $0, path: "x.arpa"))
    }
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func filesOfRecognisers() throws {
    let folder = (sharedData ?? "") + "/language-modelling/n-gram/"
    let turtle = try NGramModel(DataSource(folder + "turtle.lm"))
    #expect(turtle.counts == [92, 212, 177] && turtle.notes.count == 1)
    let bunny = try NGramModel(DataSource(folder + "bugs_bunny.arpa"))
    let tokens = ["bugs", "bunny"].compactMap { bunny.token(of: $0) }
    #expect(bunny.score(sentence: tokens) == 0)
  }
}

/// Asks a model for every word after the beginning.
func score(_ model: NGramModel) throws {
  var state = model.start
  for token in 0..<Int32(min(model.vocabularyCount, 20)) {
    let (score, next) = model.score(token, after: state)
    try require(!score.isNaN, "a score is not a number")
    state = next
  }
  _ = model.finish(state)
}
