import Testing

@testable import RecurrentDecoding

@Suite struct WordConfidenceTests {
  private func words(_ text: String) -> [DecodedWord] {
    text.split(separator: " ").map {
      DecodedWord(text: String($0), firstFrame: 0, lastFrame: 0, confidence: 1, meanLogProbability: 0)
    }
  }

  @Test(
    arguments: [
      (["a b c", "a x c", "a b"], [1, 0.75, 0.75]), (["a b", "b"], [0.5, 1]),
      (["a a b", "a b"], [1, 0.5, 1]),
      (["a b c d", "x b y d"], [0.5, 1, 0.5, 1]), (["a", ""], [0.5]), (["", "a"], []),
      (["a b c", "c a b"], [1, 1, 0.5]),
      // two alignments have two edits
      (["a b a", "b a b"], [1, 1, 0.5]),
    ] as [([String], [Double])])
  func addsUpTheWeightsOfEqualWords(_ texts: [String], _ expected: [Double]) {
    let weights = texts.count == 3 ? [0.5, 0.25, 0.25] : [0.5, 0.5]
    #expect(WordConfidence.shares(texts.map(words), weights: weights) == expected)
  }
}
