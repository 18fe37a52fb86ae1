import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// Where in a recording the events of a table are.
@Suite struct RecordingTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func write(_ name: String, _ lines: [String]) throws -> String {
    try folder.file(name, Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private func read(
    _ signal: [String], _ events: [String], _ change: (inout RecordingColumns) -> Void = { _ in }
  ) throws -> RecordSource {
    var columns = RecordingColumns()
    change(&columns)
    return try RecordSource(
      recordings: [DataSource(write("signal.csv", signal))], events: DataSource(write("events.csv", events)),
      columns: columns)
  }

  private func starts(_ data: RecordSource) throws -> [Double] {
    try data.record(0).events?.map(\.start) ?? []
  }

  private func channels(_ recording: Record) -> [String] {
    if case .series(let series) = recording.content { series.channels } else { [] }
  }

  @Test func framesAreThoseOfTheTable() throws {
    let data = try read(
      ["frame,x"] + (0..<10).map { "\(1000 + 2 * $0),\($0)" }, ["frame,label", "1004,a", "1018,b"])
    let clock = try #require(try data.record(0).clock)
    #expect(try starts(data) == [1004, 1018] && clock.start == 1000 && clock.rate == 0.5)
    #expect(try clock.unit == .counts("frame") && channels(data.record(0)) == ["x"])
    #expect(clock.place(of: 1004) == 2 && clock.place(of: 1018) == 9)
    #expect(data.notes.contains { $0.text.contains("counted as the column \"frame\" of the recording") })
  }

  @Test func framesBesideTimesAreNoChannel() throws {
    let data = try read(
      ["time_s,frame,x"] + (0..<10).map { "\(Double($0) / 5),\(300 + 5 * $0),\($0)" },
      ["start_frame,end_frame,label", "310,320,a"])
    #expect(try channels(data.record(0)) == ["x"])
    let event = try #require(try data.record(0).events?.first)
    #expect(abs(event.start - 0.4) < 1e-9 && abs(event.end - 0.8) < 1e-9)
  }

  @Test func framesWithoutSuchAColumnAreRows() throws {
    let data = try read(
      ["time_s,x"] + (0..<10).map { "\(7 + Double($0) / 5),\($0)" },
      ["sample_5hz,label", "2,a"]
    ) { $0.eventStart = "sample_5hz" }
    #expect(try abs(starts(data)[0] - 7.4) < 1e-9)
    #expect(data.notes.contains { $0.text.contains("counted in steps from 0") })
  }

  @Test func gapsBetweenRowsAreKept() throws {
    let frames = [0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105]
    let data = try read(["frame,x"] + frames.map { "\($0),1" }, ["frame,label", "103,a"])
    let clock = try #require(try data.record(0).clock)
    #expect(clock.place(of: 103) == 9 && clock.time(at: 9) == 103 && clock.end(at: 6) == 6)
    #expect(try starts(data) == [103])
  }

  @Test func datesAreTimes() throws {
    let data = try read(
      ["when,x"] + (10..<40).map { "2024-03-01 12:00:\($0),\($0)" },
      ["start,label", "2024-03-01T12:00:17Z,a"]
    ) { $0.records.time = "when" }
    let clock = try #require(try data.record(0).clock)
    #expect(try clock.place(of: starts(data)[0]) == 7 && clock.unit == .calendar)
    #expect(try clock.text(starts(data)[0]) == "2024-03-01T12:00:17")
    #expect(try clock.text(starts(data)[0] + 0.25) == "2024-03-01T12:00:17.25")
  }

  @Test func millisecondsAreSeconds() throws {
    let data = try read(
      ["clock_ms,x"] + (0..<10).map { "\(500 + 20 * $0),1" }, ["onset_ms,label", "540,a"]
    ) {
      ($0.records.time, $0.eventStart) = ("clock_ms", "onset_ms")
    }
    #expect(try abs(starts(data)[0] - 0.54) < 1e-12 && abs((data.record(0).clock?.rate ?? 0) - 50) < 1e-6)
  }

  @Test func theUnitCanBeSaid() throws {
    let signal = ["time,x"] + (0..<10).map { "\(10 + $0),\($0)" }
    #expect(try starts(read(signal, ["time,label", "12,a"])) == [12])
    #expect(try starts(read(signal, ["time,label", "2,a"]) { $0.eventUnit = .steps }) == [12])
    #expect(try starts(read(signal, ["frame,label", "12,a"]) { $0.eventUnit = .time }) == [12])
  }

  @Test(arguments: [
    ("frame", ["1004", "1020"], "line 3, column \"frame\"", "found 1020"),
    ("frame", ["998"], "line 2, column \"frame\"", "from 1000 to 1018"),
    ("frame", ["4", "6", "1004"], "line 2, column \"frame\"", "2 of 3 events"),
    ("time_s", ["1004"], "times in seconds in the recording too", "`event-unit`"),
    ("frame", ["nan"], "line 2", "column \"frame\""),
  ])
  func eventsOutsideAreRefused(_ column: String, _ positions: [String], _ place: String, _ words: String)
    throws
  {
    let error = #expect(throws: DataError.self) {
      try read(
        ["frame,x"] + (0..<10).map { "\(1000 + 2 * $0),\($0)" },
        [column + ",label"] + positions.map { $0 + ",a" })
    }
    let text = error?.description ?? ""
    #expect(text.contains("events.csv") && text.contains(place) && text.contains(words), "\(text)")
  }

