#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentData
import RecurrentTestSupport
import Testing

/// Folders and archives.
@Suite struct RecordSourceTests {
  /// What was trained on says little: where no part is named test, that to validate is evaluated.
  @Test func thePartToEvaluate() {
    func source(_ parts: [DataPart?]) -> RecordSource {
      RecordSource(parts.map { Record(.text("x"), part: $0) })
    }
    let cases: [([DataPart?], Int, Bool)] = [
      ([.training, .validation, .test, .test], 2, false), ([.training, .training, .validation], 1, true),
      ([.training, .training], 2, false), ([.validation, .validation], 2, false),
      ([nil, nil, nil], 3, false),
      ([nil, .validation], 2, false),
    ]
    for (parts, count, isAssumed) in cases {
      let own = source(parts).evaluated
      #expect(own.count == count && (own.partNote != nil) == isAssumed, "\(parts)")
      #expect(own.selecting([0]).partNote == own.partNote)
    }
  }

  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func write(_ files: [String]) throws {
    for file in files {
      let parts = file.split(separator: "/").dropLast()
      try FileManager.default.createDirectory(
        atPath: ([folder.path] + parts.map(String.init)).joined(separator: "/"),
        withIntermediateDirectories: true)
      _ = try folder.file(file, Array(file.utf8))
    }
  }

  private func summary(_ source: RecordSource) throws -> [String] {
    try source.records().map { record in
      let content =
        switch record.content {
        case .text(let text): text
        case .file(let file): String(file.name.dropFirst(folder.path.utf8.count + 1))
        default: "?"
        }
      return "\(content) \(record.label ?? "-") \(record.part?.rawValue ?? "-")"
    }
  }

  @Test func aFolderForEachClass() throws {
    try write(["b/2.txt", "a/1.txt", "b/.hidden", "a/deeper/x", "README"])
    let records = try RecordSource(DataSource(folder.path))
    #expect(try summary(records) == ["a/1.txt a -", "b/2.txt b -"])
    #expect(records.name(0) == folder.path + "/a/1.txt")
    let parts = try RecordSource(DataSource(folder.path), part: .test)
    #expect(try summary(parts) == ["a/1.txt a test", "b/2.txt b test"])
  }

