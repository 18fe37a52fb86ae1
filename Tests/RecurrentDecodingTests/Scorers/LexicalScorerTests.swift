import Testing

@testable import RecurrentDecoding

@Suite struct LexicalScorerTests {
  private static let units = try! OutputUnits(spelling: TokenList(["a", "b", " "]), blank: .last)

  private func scores(_ text: String, _ unknownWords: UnknownWords) -> [Float] {
    let words = PairScorer(words: ["ab"])
    let scorer = LexicalScorer(
      units: Self.units, list: WordTrie(["ab", "abba"]), words: words, alpha: 0, beta: 1,
      unknownWords: unknownWords)
    var (state, sum, sums) = (scorer.start, Float(0), [Float]())
    for character in text {
      let (score, next) = scorer.score(character == "a" ? 0 : character == "b" ? 1 : 2, after: state)
      sum += score
      state = next
      sums.append(sum)
    }
    return sums + [sum + scorer.finish(state)]
  }

  @Test func wordsCountOnceTheyEnd() {
    #expect(scores("ab  ab", .refused) == [0, 0, 1, 1, 1, 1, 2])
    #expect(scores(" abba", .refused) == [0, 0, 0, 0, 0, 1])
  }

  @Test func unknownWordsCostAsSoonAsTheyAreNone() {
    let costs = UnknownWords.allowed(perWord: -8, perCharacter: -2)
    #expect(scores("bb", costs) == [-10, -12, -11])
    #expect(scores("abb ", costs) == [0, 0, 0, -13, -13])
    #expect(scores("abaa", costs) == [0, 0, -14, -16, -15])
  }

  @Test func refusedWordsAreImpossible() {
    #expect(scores("b", .refused) == [-.infinity, -.infinity])
    #expect(scores("a ", .refused) == [0, -.infinity, -.infinity])
    #expect(scores("abb", .refused) == [0, 0, 0, -.infinity])
  }

  @Test func statesComeBack() throws {
    let list = WordTrie(["ab"])
    let scorer = LexicalScorer(units: Self.units, list: list, words: PairScorer(words: ["ab"]))
    let state = scorer.score(0, after: scorer.start).state
    #expect(scorer.state(of: scorer.stored(state)) == state)
    for damaged in [[], [1], [9, 0], [-2, 0], [1, 7], [1, 0, 0]] as [[Int64]] {
      #expect(scorer.state(of: damaged) == nil)
    }
  }
}
