import RecurrentData
import Testing

extension TextFeaturizer {
  fileprivate func callAsFunction(_ text: String) throws -> FeatureSequence {
    try self(Record(.text(text), origin: "t"))
  }
}

@Suite struct TextFeaturizerTests {
  private let texts = ["Good film", "good , good", "bad film", "bad bad thing"]

  private func fit(
    _ unit: TextUnit, labels: [Int]? = nil, limit: Int = 100, texts: [String]? = nil
  ) throws -> (featurizer: TextFeaturizer, features: [FeatureSequence]) {
    let records = (texts ?? self.texts).map { Record(.text($0), origin: "t") }
    let (own, _) = try TextFeaturizer.fit(
      RecordSource(records), labels: labels, classCount: 2,
      settings: FeatureSettings(unit: unit, lengthLimit: limit)
    ) { _ in }
    let features = try records.enumerated().map { try own.trainingFeatures($1, index: $0) }
    #expect(try records.map { try own.stepCount($0) } == features.map(\.stepCount))
    return (own, features)
  }

  /// Words of one text only are unknown, and capitals are small.
  @Test func words() throws {
    let (featurizer, features) = try fit(.word)
    let tokens = try featurizer("GOOD bad thing").tokens.map { featurizer.vocabulary.token($0) }
    #expect(tokens == ["good", "bad", "<unk>"])
    #expect(
      try features.map(\.tokens) == texts.map { try featurizer($0).tokens } && featurizer.featureCount == 0)
    #expect(try featurizer("").stepCount == 0)
  }

  @Test func aTextWithoutRepeatedWords() throws {
    let (featurizer, features) = try fit(.word, limit: 9, texts: ["a b", "c"])
    #expect(features.map(\.stepCount) == [2, 1] && !features[0].tokens.contains(0))
    #expect(featurizer.vocabulary.count >= 4)
  }

  @Test func charactersKeepTheirCase() throws {
    let (featurizer, _) = try fit(.character)
    #expect(try featurizer("Gg").tokens[0] != featurizer("Gg").tokens[1])
  }

  @Test func longTextsAreCut() throws {
    let (featurizer, features) = try fit(.word, labels: [1, 1, 0, 0], limit: 2)
    #expect(
      try features.map(\.stepCount) == [2, 2, 2, 2] && featurizer("good good good good").stepCount == 2)
  }

  @Test func evidenceStandsBesideTokens() throws {
    let (featurizer, features) = try fit(.word, labels: [1, 1, 0, 0])
    #expect(featurizer.featureCount == 2 && features.allSatisfy { $0.featureCount == 2 })
    let sequence = try featurizer("good bad")
    #expect(sequence.values.count == 4 && sequence.values[0] > 0 && sequence.values[2] < 0)
  }

  @Test func refusesNothing() {
    #expect(throws: DataError.self) {
      try fit(.word, texts: [])
    }
  }
}
