import RecurrentData
import Testing

@Suite struct TextFeaturizerTests {
  private let texts = ["Good film", "good , good", "bad film", "bad bad thing"]

  private func fit(
    _ unit: TextUnit, labels: [Int]? = nil, limit: Int = 100
  ) throws -> (featurizer: TextFeaturizer, features: [FeatureSequence]) {
    try TextFeaturizer.fit(texts, labels: labels, classCount: 2, unit: unit, lengthLimit: limit)
  }

  /// Words of one text only are unknown, and capitals are small.
  @Test func words() throws {
    let (featurizer, features) = try fit(.word)
    let tokens = featurizer("GOOD bad thing").tokens.map { featurizer.vocabulary.token($0) }
    #expect(tokens == ["good", "bad", "<unk>"])
    #expect(features.map(\.tokens) == texts.map { featurizer($0).tokens } && featurizer.featureCount == 0)
    #expect(featurizer("").stepCount == 0)
  }

  @Test func aTextWithoutRepeatedWords() throws {
    let (featurizer, features) = try TextFeaturizer.fit(
      ["a b", "c"], labels: nil, classCount: 1, unit: .word, lengthLimit: 9)
    #expect(features.map(\.stepCount) == [2, 1] && !features[0].tokens.contains(0))
    #expect(featurizer.vocabulary.count >= 4)
  }

  @Test func charactersKeepTheirCase() throws {
    let (featurizer, _) = try fit(.character)
    #expect(featurizer("Gg").tokens[0] != featurizer("Gg").tokens[1])
  }

  @Test func longTextsAreCut() throws {
    let (featurizer, features) = try fit(.word, labels: [1, 1, 0, 0], limit: 2)
    #expect(features.map(\.stepCount) == [2, 2, 2, 2] && featurizer("good good good good").stepCount == 2)
  }

  @Test func evidenceStandsBesideTokens() throws {
    let (featurizer, features) = try fit(.word, labels: [1, 1, 0, 0])
    #expect(featurizer.featureCount == 2 && features.allSatisfy { $0.featureCount == 2 })
    let sequence = featurizer("good bad")
    #expect(sequence.values.count == 4 && sequence.values[0] > 0 && sequence.values[2] < 0)
  }

  @Test func refusesNothing() {
    #expect(throws: DataError.self) {
      try TextFeaturizer.fit([], labels: nil, classCount: 2, unit: .word, lengthLimit: 9)
    }
  }
}
