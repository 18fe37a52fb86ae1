import RecurrentData
import RecurrentTestSupport
import Testing

/// Data files that are sound but for sizes that cannot be: each is read, or refused in a line that names it.
@Suite struct StructuredReaderDamageTests {
  @Test func arraysOfMNIST() throws {
    func file(_ type: UInt8, _ extents: [Int]) -> [UInt8] {
      let bytes = extents.flatMap { Archives.little($0, 4).reversed() }
      return [0, 0, type, UInt8(extents.count)] + bytes + [UInt8](repeating: 1, count: 8)
    }
    let numbers = [0, 1, 2, 1 << 31 - 1, 1 << 32 - 1]
    var files: [[UInt8]] = []
    for first in numbers {
      for second in numbers {
        for rank in 2...8 {
          files.append(file(8, [first, second] + [Int](repeating: 1 << 32 - 1, count: rank - 2)))
          files.append(file(14, [Int](repeating: first, count: rank - 1) + [second]))
        }
      }
    }
    try checkStructure(files, naming: "x.idx") { bytes in
      let file = try IDXFile(DataBytes(bytes, path: "x.idx"))
      // rows of a shape that was accepted can be counted and read
      for row in 0..<file.shape[0] { _ = file.row(row) }
    }
  }

  @Test(arguments: ["pcm_16_2", "extensible"]) func sounds(_ name: String) throws {
    let bytes = Array(try FixtureFile("sounds").bytes("\(name)/file").prefix(200))
    try checkStructure(damagedNumbers(bytes), naming: "x.wav") {
      _ = try WaveFile.read(DataBytes($0, path: "x.wav")).mono
    }
  }

  @Test(arguments: ["mono_24", "stereo_left"]) func losslessSounds(_ name: String) throws {
    let bytes = Array(try FixtureFile("flac").bytes("\(name)/file").prefix(300))
    try checkStructure(damagedNumbers(bytes), naming: "x.flac") {
      _ = try FLACFile.read(DataBytes($0, path: "x.flac")).mono
    }
  }

