import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct LikeliestTextTests {
  private let vocabulary: TextVocabulary

  init() throws { vocabulary = try TextVocabulary.fit(unit: .character, texts: ["abc\n"]) }

  private func model(_ isAdaptive: Bool = false) -> LanguageModel {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.layerCount) = (5, 1)
    if isAdaptive { configuration.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(cutoffs: [2], division: 2) }
    return LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 8))
  }

  private func session(_ isAdaptive: Bool = false) -> LanguageModelSession {
    var session = LanguageModelSession(model: model(isAdaptive), vocabulary: vocabulary)
    session.push(Array(vocabulary.encode("ab").ids))
    return session
  }

  /// The logarithm of the probability of tokens behind a session.
  private func logProbability(_ tokens: [Int32], _ session: LanguageModelSession) throws -> Double {
    var (session, sum) = (session, 0.0)
    for token in tokens {
      let logs = logSoftmax(Tensor(try #require(session.logits))).scalars
      sum += Double(logs[Int(token)])
      session.push([token])
    }
    return sum
  }

  private static func texts(_ length: Int, _ letters: String) -> [String] {
    (0..<length).reduce([""]) { texts, _ in texts.flatMap { text in letters.map { text + String($0) } } }
  }

  @Test(arguments: [false, true]) func allTextsOfALength(_ isAdaptive: Bool) throws {
    let session = self.session(isAdaptive)
    let found = session.likeliest(length: 3, beam: 1000, best: 5)
    let all = try Self.texts(3, "abc\n").map { text in
      (text, try logProbability(Array(vocabulary.encode(text).ids), session))
    }.sorted { $0.1 > $1.1 }
    #expect(found.map(\.text) == all.prefix(5).map(\.0))
    for (own, other) in zip(found, all) {
      #expect(abs(own.logProbability - other.1) < 1e-4 && own.score == own.logProbability)
    }
    // a narrow beam finds one of that length, and nothing that is likelier
    let narrow = session.likeliest(length: 3, beam: 1)
    #expect(narrow.count == 1 && narrow[0].text.count == 3 && narrow[0].score <= found[0].score)
  }

  @Test func textsThatEnd() throws {
    let session = self.session()
    let end = vocabulary.encode("\n").ids[0]
    let found = session.likeliest(length: 3, ends: [end], beam: 1000, best: 4)
    var all: [(text: String, score: Double)] = []
    for count in 0...3 {
      for text in Self.texts(count, "abc") {
        let tokens = Array(vocabulary.encode(text).ids) + [end]
        all.append((text, try logProbability(tokens, session) / Double(count + 1)))
      }
    }
    all.sort { $0.score > $1.score }
    #expect(found.map(\.text) == all.prefix(4).map(\.text))
    #expect(zip(found, all).allSatisfy { abs($0.score - $1.score) < 1e-4 })
  }

  @Test func groupsOccurOnce() throws {
    let text = self.session().likeliest(length: 12, beam: 16, noRepeat: 2)[0].text
    let letters = Array(text)
    let pairs = zip(letters, letters.dropFirst()).map { "\($0)\($1)" }
    #expect(letters.count == 12 && Set(pairs).count == 11, "\(text)")
    // a text without a beginning has one too
    let fresh = LanguageModelSession(model: model(), vocabulary: vocabulary)
    #expect(fresh.likeliest(length: 4, beam: 2)[0].text.count == 4)
    #expect(fresh.likeliest(length: 0, beam: 2)[0].text.isEmpty)
  }

  @Test func endsWhenItIsAsked() {
    var count = 0
    let found = session().likeliest(length: 50, beam: 2) {
      count += 1
      return count > 3
    }
    #expect(found.isEmpty && count == 4)
  }
}
