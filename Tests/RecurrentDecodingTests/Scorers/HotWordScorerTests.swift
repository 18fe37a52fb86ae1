import Testing

@testable import RecurrentDecoding

@Suite struct HotWordScorerTests {
  private static let units = try! OutputUnits(spelling: TokenList(["c", "a", "t", "s", " "]), blank: .last)

  /// The sums after each character and at the end.
  private func scores(_ text: String, _ phrases: [(text: String, boost: Float)]) -> [Float] {
    let scorer = HotWordScorer(units: Self.units, phrases: phrases)
    var (state, sum, sums) = (scorer.start, Float(0), [Float]())
    for character in text {
      let token = Int32("cats ".distance(from: "cats ".startIndex, to: "cats ".firstIndex(of: character)!))
      let (score, next) = scorer.score(token, after: state)
      #expect(score <= scorer.largestScore)
      sum += score
      state = next
      sums.append(sum)
    }
    return sums + [sum + scorer.finish(state)]
  }

  @Test func actsBeforeTheWordIsComplete() {
    #expect(scores("cat ", [("cat", 3)]) == [1, 2, 3, 3, 3])
    #expect(scores("cat", [("cat", 3)]) == [1, 2, 3, 3])
  }

  @Test func takesBackWhatIsNotCompleted() {
    #expect(scores("cas", [("cat", 3)]) == [1, 2, 0, 0])
    #expect(scores("ca a", [("cat", 3)]) == [1, 2, 0, 0, 0])
    #expect(scores("cats", [("cat", 3)]) == [1, 2, 3, 0, 0])
    #expect(scores("acat", [("cat", 3)]) == [0, 0, 0, 0, 0])
  }

  @Test func phrasesGoOverWords() {
    #expect(scores("a cat", [("a cat", 5)]) == [1, 2, 3, 4, 5, 5])
    // after the first phrase the second one goes on
    #expect(scores("a a cat", [("a cat", 5)]) == [1, 2, 1, 2, 3, 4, 5, 5])
    #expect(scores("a  cat", [("a cat", 5), ("cat", 3)]).last == 8)
    #expect(scores("cat", [("a cat", 5)]) == [0, 0, 0, 0])
  }

  /// A token with white space on both sides ends two words.
  @Test func noScoreIsAboveTheLargest() throws {
    let units = try OutputUnits(spelling: TokenList(["w", "x", "a", " ", " b "]), blank: .last)
    let phrases = ["w x a", "x a", "a", "x a b", "a b", "b"]
    let scorer = HotWordScorer(units: units, phrases: phrases.map { (text: $0, boost: 1) })
    var state = scorer.start
    for output in [0, 3, 1, 3, 2] as [Int32] { state = scorer.score(output, after: state).state }
    // three phrases end before it and three with it, and the first one no longer counts as a part
    let score = scorer.score(4, after: state).score
    #expect(score == 5 && score <= scorer.largestScore)
  }

  @Test func leavesOutWhatIsNoPhrase() {
    #expect(scores("cat", [("", 3), (" ", 2), ("cat", -1), ("cat", .nan), ("cat", .infinity)]).last == 0)
    #expect(scores("cat", [("cat", 1), ("cat", 4), (" cat ", 2)]).last == 4)
  }
}