  @Test func foldersForParts() throws {
    try write(["train/a/1", "train/b/2", "Val/b/3", "test/a/4", "labels.csv"])
    let records = try RecordSource(DataSource(folder.path))
    #expect(
      try summary(records) == [
        "Val/b/3 b valid", "test/a/4 a test", "train/a/1 a train", "train/b/2 b train",
      ])
  }

  @Test func aFileForEachClass() throws {
    _ = try folder.file("polarity.neg", Array("bad \r\n\n worse".utf8))
    _ = try folder.file("polarity.pos", Array("\u{FEFF}good\n".utf8))
    let records = try RecordSource(DataSource(folder.path))
    #expect(try summary(records) == ["bad neg -", "worse neg -", "good pos -"])
    #expect(records.name(1) == folder.path + "/polarity.neg:3")
    #expect(records.notes.map(\.kind) == [.assumed])
    _ = try folder.file("other.txt", Array("x".utf8))
    #expect(try summary(RecordSource(DataSource(folder.path))).contains("x other -"))
  }

  @Test func filesWithoutClasses() throws {
    try write(["1.txt", "2.txt"])
    let records = try RecordSource(DataSource(folder.path), needsLabels: false)
    #expect(try summary(records) == ["1.txt - -", "2.txt - -"])
  }

  @Test func refusesFoldersThatTellNoClassesApart() throws {
    #expect(throws: DataError.empty(path: folder.path)) { try RecordSource(DataSource(folder.path)) }
    try write(["a/1"])
    #expect(throws: DataError.self) { try RecordSource(DataSource(folder.path)) }
    _ = try folder.file("b", [0xFF, 0xD8, 0xFF])
    let error = #expect(throws: DataError.self) { try RecordSource(DataSource(folder.path)) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("/b: byte 0"))
  }

  @Test func archivesOfTimeSeries() throws {
    let text = "@problemName P\n@classLabel true a b\n@data\n1,2,?:4,?,?:a\n1:2:b\n"
    let path = try folder.file("P_TRAIN.ts", Array(text.utf8))
    let records = try RecordSource(DataSource(path))
    #expect(
      (0..<2).map { records.label($0) } == ["a", "b"] && (0..<2).allSatisfy { records.part($0) == .training })
    guard case .series(let series) = try records.record(0).content else { throw CheckFailure("no series") }
    // the end of a shorter case is marked as missing
    #expect(series.channelCount == 2 && series.stepCount == 2)
    #expect(series.values.map { $0.isNaN ? -99 : $0 } == [1, 4, 2, -99])
    let test = try folder.file("P_test.ts", Array(text.utf8))
    #expect(try RecordSource(DataSource(test)).part(0) == .test)
  }

  private func picture() -> [UInt8] {
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 255, 102]
  }

  @Test(arguments: [false, true])
  func picturesBesideTheirLabels(_ readsPixels: Bool) throws {
    let path = try folder.file("t10k-images-idx3-ubyte", picture())
    _ = try folder.file("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 7, 3])
    let records = try RecordSource(DataSource(path), readsPixels: readsPixels)
    #expect((0..<2).map { records.label($0) } == ["7", "3"])
    guard case .series(let series) = try records.record(1).content else { throw CheckFailure("no series") }
    #expect(series.values == [1, 0.4] && series.channelCount == (readsPixels ? 1 : 2))
    #expect(records.notes.last?.setting == (readsPixels ? nil : "pixels"))
  }

  @Test(
    arguments: [
      [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], [0, 0, 13, 1, 0, 0, 0, 2, 0x7F, 0xC0, 0, 0, 0, 0, 0, 0],
      [0, 0, 13, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0x3F, 0, 0, 0], [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2],
    ] as [[UInt8]])
  func refusesWrongLabels(_ labels: [UInt8]) throws {
    let path = try folder.file("a-images-idx3-ubyte", picture())
    #expect(throws: DataError.self) { try RecordSource(DataSource(path)) }
    #expect(try RecordSource(DataSource(path), needsLabels: false).records().map(\.label) == [nil, nil])
    let labelPath = try folder.file("a-labels-idx1-ubyte", labels)
    let error = #expect(throws: DataError.self) { try RecordSource(DataSource(path)) }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(labelPath))
  }

  @Test func refusesPicturesOfOtherShapes() throws {
    for bytes in [[0, 0, 8, 1, 0, 0, 0, 1, 5], [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]] as [[UInt8]]
    {
      let path = try folder.file("x-images-idx3-ubyte", bytes)
      #expect(throws: DataError.self) { try RecordSource(DataSource(path), needsLabels: false) }
    }
  }

  /// Sources are put together and taken apart without reading any sequence.
  @Test func sourcesOfSources() throws {
    let table = try folder.file("t.csv", Array("text,label\na,x\nb,y\nc,x\n".utf8))
    let missing = RecordSource([Record(.file("no.wav"), label: "z", part: .test, origin: "no.wav")])
    var first = try RecordSource(DataSource(table))
    first.notes.append(DataNote(.found, "same"))
    var all = RecordSource.joined([first, missing.assigning(.validation), first])
    #expect(all.count == 7 && all.columns == first.columns)
    #expect(all.notes == first.notes)
    #expect((0..<7).map { all.label($0) } == ["x", "y", "x", "z", "x", "y", "x"])
    #expect((0..<7).map { all.part($0) } == [nil, nil, nil, .validation, nil, nil, nil])
    #expect(all.name(3) == "no.wav" && all.name(6) == "\(table):4")
    all = all.selecting([6, 3, 1])
    #expect(try all.record(0).content == .text("c") && all.record(2).content == .text("b"))
    #expect(try all.record(1).part == .validation && all.label(1) == "z")
    #expect(all.evaluated.count == 3 && all.selecting([0]).assigning(.test).part(0) == .test)
    #expect(RecordSource.joined([first, missing]).evaluated.count == 1)
  }

  /// Pieces of a table are read alone, and are what they are of the whole.
  @Test func piecesByTime() throws {
    let lines = (0..<10).map { "\(100 + 2 * $0),\($0),\($0 % 2 == 0 ? "a" : "b")" }
    let path = try folder.file("s.csv", Array(("time,x,label\n" + lines.joined(separator: "\n")).utf8))
    let source = try RecordSource(recordings: [DataSource(path)], events: nil)
    #expect(source.stepCount(0) == 10)
    let pieces = source.cut([0..<6, 6..<10])
    let whole = try source.record(0)
    #expect(pieces.count == 2 && pieces.stepCount(1) == 4)
    #expect(try pieces.records() == [whole.part(0..<6), whole.part(6..<10)])
    #expect(try pieces.clock(1) == pieces.record(1).clock && source.clock(0) == whole.clock)
    #expect(try pieces.record(1).clock?.start == 112 && pieces.record(1).stepLabels == ["a", "b", "a", "b"])
  }

  @Test func wordsForParts() {
    for part in DataPart.allCases { #expect(DataPart(word: part.rawValue.uppercased()) == part) }
    #expect(DataPart(word: "dev") == .validation && DataPart(word: "holdout") == nil)
  }
}