  /// A window every 10 ms is one for each sample of a slow sound, hundreds of bytes for one.
  @Test func slowSoundsHaveALimit() throws {
    let count = 1 << 20
    let head =
      Array("RIFF".utf8) + Archives.little(36 + count, 4) + Array("WAVEfmt ".utf8) + Archives.little(16, 4)
      + Archives.little(1, 2) + Archives.little(1, 2) + Archives.little(50, 4) + Archives.little(50, 4)
      + Archives.little(1, 2) + Archives.little(8, 2) + Array("data".utf8) + Archives.little(count, 4)
    let folder = try ScratchFolder()
    let path = try folder.file("slow.wav", head + [UInt8](repeating: 128, count: count))
    let records = [Record(.file(DataSource(path)), origin: "table.csv:2")]
    let error = #expect(throws: DataError.self) {
      try SequenceFeaturizer.fit(RecordSource(records), labels: nil, classCount: 0)
    }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("\(path) (table.csv:2)") && text.contains(ExpansionLimit.variable), "\(text)")
  }

  @Test(arguments: ["disposal_mixed", "interlaced_5"]) func pictures(_ name: String) throws {
    let bytes = try FixtureFile("pictures").bytes("\(name)/file")
    try checkStructure(damagedNumbers(bytes, most: 3000), naming: "x.gif") {
      _ = try GIFFile.read(DataBytes($0, path: "x.gif"))
    }
  }

  @Test func tables() throws {
    let table = Array("a;b\n1;2\n3;\"4\"\n".utf8)
    let files = damagedNumerals(table) + [Array(table.prefix(12)) + [UInt8](repeating: 0x22, count: 100_001)]
    try checkStructure(files, naming: "x.csv") { bytes in
      let file = try DelimitedFile(DataBytes(bytes, path: "x.csv"))
      for record in 0..<file.count { _ = try file.record(record) }
    }
  }

  @Test func linesOfJSON() throws {
    let line = Array("{\"a\": [1, 2.5e3], \"b\": {\"c\": -4}}\n".utf8)
    var files = damagedNumerals(line)
    for open in ["[", "{\"a\":", "[{\"a\":"] {
      for depth in [10, 511, 512, 100_000] {
        let nest = String(repeating: open, count: depth)
        files.append(Array("{\"x\":\(nest)".utf8))
        files.append(Array("{\"x\":\(nest)1}".utf8))
      }
    }
    try checkStructure(files, naming: "x.jsonl") { bytes in
      let file = try JSONLinesFile(DataBytes(bytes, path: "x.jsonl"))
      for index in 0..<file.count { _ = try file.object(index) }
    }
  }

  /// Nesting costs time in proportion to its depth: lists that are not closed were tried again at every level.
  @Test func nestedJSONIsReadInLinearTime() throws {
    let clock = ContinuousClock()
    let file = try JSONLinesFile(
      DataBytes(Array("{\"x\":\(String(repeating: "[{\"a\":", count: 250))\n".utf8), path: "x.jsonl"))
    let start = clock.now
    #expect(throws: DataError.self) { try file.object(0) }
    #expect(clock.now - start < .seconds(2))
    let error = #expect(throws: DataError.self) {
      try JSONLinesFile(
        DataBytes(Array("{\"x\":\(String(repeating: "[", count: 600))".utf8), path: "x.jsonl")
      ).object(0)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("at most 512 values in each other"))
  }

  @Test func aKeyThatOccursTwiceIsRefused() throws {
    let file = try JSONLinesFile(DataBytes(Array("{\"a\": 1, \"a\": 2}".utf8), path: "x.jsonl"))
    let error = #expect(throws: DataError.self) { try file.object(0) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("\"a\" a second time"))
  }

  @Test(arguments: ["x.tsv", "x.csv", "x.jsonl"]) func parallelText(_ name: String) throws {
    let texts = [
      "x.tsv": "en\tde\n\"a \"\"1\"\"\"\t2\n3\t\n", "x.csv": "source;target\n1,5;2\n\"3;\n4\";\n",
      "x.jsonl": "{\"source\": \"1\", \"target\": [\"2\", \"3\"]}\n{\"source\": null, \"target\": \"4\"}\n",
    ]
    let text = Array((texts[name] ?? "").utf8)
    let cuts = (1..<text.count).map { Array(text.prefix($0)) }
    try checkStructure(Array(damagedNumbers(text, most: 1000)) + damagedNumerals(text) + cuts, naming: name) {
      let corpus = try ParallelCorpus(reading: [DataSource(bytes: $0, name: name)])
      for index in 0..<corpus.count { _ = corpus[index] }
      #expect(corpus.completeIndices.count + corpus.gaps.count == corpus.count)
    }
  }

  @Test func taggedWords() throws {
    let texts = [
      "U.S. NNP\n's POS\n$5 CD\n\nA DT\n", "# id = 1\n# NN\n1\tx\ta\n", "-DOCSTART- O\n\na O\n", "\n\n\n",
      "a\n",
      "a b\nc\n", "\u{FEFF}é NN\r\nö NN\r\n\r\n", String(repeating: "w T\n", count: 20_000),
      String(repeating: "w ", count: 5000) + "\n", "\t\t\na\tb\n",
    ]
    try checkStructure(texts.map { Array($0.utf8) }, naming: "x.conll") { bytes in
      let file = try CoNLLFile(DataBytes(bytes, path: "x.conll"))
      for sentence in file.sentences { #expect(sentence.words.count == sentence.tags.count) }
    }
  }

  @Test func archivesOfSeries() throws {
    let text = Array("@problemName a\n@classLabel true 1 2\n@data\n1,2,?:1\n3,4,5:2\n".utf8)
    try checkStructure(damagedNumerals(text), naming: "x.ts") {
      _ = try TimeSeriesArchiveFile(DataBytes($0, path: "x.ts"))
    }
  }
}
