import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// The times of tables in all the forms in which they come.
@Suite struct SeriesTimesTests {
  private func table(_ head: String, _ rows: [String], _ columns: SeriesColumns = SeriesColumns()) throws
    -> SeriesTable
  {
    let text = head + "\n" + rows.enumerated().map { "\($1),\($0 % 7).25\n" }.joined()
    return try SeriesTable(DataSource(bytes: Array(text.utf8), name: "a.csv", format: .csv), columns: columns)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The rows of a form, for hours, days or months from the first of March 2023 on.
  private static func rows(_ form: String, _ count: Int) -> [String] {
    (0..<count).map { index in
      let (day, hour) = (two(1 + index / 24), two(index % 24))
      let (year, month) = (2023 + (index + 2) / 12, (index + 2) % 12 + 1)
      let epoch = 1_677_628_800 + 3600 * index
      return switch form {
      case "apart": "\(day)/03/2023,\(hour):00:00"
      case "points": "\(day).03.2023,\(hour).00.00"
      case "hour": "2023-03-\(day),\(index % 24 + 1)"
      case "parts": "2023,3,\(index / 24 + 1),\(index % 24)"
      case "words": "2023,Mar,\(index / 24 + 1),\(index % 24)"
      case "year": "\(1950 + index)"
      case "doy": "2023,\(60 + index / 24),\(index % 24)"
      case "yyyymmddhh": "202303\(day)\(hour)"
      case "yyyymmddhhmm": "202303\(day)\(hour)00"
      case "yyyymmdd": "202303\(two(1 + index))"
      case "yyyymm": "\(year)\(two(month))"
      case "s": "\(epoch)"
      case "ms": "\(epoch)000"
      case "ns": "\(epoch)000000000"
      case "quarter": "\(1990 + index / 4)Q\(index % 4 + 1)"
      case "quarter and year": "\(1990 + index / 4),\(index % 4 + 1)"
      case "week": "2023-W\(two(index + 1))"
      case "Mon-yy":
        "\(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1])-\(year - 2000)"
      case "utc": "2023-03-\(day) \(hour):00:00 UTC"
      case "yearweek": "2023\(two(index + 1))"
      case "yyyyddd": "2023\("00\(index + 1)".suffix(3))"
      case "seasons": "\(2001 + index)-\(two((2002 + index) % 100))"
      case "decimals": "\(1950 + index).0"
      case "year.month": "\(year).\(two(month))"
      case "excel": "\(44_986 + index)"
      case "quarters of a second": "\(1_677_628_800 + Double(index) / 4)"
      case "offset": "2023-03-\(day)T\(hour):00:00+05:30"
      case "chinese": "2023年3月\(index / 24 + 1)日 \(index % 24):00"
      case "german": "\(index / 24 + 1). März 2023 \(hour):00"
      default: "2023-03-\(day) \(hour):00:00"
      }
    }
  }

  @Test(arguments: [
    ("Date,Time,y", "apart", 336, "PT1H", "2023-03-01", "2023-03-15"),
    ("Date,Time,y", "points", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("Date,Hour,y", "hour", 72, "PT1H", "2023-03-01T01:00:00", "2023-03-04T01:00:00"),
    ("year,month,day,hour,y", "parts", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("YEAR,MO,DY,HR,y", "parts", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("Jahr,Monat,Tag,Stunde,y", "words", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("YEAR,DOY,HR,y", "doy", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("year,y", "year", 60, "P1Y", "1950", "2010"), ("Jahr,y", "year", 60, "P1Y", "1950", "2010"),
    ("when,y", "year", 60, "P1Y", "1950", "2010"),
    ("MESS_DATUM,y", "yyyymmddhh", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("when,y", "yyyymmddhhmm", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("date,y", "yyyymmdd", 30, "P1D", "2023-03-01", "2023-03-31"),
    ("period,y", "yyyymm", 36, "P1M", "2023-03", "2026-03"),
    ("timestamp,y", "s", 72, "PT1H", "1677628800", "1677888000"),
    ("time,y", "ms", 72, "PT1H", "1677628800000", "1677888000000"),
    ("ts,y", "ns", 72, "PT1H", "1677628800000000000", "1677888000000000000"),
    ("Quarter,y", "quarter", 40, "P3M", "1990Q1", "2000Q1"),
    ("year,quarter,y", "quarter and year", 40, "P3M", "1990Q1", "2000Q1"),
    ("week,y", "week", 40, "P7D", "2023-W01", "2023-W41"),
    ("when,y", "Mon-yy", 36, "P1M", "2023-03", "2026-03"),
    ("time,y", "utc", 72, "PT1H", "2023-03-01T00:00:00Z", "2023-03-04T00:00:00Z"),
    ("time,y", "offset", 72, "PT1H", "2023-03-01T00:00:00+05:30", "2023-03-04T00:00:00+05:30"),
    ("时间,y", "chinese", 72, "PT1H", "2023-03-01", "2023-03-04"),
    ("yearweek,y", "yearweek", 40, "P7D", "2023-W01", "2023-W41"),
    ("date,y", "yyyyddd", 60, "P1D", "2023-01-01", "2023-03-02"),
    ("season,y", "seasons", 10, "P1Y", "2001-02", "2011-12"),
    ("Year,y", "decimals", 40, "P1Y", "1950", "1990"),
    ("when,y", "year.month", 36, "P1M", "2023-03", "2026-03"),
    ("Date,y", "excel", 40, "P1D", "2023-03-01", "2023-04-10"),
    ("ts,y", "quarters of a second", 40, "PT0.25S", "1677628800", "1677628810"),
    ("Zeit,y", "german", 72, "PT1H", "2023-03-01", "2023-03-04"),
  ])
  func forms(_ head: String, _ form: String, _ count: Int, _ step: String, _ first: String, _ next: String)
    throws
  {
    let table = try table(head, SeriesTimesTests.rows(form, count))
    let series = table.series[0]
    #expect(
      table.series.count == 1 && series.stepCount == count && table.frequency.duration == step,
      "\(table.notes)")
    #expect(series.timeText(of: 0) == first && series.timeText(of: count) == next)
    #expect(table.columns.targets == ["y"], "\(table.columns)")
    // what was found reads the next table alike
    let again = try self.table(head, SeriesTimesTests.rows(form, count), table.columns)
    #expect(again.series == table.series)
  }

  @Test func numbersThatAreNoTimes() throws {
    let steps = try table("step,y", (0..<40).map { "\(1900 + $0)" })
    #expect(steps.frequency == .steps(1) && steps.series[0].timeText(of: 40) == "1940")
    var columns = SeriesColumns(time: "t")
    columns.format = TableFormat(timeUnit: .steps)
    #expect(try table("t,y", (0..<40).map { "\(1_677_628_800 + 60 * $0)" }, columns).frequency == .steps(60))
    columns.format = TableFormat(timeUnit: .seconds)
    #expect(try table("t,y", (0..<40).map { "\(60 * $0)" }, columns).frequency == .seconds(60))
    // a price that is called index is no time
    let index = try table(
      "date,index,y",
      (0..<40).map { "2023-03-01 \(SeriesTimesTests.two($0 / 2)):\($0 % 2 * 3)0,\(100.5 + Double($0 % 3))" })
    #expect(index.columns.time == "date" && index.columns.targets == ["index", "y"])
  }

  /// What the times say already is no series; when a table was made is no time of its rows.
  @Test func partsAndOtherTimes() throws {
    let start = CalendarTime("2023-03-01")?.seconds ?? 0
    let rows = (0..<60).map { index in
      let day = CalendarTime(seconds: start + Double(index) * 86_400)
      return "2024-01-01 10:00,\(day.text),\(day.year),\(day.month),\(day.day),\((day.weekday + 1) % 7)"
    }
    let table = try table("created_at,date,year,month,day,weekday,y", rows)
    #expect(table.columns.time == "date" && table.columns.targets == ["y"], "\(table.columns)")
    #expect(table.notes.contains { $0.text.contains("\"weekday\": what the times say already") })
    // a month that is another one is a number like others
    let other = try self.table(
      "date,month,y",
      rows.indices.map { "2023-03-\(SeriesTimesTests.two($0 + 1)),\($0 % 5)" }
        .prefix(31).map { $0 })
    #expect(other.columns.targets == ["month", "y"])
  }

  @Test func yearsFarAheadAreSaid() throws {
    let table = try table("date,y", (1...28).map { "\(SeriesTimesTests.two($0))/02/2566" })
    #expect(table.notes.contains { $0.kind == .warning && $0.text.contains("2566") })
  }

  /// Offsets that change with daylight saving: hours go on in UTC, days by their own clock.
  @Test func offsetsThatChange() throws {
    func hour(_ index: Int) -> String {
      let utc = CalendarTime(seconds: 1_698_444_000 + Double(index) * 3600)  // 2023-10-27T22:00Z
      let offset = utc.seconds >= 1_698_541_200 ? 1 : 2
      let text = CalendarTime(seconds: utc.seconds + Double(offset) * 3600 + 1).text
      return "\(text.dropLast(2))00+0\(offset):00"
    }
    let hours = try table("time,y", (0..<72).map(hour))
    #expect(hours.series[0].stepCount == 72 && hours.frequency == .seconds(3600))
    #expect(hours.series[0].timeText(of: 71) == hour(71) && hours.series[0].timeText(of: 72) == hour(72))
    let days = try table("time,y", (20...31).map { "2023-10-\($0)T00:00:00+0\($0 < 30 ? 2 : 1):00" })
    #expect(
      days.frequency == .seconds(86_400) && days.series[0].timeText(of: 12) == "2023-11-01T00:00:00+01:00")
  }

  @Test func daylightSaving() throws {
    let start = CalendarTime("2023-10-28")?.seconds ?? 0
    let rows = (0..<72).map { index in
      let text = CalendarTime(seconds: start + Double(index < 27 ? index : index - 1) * 3600).text
      return text.contains("T") ? text : text + "T00:00:00"
    }
    let table = try table("time,y", rows)
    #expect(table.series[0].stepCount == 72 && table.series[0].timeText(of: 71) == rows[71])
    #expect(table.notes.contains { $0.setting == "daylight-saving" })
    var columns = SeriesColumns()
    columns.format = TableFormat(hasDaylightSaving: false)
    #expect(throws: DataError.self) { try self.table("time,y", rows, columns) }
    // each of several series has the hour twice
    let both = try self.table(
      "time,shop,y", rows.map { "\($0),a" } + rows.map { "\($0),b" }, SeriesColumns(id: "shop"))
    #expect(both.series.map(\.stepCount) == [72, 72])
  }

  @Test(arguments: [(Resampling.mean, 2.0), (.last, 3), (.sum, 6)])
  func rowsOfAStepTogether(_ way: Resampling, _ value: Double) throws {
    let rows = (0..<60).flatMap { step in
      [(3, 1), (17, 2), (41, 3)].map {
        "2023-03-01 00:\(SeriesTimesTests.two(step)):\(SeriesTimesTests.two($0.0)),\($0.1)"
      }
    }
    let text = "time,y\n" + rows.joined(separator: "\n")
    let source = DataSource(bytes: Array(text.utf8), name: "a.csv", format: .csv)
    #expect(throws: DataError.self) { try SeriesTable(source, frequency: .seconds(60)) }
    let table = try SeriesTable(source, columns: SeriesColumns(resampling: way), frequency: .seconds(60))
    #expect(table.series[0].stepCount == 60 && table.series[0].values.allSatisfy { $0 == value })
    #expect(table.series[0].timeText(of: 1) == "2023-03-01T00:01:00" && table.columns.resampling == way)
    // the step is a usual one
    #expect(try SeriesTable(source, columns: SeriesColumns(resampling: way)).frequency == .seconds(30))
  }

  @Test(arguments: [2, 4, 6, 24])
  func otherCalendarSteps(_ months: Int) throws {
    let start = CalendarTime("2001-01-31")?.seconds ?? 0
    let rows = (0..<20).map { CalendarTime(seconds: start).adding(months: months * $0).text }
    let table = try table("date,y", rows)
    #expect(table.frequency == .months(months) && table.series[0].stepCount == 20)
  }

  /// Years, quarters and months as columns, the newest first or last, with keys in one cell or in several.
  @Test func timesAsColumns() throws {
    func wide(_ text: String) throws -> SeriesTable {
      try SeriesTable(DataSource(bytes: Array(text.utf8), name: "a.tsv", format: .tsv))
    }
    let years = (2010...2021).map { "\($0) " }
    let rows = ["JAN,AD", "JAN,AL"].enumerated().map { place, key in
      ([key] + years.indices.map { $0 == 4 ? ": " : "\(1000 * (place + 1) + $0) \($0 % 3 == 0 ? "b" : "")" })
        .joined(separator: "\t")
    }
    let table = try wide(
      (["indic_de,geo\\time"] + years).joined(separator: "\t") + "\n" + rows.joined(separator: "\n") + "\n")
    #expect(table.series.map(\.id) == ["JAN,AD", "JAN,AL"] && table.frequency == .months(12))
    #expect(
      table.series[0].values[1] == 1001 && table.series[1].values[0] == 2000
        && table.series[0].values[4].isNaN)
    #expect(table.series[0].timeText(of: 0) == "2010" && table.series[1].statics["geo"] == "AL")
    let quarters = (0..<12).map { "\(2022 - $0 / 4)Q\(4 - $0 % 4)" }
    let newest = try wide(
      "geo\\time\t" + quarters.joined(separator: "\t") + "\nA\t"
        + (0..<12).map { "\($0).5" }.joined(separator: "\t") + "\n")
    #expect(newest.frequency == .months(3) && newest.series[0].timeText(of: 0) == "2020Q1")
    #expect(newest.series[0].values[0] == 11.5 && newest.series[0].values[11] == 0.5)
    // several measures of a country are several series
    let bank = (1...2).flatMap { country in
      ["people", "area"].map {
        "C\(country)\tX\(country)\t\($0)\t" + (0..<12).map { "\($0 * country)" }.joined(separator: "\t")
          + "\t"
      }
    }
    let head =
      "Country Name\tCountry Code\tIndicator\t"
      + (1990..<2002).map { "\($0) [YR\($0)]" }.joined(separator: "\t") + "\t"
    let several = try wide(head + "\n" + bank.joined(separator: "\n") + "\n")
    #expect(
      several.series.count == 4 && several.series[1].id == "C1, X1, area", "\(several.series.map { $0.id })")
  }

  /// The five tables of the agencies, of which nothing is said.
  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)"))
  func officialStatistics() throws {
    func table(_ name: String) throws -> SeriesTable {
      try SeriesTable(DataSource("\(sharedData ?? "")/forecasting/official-statistics/\(name)"))
    }
    let fred = try table("fred-UNRATE.csv")
    #expect(fred.series[0].stepCount == 850 && fred.frequency == .months(1))
    #expect(fred.series[0].values.first == 3.4 && fred.series[0].values.last == 3.7)
    let people = try table("eurostat-tps00001.tsv")
    let andorra = try #require(people.series.first { $0.id == "JAN,AD" })
    #expect(people.series.count == 55 && andorra.values[1] == 78_115 && andorra.values[4].isNaN)
    let unemployed = try table("eurostat-une_rt_q.tsv")
    let bulgaria = try #require(unemployed.series.first { $0.id == "NSA,Y15-24,PC_ACT,F,BG" })
    #expect(
      unemployed.frequency == .months(3) && bulgaria.values.last == 16.3
        && bulgaria.values[bulgaria.values.count - 9].isNaN)
    #expect(unemployed.notes.contains { $0.text.contains("cut") })
    let bank = try table("worldbank-API_SP.POP.TOTL_DS2_en_csv_v2.csv")
    let aruba = try #require(bank.series.first { $0.id == "Aruba" })
    #expect(aruba.values.first == 54_208 && aruba.timeText(of: 0) == "1960" && bank.series.count > 250)
    let labour = try table("bls-aat1.txt")
    #expect(
      labour.series.count == 2 && labour.series[1].timeText(of: labour.series[1].stepCount - 1) == "2010")
    #expect(labour.series[1].values[labour.series[1].values.count - labour.columns.targets.count] == 237_830)
    #expect(
      labour.series[0].values[7 * labour.columns.targets.count + 1] == 60_168
        && labour.series[1].values[1] == 59_350)
  }
}
