import RecurrentData
import RecurrentTestSupport
import Testing

@testable import RecurrentDecoding

@Suite struct NGramEstimatorTests {
  private func model(
    _ text: String, _ order: Int, tokens: some LineTokenizer = WordTokens()
  ) throws -> NGramModel {
    let estimator = try NGramEstimator(order: order)
    try estimator.add(UTF8TextReader(texts: [text]), tokens: tokens)
    return try estimator.model()
  }

  private func probability(_ model: NGramModel, _ word: String, after context: [String] = []) -> Double {
    var state = model.start
    for word in context { state = model.score(model.token(of: word) ?? 0, after: state).state }
    return exponential(Double(model.score(model.token(of: word) ?? 0, after: state).score))
  }

  @Test(arguments: 2...6) func hasTheFiguresOfKenLM(_ order: Int) throws {
    let fixture = try NGramFixture()
    let estimator = try NGramEstimator(order: order)
    try estimator.add(fixture.corpus)
    let model = try estimator.model()
    #expect(model.notes.isEmpty)
    #expect(!estimator.discounts.contains(.wittenBell))
    try fixture.check(model, "order\(order)", tolerance: 3e-5)
  }

  @Test func discountsOfCountsOfCounts() {
    // Y = 4 / (4 + 2 3) = 0.4
    guard case .kneserNey(let once, let twice, let more) = NGramDiscount(countsOfCounts: [9, 4, 3, 2, 1])
    else {
      Issue.record("no discounts")
      return
    }
    #expect(abs(once - 0.4) < 1e-12 && abs(twice - 1.2) < 1e-12 && abs(more - 2.2) < 1e-12)
    for degenerate in [
      [0, 0, 3, 2, 1], [0, 4, 0, 2, 1], [0, 4, 3, 0, 1], [0, 1, 3, 50, 1], [0, 0, 0, 0, 0],
    ] {
      #expect(NGramDiscount(countsOfCounts: degenerate) == .wittenBell)
    }
  }

  /// Four tokens occur once (the end of the sentence among them), three twice, two three times, one four times: the
  /// discounts are 0.4, 1.2 and 2.2, and the ten words and `<unk>` share (4 0.4 + 3 1.2 + 3 2.2) / 20 = 0.59.
  @Test func unigramsByHand() throws {
    let model = try model("a b c d e f d e f g g g h h h i i i i", 1)
    let share = 0.59 / 11
    let expected = ["i": 1.8 / 20, "g": 0.8 / 20, "d": 0.8 / 20, "a": 0.6 / 20, "</s>": 0.6 / 20, "z": 0]
    for (word, own) in expected { #expect(abs(probability(model, word) - own - share) < 1e-7) }
  }

  /// Continuation counts a 2, b 1, `</s>` 2: p(a) = 2/8 + 3/8 1/4. After a stand b, a and `</s>` once each: p(b | a) = 1/6 +
  /// 3/6 p(b). After `<s>` stands a twice: p(a | <s>) = 2/3 + 1/3 p(a).
  @Test func wittenBellByHand() throws {
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(sentence: ["a", "b"])
    try estimator.add(sentence: ["a", "a"])
    #expect(estimator.discounts == [.wittenBell, .wittenBell])
    let model = try estimator.model()
    #expect(model.notes.count == 1 && model.notes[0].text.contains("order 1, 2"))
    #expect(abs(probability(model, "a") - 0.78125) < 1e-6)
    #expect(abs(probability(model, "z") - 0.03125) < 1e-7)
    #expect(abs(probability(model, "b", after: ["a"]) - (1.0 / 6 + 0.5 * 0.21875)) < 1e-6)
    #expect(abs(probability(model, "z", after: ["a"]) - 0.5 * 0.09375) < 1e-7)
  }

  private static let texts = [
    "a", "a a a a a a a a", "a b\na b\na b", "the cat sat\nthe dog sat\n\nthe cat ran",
    zipfText(lines: 60, words: 12), zipfText(lines: 150, words: 80, seed: 5),
    "<unk> a b <unk>\na <unk>\n<s> a b </s>", "größe é日本\né é größe",
  ]

  @Test(arguments: texts, 1...6)
  func probabilitiesSumToOneAfterEveryContext(_ text: String, _ order: Int) throws {
    let model = try model(text, order)
    guard case .trie(let trie, _) = model.storage else { return }
    let words = (0..<Int32(model.vocabularyCount)).filter { $0 != model.sentenceBegin }
    // a context of each number, and the empty one
    for context in -1..<Int32(trie.contextCount) {
      let state = NGramModel.State(context: context)
      let sum = words.reduce(0) { $0 + exponential(Double(model.score($1, after: state).score)) }
      #expect(abs(sum - 1) < 1e-6, "context \(context): \(sum)")
    }
  }

  @Test func charactersAndOtherTokens() throws {
    let characters = try model("ab ba\nab", 3, tokens: CharacterTokens())
    #expect(characters.vocabularyCount == 6)
    #expect(characters.token(of: CharacterTokens.wordMark) != nil && characters.token(of: "ab") == nil)
    let halves = try model(
      "abcd abab", 2,
      tokens: SplitTokens {
        $0.split(separator: " ").flatMap { [String($0.prefix(2)), String($0.dropFirst(2))] }
      })
    #expect(halves.token(of: "cd") != nil && halves.vocabularyCount == 5)
  }

  @Test func marksInATextAreNoWords() throws {
    let marked = try model("<s> a b </s>\n\n  \r\na\r\n", 2)
    let plain = try model("a b\na", 2)
    #expect(marked.encoded() == plain.encoded())
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(UTF8TextReader(texts: ["a <unk>\n", "b"]))
    #expect(estimator.sentenceCount == 2 && estimator.tokenCount == 3)
    #expect(probability(try estimator.model(), "<unk>", after: ["a"]) > 0.2)
  }

  @Test func sameTextSameModel() throws {
    let text = zipfText(lines: 300, words: 50)
    let whole = try model(text, 4).encoded()
    #expect(try model(text, 4).encoded() == whole)
    // a part may end anywhere
    let folder = try ScratchFolder()
    let path = try folder.file("text.txt", Array(text.utf8))
    for size in [1, 3, 7, 100] {
      let estimator = try NGramEstimator(order: 4)
      try estimator.add(UTF8TextReader([DataSource(path)], chunkSize: size))
      #expect(try estimator.model().encoded() == whole)
    }
  }

  @Test func aSentenceThatDoesNotFitIsNotCounted() throws {
    let estimator = try NGramEstimator(order: 2, limit: 20)
    try estimator.add(sentence: ["a", "b"])
    #expect(throws: DataError.self) { try estimator.add(sentence: [String](repeating: "a", count: 10)) }
    try estimator.add(sentence: ["a"])
    #expect(estimator.sentenceCount == 2 && estimator.tokenCount == 3)
    let other = try NGramEstimator(order: 2)
    for sentence in [["a", "b"], ["a"]] { try other.add(sentence: sentence) }
    #expect(try estimator.model().encoded() == other.model().encoded())
  }

  @Test func refusesWhatCannotBe() throws {
    for order in [0, -1, 65] {
      #expect(throws: DataError.self) { try NGramEstimator(order: order) }
    }
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(UTF8TextReader(texts: ["\n \n", ""]))
    #expect(throws: DataError.noText) { try estimator.model() }
    #expect(throws: DataError.notFound(path: "nowhere.txt")) {
      try estimator.add(UTF8TextReader(["nowhere.txt"]))
    }
  }
}
