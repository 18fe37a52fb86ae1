import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Data from arrays of a program are what the same data are from files.
@Suite struct RecordsInMemoryTests {
  private static let curves = (0..<4).map { index in
    Record(
      .series(NumericSeries(channels: ["x"], values: (0...index).map { Float($0) })),
      label: index % 2 == 0 ? "even" : "odd", part: index == 3 ? .test : nil)
  }

  private func csv(_ text: String) -> DataSource {
    DataSource(bytes: Array(text.utf8), name: "t", format: .csv)
  }

  /// An object of JSON with lists for columns is what the same rows are.
  @Test func listsOfAnObjectAreColumns() throws {
    let object = try JSONValue(
      text: Array(#"{"run": "a", "x": [1, null, 3], "y": [4, 5, 6]}"#.utf8), path: "t")
    let rows = try JSONValue(
      text: Array(#"[{"run":"a","x":1,"y":4},{"run":"a","x":null,"y":5},{"run":"a","x":3,"y":6}]"#.utf8),
      path: "t")
    let read = try [object, rows].map {
      try RecordSource(recordings: [DataSource($0, name: "t")], events: nil, needsLabels: false).records()
    }
    #expect(read[0].count == 1 && "\(read[0][0].content)" == "\(read[1][0].content)")
    guard case .series(let series) = read[0][0].content else {
      Issue.record("no series")
      return
    }
    #expect(series.channels == ["x", "y"] && series.stepCount == 3)
    let table = try SeriesTable(DataSource(object, name: "t"))
    #expect(table.series.count == 1 && table.series[0].stepCount == 3)
    let uneven = try JSONValue(text: Array(#"{"x": [1, 2], "y": [4]}"#.utf8), path: "t")
    #expect(throws: DataError.self) {
      try RecordSource(recordings: [DataSource(uneven, name: "t")], events: nil, needsLabels: false)
    }
  }

  @Test func columnsAreTheTableThatAFileIs() throws {
    let text = "id,t,x,label\na,1,0.1,u\na,2,,u\nb,1,-3,v\nb,2,1e-20,v\n"
    let columns = DataSource(
      columns: [
        "id": .texts(["a", "a", "b", "b"]), "t": .numbers([1, 2, 1, 2]),
        "x": .numbers([0.1, .nan, -3, 1e-20]), "label": .texts(["u", "u", "v", "v"]),
      ], name: "t")
    for both in [[columns, csv(text)]] {
      let tables = try both.map { try RecordTable($0) }
      #expect(tables[0].columns == tables[1].columns && tables[0].count == 4)
      for column in 0..<4 { #expect(tables[0].isNumeric(column) == tables[1].isNumeric(column)) }
      #expect(try tables[0].row(1) == ["a", "2", "", "u"])
      var asked = RecordColumns()
      asked.id = "id"
      let records = try both.map { try RecordSource($0, columns: asked) }
      for (a, b) in try zip(records[0].records(), records[1].records()) {
        #expect("\(a.content)" == "\(b.content)" && a.label == b.label)
      }
      var recordings = RecordingColumns()
      recordings.records.id = "id"
      let tagged = try both.map {
        try RecordSource(recordings: [$0], events: nil, columns: recordings).records()
      }
      #expect(
        tagged[0].map(\.stepLabels) == tagged[1].map(\.stepLabels) && tagged[0].count == 2)
    }
    let series = try [columns, csv(text)].map {
      try SeriesTable($0, columns: SeriesColumns(time: "t", targets: ["x"], id: "id"))
    }
    #expect("\(series[0].series)" == "\(series[1].series)" && series[0].series.count == 2)
  }

  @Test func numbersKeepTheirBits() throws {
    let values: [Double] = [
      0.1, 1 / 3, 1e30, -Double.leastNormalMagnitude / 64, 1.2345678901234568e17, 5, -0.25,
    ]
    let table = try RecordTable(DataSource(columns: ["x": .numbers(values)], name: "t"))
    for (row, value) in values.enumerated() {
      #expect(try table.number(table.row(row)[0], row: row, column: 0) == value)
    }
  }

  @Test func recordsAreSequencesWithLabels() throws {
    let source = try RecordSource(DataSource(Self.curves, name: "curves"))
    #expect(source.count == 4 && source.label(1) == "odd" && source.part(3) == .test)
    #expect(source.name(2) == "curves, record 3" && source.stepCount(2) == 3)
    #expect(try source.record(2).content == Self.curves[2].content)
    var unlabelled = Self.curves
    unlabelled[1].label = nil
    let error = #expect(throws: DataError.self) { try RecordSource(DataSource(unlabelled, name: "curves")) }
    #expect(error?.description.hasPrefix("curves, record 2: ") ?? false)
    #expect(try RecordSource(DataSource(unlabelled, name: "curves"), needsLabels: false).count == 4)
    #expect(throws: DataError.empty(path: "none")) { try RecordSource(DataSource([], name: "none")) }
    #expect(throws: DataError.self) { try SeriesTable(DataSource(Self.curves, name: "curves")) }
    #expect(throws: DataError.self) { try DataBytes(DataSource(Self.curves, name: "curves")) }
  }

  @Test func recordingsWithWhatHappensInThem() throws {
    let series = NumericSeries(channels: ["x"], values: [0, 1, 0, 2, 0], times: [10, 10.5, 11, 11.5, 12])
    let events = [LabelledEvent(label: "b", start: 11.5), LabelledEvent(label: "a", start: 10.5, end: 11)]
    let own = try RecordSource(
      recordings: [DataSource([Record(.series(series), events: events)], name: "r")], events: nil)
    #expect(own.clock(0) == StepClock(start: 10, rate: 2) && own.stepCount(0) == 5)
    #expect(own.events(0)?.map(\.label) == ["a", "b"])
    let clock = StepClock(rate: 4)
    let timed = Record(.series(series), stepLabels: ["a", "b", "a", "b", "a"], clock: clock)
    let labelled = try RecordSource(recordings: [DataSource([timed], name: "r")], events: nil)
    #expect(labelled.clock(0) == clock)
    let sound = Record(.sound(Sound(rate: 50, channels: [[0, 1, 0]])), events: [])
    #expect(
      try RecordSource(recordings: [DataSource([sound], name: "s")], events: nil).clock(0)
        == StepClock(rate: 50))
    var outside = Record(.series(series), events: [LabelledEvent(label: "c", start: 13.5)])
    let error = #expect(throws: DataError.self) {
      try RecordSource(recordings: [DataSource([outside], name: "r")], events: nil)
    }
    #expect(error?.description.contains("c at 13.5") ?? false)
    outside.events = nil
    #expect(throws: DataError.self) {
      try RecordSource(recordings: [DataSource([outside], name: "r")], events: nil)
    }
    #expect(
      try RecordSource(recordings: [DataSource([outside], name: "r")], events: nil, needsLabels: false).count
        == 1)
  }

