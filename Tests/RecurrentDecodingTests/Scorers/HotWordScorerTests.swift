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
    // behind the first phrase the second one goes on
    #expect(scores("a a cat", [("a cat", 5)]) == [1, 2, 1, 2, 3, 4, 5, 5])
    #expect(scores("a  cat", [("a cat", 5), ("cat", 3)]).last == 8)
    #expect(scores("cat", [("a cat", 5)]) == [0, 0, 0, 0])
  }

  @Test func leavesOutWhatIsNoPhrase() {
    #expect(scores("cat", [("", 3), (" ", 2), ("cat", -1), ("cat", .nan), ("cat", .infinity)]).last == 0)
    #expect(scores("cat", [("cat", 1), ("cat", 4), (" cat ", 2)]).last == 4)
  }
}
