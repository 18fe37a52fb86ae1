import RecurrentTestSupport
import Testing

@Suite struct SeriesTableTests {
  private func table(
    _ text: String, name: String = "a.csv", _ columns: SeriesColumns = SeriesColumns(),
    frequency: SeriesFrequency? = nil
  ) throws -> SeriesTable {
    let folder = try ScratchFolder()
    let path = try folder.file(name, Array(text.utf8))
    return try SeriesTable(DataSource(path), columns: columns, frequency: frequency)
  }

  /// The error of a table, without the path of its file.
  private func message(_ text: String, _ columns: SeriesColumns = SeriesColumns()) -> String {
    do {
      _ = try table(text, columns)
      return "no error"
    } catch {
      return "\(error)".split(separator: "a.csv").last.map(String.init) ?? "\(error)"
    }
  }

  @Test func hours() throws {
    let table = try table("date,OT,MU\n2024-01-31 22:00,1,5\n2024-01-31 23:00,2,NA\n2024-02-01 00:00,3,7\n")
    #expect(table.frequency == .seconds(3600))
    #expect(table.series[0].targets == ["OT", "MU"])
    #expect(table.series[0].column(0) == [1, 2, 3])
    #expect(table.series[0].values[3].isNaN)
    #expect(table.series[0].timeText(of: 3) == "2024-02-01T01:00:00")
    #expect(table.columns == SeriesColumns(time: "date", targets: ["OT", "MU"]))
    #expect(table.notes.contains { $0.setting == "time" })
  }

  /// A row a series, as in the files of the M competitions.
  @Test(arguments: [
    ("V1," + (2...10).map { "V\($0)" }.joined(separator: ","), false),
    ("shop," + (1...9).map { "2024-01-0\($0)" }.joined(separator: ","), true),
  ])
  func aRowForEachSeries(_ head: String, _ areDates: Bool) throws {
    let name = String(head.prefix { $0 != "," })
    let text = head + "\nA,1,2,3,4,5,6,7,8,9\nB,1,2,,4,5,6,7,8,\n"
    let table = try table(text)
    #expect(table.columns == SeriesColumns(time: "time", targets: ["value"], id: name))
    #expect(table.series.map(\.id) == ["A", "B"] && table.series.map(\.stepCount) == [9, 8])
    #expect(table.series[1].values[2].isNaN && table.series[1].values[7] == 8)
    #expect(table.frequency == (areDates ? .seconds(86_400) : .steps(1)))
    let again = try self.table(text, table.columns, frequency: table.frequency)
    #expect(again.series.map(\.stepCount) == [9, 8])
  }

  @Test func timesThatBeginAnewWithEverySeries() throws {
    let table = try table("time,item,y\n0,a,1\n1,a,2\n0,b,5\n1,b,6\n2,b,7\n")
    #expect(table.columns.time == "time" && table.series.map(\.stepCount) == [2, 3])
  }

  @Test func manySeriesWithMonths() throws {
    let table = try table(
      """
      symbol,sector,date,price
      B,tech,Feb 1 2000,20
      A,oil,Jan 1 2000,1
      A,oil,Feb 1 2000,2
      B,tech,Jan 1 2000,10
      A,oil,Mar 1 2000,3
      B,tech,Mar 1 2000,30
      """)
    #expect(table.frequency == .months(1))
    #expect(table.series.map(\.id) == ["B", "A"])
    #expect(table.series[0].values == [10, 20, 30])
    #expect(table.series[1].statics == ["sector": "oil"])
    #expect(table.series[0].timeText(of: 12) == "2001-01-01")
    #expect(table.columns.id == "symbol" && table.columns.statics == ["sector"])
    #expect(table.notes.contains { $0.kind == .warning && $0.text.contains("sorted") })
  }

  @Test func gapsAreMissing() throws {
    let table = try table(
      "day,y\n2024-03-01,1\n2024-03-02,2\n2024-03-05,5\n2024-03-06,6\n2024-03-09,9\n2024-03-10,1\n")
    #expect(table.frequency == .seconds(86_400))
    #expect(table.series[0].stepCount == 10)
    #expect(table.series[0].values.count { $0.isNaN } == 4)
    #expect(table.notes.contains { $0.kind == .warning && $0.text.hasPrefix("4 steps are missing") })
  }

