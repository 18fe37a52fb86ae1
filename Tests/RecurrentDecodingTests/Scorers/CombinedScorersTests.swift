import RecurrentData
import Testing

@testable import RecurrentDecoding

@Suite struct CombinedScorersTests {
  /// Checks that outputs are scored as the tokens of a model, one after the other.
  private func check(_ units: OutputUnits, _ outputs: [Int32], _ model: NGramModel, _ tokens: [Int32]) {
    let scorer = OutputScorer(model, units: units)
    var state = scorer.start
    for (output, token) in zip(outputs, tokens) {
      let (own, expected) = (scorer.score(output, after: state), model.score(token, after: state))
      #expect(own.score == expected.score && own.state == expected.state, "output \(output)")
      state = own.state
    }
    #expect(scorer.finish(state) == model.finish(state))
  }

  /// A model numbers characters in the order in which they occur, a vocabulary in another one.
  @Test func aModelOfCharactersIsAskedByTheirTexts() throws {
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(UTF8TextReader(texts: ["ab ba\nab"]), tokens: CharacterTokens())
    let model = try estimator.model()
    let tokens = try ["b", CharacterTokens.wordMark, "a"].map { text in try #require(model.token(of: text)) }
    let units = try OutputUnits(spelling: TokenList(["b", " ", "a", "z"]), blank: .first)
    check(units, [1, 2, 3, 4, 1], model, tokens + [model.unknown, tokens[0]])
  }

  @Test func aModelOfPiecesOrWordsIsAskedByTheirTexts() throws {
    let estimator = try NGramEstimator(order: 2)
    try estimator.add(sentence: ["\u{2581}the", "re", "\u{2581}the", "n", "\u{2581}the"])
    let model = try estimator.model()
    let tokens = try ["re", "n", "\u{2581}the"].map { text in try #require(model.token(of: text)) }
    for text in [" the", "\u{2581}the"] {
      let pieces = try OutputUnits(
        spelling: TokenList(["re", "n", text]), blank: .last, wordMark: "\u{2581}")
      check(pieces, [2, 0, 2, 1], model, [tokens[2], tokens[0], tokens[2], tokens[1]])
    }
    let words = try OutputUnits(words: TokenList(["n", "re"]), blank: .first)
    check(words, [2, 1, 1], model, [tokens[0], tokens[1], tokens[1]])
  }

  @Test func boundsArePassedOn() {
    let hot = HotWordScorer(units: .letters, phrases: [("ab", 2)])
    #expect(WeightedScorer(hot, alpha: 0.5, beta: 1).largestScore == 0.5 * hot.largestScore + 1)
    #expect(WeightedScorer(hot, alpha: 0, beta: 2).largestScore == 2)
    #expect(WeightedScorer(hot, alpha: -1).largestScore == .infinity)
    #expect(OutputScorer(hot, units: .letters).largestScore == hot.largestScore)
  }
}
