import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct EDFFileTests {
  @Test(arguments: ["edf", "edf_plus", "edf_gaps", "bdf", "bdf_plus", "bdf_triggers"])
  func readsAsPyEDFlibDoes(_ name: String) throws {
    let fixture = try SignalFixture(name)
    let source = fixture.source
    #expect(try DataBytes(source).format == .edf && source.areSignals)
    let file = try EDFFile(source)
    try fixture.check(file)
    #expect(file.channels.map(\.rate) == fixture.numbers("rates"))
    let marks = try file.annotations(nil)
    #expect((marks == nil) == (fixture.text("symbols").isEmpty && !name.hasSuffix("plus")))
    guard let marks else { return }
    #expect(marks.map(\.label) == fixture.words("symbols"))
    #expect(zip(marks.map(\.start), fixture.numbers("times")).allSatisfy { abs($0 - $1) < 1e-4 }, "\(marks)")
    #expect(zip(marks.map(\.duration), fixture.numbers("durations")).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// Slow channels hold their values; all of them have the steps of the fastest.
  @Test func slowChannelsHoldTheirValues() throws {
    let fixture = try SignalFixture("edf_plus")
    let recording = try SignalRecording(EDFFile(fixture.source))
    #expect(recording.rate == 20 && recording.stepCount == 80)
    let series = try recording.series()
    let whole = try EDFFile(fixture.source)
    let (slow, slowest) = (try whole.samples(of: 1, 0..<20), try whole.samples(of: 2, 0..<4))
    #expect(
      series.column(1) == (0..<80).map { slow[$0 / 4] }
        && series.column(2) == (0..<80).map { slowest[$0 / 20] })
    #expect(try recording.series(37..<53) == series.part(37..<53))
    // without the fast one the others decide
    let others = try SignalRecording(whole, names: ["EEG 2", "EEG 1"])
    #expect(others.rate == 5 && others.stepCount == 20 && others.names == ["EEG 2", "EEG 1"])
    #expect(try others.series().column(1) == slow)
  }

  @Test func gapsAreMissingValues() throws {
    let fixture = try SignalFixture("edf_gaps")
    defer { withExtendedLifetime(fixture) {} }
    let file = try EDFFile(fixture.source)
    #expect(file.duration == 6 && file.notes.first?.text.contains("1 gaps, 3 s") == true, "\(file.notes)")
    let series = try SignalRecording(file).series()
    #expect(series.stepCount == 60 && series.values.count(where: \.isNaN) == 30)
  }

  @Test func saysWhatIsWrong() throws {
    let good = try SignalFixture("edf_plus").files["r.edf"] ?? []
    func error(_ change: (inout [UInt8]) -> Void) -> String {
      var bytes = good
      change(&bytes)
      do {
        _ = try EDFFile(DataBytes(bytes, path: "x.edf"))
        return ""
      } catch { return "\(error)" }
    }
    func put(_ text: String, _ place: Int) -> (inout [UInt8]) -> Void {
      { bytes in bytes.replaceSubrange(place..<place + text.utf8.count, with: Array(text.utf8)) }
    }
    #expect(error { $0.removeLast(40) }.contains("the end of the file after 3"))
    #expect(error(put("x       ", 184)).contains("the bytes of the head"))
    #expect(error(put("99      ", 252)).contains("for 9"))
    #expect(error(put("0       ", 244)).contains("longer than 0 s"))
    #expect(error(put("32767   ", 256 + 4 * (16 + 80 + 8 + 8 + 8))).contains("\"EEG 0\""))
    #expect(error(put("-1      ", 236)) == "")
  }

  /// BDF has gaps as EDF has.
  @Test func gapsOfBDF() throws {
    var bytes = try SignalFixture("edf_gaps").files["r.edf"] ?? []
    #expect(bytes[192..<197].elementsEqual("EDF+D".utf8))
    let head = try bytes.withUnsafeBytes { (all) throws(DataError) in try EDFHeader(all, path: "x") }
    // samples of three bytes
    var samples: [UInt8] = []
    for place in stride(from: head.size, to: bytes.count, by: 2) {
      let (record, inside) = (place - head.size).quotientAndRemainder(dividingBy: head.recordSize)
      let signal = head.signals.last { $0.offset <= inside }
      _ = record
      samples +=
        signal?.isText == true
        ? [bytes[place], bytes[place + 1], 0]
        : [bytes[place], bytes[place + 1], bytes[place + 1] > 127 ? 255 : 0]
    }
    bytes.replaceSubrange(0..<8, with: [0xFF] + Array("BIOSEMI".utf8))
    bytes.replaceSubrange(192..<197, with: Array("BDF+D".utf8))
    let file = try EDFFile(DataBytes(Array(bytes[..<head.size]) + samples, path: "x.bdf"))
    #expect(file.duration == 6 && file.notes.first?.text.contains("1 gaps, 3 s") == true, "\(file.notes)")
  }

  @Test func recordsBehindThoseThatAreCountedAreSaid() throws {
    var bytes = try SignalFixture("edf_plus").files["r.edf"] ?? []
    bytes.replaceSubrange(236..<244, with: Array("3       ".utf8))
    let file = try EDFFile(DataBytes(bytes, path: "x.edf"))
    #expect(file.duration == 3 && file.notes.map(\.kind) == [.warning])
    #expect(file.notes[0].text.contains("counts 3 records of data, the file has 4"), "\(file.notes)")
  }

  /// Before the beginning nothing can happen, and it is not moved there.
  @Test func annotationsBeforeTheBeginningAreRefused() throws {
    let folder = try ScratchFolder()
    var bytes = try SignalFixture("edf_plus").files["r.edf"] ?? []
    let marks = try EDFFile(DataBytes(bytes, path: "x")).annotations(nil) ?? []
    let first = try #require(marks.first)
    let sign = try #require(
      bytes.indices.dropLast(2).last {
        bytes[$0] == 0x2B
          && String(decoding: bytes[$0...].prefix { $0 > 0x15 }, as: UTF8.self).dropFirst()
            == Self.text(first.start)
      })
    bytes[sign] = 0x2D
    let path = try folder.file("x.edf")
    _ = try folder.file("x.edf", bytes)
    let error = try #require(throws: DataError.self) {
      try RecordSource(recordings: [DataSource(path)], events: nil)
    }
    #expect("\(error)".contains("annotations within the recording"), "\(error)")
  }

  private static func text(_ seconds: Double) -> Substring {
    seconds == seconds.rounded() ? Substring("\(Int(seconds))") : Substring("\(seconds)")
  }

  @Test(arguments: ["edf_plus", "edf_gaps", "bdf_triggers"]) func withstandsDamage(_ name: String) throws {
    let fixture = try SignalFixture(name)
    let bytes = fixture.files.values.first ?? []
    try checkFormat(bytes, rounds: 500, isCutNoticed: false) { (bytes) in
      let file = try EDFFile(DataBytes(bytes))
      for (index, channel) in file.channels.enumerated() {
        _ = try file.samples(of: index, 0..<min(channel.count, 1000))
      }
      _ = try file.annotations(nil)
    }
  }
}