  /// Whatever differs between two data in memory, their hashes do, and equal data have equal ones.
  @Test func hashesTellDataApart() throws {
    func table(_ name: String, _ x: [Double], _ y: [String]) -> DataSource {
      DataSource(columns: ["\(name)": .numbers(x), "y": .texts(y)], name: "t")
    }
    var sources = [
      table("x", [1, 2], ["a", "b"]), table("z", [1, 2], ["a", "b"]), table("x", [1, 3], ["a", "b"]),
      table("x", [1, 2], ["ab", ""]), table("x", [1, 2], ["", "ab"]),
      DataSource(text: "ab", name: "t"), DataSource(text: "ac", name: "t"),
    ]
    var changed = [Self.curves]
    for change in [
      { $0.label = "other" }, { $0.part = .validation }, { $0.group = "g" }, { $0.stepLabels = ["a"] },
      { $0.events = [] }, { $0.events = [LabelledEvent(label: "a", start: .infinity)] },
      { $0.clock = StepClock(rate: 3) }, { $0.content = .text("x") }, { $0.content = .words(["x"]) },
      { $0.content = .words(["x", ""]) }, { $0.content = .sound(Sound(rate: 2, channels: [[1]])) },
      {
        $0.content = .pictures(FrameSequence(width: 1, height: 1, frames: [[1, 2, 3]], durations: [1]))
      },
    ] as [(inout Record) -> Void] {
      var records = Self.curves
      change(&records[0])
      changed.append(records)
    }
    sources += changed.map { DataSource($0, name: "r") }
    let hashes = try sources.map { try $0.hash() }
    #expect(Set(hashes).count == sources.count)
    #expect(try sources.map { try $0.hash() } == hashes)
  }
}
