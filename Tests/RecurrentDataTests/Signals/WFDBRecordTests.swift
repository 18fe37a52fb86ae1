import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct WFDBRecordTests {
  @Test(arguments: [
    "format_16", "format_212", "format_80", "format_24", "format_32", "format_61", "format_160", "format_310",
    "format_311", "bare_head", "full_head", "fast_signal", "skew", "segments",
  ])
  func readsAsWFDBDoes(_ name: String) throws {
    let fixture = try SignalFixture(name)
    let record = try WFDBRecord(fixture.source)
    try fixture.check(record)
    #expect(record.frameRate == fixture.number("rate"))
    // heads by hand have no sums
    guard ["format_16", "format_212", "format_80", "format_24", "format_32", "segments"].contains(name) else {
      return
    }
    #expect(try record.damages() == [])
  }

  @Test func readsDifferences() throws {
    let folder = try ScratchFolder()
    _ = try folder.file("d.hea", Array("d 1 10 5\nd.dat 8 10 8 0 7 28 0 x\n".utf8))
    _ = try folder.file("d.dat", [0, 1, 0xFF, 0xFE, 3])
    let record = try WFDBRecord(DataSource(folder.path + "/d").resolved)
    #expect(try record.samples(of: 0, 0..<5) == [0.7, 0.8, 0.7, 0.5, 0.8])
    #expect(try record.samples(of: 0, 3..<5) == [0.5, 0.8])
    #expect(try WFDBRecord(DataSource(folder.path + "/d.hea")).channels == record.channels)
  }

  @Test func readsAnnotations() throws {
    for (name, annotator) in [("annotations", nil), ("intervals", "qrs")] as [(String, String?)] {
      let fixture = try SignalFixture(name)
      let marks = try withExtendedLifetime(fixture) {
        try #require(try WFDBRecord(fixture.source).annotations(annotator))
      }
      #expect(marks.map(\.label) == fixture.text("symbols").split(separator: " ").map(String.init))
      #expect(zip(marks.map(\.start), fixture.numbers("times")).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(marks.map(\.note) == fixture.words("notes"))
    }
    let without = try SignalFixture("intervals")
    let none = try withExtendedLifetime(without) { try WFDBRecord(without.source).annotations(nil) }
    #expect(none == nil)
    let beats = try FixtureFile("signals").cases["codes"]?["beats"]
    guard case .text(let text)? = beats else { throw CheckFailure("no codes") }
    let known = Set(text.split(separator: " ").map(String.init))
    let all = "NLRaVFJASEj/Q~|sT*D\"=pB^t+u?![]en@xf()r".map { String($0) }
    #expect(Set(all.filter(WFDBAnnotations.isBeat)) == known)
  }

  /// Beats where there are some; rhythms last until the next; everything by its symbol or text.
  @Test func annotationsBecomeEvents() throws {
    let fixture = try SignalFixture("annotations")
    let record = try WFDBRecord(fixture.source)
    let marks = try #require(try record.annotations(nil))
    let beats = marks.events(nil, duration: record.duration, path: "r1")
    #expect(
      beats.events.map(\.label) == ["N", "V", "N", "A"] && beats.events.allSatisfy { $0.start == $0.end })
    #expect(beats.note?.text.contains("\" 1, + 2, ~ 1") == true, "\(beats.note?.text ?? "")")
    let rhythms = marks.events(.rhythms, duration: record.duration, path: "r1").events
    #expect(rhythms.map(\.label) == ["N", "AFIB"])
    #expect(rhythms[0].end == rhythms[1].start && rhythms[1].end == record.duration)
    let all = marks.events(.all, duration: record.duration, path: "r1").events
    #expect(all.map(\.label) == ["(N", "N", "V", "~", "N", "(AFIB", "A", "end of the night"])
  }

  /// A head without its samples, samples that are cut or changed, and heads that lie.
  @Test func saysWhatIsWrong() throws {
    let folder = try ScratchFolder()
    func error(_ head: String, _ data: [UInt8] = [1, 0, 2, 0, 3, 0]) throws -> String {
      _ = try folder.file("r.hea", Array(head.utf8))
      _ = try folder.file("r.dat", data)
      do {
        let record = try WFDBRecord(DataSource(folder.path + "/r.hea"))
        for channel in record.channels.indices {
          _ = try record.samples(of: channel, 0..<record.channels[channel].count)
        }
        return try record.damages().joined(separator: "; ")
      } catch { return "\(error)" }
    }
    for (head, part) in [
      ("", "empty"), ("# nothing\n", "a record line"), ("r 2 100 3\nr.dat 16\n", "2 lines of signals"),
      ("r x\n", "the number of signals"), ("r 1 0 3\nr.dat 16\n", "the samples a second"),
      ("r 1 100 3\n/etc/passwd 16\n", "beside the head"), ("r 1 100 3\n../r.dat 16\n", "beside the head"),
      ("r 1 100 3\nr.dat 516\n", "516, compression by FLAC"), ("r 1 100 3\nr.dat 17\n", "\"wfdb.wrsamp\""),
      ("r 1 100 3\nr.dat 16 x\n", "a gain"), ("r 1 100 3\nr.dat 16 1(x)\n", "a baseline"),
      ("r 1 100 4\nr.dat 16\n", "the end of the file after 3 samples"), ("r 1 100 3\nno.dat 16\n", "no.dat"),
      ("r 2 100 1\nr.dat 16\nr.dat 212\n", "one format for all signals"),
      ("r 1 100 3\nr.dat 16 100 16 0 1 7 0 a\n", "have the sum 6, the head says 7"),
      ("r 1 100 3\nr.dat 16 100 16 0 5 6 0 a\n", "begins with 1, the head says 5"),
      ("r/1 1 100 3\nmissing 3\n", "missing.hea"),
      ("r 1 100 999999999999\nr.dat 16\n", "the end of the file"),
    ] {
      let text = try error(head)
      #expect(
        text.contains(part.replacing("\"", with: "")) && !text.contains("\n"), "\(head): \(text), not \(part)"
      )
    }
    #expect(try error("r 1 100 3\nr.dat 16 100 16 0 1 6 0 a\n") == "")
  }

  /// Segments are as long as the record says, in its units, and told apart by names where these are those of the record.
  @Test(
    arguments: [
      (
        "r/2 2 10 5\na 2\nb 2\n", "b.dat 16 10 12 0 0 0 0 x\nb.dat 16 10 12 0 0 0 0 y\n",
        "segments of 5 frames together"
      ),
      ("r/2 2 10 4\na 2\nb 2\n", "b.dat 16 10/uV 12 0 0 0 0 x\nb.dat 16 10 12 0 0 0 0 y\n", "x in mV"),
      ("r/2 2 10 4\na 2\nb 2\n", "b.dat 16 10 12 0 0 0 0 y\nb.dat 16 10 12 0 0 0 0 x\n", "1 3 6 8 | 2 4 5 7"),
      (
        "r/2 2 10 4\na 2\nb 2\n", "b.dat 16 10 12 0 0 0 0 v\nb.dat 16 10 12 0 0 0 0 w\n",
        "1 3 5 7 | 2 4 6 8 by their places"
      ),
    ])
  func segmentsFitTogether(_ whole: String, _ second: String, _ expected: String) throws {
    let folder = try ScratchFolder()
    _ = try folder.file("r.hea", Array(whole.utf8))
    _ = try folder.file("a.hea", Array("a 2 10 2\na.dat 16 10 12 0 0 0 0 x\na.dat 16 10 12 0 0 0 0 y\n".utf8))
    _ = try folder.file("b.hea", Array(("b 2 10 2\n" + second).utf8))
    _ = try folder.file("a.dat", [10, 0, 20, 0, 30, 0, 40, 0])
    _ = try folder.file("b.dat", [50, 0, 60, 0, 70, 0, 80, 0])
    var found = ""
    do {
      let record = try WFDBRecord(DataSource(folder.path + "/r.hea"))
      found =
        try (0..<2).map { channel in
          try record.samples(of: channel, 0..<4).map { "\(Int($0))" }.joined(separator: " ")
        }.joined(separator: " | ") + (record.notes.isEmpty ? "" : " by their places")
      #expect(record.notes.allSatisfy { $0.text.contains("v, w are taken for x, y by their places") })
    } catch { found = "\(error)" }
    #expect(expected.contains("|") ? found == expected : found.contains(expected), "\(found)")
  }

  /// Symbols that a file defines are the labels of its codes, and no events.
  @Test func symbolsMayBeDefined() throws {
    func mark(_ code: Int, _ interval: Int) -> [UInt8] {
      let word = code << 10 | interval
      return [UInt8(word & 255), UInt8(word >> 8)]
    }
    func note(_ text: String) -> [UInt8] {
      mark(22, 0) + mark(63, text.utf8.count) + Array(text.utf8) + (text.utf8.count % 2 == 1 ? [0] : [])
    }
    let bytes =
      note("## annotation type definitions") + note("42 w odd one") + note("## end of definitions")
      + mark(1, 10) + mark(42, 10) + [0, 0]
    let marks = try WFDBAnnotations.read(DataBytes(bytes), rate: 10)
    #expect(marks.map(\.label) == ["N", "w"] && marks.map(\.start) == [1, 2])
  }

  @Test func withstandsDamage() throws {
    let fixture = try SignalFixture("full_head")
    try checkFormat(fixture.files["r1.hea"] ?? [], rounds: 300, isCutNoticed: false) { bytes in
      _ = try fixture.folder.file("r1.hea", bytes)
      let record = try WFDBRecord(fixture.source)
      for (index, channel) in record.channels.enumerated() {
        _ = try record.samples(of: index, 0..<min(channel.count, 1000))
      }
      _ = try record.damages()
    }
    let marks = try SignalFixture("annotations").files["r1.atr"] ?? []
    try checkFormat(marks) { (bytes) throws(DataError) in
      _ = try WFDBAnnotations.read(DataBytes(bytes), rate: 360)
    }
  }
}
