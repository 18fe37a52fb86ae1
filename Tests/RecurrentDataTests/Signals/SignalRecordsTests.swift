#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Records of signals as the recordings and sequences of tasks.
@Suite struct SignalRecordsTests {
  /// A head, its samples in format 16 and beats of WFDB.
  private static func record(
    _ name: String, _ channels: [String], rate: Int, _ steps: [[Int]], beats: [(Int, Int)],
    in folder: ScratchFolder,
    remark: String = ""
  ) throws {
    let lines = channels.enumerated().map { index, channel in
      "\(name).dat 16 100 16 0 \(steps[0][index]) \(steps.reduce(0) { $0 + $1[index] } & 0xFFFF) 0 \(channel)\n"
    }
    let head = "\(name) \(channels.count) \(rate) \(steps.count)\n" + lines.joined() + remark
    _ = try folder.file(name + ".hea", Array(head.utf8))
    _ = try folder.file(
      name + ".dat",
      steps.flatMap { $0 }.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    var (bytes, last) = ([UInt8](), 0)
    for (sample, code) in beats {
      let word = code << 10 | (sample - last)
      bytes += [UInt8(word & 255), UInt8(word >> 8)]
      last = sample
    }
    if !beats.isEmpty { _ = try folder.file(name + ".atr", bytes + [0, 0]) }
  }

  private static func steps(_ count: Int, _ width: Int) -> [[Int]] {
    (0..<count).map { step in (0..<width).map { 100 * step + $0 } }
  }

  @Test func annotationsAreTheEvents() throws {
    let folder = try ScratchFolder()
    try Self.record(
      "100", ["MLII", "V5"], rate: 10, Self.steps(50, 2), beats: [(12, 1), (30, 5), (33, 28)], in: folder)
    for path in ["100", "100.hea", "100.dat"] {
      let source = try RecordSource(recordings: [DataSource(folder.path + "/" + path)], events: nil)
      #expect(source.count == 1 && source.stepCount(0) == 50 && source.clock(0) == StepClock(rate: 10))
      #expect(
        source.events(0) == [LabelledEvent(label: "N", start: 1.2), LabelledEvent(label: "V", start: 3)])
      let record = try source.record(0)
      #expect(
        record.content
          == .series(
            NumericSeries(
              channels: ["MLII", "V5"], values: (0..<50).flatMap { [Float($0), Float(100 * $0 + 1) / 100] })))
      let piece = try source.cut([20..<40]).record(0)
      #expect(piece.events == [LabelledEvent(label: "V", start: 3)] && piece.clock?.start == 2)
    }
    // the data are all files of the record
    let hash = try DataSource(folder.path + "/100").hash()
    #expect(try DataSource(folder.path + "/100.hea").hash() == hash)
    // another table of events takes their place
    _ = try folder.file("events.csv", Array("time_s,label\n2.5,x\n".utf8))
    let other = try RecordSource(
      recordings: [DataSource(folder.path + "/100")], events: DataSource(folder.path + "/events.csv"))
    #expect(other.events(0) == [LabelledEvent(label: "x", start: 2.5)])
    var columns = RecordingColumns()
    (columns.annotations, columns.singleLabel) = (.all, "mark")
    let all = try RecordSource(recordings: [DataSource(folder.path + "/100")], events: nil, columns: columns)
    #expect(all.events(0)?.map(\.label) == ["mark", "mark", "mark"])
    _ = try folder.file("late.csv", Array("time_s,label\n7.5,x\n".utf8))
    let late = #expect(throws: DataError.self) {
      try RecordSource(
        recordings: [DataSource(folder.path + "/100")], events: DataSource(folder.path + "/late.csv"))
    }
    #expect("\(late.map { "\($0)" } ?? "")".contains("within"))
  }

  /// Channels are found by their names, whatever their order; those that not all have are left out.
  @Test func foldersAreReadChannelByChannel() throws {
    let folder = try ScratchFolder()
    try Self.record("a", ["MLII", "V5", "ABP"], rate: 10, Self.steps(20, 3), beats: [(3, 1)], in: folder)
    try Self.record("b", ["V5", "MLII"], rate: 10, Self.steps(20, 2), beats: [(4, 1)], in: folder)
    let source = try RecordSource(recordings: [DataSource(folder.path)], events: nil)
    #expect(source.count == 2 && source.name(1) == folder.path + "/b.hea")
    guard case .series(let first) = try source.record(0).content,
      case .series(let second) = try source.record(1).content
    else { throw CheckFailure("no series") }
    #expect(first.channels == ["MLII", "V5"] && second.channels == ["MLII", "V5"])
    #expect(first.values.prefix(2) == [0, 0.01] && second.values.prefix(2) == [0.01, 0])
    #expect(source.notes.contains { $0.text.contains("not in all recordings: ABP") })
    // as in training
    let known = RecordingColumns.Known(channels: ["V5"])
    let again = try RecordSource(recordings: [DataSource(folder.path + "/a")], events: nil, known: known)
    guard case .series(let own) = try again.record(0).content else { throw CheckFailure("no series") }
    #expect(own.channels == ["V5"])
    var columns = RecordingColumns()
    columns.records.ignored = ["V5"]
    guard
      case .series(let rest) = try RecordSource(
        recordings: [DataSource(folder.path)], events: nil, columns: columns
      )
      .record(1).content
    else { throw CheckFailure("no series") }
    #expect(rest.channels == ["MLII"])
    columns.records.ignored = ["V9"]
    #expect(throws: DataError.self) {
      try RecordSource(recordings: [DataSource(folder.path)], events: nil, columns: columns)
    }
    // a damaged record is said to be so
    _ = try folder.file("b.dat", [UInt8](repeating: 7, count: 80))
    let damaged = try RecordSource(recordings: [DataSource(folder.path)], events: nil)
    #expect(damaged.notes.contains { $0.kind == .warning && $0.text.contains("b.hea: V5 begins with 1799") })
  }

  @Test func classesAreRemarksAnnotationsOrFolders() throws {
    let folder = try ScratchFolder()
    try Self.record(
      "a", ["MLII"], rate: 10, Self.steps(20, 1), beats: [(4, 1), (8, 5), (14, 1)], in: folder,
      remark: "# Dx: AF\n")
    try Self.record(
      "b", ["MLII"], rate: 10, Self.steps(20, 1), beats: [(9, 1)], in: folder, remark: "# Dx: normal\n")
    let remarks = try RecordSource(DataSource(folder.path))
    #expect((0..<2).map { remarks.label($0) } == ["AF", "normal"] && !remarks.keepsGroups)
    guard case .series(let series) = try remarks.record(0).read() else { throw CheckFailure("no series") }
    #expect(series.stepCount == 20)
    // without remarks the beats are sequences, each half way to its neighbours
    try Self.record("a", ["MLII"], rate: 10, Self.steps(20, 1), beats: [(4, 1), (8, 5), (14, 1)], in: folder)
    let beats = try RecordSource(DataSource(folder.path + "/a"))
    #expect((0..<3).map { beats.label($0) } == ["N", "V", "N"])
    let values = try (0..<3).map { index -> [Float] in
      guard case .series(let series) = try beats.record(index).read() else { return [] }
      return series.values
    }
    #expect(values == [[2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15, 16]])
    let both = try RecordSource(DataSource(folder.path), columns: RecordColumns())
    #expect(both.keepsGroups && both.group(0) == "a" && both.group(3) == "b")
    let classes = try ScratchFolder()
    for (name, rhythm) in [("1", "AF"), ("2", "AF"), ("3", "N")] {
      try FileManager.default.createDirectory(
        atPath: classes.path + "/" + rhythm, withIntermediateDirectories: true)
      let own = try ScratchFolder()
      try Self.record(name, ["MLII"], rate: 10, Self.steps(6, 1), beats: [(2, 1)], in: own)
      for ending in ["hea", "dat", "atr"] {
        try FileManager.default.copyItem(
          atPath: "\(own.path)/\(name).\(ending)", toPath: "\(classes.path)/\(rhythm)/\(name).\(ending)")
      }
    }
    let byFolder = try RecordSource(DataSource(classes.path))
    #expect((0..<byFolder.count).map { byFolder.label($0) } == ["AF", "AF", "N"])
    // a table may name records without endings
    _ = try classes.file("table.csv", Array("file,label\nAF/1,x\nN/3.hea,y\n".utf8))
    let table = try RecordSource(DataSource(classes.path + "/table.csv"))
    guard case .series(let named) = try table.record(0).read() else { throw CheckFailure("no series") }
    #expect(named.stepCount == 6)
  }

  /// The ECG of the shared data, written as a record, has the same samples and beats.
  @Test func theECGIsTheSameAsWFDB() throws {
    guard let data = sharedData else { return }
    let path = data + "/healthcare/mit-bih-100-beats"
    let table = try RecordSource(
      recordings: [DataSource(path + "/ecg_mlii_180hz.csv")], events: DataSource(path + "/beats.csv"))
    guard case .series(let series) = try table.record(0).content, let events = table.events(0) else {
      throw CheckFailure("no beats")
    }
    let folder = try ScratchFolder()
    let digital = series.values.map { [Int(($0 * 200).rounded())] }
    let codes = ["N": 1, "A": 8]
    let rate = table.clock(0)?.rate ?? 0
    try Self.record(
      "100", ["MLII"], rate: 180, digital.map { $0.map { $0 * 1 } },
      beats: events.map { (Int(($0.start * 180).rounded()), codes[$0.label] ?? 13) }, in: folder)
    _ = try folder.file(
      "100.hea",
      Array(
        String(
          decoding: DataBytes(DataSource(folder.path + "/100.hea")).withBytes { Array($0) }, as: UTF8.self
        )
        .replacing(" 16 100 ", with: " 16 200 ").utf8))
    let record = try RecordSource(recordings: [DataSource(folder.path + "/100")], events: nil)
    guard case .series(let own) = try record.record(0).content, let beats = record.events(0) else {
      throw CheckFailure("no beats")
    }
    #expect(abs(rate - 180) < 0.01 && record.clock(0)?.rate == 180)
    #expect(
      own.stepCount == series.stepCount && zip(own.values, series.values).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(beats.count == 1514 && beats.map(\.label) == events.map(\.label))
    #expect(zip(beats, events).allSatisfy { abs($0.start - $1.start) < 0.006 })
    #expect(!record.notes.contains { $0.kind == .warning }, "\(record.notes)")
  }
}
