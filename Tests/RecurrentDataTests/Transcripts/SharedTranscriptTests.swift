import RecurrentData
import RecurrentTestSupport
import Testing

/// Real data, where a folder with them is at hand.
@Suite(.enabled(if: sharedData != nil, "\(needsSharedData)"))
struct SharedTranscriptTests {
  private func read(_ path: String) throws -> RecordSource {
    try RecordSource(transcripts: DataSource((sharedData ?? "") + "/" + path))
  }

  private func count(_ source: RecordSource, _ part: DataPart) -> Int {
    (0..<source.count).count { source.part($0) == part }
  }

  @Test(
    arguments: [
      ("speech/grid-s1-audio", 150, 20), ("speech/grid-s1-audio-more", 548, 20),
      ("video/grid-s1-captions-gif", 397, 30),
    ])
  func sentences(_ path: String, _ all: Int, _ validation: Int) throws {
    let source = try read(path)
    #expect(source.count == all && count(source, .validation) == validation)
    for index in stride(from: 0, to: all, by: 13) {
      let record = try source.record(index)
      let words = try #require(record.transcript).split(separator: " ").map(String.init)
      #expect(words.count == 6 && record.events?.map(\.label) == words)
      let events = record.events ?? []
      #expect(events.allSatisfy { $0.start >= 0 && $0.end > $0.start && $0.end <= 3.2 })
    }
    switch try source.record(0).read() {
    case .sound(let sound): #expect(sound.rate == 8000)
    case .pictures(let pictures): #expect(pictures.frames.count == 38)
    default: throw CheckFailure("neither sound nor pictures")
    }
  }

  @Test func digits() throws {
    for path in ["speech/fsdd", "speech/fsdd/labels.csv"] {
      let source = try read(path)
      #expect(source.count == 900 && count(source, .test) == 300)
      #expect(Set((0..<900).compactMap { source.transcript($0) }).count == 10)
      #expect(Set((0..<900).compactMap { source.group($0) }).count == 6)
    }
  }

  @Test func handwriting() throws {
    for path in ["handwriting/lines-unipen", "handwriting/lines-unipen/lines.jsonl.gz"] {
      let source = try read(path)
      #expect(source.count == 1937 && count(source, .training) == 1498 && count(source, .test) == 439)
      #expect(Set((0..<source.count).compactMap { source.group($0) }).count == 13)
      #expect(TranscriptCharacters(source).sorted.count == 79)
      #expect(!source.notes.contains { $0.kind == .warning })
      var points = 0
      for index in stride(from: 0, to: source.count, by: 100) {
        guard case .strokes(let strokes) = try source.record(index).content else {
          throw CheckFailure("no strokes")
        }
        points += strokes.pointCount
      }
      #expect((200...900).contains(points / 20))
    }
  }

  @Test(arguments: [
    "handwriting/inkml", "strokes/quickdraw/train.ndjson", "handwriting/characters-unipen/digits.jsonl.gz",
  ])
  func otherStrokes(_ path: String) throws {
    let source = try read(path)
    #expect(source.count >= 2)
    for index in 0..<min(source.count, 20) {
      guard case .strokes(let strokes) = try source.record(index).read() else {
        throw CheckFailure("no strokes")
      }
      #expect(strokes.pointCount > 3 && source.transcript(index)?.isEmpty == false)
    }
  }
}
