import RecurrentData
import RecurrentTestSupport
import Testing

/// Rows of sequences in any order, and columns that are none of what is measured.
@Suite struct SequenceRowsTests {
  private func source(_ text: String, _ columns: RecordColumns = RecordColumns()) throws -> RecordSource {
    try RecordSource(DataSource(bytes: Array(text.utf8), name: "t.csv", format: .csv), columns: columns)
  }

  private func values(_ source: RecordSource) throws -> [[Float]] {
    try source.records().map { record in
      guard case .series(let series) = record.content else { return [] }
      return series.values
    }
  }

  /// Twelve sequences of five steps, each value telling where it belongs.
  private let rows = (0..<12).flatMap { id in
    (0..<5).map { step in (id: id, step: step, text: "\(id),\(step),\(100 * id + step),\(id % 2)") }
  }

  @Test(arguments: 0..<5) func theOrderOfTheRowsDoesNotMatter(_ order: Int) throws {
    var rows = rows
    switch order {
    case 1: rows.sort { ($0.step, $0.id) < ($1.step, $1.id) }
    case 2: rows.sort { ($0.id, -$0.step) < ($1.id, -$1.step) }
    case 3: rows = rows.enumerated().sorted { ($0.0 * 37 % 60) < ($1.0 * 37 % 60) }.map(\.element)
    case 4: rows.reverse()
    default: break
    }
    let found = try source("id,step,x,label\n" + rows.map { $0.text + "\n" }.joined())
    #expect(found.count == 12 && found.stepCount(3) == 5)
    let all = Dictionary(
      uniqueKeysWithValues: try zip(values(found), found.records()).map { ($0[0], ($0, $1)) })
    for id in 0..<12 {
      let own = try #require(all[Float(100 * id)])
      #expect(own.0 == (0..<5).map { Float(100 * id + $0) })
      #expect(own.1.label == "\(id % 2)")
    }
    #expect(found.notes.contains { $0.text.contains("put together") } == [1, 3].contains(order))
    #expect(found.notes.contains { $0.text.contains("were sorted") } == [2, 4].contains(order))
  }

  /// Without times the order of the table stands.
  @Test func withoutTimesTheTableTellsTheOrder() throws {
    let found = try source("id,label,x\n1,a,1\n2,b,5\n1,a,2\n2,b,4\n1,a,3\n")
    #expect(try values(found) == [[1, 2, 3], [5, 4]])
  }

  /// What runs of machines are called; of a class of its own for each row it is no sequence.
  @Test func aMachineIsASequenceWhereItsTargetIsOne() throws {
    let rows = (0..<40).map { "\($0 / 10),\($0 % 10),\($0 * 7 % 13),\($0 / 10 * 3).5" }
    var columns = RecordColumns(label: "target")
    columns.labelKind = .number
    let found = try source("unit,cycle,s1,target\n" + rows.joined(separator: "\n"), columns)
    #expect(found.count == 4 && found.columns?.roles.id == "unit" && found.columns?.roles.time == "cycle")
    #expect(try values(found)[1] == (10..<20).map { Float($0 * 7 % 13) })
    let changing = (0..<40).map { "\($0 / 10),\($0 % 10),\($0 * 7 % 13),\($0).5" }
    let each = try source("unit,cycle,s1,target\n" + changing.joined(separator: "\n"), columns)
    #expect(each.count == 40)
  }

  /// Names of recordings that are not there number the sequences whose steps the rows are; otherwise they are files to be read.
  @Test(
    arguments: [
      ("clip", "frame", 4), ("video", "time", 4), ("file", "step", 4), ("sequence", "frame", 4),
      ("clip", "z", nil),
    ] as [(String, String, Int?)])
  func recordingsOfATable(_ name: String, _ step: String, _ count: Int?) throws {
    let rows = (0..<4).flatMap { clip in
      (0..<6).map { "c\(clip).mp4,\(clip % 2 == 0 ? "a" : "b"),\($0),\(clip).5,\($0).25" }
    }
    let text = "\(name),label,\(step),hip_x,hip_y\n" + rows.joined(separator: "\n") + "\n"
    let own = try source(text)
    #expect(own.count == count ?? 24)
    guard count != nil else { return }
    #expect(own.label(1) == "b" && own.stepCount(1) == 6)
    #expect(own.notes.contains { $0.setting == "id-column" }, "\(own.notes)")
    #expect(try values(own)[1].prefix(4) == [1.5, 0.25, 1.5, 1.25])
  }

