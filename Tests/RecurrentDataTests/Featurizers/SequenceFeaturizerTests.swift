#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct SequenceFeaturizerTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func file(_ name: String, of fixture: String) throws -> Record {
    let path = try folder.file(name.replacing("/", with: "_"), FixtureFile(fixture).bytes(name))
    return Record(.file(DataSource(path)), origin: path)
  }

  private func records(_ kind: Modality) throws -> [Record] {
    switch kind {
    case .text:
      [Record(.text("a b b"), origin: "1"), Record(.text("b a a"), origin: "2")]
    case .sound: [try file("pcm_16_1/file", of: "sounds"), try file("float32_2/file", of: "sounds")]
    case .pictures:
      [try file("pillow_plain/file", of: "pictures"), try file("disposal_3/file", of: "pictures")]
    case .series:
      [
        Record(.series(NumericSeries(channels: ["x"], values: [1, 2])), origin: "1"),
        Record(.series(NumericSeries(channels: ["x"], values: [3])), origin: "2"),
      ]
    case .strokes:
      [
        Record(.strokes(StrokeSequence([[.init(0, 0), .init(1, 3)], [.init(2, 2)]])), origin: "1"),
        Record(.strokes(StrokeSequence([[.init(5, 1), .init(5, 9), .init(6, 9)]])), origin: "2"),
      ]
    }
  }

  /// The features of fitting are those of the call, and those of the featurizer that was kept in a file.
  @Test(arguments: Modality.allCases)
  func fits(_ kind: Modality) throws {
    let records = try records(kind)
    var progress: [Double] = []
    let (featurizer, _) = try SequenceFeaturizer.fit(RecordSource(records), labels: nil, classCount: 2) {
      progress.append($0)
    }
    let features = try records.enumerated().map { try featurizer.trainingFeatures($1, index: $0) }
    #expect(featurizer.modality == kind && progress == [0, 0.5])
    #expect(try records.map { try featurizer.stepCount($0) } == features.map(\.stepCount))
    #expect((featurizer.vocabularySize != nil) == (kind == .text))
    #expect(features.allSatisfy { $0.featureCount == featurizer.featureCount && $0.stepCount > 0 })
    #expect(try records.map { try featurizer($0) } == features)
    let kept = try JSONDecoder().decode(SequenceFeaturizer.self, from: JSONEncoder().encode(featurizer))
    #expect(kept == featurizer)
    #expect(try records.map { try kept($0) } == features)
    for other in Modality.allCases where other != kind {
      let wrong = try self.records(other)
      #expect(throws: DataError.self) { try featurizer(wrong[0]) }
      #expect(throws: DataError.self) {
        try SequenceFeaturizer.fit(RecordSource([records[0], wrong[0]]), labels: nil, classCount: 2)
      }
    }
  }

  /// What bundles of before hold is read, and a fit to the same texts gives it again.
  @Test func bundlesOfBefore() throws {
    let text = #"""
      {"text":{"_0":{"evidence":{"classCount":2,"counts":[0,2],"pairs":[12884901893],"texts":[2,2],
      "words":[1,1,0,0,2,1,0,2,2,0,0,2]},"lengthLimit":400,"lowersCase":true,
      "vocabulary":{"splitsPunctuation":true,"tokens":["\n","film","a","dull","fine"],"unit":"word"}}}}
      """#
    let texts = ["a fine film", "dull film", "a fine one", "dull and long film"]
    let fitted = try SequenceFeaturizer.fit(
      RecordSource(texts.map { Record(.text($0), origin: "t") }), labels: [1, 0, 1, 0], classCount: 2
    ).featurizer
    func decoded(_ text: String) throws -> SequenceFeaturizer {
      try JSONDecoder().decode(SequenceFeaturizer.self, from: Data(text.utf8))
    }
    #expect(try decoded(text) == fitted && fitted.issue == nil)
    let series = try decoded(
      #"""
      {"series":{"_0":{"channels":["value"],"missing":{"marksMissing":false,"timeScale":1},"scaler":{"centers":[0.5],
      "constantChannels":[],"method":"standard","scales":[2]}}}}
      """#)
    let record = Record(.series(NumericSeries(channels: ["value"], values: [1.5, 0.5])), origin: "s")
    #expect(try series(record).values == [0.5, 0])
    let pictures = try decoded(
      #"""
      {"pictures":{"_0":{"height":2,"width":3,"scale":{"mean":0.5,"deviation":0.25,"changeDeviation":1,
      "motionDeviation":1}}}}
      """#)
    #expect(pictures.modality == .pictures && pictures.featureCount == 6)
    let sound = try decoded(
      #"""
      {"sound":{"_0":{"scaler":{"centers":[0,0],"constantChannels":[],"method":"standard","scales":[1,1]},"spectrum":
      {"bandCount":2,"deltaOrder":0,"hop":80,"lowest":0,"rate":8000,"windowSize":256}}}}
      """#)
    #expect(sound.featureCount == 2 && sound.issue == nil)
  }

  /// Words that were split already are one token each, however they look, and no running text.
  @Test func wordsAreWords() throws {
    let long = String(repeating: "x", count: 3000)
    let sentences = [["the", "U.S.", "'s", "$5", "New York", long, ""], ["'s", "$5", long, "the"]]
    let records = sentences.map { Record(.words($0), origin: "w") }
    let (featurizer, notes) = try SequenceFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0, settings: .init(lengthLimit: 3))
    let features = try records.map { try featurizer($0) }
    #expect(features.map(\.stepCount) == [7, 4] && notes.isEmpty)
    #expect(try records.map { try featurizer.stepCount($0) } == [7, 4])
    let tokens = features[0].tokens
    #expect(features[1].tokens == [tokens[2], tokens[3], tokens[5], tokens[0]])
    // what occurs once is unknown
    #expect(tokens[1] == 0 && tokens[4] == 0 && tokens[6] == 0)
    #expect(Set([tokens[0], tokens[2], tokens[3], tokens[5]]).count == 4)
    let kept = try JSONDecoder().decode(SequenceFeaturizer.self, from: JSONEncoder().encode(featurizer))
    #expect(try kept == featurizer && records.map { try kept($0) } == features)
    let text = Record(.text("the $5"), origin: "t")
    #expect(throws: DataError.self) { try featurizer(text) }
    #expect(throws: DataError.self) {
      try SequenceFeaturizer.fit(RecordSource([text] + records), labels: nil, classCount: 0)
    }
  }

  /// A stream of words takes one a line; a text is cut where one in a file is.
  @Test func streamsOfText() throws {
    let sentences = [["the", "U.S.", "New York"], ["the", "U.S.", "New York"]]
    let words = try SequenceFeaturizer.fit(
      RecordSource(sentences.map { Record(.words($0), origin: "w") }), labels: nil, classCount: 0)
    var stream = try #require(words.featurizer.stream())
    let steps = try sentences[0].enumerated().flatMap { try stream.push(.text($1), line: $0 + 1) }
    #expect(
      try steps.flatMap(\.tokens) == words.featurizer(Record(.words(sentences[0]), origin: "w")).tokens
        && steps.count == 3)
    for value in [JSONValue.text("the U.S. again"), .number(1)] {
      let error = #expect(throws: DataError.self) { try stream.push(value, line: 4) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("line 4"))
    }
    #expect(try stream.push(.text("new"), line: 5).map(\.tokens) == [[0]])
    let texts = ["a b a b a", "b a"].map { Record(.text($0), origin: "t") }
    let own = try SequenceFeaturizer.fit(
      RecordSource(texts), labels: [0, 1], classCount: 2, settings: .init(lengthLimit: 3))
    var text = try #require(own.featurizer.stream())
    let all = try ["a b", "a b", "a"].flatMap { try text.push(.text($0), line: 1) }
    let whole = try own.featurizer(texts[0])
    #expect(all.flatMap(\.tokens) == whole.tokens && all.flatMap(\.values) == whole.values)
  }

  @Test func evidenceNeedsClasses() throws {
    let records = try records(.text)
    for (labels, count, uses, width) in [
      ([0, 1], 2, true, 2), ([0, 1], 2, false, 0), ([0, 1], 21, true, 0), (nil, 2, true, 0),
    ]
      as [([Int]?, Int, Bool, Int)]
    {
      let settings = FeatureSettings(usesEvidence: uses)
      let fitted = try SequenceFeaturizer.fit(
        RecordSource(records), labels: labels, classCount: count, settings: settings)
      #expect(fitted.featurizer.featureCount == width)
    }
  }

  @Test func notesSayWhatIsRemarkable() throws {
    let text = try SequenceFeaturizer.fit(
      RecordSource(records(.text)), labels: nil, classCount: 2, settings: .init(lengthLimit: 2))
    #expect(text.notes.map(\.setting) == ["length-limit"])
    let sound = try SequenceFeaturizer.fit(
      RecordSource(records(.sound)), labels: nil, classCount: 2, settings: .init(bandCount: 5))
    #expect(sound.notes.map(\.kind) == [.found, .warning] && sound.notes[1].text.contains("is resampled to"))
    #expect(sound.featurizer.featureCount == 10)
  }

  /// A rate that is far below those of the training would ask for much memory.
  @Test func refusesEmptyAndUnlikeSequences() throws {
    #expect(throws: DataError.noText) {
      try SequenceFeaturizer.fit(RecordSource([]), labels: nil, classCount: 2)
    }
    let empty = Record(.series(NumericSeries(channels: ["x"], values: [])), origin: "1")
    #expect(throws: DataError.self) {
      try SequenceFeaturizer.fit(RecordSource([empty]), labels: nil, classCount: 2)
    }
    var slow = try FixtureFile("sounds").bytes("pcm_16_1/file")
    slow.replaceSubrange(24..<28, with: [100, 0, 0, 0])
    let path = try folder.file("slow.wav", slow)
    let records = try records(.sound) + [Record(.file(DataSource(path)), origin: path)]
    let error = #expect(throws: DataError.self) {
      try SequenceFeaturizer.fit(RecordSource(records), labels: nil, classCount: 2)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("found 100 Hz"))
  }
}
