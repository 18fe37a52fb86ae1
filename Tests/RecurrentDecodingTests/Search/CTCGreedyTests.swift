import Testing

@testable import RecurrentDecoding

@Suite struct CTCGreedyTests {
  @Test func takesOutRepetitionsAndBlanks() throws {
    // a a - a b b space space b: "aab b"
    let path = [0, 0, 3, 0, 1, 1, 2, 2, 1]
    let logits = path.flatMap { best in (0..<4).map { $0 == best ? Float(4) : 0 } }
    let text = try CTCSearch.greedy(logits, units: .letters)
    #expect(text.text == "aab b")
    #expect(text.words.map(\.firstFrame) == [0, 8] && text.words.map(\.lastFrame) == [5, 8])
    let probability = LogDomain.log(LogDomain.exp(4) / (LogDomain.exp(4) + 3))
    #expect(
      abs(text.score - 9 * probability) < 1e-6 && abs(text.words[0].meanLogProbability - probability) < 1e-6)
  }

  @Test func equalOutputsGiveTheFirst() throws {
    #expect(try CTCSearch.greedy([1, 1, 1, 1], units: .letters).text == "a")
    #expect(try CTCSearch.greedy([], units: .letters).text == "")
  }
}