  @Test func endsOutsideAreRefused() throws {
    let signal = ["frame,x"] + (0..<10).map { "\($0),\($0)" }
    #expect(try starts(read(signal, ["start_frame,end_frame,label", "3,10,a"])) == [3])
    let error = #expect(throws: DataError.self) {
      try read(signal, ["start_frame,end_frame,label", "3,12,a"])
    }
    #expect(error?.description.contains("found 3 to 12") ?? false)
  }

  /// Seconds in a table that does not say when its rows were would be taken for numbers of rows.
  @Test func secondsWithoutTimesAreRefused() throws {
    let signal = ["x"] + (0..<100).map { "\($0)" }
    let error = #expect(throws: DataError.self) { try read(signal, ["time_s,label", "0.5,a"]) }
    #expect(error?.description.contains("\"time_s\"") ?? false)
    #expect(try starts(read(signal, ["start,label", "5,a"])) == [5])
  }

  @Test func endsThatCountSomethingElseAreRefused() throws {
    let signal = ["time_s,x"] + (0..<10).map { "\($0),\($0)" }
    let error = #expect(throws: DataError.self) {
      try read(signal, ["start_s,end_frame,label", "3,4,a"])
    }
    #expect(error?.description.contains("column \"end_frame\"") ?? false)
  }

  /// Frames of sound may be samples or windows: what is meant must be said.
  @Test func framesOfSoundAreRefused() throws {
    let count = 4000
    func little(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 0xFF) } }
    let format =
      little(1, 2) + little(1, 2) + little(8000, 4) + little(16_000, 4) + little(2, 2) + little(16, 2)
    let head = Array("RIFF".utf8) + little(36 + 2 * count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
    _ = try folder.file(
      "a.wav",
      head + format + Array("data".utf8) + little(2 * count, 4) + [UInt8](repeating: 1, count: 2 * count))
    func starts(_ column: String, _ unit: RecordingColumns.EventUnit?) throws -> [Double] {
      var columns = RecordingColumns()
      (columns.eventStart, columns.eventUnit) = (column, unit)
      let events = try write("events.csv", ["file,\(column),label", "a.wav,1200,a"])
      return try RecordSource(
        recordings: [DataSource(folder.path)], events: DataSource(events), columns: columns
      ).record(0).events?.map(\.start) ?? []
    }
    #expect(throws: DataError.self) { try starts("start_frame", nil) }
    #expect(try starts("start_frame", .steps) == [0.15] && starts("start_sample", nil) == [0.15])
    #expect(throws: DataError.self) { try starts("start_s", nil) }
  }

  @Test func channelsOfTheTrainingAreRead() throws {
    let path = try write("s.csv", ["b,extra,a", "1,2,3", "4,5,6"])
    func channels(_ names: [String]) throws -> [String] {
      self.channels(
        try RecordSource(
          recordings: [DataSource(path)], events: nil, known: .init(channels: names), needsLabels: false
        ).record(0))
    }
    #expect(try channels(["a", "b"]) == ["a", "b"] && channels(["x", "y", "z"]) == ["b", "extra", "a"])
    for missing in [["a", "c"], ["x"]] { #expect(throws: DataError.self) { try channels(missing) } }
  }

  /// Who asks for the names of the channels has not read the recording.
  @Test func theBeginningIsAStep() throws {
    let path = try write("s.csv", ["b,extra,a", "1,2,3", "4,5,6"])
    let source = try RecordSource(recordings: [DataSource(path)], events: nil, needsLabels: false)
    guard case .series(let first) = try source.beginning(of: 0).read(),
      case .series(let whole) = try source.record(0).read()
    else { throw DataError.noText }
    #expect(first.channels == whole.channels && first.values == [1, 2, 3] && whole.stepCount == 2)
  }

  private func files() throws -> (paths: [String], events: String) {
    let paths = try ["a", "b", "c"].map { name in
      try write("\(name).csv", ["t_ms,junk,x"] + (0..<10).map { "\(100 * $0),7,\($0)" })
    }
    let events = try write(
      "events.csv", ["file,start_ms,label", "a.csv,100,e", "b.csv,200,e", "c.csv,300,e"])
    return (paths, events)
  }

  private var columns: RecordingColumns {
    var columns = RecordingColumns()
    (columns.records.time, columns.records.ignored) = ("t_ms", ["junk"])
    return columns
  }

  @Test func eachFileIsReadOnceWithItsColumns() throws {
    let (paths, events) = try files()
    let data = try RecordSource(
      recordings: paths.map { DataSource($0) }, events: DataSource(events), columns: columns
    ).records()
    #expect(data.count == 3)
    #expect(data.map { $0.events?.map(\.start) } == [[0.1], [0.2], [0.3]])
    #expect(data.allSatisfy { channels($0) == ["x"] && abs(($0.clock?.rate ?? 0) - 10) < 1e-9 })
    let some = try RecordSource(
      recordings: [DataSource(paths[2])], events: DataSource(events), columns: columns)
    #expect(some.count == 1 && some.name(0) == paths[2])
    #expect(some.notes.contains { $0.text.contains("\"a.csv\", \"b.csv\"") })
  }

  @Test func aFileThatEventsDoNotNameIsRefused() throws {
    let (_, events) = try files()
    let other = try write("other.csv", ["t_ms,junk,x", "0,0,0"])
    let error = #expect(throws: DataError.self) {
      try RecordSource(recordings: [DataSource(other)], events: DataSource(events), columns: columns)
    }
    #expect(error?.description.contains("\"a.csv\"") ?? false)
  }

  @Test func aSetOfFilesStaysInItsFolder() throws {
    for part in ["train", "valid"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + part, withIntermediateDirectories: true)
      for name in ["1", "2"] { _ = try write("\(part)/\(part)\(name).csv", ["x"] + (0..<9).map { "\($0)" }) }
    }
    let events = try write(
      "events.csv",
      ["file,start,label"]
        + ["train", "valid"].flatMap { part in ["1", "2"].map { "\(part)/\(part)\($0).csv,1,e" } })
    for part in ["train", "valid"] {
      let data = try RecordSource(
        recordings: [DataSource(folder.path + "/" + part)], events: DataSource(events))
      #expect(data.count == 2 && (0..<2).allSatisfy { data.name($0).contains("/\(part)/") })
    }
  }
}
