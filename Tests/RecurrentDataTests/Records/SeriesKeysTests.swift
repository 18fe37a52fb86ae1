import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Series and sequences that several columns name together, and names that are written with zeros in front.
@Suite struct SeriesKeysTests {
  private func source(_ lines: [String]) -> DataSource {
    DataSource(bytes: Array((lines.joined(separator: "\n") + "\n").utf8), name: "a.csv", format: .csv)
  }

  private func table(_ lines: [String], _ columns: SeriesColumns = SeriesColumns()) throws -> SeriesTable {
    try SeriesTable(source(lines), columns: columns)
  }

  private static func day(_ number: Int) -> String { "2023-01-\(number < 10 ? "0" : "")\(number)" }

  /// Three shops with two items each.
  private let sales = (1...3).flatMap { store in
    ["a", "b"].flatMap { item in
      (1...20).map { "\(SeriesKeysTests.day($0)),\(store),\(item),\($0 % 3),\($0 % 7)" }
    }
  }

  @Test func twoColumnsNameASeries() throws {
    let head = "date,store,item,rain,sold"
    let found = try table([head] + sales)
    #expect(found.series.count == 6 && found.series[1].id == "1, b" && found.columns.id == "store,item")
    #expect(found.columns.targets == ["rain", "sold"] && found.columns.statics.isEmpty)
    #expect(found.notes.contains { $0.setting == "id-column" && $0.text.contains("\"store\" and \"item\"") })
    #expect(found.roles.map(\.name) == ["date", "store", "item", "rain", "sold"])
    #expect(found.roles[1].role == "name of the series" && found.roles[2].role == "name of the series")
    // the next table is read alike, in whatever order its rows and columns are
    let turned = sales.reversed().map { row in
      let parts = row.split(separator: ",")
      return [parts[2], parts[4], parts[1], parts[0], parts[3]].joined(separator: ",")
    }
    let again = try SeriesTable(
      source(["item,sold,store,date,rain"] + turned), columns: found.columns, frequency: found.frequency)
    #expect(Set(again.series.map(\.id)) == Set(found.series.map(\.id)))
    // somebody names them
    for name in ["store,item", "item, store"] {
      #expect(try table([head] + sales, SeriesColumns(id: name)).series.count == 6)
    }
    let error = try #require(throws: DataError.self) { try table([head] + sales, SeriesColumns(id: "store")) }
    #expect("\(error)".contains("`id-column` store,item"))
  }

  /// Two ways to tell series apart that are not the same are a question.
  @Test func severalWaysAreAskedFor() throws {
    let rows = (0..<3).flatMap { store in
      (0..<3).flatMap { item in
        (1...20).map { "\(Self.day($0)),s\(store),i\(item),r\((store + item + $0) % 3),\($0 % 7)" }
      }
    }
    let error = try #require(throws: DataError.self) { try table(["date,store,item,area,sold"] + rows) }
    #expect("\(error)".contains("`id-column` store,item makes 9 series") && "\(error)".contains("store,area"))
  }

  @Test func zerosInFrontAreKept() throws {
    let rows = ["007", "7"].flatMap { id in (1...9).map { "\(Self.day($0)),\(id),\($0 % 4)" } }
    let found = try table(["date,store,sold"] + rows)
    #expect(found.series.map(\.id) == ["007", "7"] && found.series[0].stepCount == 9)
    let asked = try table(["date,zip,sold"] + rows, SeriesColumns(id: "zip"))
    #expect(asked.series.map(\.id) == ["007", "7"])
    let floats = ["1.0", "2.0"].flatMap { id in (1...9).map { "\(Self.day($0)),\(id),\($0 % 4)" } }
    #expect(try table(["date,store,sold"] + floats).series.map(\.id) == ["1", "2"])
  }

  /// Trials that are numbered anew for each subject: what the label is decides where there are no times.
  @Test(arguments: [true, false], [true, false])
  func trialsOfSubjects(_ hasTimes: Bool, _ isByTrial: Bool) throws {
    let rows = (1...4).flatMap { subject in
      (1...3).flatMap { trial in
        (0..<6).map { step in
          let label = (isByTrial ? trial : subject + trial) % 2 == 0 ? "a" : "b"
          return
            "\(subject),\(trial),\(hasTimes ? "\(step)," : "")\(100 * subject + 10 * trial + step),\(label)"
        }
      }
    }
    let head = "subject,trial,\(hasTimes ? "time," : "")x,label"
    for rows in hasTimes
      ? [rows, rows.sorted { $0.split(separator: ",")[2] < $1.split(separator: ",")[2] }] : [rows]
    {
      let found = try RecordSource(source([head] + rows))
      #expect(found.count == 12 && found.columns?.roles.id == "subject,trial" && found.stepCount(0) == 6)
      #expect(found.columns?.names.last == "label")
      guard case .series(let series) = try found.record(4).content else {
        throw DataError.empty(path: "a.csv")
      }
      #expect(series.channels == ["x"] && series.values == (0..<6).map { Float(220 + $0) })
      let again = try RecordSource(source([head] + rows), known: found.columns)
      #expect(again.count == 12)
    }
  }

  /// A number that no other subject has is enough.
  @Test func sessionsOfTheirOwn() throws {
    let rows = (0..<12).flatMap { session in
      (0..<5).map { "\(session / 3),\(session),\($0),\($0 * session),\(session % 2)" }
    }
    let found = try RecordSource(source(["subject,session,time,x,label"] + rows))
    #expect(
      found.count == 12 && found.columns?.roles.id == "session" && found.columns?.roles.group == "subject")
  }

  /// Rows of one recording, wherever they stand.
  @Test func recordings() throws {
    let rows = (1...3).flatMap { subject in
      (1...2).flatMap { trial in
        (0..<5).map { "\(subject),\(trial),\($0),\(10 * subject + trial),\($0 > 2 ? "on" : "off")" }
      }
    }
    let head = "subject,trial,time,x,label"
    for rows in [rows, rows.sorted { $0.split(separator: ",")[2] < $1.split(separator: ",")[2] }] {
      for id in [nil, "subject,trial"] {
        var columns = RecordingColumns()
        columns.records.id = id
        let found = try RecordSource(recordings: [source([head] + rows)], events: nil, columns: columns)
        #expect(found.count == 6 && found.stepCount(5) == 5)
        let one = try found.record(2)
        #expect(one.stepLabels == ["off", "off", "off", "on", "on"])
        guard case .series(let series) = one.content else { throw DataError.empty(path: "a.csv") }
        #expect(series.channels == ["x"] && series.values == [Float](repeating: 21, count: 5))
      }
    }
    // one clock throughout is one recording
    let one = (0..<30).map { "\($0 / 15),\($0),\($0 % 4),\($0 % 5 > 2 ? "on" : "off")" }
    #expect(try RecordSource(recordings: [source(["run,time,x,label"] + one)], events: nil).count == 1)
  }
}