  @Test func workingDays() throws {
    let days = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12]  // from a Monday on
    let text =
      "date,close\n" + days.map { "2024-07-\($0 < 10 ? "0" : "")\($0),\($0)" }.joined(separator: "\n")
    let table = try table(text)
    #expect(table.frequency == .businessDays)
    #expect(table.series[0].stepCount == 10 && !table.series[0].values.contains { $0.isNaN })
    #expect(table.series[0].timeText(of: 10) == "2024-07-15")
  }

  @Test func knownAhead() throws {
    let table = try table(
      "t,y,holiday,other\n1,10,0,3\n2,11,1,3\n3,12,0,4\n4,,1,\n5,,0,\n",
      SeriesColumns(time: "t", targets: ["y"]))
    let series = table.series[0]
    #expect(series.stepCount == 3 && series.known == ["holiday"] && series.futureCount == 2)
    #expect(series.knownValues == [0, 1, 0, 1, 0])
    #expect(table.notes.contains { $0.text.contains("\"other\": not used") })
  }

  @Test func linesOfJSON() throws {
    let table = try table(
      "{\"t\": 1, \"y\": 2.5}\n{\"t\": 2, \"y\": null}\n{\"t\": 3, \"y\": 1}\n", name: "a.jsonl")
    #expect(table.series[0].values[0] == 2.5 && table.series[0].values[1].isNaN)
    #expect(table.frequency == .steps(1))
  }

  @Test func errorsSayWhere() {
    #expect(
      message("date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-02,3\n")
        == ": line 4, column \"date\": expected each time once, or a column that tells series apart "
        + "(`id-column`), or what rows of one time are together (`resample`), found the time of line 3 again")
    #expect(
      message("s,date,y\na,2024-01-01,1\nb,2024-01-01,2\na,2024-01-01,3\n", SeriesColumns(id: "s"))
        == ": line 4, column \"date\": expected each time once in a series, found the time of line 2 again in the "
        + "series \"a\"")
    #expect(
      message("t,y\n1,2\n2,3\n", SeriesColumns(targets: ["z"])).contains(
        "no column \"z\"; there are \"t\", \"y\""))
    #expect(
      message("t,y\n1,\n2,NA\n3,\n", SeriesColumns(targets: ["y"])).contains(
        "expected numbers in the column \"y\""))
    #expect(message("t,y\n1,2\n2,inf\n").contains("line 3, column \"y\": expected a number"))
    #expect(message("t,y\n1,2\n2,x\n", SeriesColumns(targets: ["y"])).contains("line 3, column \"y\""))
    #expect(
      message("date,y\n2024-01-01,1\n2024-13-01,2\n", SeriesColumns(time: "date")).contains("\"2024-13-01\""))
    #expect(message("t,y\n1,2\n", SeriesColumns(time: "t")).contains("at least two steps"))
    #expect(
      message("t,y\n1,2\n2,3\n3,4\n900000,4\n", SeriesColumns(time: "t")).contains("is the date right?"))
    #expect(
      message("t,y\n1,2\n2,3\n3,4\n3.2,4\n", SeriesColumns(time: "t")).contains(
        "less than one step behind line 4"))
    #expect(message("t,y\n1,2\n2,3\n", SeriesColumns(time: "t", targets: ["t"])).contains("target must be"))
  }

  @Test func frequencyOfTrainingIsKept() throws {
    let columns = SeriesColumns(time: "date", targets: ["y"])
    let text = "date,y\n2024-01-01 00:00,1\n2024-01-01 03:00,2\n"
    #expect(try table(text, columns, frequency: .seconds(3600)).series[0].stepCount == 4)
    #expect(throws: DataError.self) {
      try table("date,y\n2024-01-01 00:00,1\n2024-01-01 00:10,2\n", columns, frequency: .seconds(3600))
    }
  }

  @Test func rowsWithoutTimes() throws {
    let table = try table("y,z\n1,2\n5,6\n3,1\n")
    #expect(table.frequency == .steps(1) && table.columns.time == nil)
    #expect(table.series[0].column(1) == [2, 6, 1])
  }
}

@Suite struct SeriesFrequencyTests {
  @Test(arguments: [
    SeriesFrequency.steps(0.5), .seconds(900), .seconds(3600), .seconds(604_800), .businessDays, .months(1),
    .months(3), .months(12),
  ])
  func placesAreTimesBackwards(_ frequency: SeriesFrequency) {
    let start = frequency.isCalendar ? 1_704_067_200.0 : 7  // the first of January 2024, a Monday
    for step in [0, 1, 4, 5, 6, 17, 250] {
      let time = frequency.time(start, advancedBy: step)
      #expect(frequency.place(of: time, from: start).step == step)
      #expect(frequency.place(of: time, from: start).offset < 1e-6)
    }
  }

  @Test func ends() {
    // the last days of months are a month apart
    let last = CalendarTime("2024-01-31")?.seconds ?? 0
    let times = (0..<14).map { SeriesFrequency.months(1).time(last, advancedBy: $0) }
    #expect(CalendarTime(seconds: times[1]).text == "2024-02-29")
    #expect(SeriesFrequency.found(in: [times], isCalendar: true) == .months(1))
    #expect(SeriesFrequency.found(in: [[5]], isCalendar: true) == nil)
    // four weeks are no month
    let weeks = (0..<20).map { Double($0) * 28 * 86_400 }
    #expect(SeriesFrequency.found(in: [weeks], isCalendar: true) == .seconds(28 * 86_400))
  }

  @Test func durations() {
    let durations: [(frequency: SeriesFrequency, text: String)] = [
      (.seconds(1.0 / 16_000), "PT0.0000625S"), (.seconds(1e-5), "PT0.00001S"), (.seconds(0.5), "PT0.5S"),
      (.seconds(900), "PT15M"), (.seconds(86_400), "P1D"), (.seconds(93_784.25), "P1DT2H3M4.25S"),
      (.businessDays, "P1D"), (.months(12), "P1Y"), (.steps(2), "2"), (.steps(0.5), "0.5"),
    ]
    for own in durations { #expect(own.frequency.duration == own.text) }
  }

  @Test func seasons() {
    let lengths = [
      SeriesFrequency.seconds(3600), .seconds(900), .seconds(86_400), .seconds(604_800), .months(1),
      .months(3),
      .months(12), .businessDays, .steps(1), .seconds(1),
    ].map(\.seasonLength)
    #expect(lengths == [24, 96, 7, 52, 12, 4, 1, 5, 1, 60])
    #expect(SeriesFrequency.seconds(900).text == "15 minutes" && SeriesFrequency.months(12).text == "year")
  }
}
