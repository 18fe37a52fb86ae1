import RecurrentData
import RecurrentTestSupport
import Testing

/// Rows that are parts of their files.
@Suite struct TranscriptSegmentTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(_ name: String = "") throws -> RecordSource {
    try RecordSource(transcripts: DataSource(folder.path + name))
  }

  @Test func segmentsOfATable() throws {
    try folder.write(sounds: ["a.wav"])
    try folder.write([
      ("t.csv", "file,start,end,text\na.wav,0,0.05,one\na.wav,0.05,0.1,two\n"),
      ("n.jsonl", "{\"audio_filepath\":\"a.wav\",\"offset\":0.025,\"duration\":0.05,\"text\":\"three\"}\n"),
    ])
    let records = try read("/t.csv").records() + read("/n.jsonl").records()
    #expect(records.map(\.segment) == [0..<0.05, 0.05..<0.1, 0.025..<0.025 + 0.05])
    for record in records {
      guard case .sound(let sound) = try record.read() else { throw CheckFailure("no sound") }
      #expect(sound.count == 400)
    }
  }

  @Test func emptySegmentsAreWholeFiles() throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    try folder.write([("t.csv", "file,start,end,text\na.wav,0,0.05,one\nb.wav,,,two\n")])
    let segments: [Range<Double>?] = [0..<0.05, nil]
    #expect(try read("/t.csv").records().map(\.segment) == segments)
  }

  @Test(arguments: ["a.wav,,0.05,,two", "a.wav,,,0.05,two", "a.wav,0.05,,,two"])
  func unfinishedSegments(_ row: String) throws {
    try folder.write(sounds: ["a.wav"])
    try folder.write([("t.csv", "file,start,end,duration,text\na.wav,0,0.05,,one\n" + row + "\n")])
    let error = #expect(throws: DataError.self) { try read("/t.csv") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("t.csv: line 3, column \"start\""))
  }

  /// A segment has the words that are said in it, in its own time.
  @Test func wordsOfSegments() throws {
    try folder.write(sounds: ["a.wav"])
    try folder.write([
      ("t.csv", "file,start,end,text\na.wav,0,0.05,one\na.wav,0.05,0.1,two three\n"),
      (
        "words.csv",
        "file,word,start_s,end_s\na.wav,one,0.01,0.02\na.wav,two,0.048,0.06\na.wav,three,0.07,0.09\n"
      ),
    ])
    let source = try read()
    #expect(source.events(0) == [LabelledEvent(label: "one", start: 0.01, end: 0.02)])
    #expect(source.events(1)?.map(\.label) == ["two", "three"])
    let times = try source.record(1).events?.flatMap { [$0.start, $0.end] } ?? []
    #expect(times.count == 4 && zip(times, [0, 0.01, 0.02, 0.04]).allSatisfy { abs($0 - $1) < 1e-9 })
  }
}