  @Test func whatNumbersOrNamesRowsIsNoChannel() throws {
    let rows = (0..<30).map {
      "\($0),\(900 + 7 * $0),\($0 / 10),\($0 % 10),\(Double($0) / 4),3,\($0 / 10 % 2)"
    }
    let found = try source(",event_id,id,t,x,gain,label\n" + rows.joined(separator: "\n"))
    guard case .series(let series) = try found.record(0).content else {
      Issue.record("no series")
      return
    }
    #expect(series.channels == ["x"])
    let roles = Dictionary(uniqueKeysWithValues: found.columnRoles.map { ($0.name, $0) })
    #expect(roles["column 1"]?.role == "not used: numbers the rows")
    #expect(roles["event_id"]?.role == "not used: is another one in every row")
    #expect(roles["gain"]?.role == "not used: says the same in all rows")
    #expect(roles["x"]?.role == "channel" && roles["x"]?.setting == "ignore-columns")
    #expect(roles["t"]?.role == "order of the steps" && roles["id"]?.setting == "id-column")
    // the next table is read alike, also where these columns change
    let other = (0..<20).map { "\($0),\(5 * $0),\($0 / 10),\($0 % 10),\($0),\($0),\($0 / 10)" }
    let next = try RecordSource(
      DataSource(
        bytes: Array((",event_id,id,t,x,gain,label\n" + other.joined(separator: "\n")).utf8), name: "n.csv",
        format: .csv),
      known: found.columns)
    guard case .series(let own) = try next.record(0).content else {
      Issue.record("no series")
      return
    }
    #expect(own.channels == ["x"])
  }

  /// A picture in a row has dark corners.
  @Test func valuesOfOneRowStayWhatTheyAre() throws {
    let found = try source(
      "label,p1,p2,p3\n" + (0..<20).map { "\($0 % 2),0,\($0),0" }.joined(separator: "\n"))
    #expect(try values(found)[4] == [0, 4, 0])
  }

  @Test func columnsAreListedWithWhatTheyHold() throws {
    let rows = (0..<10).map { "2024-01-\($0 + 10),\($0 < 3 ? "" : "\($0)"),w\($0 / 5),\($0 / 5)" }
    let found = try source(
      "date,x,who,id\n" + rows.joined(separator: "\n"), RecordColumns(label: "who", id: "id", time: "date"))
    #expect(
      found.columnRoles == [
        ColumnRole(
          name: "date", kind: .time, role: "time of a step", missing: 0, example: "2024-01-10",
          setting: "time"),
        ColumnRole(
          name: "x", kind: .number, role: "channel", missing: 0.3, example: "3", setting: "ignore-columns"),
        ColumnRole(
          name: "who", kind: .text, role: "class", missing: 0, example: "w0", setting: "label-column"),
        ColumnRole(
          name: "id", kind: .number, role: "name of the sequence", missing: 0, example: "0",
          setting: "id-column"),
      ])
  }

  /// People stay together in a part also where nobody names their column.
  @Test func peopleStayTogether() throws {
    let rows = (0..<80).flatMap { id in (0..<2).map { "\(id),\($0),\(id * $0),p\(id / 8),\(id % 2)" } }
    let found = try source("id,step,x,patient,label\n" + rows.joined(separator: "\n"))
    #expect(found.columns?.roles.group == "patient")
    let split = DataParts(sizes: .shares(training: 0.6, validation: 0.2, test: 0.2), seed: 1).split(found)
    let parts = [split.training, split.validation, split.test].map { Set($0.compactMap { found.group($0) }) }
    #expect(parts.allSatisfy { !$0.isEmpty } && parts[0].isDisjoint(with: parts[1]))
    #expect(parts[0].isDisjoint(with: parts[2]) && parts[1].isDisjoint(with: parts[2]))
  }
}
