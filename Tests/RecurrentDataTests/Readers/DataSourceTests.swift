import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// The same data from a path, from bytes and from JSON.
@Suite struct DataSourceTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Contents as they are in a file and in memory, where neither a name nor anybody says what they are.
  private func both(_ name: String, _ bytes: [UInt8]) throws -> [DataSource] {
    [DataSource(try folder.file(name, bytes)), DataSource(bytes: bytes, name: "<stdin>")]
  }

  private func content(_ name: String, _ bytes: [UInt8]) throws -> Record.Content {
    let contents = try both(name, bytes).map { try Record.Content(reading: $0) }
    #expect(contents[0] == contents[1])
    return contents[1]
  }

  @Test func bytesAreRecognisedByTheirContent() throws {
    let sound = try content("a.wav", FixtureFile("sounds").bytes("pcm_16_1/file"))
    #expect(sound.modality == .sound)
    let pictures = try content("b.gif", FixtureFile("pictures").bytes("one_colour/file"))
    #expect(pictures.modality == .pictures)
    #expect(try content("c.txt", Array("one line, of text\nand more".utf8)).modality == .text)
    #expect(try content("d.csv", Array("a,b\n1,2\n3,4\n".utf8)).modality == .series)
    #expect(try content("e.jsonl", Array("{\"a\": 1}\n{\"a\": 2}\n".utf8)).modality == .series)
    let zipped = try FixtureFile("binary_files").bytes("gzip/plain")
    #expect(try content("f.csv.gz", zipped).modality == .series)
    let path = folder.path + "/g.npy"
    try NPYWriter.write(ArrayEntry(name: "x", shape: [3], floats: [1, 2, 3]), to: path)
    let bytes = try DataBytes(DataSource(path)).withBytes { Array($0) }
    #expect(
      try Record.Content(reading: DataSource(path))
        == Record.Content(reading: DataSource(bytes: bytes, name: "-")))
  }

  @Test func theFormatOverrules() throws {
    let bytes = Array("a,b\n1,2\n".utf8)
    let text = try Record.Content(reading: DataSource(bytes: bytes, name: "-", format: .text))
    #expect(text == .text("a,b\n1,2\n"))
    let path = try folder.file("x.txt", bytes)
    let table = try Record.Content(reading: DataSource(path, format: .csv))
    #expect(table == .series(NumericSeries(channels: ["a", "b"], values: [1, 2])))
  }

  @Test func rawSoundNeedsARate() throws {
    let bytes: [UInt8] = [0, 0x40, 0, 0xC0]
    let source = DataSource(bytes: bytes, name: "<stdin>", format: .s16le, rate: 8000)
    #expect(try Record.Content(reading: source) == .sound(Sound(rate: 8000, channels: [[0.5, -0.5]])))
    let floats = [Float(0.25), -1].flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    let other = DataSource(bytes: floats, name: "<stdin>", format: .f32le, rate: 16_000)
    #expect(try Record.Content(reading: other) == .sound(Sound(rate: 16_000, channels: [[0.25, -1]])))
    let error = #expect(throws: DataError.self) {
      try Record.Content(reading: DataSource(bytes: bytes, name: "<stdin>", format: .s16le))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("<stdin>"))
  }

  @Test func valuesOfJSON() throws {
    let numbers = JSONValue.list([.number(1), .null, .number(3)])
    guard case .series(let series) = try Record.Content(reading: DataSource(numbers, name: "j")) else {
      throw CheckFailure("no series")
    }
    #expect(series.channelCount == 1 && series.values.map { $0.isNaN ? -99 : $0 } == [1, -99, 3])
    let steps = JSONValue.list([.list([.number(1), .number(2)]), .list([.number(3), .number(4)])])
    #expect(
      try Record.Content(reading: DataSource(steps, name: "j"))
        == .series(NumericSeries(channels: ["1", "2"], values: [1, 2, 3, 4])))
    #expect(try Record.Content(reading: DataSource(.text("a b"), name: "j")) == .text("a b"))
    for wrong in [JSONValue.list([.list([.number(1)]), .number(2), .text("x")]), .number(2), .bool(true)] {
      let error = #expect(throws: DataError.self) {
        try Record.Content(reading: DataSource(wrong, name: "j"))
      }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("j: "))
    }
  }

  /// A list of objects is the same as lines of JSON with them, for labelled sequences and for series.
  @Test func recordsAsLinesAndAsValues() throws {
    let lines = [
      "{\"text\": \"a b\", \"label\": \"x\", \"split\": \"train\"}",
      "{\"text\": \"c\", \"label\": \"y\", \"split\": \"test\"}",
    ]
    let values = try lines.map { try JSONValue(text: $0.utf8) }
    var sources = try both("t.jsonl", Array(lines.joined(separator: "\n").utf8))
    sources += [DataSource(.list(values), name: "list")]
    let file = try folder.file("t.json", Array("[\(lines.joined(separator: ","))]".utf8))
    sources += [DataSource(file)]
    for source in sources {
      let records = try RecordSource(source)
      #expect(try records.records().map(\.content) == [.text("a b"), .text("c")])
      #expect((0..<2).map { records.label($0) } == ["x", "y"] && records.part(1) == .test)
      #expect(records.name(1).hasPrefix(source.name))
    }
    let one = try RecordSource(DataSource(values[0], name: "one"))
    #expect(one.count == 1 && one.label(0) == "x")
    let rows = (0..<5).map { JSONValue.object(["t": .number(Double($0)), "y": .number(Double($0 * $0))]) }
    let table = try SeriesTable(DataSource(.list(rows), name: "rows"))
    let text = "t,y\n" + (0..<5).map { "\($0),\($0 * $0)\n" }.joined()
    for source in try both("y.csv", Array(text.utf8)) {
      let other = try SeriesTable(source)
      #expect(other.series == table.series && other.columns == table.columns)
    }
  }

  @Test func oneSequenceWithoutAClass() throws {
    for source in [
      DataSource(bytes: Array("a fine film".utf8), name: "-"), DataSource(.text("a fine film"), name: "j"),
    ] {
      let records = try RecordSource(source, needsLabels: false)
      #expect(try records.records().map { try $0.read() } == [.text("a fine film")])
      #expect(throws: DataError.self) { try RecordSource(source) }
    }
    let series = try RecordSource(DataSource(.list([.number(1), .number(2)]), name: "j"), needsLabels: false)
    #expect(try series.record(0).read() == .series(NumericSeries(channels: ["1"], values: [1, 2])))
  }

  @Test func recordingsFromMemory() throws {
    let table = Array("x,label\n1,a\n2,b\n3,a\n".utf8)
    let words = Array("the D\ncat N\n\na D\ndog N\n".utf8)
    for (name, bytes, count) in [("a.csv", table, 1), ("b.conll", words, 2)] {
      let found = try both(name, bytes).map {
        try RecordSource(recordings: [$0], events: nil).records().map { ($0.content, $0.stepLabels) }
      }
      #expect(found[0].count == count && found[1].count == count)
      for (a, b) in zip(found[0], found[1]) { #expect(a.0 == b.0 && a.1 == b.1 && a.1 != nil) }
    }
    let events = DataSource(bytes: Array("start,label\n1,e\n".utf8), name: "<events>")
    let signal = DataSource(bytes: Array("x,y\n1,2\n2,3\n3,4\n".utf8), name: "<signal>")
    let record = try RecordSource(recordings: [signal], events: events).record(0)
    #expect(record.events == [LabelledEvent(label: "e", start: 1)] && record.origin == "<signal>")
    let outside = DataSource(bytes: Array("start,label\n9,e\n".utf8), name: "<events>")
    let error = #expect(throws: DataError.self) {
      try RecordSource(recordings: [signal], events: outside)
    }
    #expect(error?.description.contains("<events>: line 2") ?? false)
    #expect(error?.description.contains("<signal>") ?? false)
  }

  @Test func namesStandInErrors() throws {
    for source in try both("t.csv", Array("a,b\n1,2\n3,4,5\n".utf8)) {
      let error = #expect(throws: DataError.self) {
        try Record.Content(
          reading: DataSource(bytes: Array("a,b\n1,2\n3,4,5\n".utf8), name: source.name, format: .csv))
      }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("\(source.name): line 3"))
    }
    #expect(throws: DataError.empty(path: "<stdin>")) {
      try RecordSource(DataSource(bytes: [], name: "<stdin>"))
    }
  }

  @Test func textsAreReadFromMemory() throws {
    let sources = [
      DataSource(bytes: Array("\u{FEFF}ä".utf8), name: "-"), DataSource(.text("b"), name: "j"),
      DataSource(try folder.file("c.txt", Array("\u{FEFF}c".utf8))),
    ]
    var bytes: [UInt8] = []
    try UTF8TextReader(sources).forEachChunk { bytes += $0 }
    #expect(String(decoding: bytes, as: UTF8.self) == "äbc")
    #expect(throws: DataError.invalidUTF8(path: "-", byteOffset: 1, byte: 0xFF)) {
      try UTF8TextReader([DataSource(bytes: [0x41, 0xFF], name: "-")]).forEachChunk { _ in }
    }
  }
}
