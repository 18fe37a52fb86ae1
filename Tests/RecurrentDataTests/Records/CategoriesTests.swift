import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Columns of words that are read as numbers.
@Suite struct CategoriesTests {
  private func source(_ lines: [String]) -> DataSource {
    DataSource(bytes: Array((lines.joined(separator: "\n") + "\n").utf8), name: "a.csv", format: .csv)
  }

  private func table(
    _ lines: [String], _ columns: SeriesColumns, frequency: SeriesFrequency? = nil
  ) throws -> SeriesTable {
    try SeriesTable(source(lines), columns: columns, frequency: frequency)
  }

  private static let words = ["rain", "sun", ""]
  private static let names = ["weather=rain", "weather=sun"]
  private let head = "date,weather,open,y"
  /// The last four without the target.
  private let rows = (1...28).map { day in
    "2023-02-\(day < 10 ? "0" : "")\(day),\(day < 24 ? words[day % 3] : "sun"),\(day % 2 == 0 ? "yes" : "no"),\(day < 25 ? "\(day % 5)" : "")"
  }

  @Test func wordsThatAreKnownAhead() throws {
    let found = try table([head] + rows, SeriesColumns(targets: ["y"], known: ["weather", "open"]))
    #expect(found.columns.known == Self.names + ["open"])
    let series = found.series[0]
    #expect(series.knownValues.count == 28 * 3 && series.futureCount == 4)
    // a day of sun, one without a word, one of rain
    #expect(Array(series.knownValues.prefix(9)) == [0, 1, 0, 0, 0, 1, 1, 0, 0])
    #expect(found.notes.contains { $0.text.contains("\"weather\" (2 words)") && $0.setting == "known" })
    #expect(
      found.roles.map(\.name) == ["date", "weather", "open", "y"]
        && found.roles[1].role == "a number for each word")
    // they go on where the target ends, which is found
    let guessed = try table([head] + rows, SeriesColumns(targets: ["y"]))
    #expect(
      guessed.columns.known == Self.names + ["open"] && guessed.series[0].knownValues == series.knownValues)
    #expect(guessed.notes.contains { $0.text.contains("known ahead, for they go on") })
    // another table is read by the words of the first one
    let other = (1...9).map { "2023-03-0\($0),\($0 == 3 ? "hail" : "rain"),no,1" }
    let again = try table([head] + other, found.columns, frequency: found.frequency)
    #expect(Array(again.series[0].knownValues.prefix(9)) == [1, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(again.notes.contains { $0.kind == .warning && $0.text.contains("\"hail\" in 1 rows") })
  }

  /// Rows that are series or periods have words, too, of all their steps.
  @Test(arguments: [SeriesColumns.Rows.series, .periods]) func wordsOfWideRows(_ rows: SeriesColumns.Rows)
    throws
  {
    let steps =
      rows == .series
      ? (1...12).map { "V\($0)" }
      : ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
        + ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let numbers = (1...12).map { "\($0)" }.joined(separator: ",")
    let isSeries = rows == .series
    // of periods, the words tell the series apart
    let lines = [2001, 2002].flatMap { year in
      ["a,x,\(year),\(numbers)", "\(isSeries ? "b" : "a"),y,\(year),\(numbers)"]
    }
    let head =
      isSeries ? "id,kind,\(steps.joined(separator: ","))" : "id,kind,year,\(steps.joined(separator: ","))"
    let own = isSeries ? lines.prefix(2).map { $0.replacing("2001,", with: "") } : lines
    let found = try table([head] + own, SeriesColumns(id: isSeries ? "id" : nil, known: ["kind"], rows: rows))
    #expect(found.columns.known == ["kind=x", "kind=y"])
    #expect(found.series.map { Array($0.knownValues.prefix(4)) } == [[1, 0, 1, 0], [0, 1, 0, 1]])
  }

  @Test func wordsOfThePast() throws {
    let found = try table([head] + rows, SeriesColumns(targets: ["y"], past: ["weather"]))
    #expect(found.columns.past == Self.names && found.series[0].pastValues.count == 24 * 2)
  }

  @Test func textsAreNoCategories() throws {
    let texts = rows.enumerated().map {
      $1.replacing(",yes,", with: ",text \($0),").replacing(",no,", with: ",text \($0),")
    }
    #expect(try table([head] + texts, SeriesColumns(targets: ["y"])).columns.known == Self.names)
    #expect(throws: DataError.self) {
      try table([head] + texts, SeriesColumns(targets: ["y"], known: ["open"]))
    }
  }

  private func recordings(
    _ lines: [String], _ known: RecordingColumns.Known, _ change: (inout RecordingColumns) -> Void = { _ in }
  ) throws -> RecordSource {
    var columns = RecordingColumns()
    change(&columns)
    return try RecordSource(
      recordings: [source(lines)], events: nil, columns: columns, known: known, needsLabels: false)
  }

  private func channels(_ source: RecordSource) throws -> [String] {
    guard case .series(let series) = try source.record(0).content else { return [] }
    return series.channels
  }

  @Test func channelsOfRecordings() throws {
    let lines =
      ["time,mode,subject,x,y"]
      + (0..<30).map { "\($0),\(["b", "a"][$0 / 4 % 2]),s\($0 / 20),\($0 % 7),\($0 % 3)" }
    let find = RecordingColumns.Known(findsCategories: true)
    let found = try recordings(lines, find)
    #expect(
      try channels(found) == ["x", "y", "mode=a", "mode=b"] && found.indicators == ["mode=a", "mode=b"])
    #expect(found.notes.contains { $0.setting == "categories" && $0.text.contains("\"mode\" (2 words)") })
    guard case .series(let series) = try found.record(0).content else { throw DataError.empty(path: "a.csv") }
    #expect(Array(series.values.prefix(4)) == [0, 0, 0, 1])
    #expect(found.columnRoles[1].role == "a channel for each word" && found.columnRoles.count == 5)
    #expect(try channels(recordings(lines, find) { $0.records.ignored = ["mode"] }) == ["x", "y"])
    #expect(try channels(recordings(lines, RecordingColumns.Known())) == ["x", "y"])
    #expect(
      try channels(recordings(lines, RecordingColumns.Known()) { $0.records.categories = ["subject"] })
        .suffix(2) == ["subject=s0", "subject=s1"])
    // a model reads the words that it knows
    let other = ["time,mode,subject,x,y"] + (0..<9).map { "\($0),c,s1,1,2" }
    let again = try recordings(other, RecordingColumns.Known(indicators: found.indicators))
    #expect(try channels(again) == ["x", "y", "mode=a", "mode=b"])
    #expect(again.notes.contains { $0.kind == .warning && $0.text.contains("\"c\"") })
  }

  @Test func objectsOfStreamsHaveWordsToo() {
    let object: [String: JSONValue] = ["mode": .text("a"), "x=y": .number(3)]
    #expect(CategoryIndicator.value("mode=a", in: object) == .number(1))
    #expect(CategoryIndicator.value("mode=b", in: object) == .number(0))
    #expect(
      CategoryIndicator.value("x=y", in: object) == .number(3)
        && CategoryIndicator.value("z=a", in: object) == nil)
  }
}
