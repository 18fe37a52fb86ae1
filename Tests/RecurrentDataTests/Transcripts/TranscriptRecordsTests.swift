import RecurrentData
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct TranscriptRecordsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func recordsInMemory() throws {
    let records = [Record(.text("x"), transcript: "one"), Record(.text("y"))]
    #expect(try RecordSource(transcripts: DataSource([records[0]], name: "m")).transcript(0) == "one")
    #expect(throws: DataError.self) { try RecordSource(transcripts: DataSource(records, name: "m")) }
    #expect(try RecordSource(transcripts: DataSource(records, name: "m"), needsTranscripts: false).count == 2)
    let value = try JSONValue(text: "{\"text\":\"a\",\"strokes\":[[[0,0],[1,1]]]}".utf8)
    let source = try RecordSource(transcripts: DataSource(value, name: "request"))
    guard case .strokes(let strokes) = try source.record(0).content else { throw CheckFailure("no strokes") }
    #expect(source.transcript(0) == "a" && strokes.pointCount == 2)
  }

  @Test func recordingsAlone() throws {
    try folder.write(sounds: ["x/a.wav", "x/b.wav"])
    let source = try RecordSource(transcripts: DataSource(folder.path), needsTranscripts: false)
    #expect(source.count == 2 && source.transcript(0) == nil)
    let one = try RecordSource(transcripts: DataSource(folder.path + "/x/a.wav"), needsTranscripts: false)
    #expect(one.count == 1)
    try folder.write([("t.csv", "file\nx/a.wav\n")])
    #expect(
      try RecordSource(transcripts: DataSource(folder.path + "/t.csv"), needsTranscripts: false).count == 1)
  }

  /// What is wrong with a file that is there is not that it is missing.
  @Test func kaldiFilesThatCannotBeRead() throws {
    try folder.write(sounds: ["a.wav"])
    try folder.write([("text", "a one\n"), ("wav.scp", "a a.wav\n")])
    try folder.write("utt2spk", [0x1F, 0x8B, 8, 0])
    #expect(throws: FormatError.self) { try RecordSource(transcripts: DataSource(folder.path)) }
  }

  @Test func charactersOutside() throws {
    let known = RecordSource([Record(.text(""), transcript: "abc "), Record(.text(""), transcript: "cd")])
    let others = RecordSource([
      Record(.text(""), origin: "t:1", transcript: "a d"),
      Record(.text(""), origin: "t:2", transcript: "naïve"),
    ])
    let characters = TranscriptCharacters(known)
    #expect(characters.sorted == [" ", "a", "b", "c", "d"] && characters.counts["c"] == 2)
    #expect(characters.note(on: known) == nil)
    let note = try #require(characters.note(on: others))
    #expect(note.kind == .warning && note.text.contains("1 of 2 transcripts") && note.text.contains("t:2"))
    #expect(note.text.contains("\"ï\""))
  }

  @Test func hashesTellTranscripts() throws {
    func hash(_ transcript: String?, _ segment: Range<Double>?) throws -> String {
      try DataSource([Record(.text("x"), transcript: transcript, segment: segment)], name: "m").hash()
    }
    #expect(
      Set([try hash(nil, nil), try hash("a", nil), try hash("a", 0..<1), try hash("", nil)]).count == 4)
  }

  @Test func segmentsOfPictures() throws {
    let frames = (0..<4).map { [UInt8](repeating: UInt8(20 * $0), count: 4) }
    let path = try folder.file("x.gif", gifFile(width: 2, height: 2, frames: frames))
    func read(_ segment: Range<Double>) throws -> FrameSequence {
      let content = try Record(.file(DataSource(path)), origin: "t:1", segment: segment).read()
      guard case .pictures(let pictures) = content else { throw CheckFailure("no pictures") }
      return pictures
    }
    // each is shown for 0.08 s
    #expect(try read(0..<0.08).frames == [frames[0].flatMap { [2 * $0, 2 * $0, 2 * $0] }])
    #expect(try read(0.08..<0.24).frames.count == 2 && read(0.1..<Double.infinity).durations.count == 3)
    for segment in [0.4..<0.5, -1..<0.1, 0..<2, 0.001..<0.002] as [Range<Double>] {
      let error = #expect(throws: DataError.self) { try read(segment) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("x.gif (t:1)"))
    }
    let record = Record(.file(DataSource(path)), segment: 0.08..<0.24)
    #expect(try PictureFeaturizer(height: 2, width: 2).stepCount(record) == 2)
  }

  @Test func segmentsOfSound() throws {
    let samples = (0..<1000).map { Float($0) / 1000 }
    let path = try folder.file("x.wav", waveFile(rate: 1000, samples: samples))
    func count(_ segment: Range<Double>) throws -> Int {
      guard case .sound(let sound) = try Record(.file(DataSource(path)), segment: segment).read() else {
        return 0
      }
      #expect(abs(sound.channels[0][0] - Float(segment.lowerBound)) < 0.001)
      return sound.count
    }
    #expect(try count(0.25..<0.5) == 250 && count(0.9..<1.4) == 100 && count(0.5..<Double.infinity) == 500)
    for segment in [1.0..<1.1, 0.5..<1.6, 0.1..<0.1001] as [Range<Double>] {
      #expect(throws: DataError.self) { try count(segment) }
    }
    #expect(throws: DataError.self) {
      try Record(.file(DataSource(text: "x", name: "t")), segment: 0..<1).read()
    }
  }
}
