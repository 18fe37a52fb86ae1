import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct TranscriptLayoutTests {
  private let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  private func read(_ name: String = "", columns: TranscriptColumns = .init()) throws -> RecordSource {
    try RecordSource(
      transcripts: DataSource(name.isEmpty ? folder.path : folder.path + "/" + name), columns: columns)
  }

  /// The error of a source, which names a file and a line.
  private func refused(_ name: String = "", _ parts: String...) {
    let error = #expect(throws: DataError.self) { try read(name) }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(parts.allSatisfy(text.contains) && !text.contains("\n") && text.contains(folder.path), "\(text)")
  }

  private func check(
    _ source: RecordSource, _ layout: TranscriptLayout, _ texts: [String], groups: [String?]? = nil,
    parts: [DataPart?]? = nil
  ) throws {
    #expect(source.layout == layout && source.count == texts.count)
    let records = try source.records()
    #expect(records.map(\.transcript) == texts && (0..<source.count).map(source.transcript) == texts)
    if let groups {
      #expect(records.map(\.group) == groups && (0..<source.count).map(source.group) == groups)
    }
    if let parts { #expect(records.map(\.part) == parts && (0..<source.count).map(source.part) == parts) }
    for record in records {
      #expect(record.origin.hasPrefix(folder.path))
      if case .sound(let sound) = try record.read() { #expect(sound.count > 0) }
    }
  }

  // MARK: Tables

  @Test(
    arguments: [
      ("t.csv", "file,text\na.wav,one\nb.wav,\"two, three\"\n"),
      ("t.tsv", "audio\tsentence\na.wav\tone\nb.wav\ttwo, three\n"),
      (
        "t.jsonl",
        "{\"audio_filepath\":\"a.wav\",\"text\":\"one\"}\n{\"audio_filepath\":\"b.wav\",\"text\":\"two, three\"}\n"
      ),
      ("t.tsv", "a.wav\tone\nb.wav\ttwo, three\n"),
      ("t.csv", "transcript;path\none;a.wav\n\"two, three\";b.wav\n"),
    ])
  func tables(_ name: String, _ text: String) throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    try folder.write([(name, text)])
    try check(read(name), .table, ["one", "two, three"])
    try check(read(), .table, ["one", "two, three"])
  }

  @Test func digitsAreTexts() throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    try folder.write([("t.csv", "file,text,speaker,split\na.wav,12,x,train\nb.wav,\"1,005\",y,dev\n")])
    try check(
      read("t.csv"), .table, ["12", "1,005"], groups: ["x", "y"], parts: [.training, .validation])
    let named = try read("t.csv", columns: TranscriptColumns(input: "file", transcript: "speaker"))
    #expect(named.transcript(1) == "y")
  }

  /// Files of other kinds that have the name of a column, or of a field, are no recordings.
  @Test func recordingsAreToldByTheirEndings() throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    try folder.write([
      ("text", "x"), ("readme", "x"), ("t.csv", "file,text\na.wav,one\nb.wav,two\n"),
      ("n.csv", "note,source,said,text\nreadme,a.wav,x,one\nother,b.wav,y,two\n"),
    ])
    for name in ["t.csv", "n.csv"] { try check(read(name), .table, ["one", "two"]) }
  }

  @Test func timesOfWords() throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    try folder.write([
      ("t.csv", "file,text\na.wav,one two\nb.wav,three\n"),
      ("words.csv", "file,word,start_s,end_s\na.wav,one,0.01,0.02\na.wav,two,0.03,0.05\n"),
    ])
    let source = try read()
    #expect(source.count == 2 && source.events(0)?.map(\.label) == ["one", "two"] && source.events(1) == nil)
    #expect(try source.record(0).events?.map(\.end) == [0.02, 0.05])
    // of a table alone that beside it is found by its name
    let beside = try read("t.csv")
    #expect(beside.events(0)?.count == 2)
    #expect(beside.notes.contains { $0.setting == "word-times" && $0.text.contains("words.csv") })
    try folder.write([("others.csv", "file,word,start_s,end_s\na.wav,one,0.01,0.02\n")])
    let named = try RecordSource(
      transcripts: DataSource(folder.path + "/t.csv"), words: DataSource(folder.path + "/others.csv"))
    #expect(named.events(0)?.count == 1)
    refused("words.csv", "transcript-column")
  }

  @Test func deepSpeech() throws {
    try folder.write(sounds: ["wav/a.wav", "b.wav"])
    try folder.write([
      ("train.csv", "wav_filename,wav_filesize,transcript\nwav/a.wav,1644,one two\n"),
      ("dev.csv", "wav_filename,wav_filesize,transcript\nb.wav,1644,three\n"),
    ])
    try check(read("train.csv"), .deepSpeech, ["one two"])
    try check(read(), .deepSpeech, ["three", "one two"], parts: [.validation, .training])
  }

  @Test func commonVoice() throws {
    try folder.write(sounds: ["clips/a.wav", "clips/b.wav", "clips/c.wav"])
    let head = "client_id\tpath\tsentence\tup_votes\tdown_votes\n"
    try folder.write([
      ("train.tsv", head + "s1\ta.wav\tHe said \"no\" twice.\t2\t0\n"),
      ("test.tsv", head + "s2\tb.wav\tZwei\t2\t0\n"),
      ("validated.tsv", head + "s1\ta.wav\tHe said \"no\" twice.\t2\t0\ns2\tb.wav\tZwei\t2\t0\n"),
    ])
    let source = try read()
    try check(
      source, .commonVoice, ["Zwei", "He said \"no\" twice."], groups: ["s2", "s1"],
      parts: [.test, .training])
    #expect(
      source.notes.contains {
        $0.kind == .warning && $0.text.contains("1 of 3 recordings have no transcript")
      })
    try folder.write([("test.tsv", head + "s1\tb.wav\tZwei\t2\t0\n")])
    #expect(try read().notes.contains { $0.text.contains("more than one part, \"s1\"") })
  }

  // MARK: Folders

  @Test func ljSpeech() throws {
    try folder.write(sounds: ["wavs/LJ001-0001.wav", "wavs/LJ001-0002.wav"])
    try folder.write([
      (
        "metadata.csv",
        "LJ001-0001|\"Printing\" in 1450|\"Printing\" in fourteen fifty\nLJ001-0002|a, b|a, b\n"
      )
    ])
    for name in ["", "metadata.csv"] {
      try check(read(name), .ljSpeech, ["\"Printing\" in fourteen fifty", "a, b"])
    }
    try folder.write([("metadata.csv", "LJ001-0001|one|one\nLJ001-0003|two|two\n")])
    refused("", "metadata.csv: line 2", "wavs/LJ001-0003.wav")
    try folder.write([("metadata.csv", "LJ001-0001|one|one\nLJ001-0002\n")])
    refused("", "metadata.csv: line 2", "id|text")
  }

  @Test func libriSpeech() throws {
    try folder.write(sounds: [
      "train-clean-5/103/1240/103-1240-0000.wav", "dev-clean/84/121/84-121-0000.wav",
      "dev-clean/84/121/84-121-0001.wav",
    ])
    try folder.write([
      ("train-clean-5/103/1240/103-1240.trans.txt", "103-1240-0000 CHAPTER ONE\n"),
      ("dev-clean/84/121/84-121.trans.txt", "84-121-0000 GO  ON\r\n84-121-0001\n"),
    ])
    let source = try read()
    try check(
      source, .libriSpeech, ["GO  ON", "", "CHAPTER ONE"], groups: ["84", "84", "103"],
      parts: [.validation, .validation, .training])
    #expect(source.notes.contains { $0.kind == .warning && $0.text.contains("1 of 3 transcripts are empty") })
    let chapter = try read("dev-clean/84/121/84-121.trans.txt")
    #expect(chapter.count == 2 && chapter.transcript(0) == "GO  ON")
    try folder.write([("dev-clean/84/121/84-121.trans.txt", "84-121-0000 A\n84-121-0009 B\n84-121-0010 C\n")])
    refused("", "84-121.trans.txt: line 2", "84-121-0009.flac", "2 of 4 are missing")
    try folder.write([("dev-clean/84/121/84-121.trans.txt", "84-121-0000 A\n84-121-0000 B\n")])
    refused("", "84-121.trans.txt: line 2", "again", "line 1")
  }

  @Test func kaldi() throws {
    try folder.write(sounds: ["sound/a.wav", "sound/b.wav"])
    try folder.write([
      ("train/text", "s1-a one two\ns2-b three\n"), ("train/wav.scp", "a ../sound/a.wav\nb ../sound/b.wav\n"),
      ("train/segments", "s1-a a 0.0 0.05\ns2-b b 0.01 -1\n"), ("train/utt2spk", "s1-a s1\ns2-b s2\n"),
      ("test/text", "a one\n"), ("test/wav.scp", "a ../sound/a.wav\nb ../sound/b.wav\n"),
    ])
    let source = try read()
    try check(
      source, .kaldi, ["one", "one two", "three"], groups: [nil, "s1", "s2"],
      parts: [.test, .training, .training])
    #expect(try source.record(2).segment == 0.01..<Double.infinity)
    guard case .sound(let sound) = try source.record(2).read() else { throw CheckFailure("no sound") }
    #expect(sound.count == 720)
    #expect(source.notes.contains { $0.text.contains("1 utterances") && $0.text.hasSuffix("left out: b") })
    try check(read("test"), .kaldi, ["one"])
  }

  @Test(
    arguments: [
      ("wav.scp", "a sox a.wav -t wav - |\n", "line 1: expected the path of a file for \"a\""),
      ("wav.scp", "a\n", "line 1"),
      ("wav.scp", "a a.wav\na a.wav\n", "line 2"), ("text", "a one\nc two\n", "line 2"),
      ("text", "a one\na two\n", "line 2"),
      ("segments", "a a 0 1 2\n", "line 1"), ("segments", "a a 2 1\n", "line 1"),
      ("segments", "a z 0 1\n", "line 1"),
      ("segments", "a a nan 1\n", "line 1"), ("utt2spk", "a\n", "line 1"),
      ("segments", "a a 0 0.05\na a 0 0.04\n", "line 2"), ("utt2spk", "a x\na y\n", "line 2"),
      ("segments", "a a 0x0 0x1p-4\n", "line 1"),
      ("wav.scp", "a other.wav\n", "line 1"),
    ])
  func kaldiErrors(_ name: String, _ text: String, _ part: String) throws {
    try folder.write(sounds: ["a.wav"])
    try folder.write([("text", "a one\n"), ("wav.scp", "a a.wav\n"), (name, text)])
    refused("", part)
  }

  /// A command that would leave a file behind if it ran.
  @Test func commandsAreNotRun() throws {
    let mark = folder.path + "/ran"
    try folder.write([("text", "a one\n"), ("wav.scp", "a touch \(mark) |\n")])
    refused("", "wav.scp", "never run")
    #expect(!DataFolder.exists(mark))
  }

  @Test func alignments() throws {
    try folder.write(sounds: ["s1/bbaf2n.wav"])
    try folder.write([
      ("align/s1/bbaf2n.align", "0 1000 sil\n1000 1500 bin\n1500 2000 sp\n2000 2250 blue\n2250 2500 sil\n")
    ])
    let source = try read()
    try check(source, .alignments, ["bin blue"])
    #expect(
      try source.record(0).events == [
        LabelledEvent(label: "bin", start: 0.04, end: 0.06),
        LabelledEvent(label: "blue", start: 0.08, end: 0.09),
      ])
    try folder.write([("align/s1/other.align", "0 10 a\n")])
    refused("", "other.align: line 1", "none")
    try folder.write([("align/s1/other.align", "0x0 0x10 a\n")])
    refused("", "other.align: line 1", "by time")
    try folder.write([("align/s1/other.align", "0 10 a\n5 b\n")])
    refused("", "other.align: line 2")
  }

  @Test func strokes() throws {
    let lines = """
      {"id":"1","writer":"w","label":"ab","split":"test","strokes":[[[0,0],[1,2]],[[3,3]]]}
      {"id":"2","writer":"v","label":"","split":"train","strokes":[[[0,0,17],[1,2,18]]]}
      """
    try folder.write([("lines.jsonl", lines), ("some.jsonl", String(lines.split(separator: "\n")[0]))])
    let source = try read("lines.jsonl")
    try check(source, .strokeLines, ["ab", ""], groups: ["w", "v"], parts: [.test, .training])
    #expect(
      try source.record(0).content
        == .strokes(StrokeSequence([[.init(0, 0), .init(1, 2)], [.init(3, 3)]], isUpward: true)))
    // a sample beside the whole
    #expect(try read().count == 2)
    let drawing = "{\"word\":\"cat\",\"drawing\":[[[0,5],[1,6]],[[2],[2],[9]]]}\n"
    try folder.write([("cats.ndjson", drawing)])
    let cats = try read("cats.ndjson")
    #expect(cats.transcript(0) == "cat")
    #expect(
      try cats.record(0).content
        == .strokes(StrokeSequence([[.init(0, 1), .init(5, 6)], [.init(2, 2)]], isUpward: false)))
  }

  @Test(
    arguments: [
      "{\"label\":\"a\",\"strokes\":[[[0,0]],[]]}", "{\"label\":\"a\",\"strokes\":[]}",
      "{\"label\":\"a\",\"strokes\":[[[0]]]}", "{\"label\":\"a\",\"strokes\":[[[0,1e10]]]}",
      "{\"strokes\":[[[0,0]]]}", "{\"label\":[],\"strokes\":[[[0,0]]]}",
      "{\"label\":\"a\",\"drawing\":[[[0,1],[0]]]}",
      "{\"label\":\"a\",\"split\":\"x\",\"strokes\":[[[0,0]]]}", "{\"label\":\"a\",",
      "{\"label\":\"a\\u0007\",\"strokes\":[[[0,0]]]}",
    ])
  func strokeErrors(_ line: String) throws {
    try folder.write([("l.jsonl", "{\"label\":\"a\",\"strokes\":[[[0,0]]]}\n" + line + "\n")])
    refused("l.jsonl", "l.jsonl: line 2")
  }

  @Test func inkML() throws {
    try folder.write([
      (
        "train/a.inkml",
        "<ink><annotation type=\"truth\">$x$</annotation><annotation type=\"writer\">w</annotation><trace>0 0, 1 1</trace></ink>"
      ),
      ("b.inkml", "<ink><annotation type=\"transcription\">a &amp; b</annotation><trace>0 0</trace></ink>"),
    ])
    try check(read(), .inkML, ["a & b", "$x$"], groups: [nil, "w"], parts: [nil, .training])
    try check(read("b.inkml"), .inkML, ["a & b"])
    try folder.write([("b.inkml", "<ink><trace>0 0</trace></ink>")])
    refused("", "b.inkml: line 1", "annotation")
  }

  @Test func errors() throws {
    try folder.write(sounds: ["a.wav", "b.wav"])
    for (text, parts) in [
      ("file,text\na.wav,one\na.wav,two\n", ["line 3", "again"]),
      ("file,text\na.wav,one\nc.wav,two\n", ["line 3", "c.wav"]),
      ("file,text\na.wav,o\u{1}ne\n", ["line 2", "U+1"]),
      ("file,text,split\na.wav,one,other\n", ["line 2", "train, valid or test"]),
    ] {
      try folder.write([("t.csv", text)])
      refused("t.csv", "t.csv: " + parts[0], parts[1])
    }
    try folder.write("t.csv", Array("file,text\na.wav,é".utf8) + [0xFF, 0x0A])
    refused("t.csv", "t.csv: byte 18")
    try folder.write([("t.csv", "x,y\n1,2\n")])
    refused("t.csv", "transcript-column")
    refused("a.wav", "transcripts")
  }
}
