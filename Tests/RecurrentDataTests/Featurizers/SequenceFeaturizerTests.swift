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

  private func file(_ name: String, of fixture: String) throws -> SequenceRecord {
    let path = try folder.file(name.replacing("/", with: "_"), FixtureFile(fixture).bytes(name))
    return SequenceRecord(.file(path), origin: path)
  }

  private func records(_ kind: LabelledRecords.Kind) throws -> [SequenceRecord] {
    switch kind {
    case .text:
      [SequenceRecord(.text("a b b"), origin: "1"), SequenceRecord(.words(["b", "a", "a"]), origin: "2")]
    case .sound: [try file("pcm_16_1/file", of: "sounds"), try file("float32_2/file", of: "sounds")]
    case .pictures:
      [try file("pillow_plain/file", of: "pictures"), try file("disposal_3/file", of: "pictures")]
    case .series:
      [
        SequenceRecord(.series(NumericSeries(channels: ["x"], values: [1, 2])), origin: "1"),
        SequenceRecord(.series(NumericSeries(channels: ["x"], values: [3])), origin: "2"),
      ]
    }
  }

  /// The features of fitting are those of the call, and those of the featurizer that was kept in a file.
  @Test(arguments: LabelledRecords.Kind.allCases)
  func fits(_ kind: LabelledRecords.Kind) throws {
    let records = try records(kind)
    var progress: [Double] = []
    let (featurizer, features, _) = try SequenceFeaturizer.fit(records, labels: nil, classCount: 2) {
      progress.append($0)
    }
    #expect(featurizer.kind == kind && progress == [0, 0.5])
    #expect((featurizer.vocabularySize != nil) == (kind == .text))
    #expect(features.allSatisfy { $0.featureCount == featurizer.featureCount && $0.stepCount > 0 })
    #expect(try records.map { try featurizer($0) } == features)
    let kept = try JSONDecoder().decode(SequenceFeaturizer.self, from: JSONEncoder().encode(featurizer))
    #expect(kept == featurizer)
    #expect(try records.map { try kept($0) } == features)
    for other in LabelledRecords.Kind.allCases where other != kind {
      let wrong = try self.records(other)
      #expect(throws: DataError.self) { try featurizer(wrong[0]) }
      #expect(throws: DataError.self) {
        try SequenceFeaturizer.fit([records[0], wrong[0]], labels: nil, classCount: 2)
      }
    }
  }

  @Test func evidenceNeedsClasses() throws {
    let records = try records(.text)
    for (labels, count, uses, width) in [
      ([0, 1], 2, true, 2), ([0, 1], 2, false, 0), ([0, 1], 21, true, 0), (nil, 2, true, 0),
    ]
      as [([Int]?, Int, Bool, Int)]
    {
      let settings = SequenceFeaturizer.Settings(usesEvidence: uses)
      let fitted = try SequenceFeaturizer.fit(records, labels: labels, classCount: count, settings: settings)
      #expect(fitted.featurizer.featureCount == width)
    }
  }

  @Test func notesSayWhatIsRemarkable() throws {
    let text = try SequenceFeaturizer.fit(
      records(.text), labels: nil, classCount: 2, settings: .init(lengthLimit: 2))
    #expect(text.notes.map(\.flag) == ["--length-limit"])
    let sound = try SequenceFeaturizer.fit(
      records(.sound), labels: nil, classCount: 2, settings: .init(bandCount: 5))
    #expect(sound.notes.map(\.kind) == [.found, .warning] && sound.notes[1].text.contains("2 rates"))
    #expect(sound.featurizer.featureCount == 10)
  }

  /// A rate that is far below those of the training would ask for much memory.
  @Test func refusesEmptyAndUnlikeSequences() throws {
    #expect(throws: DataError.noText) { try SequenceFeaturizer.fit([], labels: nil, classCount: 2) }
    let empty = SequenceRecord(.series(NumericSeries(channels: ["x"], values: [])), origin: "1")
    #expect(throws: DataError.self) { try SequenceFeaturizer.fit([empty], labels: nil, classCount: 2) }
    var slow = try FixtureFile("sounds").bytes("pcm_16_1/file")
    slow.replaceSubrange(24..<28, with: [100, 0, 0, 0])
    let path = try folder.file("slow.wav", slow)
    let records = try records(.sound) + [SequenceRecord(.file(path), origin: path)]
    let error = #expect(throws: DataError.self) {
      try SequenceFeaturizer.fit(records, labels: nil, classCount: 2)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("found 100 Hz"))
  }
}
