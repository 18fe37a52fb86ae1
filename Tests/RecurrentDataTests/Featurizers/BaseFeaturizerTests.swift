import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct BaseFeaturizerTests {
  private static let windows = ["ACGTACGTAC", "ACGGACGTAC", "TCGTACGTAC", "TCGGACGTAA"]

  private func fit(
    _ texts: [String], _ settings: FeatureSettings = FeatureSettings(), labels: [Int]? = [0, 0, 1, 1]
  ) throws -> (featurizer: TextFeaturizer, notes: [DataNote]) {
    try TextFeaturizer.fit(
      RecordSource(texts.map { Record(.text($0), origin: "t") }), labels: labels, classCount: 2,
      settings: settings
    ) { _ in }
  }

  @Test func basesAreRecognisedAndSaid() throws {
    let (featurizer, notes) = try fit(Self.windows)
    #expect(
      featurizer.vocabulary.unit == .base && featurizer.placeCount == 10 && featurizer.featureCount == 2)
    #expect(notes.map(\.setting) == ["unit", "evidence"])
    let (words, others) = try fit(Self.windows, FeatureSettings(unit: .word))
    #expect(words.vocabulary.unit == .word && !others.contains { $0.setting == "unit" })
    let (kept, said) = try fit(
      ["ACGTNacgtu", "acgtacgtac"], FeatureSettings(bases: BaseSettings(softMask: .keep)), labels: nil)
    #expect(kept.vocabulary.count == 10 && kept.placeCount == nil)
    #expect(said.contains { $0.setting == "soft-mask" } && said.contains { $0.text == "U is read as T" })
    #expect(said.contains { $0.text.hasPrefix("1 letters are no single base (N)") })
  }

  @Test(arguments: [
    (["good film", "bad film"], TextUnit.word), (["cat", "tag", "gag"], .word),
    (["watchstrap", "handstand"], .word),
    (["MKVLAAGIVGLCAKQ", "MSTNPKPQRKTKRNT"], .character), (["ACGTACGTAC", "ACGU-NNNNA"], .word),
    (["ACGTACGTACG", "ACGTNACGTA"], .base), (["acgtacgtacg\nacgt\n"], .base),
  ])
  func guesses(_ texts: [String], _ unit: TextUnit) throws {
    #expect(try fit(texts, labels: nil).featurizer.vocabulary.unit == unit)
  }

  @Test func shortOnesAreAskedFor() throws {
    let texts = [String](repeating: "ACGTA", count: 30)
    let error = try #require(throws: DataError.self) { try fit(texts, labels: nil) }
    #expect("\(error)".hasPrefix("unit must be base or word: texts such as \"ACGTA\""))
    #expect(try fit(texts, FeatureSettings(unit: .base), labels: nil).featurizer.vocabulary.unit == .base)
  }

  /// The first letter tells the classes apart, at its place alone; a stream has the same numbers.
  @Test func evidenceKnowsPlaces() throws {
    let (featurizer, _) = try fit(Self.windows)
    let features = try featurizer(Record(.text("ATTTTTTTTA"), origin: "t"))
    let values = features.values
    #expect(values[0] < 0 && abs(values[0]) > 0.3 && values[18] > 0)
    #expect(try featurizer(Record(.text("ACGTACGTACA"), origin: "t")).values.suffix(2) == [0, 0])
    var stream = try #require(featurizer.stream(readsTimes: false))
    var steps: [FeatureSequence] = []
    for part in ["ATT", "TTTTTTA"] { steps += try stream.push(.text(part), line: 1) }
    #expect(steps.flatMap(\.values) == values && steps.flatMap(\.tokens) == features.tokens)
    #expect(featurizer.issue == nil)
    var wrong = featurizer
    wrong.placeCount = 9
    #expect(wrong.issue != nil)
  }

  @Test func bothStrands() throws {
    let (featurizer, _) = try fit(Self.windows, FeatureSettings(bases: BaseSettings(readsBothStrands: true)))
    #expect(featurizer.evidence == nil && featurizer.placeCount == nil)
    let features = try featurizer(Record(.text("AACGTN"), origin: "t"))
    let other = featurizer.oppositeStrand(features)
    #expect(try other == featurizer(Record(.text("NACGTT"), origin: "t")))
    #expect(featurizer.oppositeStrand(other) == features)
  }

  @Test func longOnesAreCut() throws {
    let (featurizer, notes) = try fit([String(repeating: "ACGT", count: 1100), "ACGTACGT"], labels: nil)
    #expect(featurizer.lengthLimit == 4000 && notes.contains { $0.setting == "length-limit" })
  }
}
