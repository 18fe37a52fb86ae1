import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Tables whose rows are series or periods, and not steps.
@Suite struct WideTableTests {
  private func table(
    _ lines: [String], _ columns: SeriesColumns = SeriesColumns(), frequency: SeriesFrequency? = nil
  ) throws -> SeriesTable {
    let text = lines.joined(separator: "\n") + "\n"
    return try SeriesTable(
      DataSource(bytes: Array(text.utf8), name: "a.csv", format: .csv), columns: columns, frequency: frequency
    )
  }

  private static let months = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"

  /// The numbers from a first one on, with commas between.
  private static func numbers(_ first: Int, _ count: Int) -> String {
    (first..<first + count).map { "\($0)" }.joined(separator: ",")
  }

  private static func years(_ count: Int, of parts: Int) -> [String] {
    (0..<count).map { "\(1950 + $0),\(numbers($0 * parts, parts))" }
  }

  @Test(arguments: [
    ("Year,\(months)", 12, SeriesFrequency.months(1)), ("YEAR,\(months.uppercased())", 12, .months(1)),
    (
      "Jahr,Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember", 12,
      .months(1)
    ),
    (",\(months)", 12, .months(1)), ("Year,\(numbers(1, 12))", 12, .months(1)),
    ("year,J,F,M,A,M,J,J,A,S,O,N,D", 12, .months(1)),
    ("year,M1,M2,M3,M4,M5,M6,M7,M8,M9,M10,M11,M12", 12, .months(1)),
    ("Year,Q1,Q2,Q3,Q4", 4, .months(3)), ("Year,I,II,III,IV", 4, .months(3)), ("Year,H1,H2", 2, .months(6)),
  ])
  func partsOfYears(_ head: String, _ parts: Int, _ frequency: SeriesFrequency) throws {
    let lines = [head] + Self.years(10, of: parts)
    let found = try table(lines)
    #expect(found.series.count == 1 && found.series[0].values == (0..<10 * parts).map(Double.init))
    #expect(found.frequency == frequency && found.columns.targets == ["value"] && found.columns.id == nil)
    #expect(found.notes.contains { $0.setting == "rows-are" && $0.text.contains("every row is a year") })
    #expect(found.roles.count == parts + 1 && found.roles[1].role.contains("of a year"))
    // the newest year may stand first, and a model reads the next table alike
    let turned = try table([head] + lines.dropFirst().reversed(), found.columns, frequency: found.frequency)
    #expect(turned.series[0].values == found.series[0].values)
    // what rows are can be said
    var asked = SeriesColumns()
    asked.rows = .steps
    #expect(try table(lines, asked).frequency == .months(12))
  }

  @Test func theLastYearMayBeShortAndSumsStandBehind() throws {
    let rows = Self.years(3, of: 12).map { $0 + ",99,98" }
    let found = try table(
      ["Year,\(Self.months),Annual,DJF"] + rows + ["1953,36,37,***,39" + String(repeating: ",", count: 10)])
    #expect(found.series[0].stepCount == 40 && found.series[0].values[38].isNaN)
    #expect(found.notes.contains { $0.text.contains("\"Annual\", \"DJF\"") && $0.text.contains("not used") })
    #expect(found.series[0].timeText(of: 40) == "1953-05")
  }

  @Test func severalStations() throws {
    let rows = ["007", "7"].flatMap { id in Self.years(3, of: 12).map { "\(id),north,\($0)" } }
    let found = try table(["station,part,year,\(Self.months)"] + rows)
    #expect(found.series.map(\.id) == ["007", "7"] && found.series.allSatisfy { $0.stepCount == 36 })
  }

  @Test(arguments: [
    (",\(numbers(0, 24))", 24, 0.0), (",\(numbers(1, 24))", 24, 3600),
    (",\((0..<48).map { "\($0 / 2):\($0 % 2 == 0 ? "00" : "30")" }.joined(separator: ","))", 48, 0),
  ])
  func timesOfDays(_ names: String, _ parts: Int, _ start: Double) throws {
    let rows = (1...9).map { "0\($0)/03/2023,\(Self.numbers(($0 - 1) * parts, parts))" }
    var asked = SeriesColumns()
    asked.format = TableFormat(dateOrder: .dayMonthYear)
    let found = try table(["Date" + names] + rows, asked)
    #expect(found.series.count == 1 && found.series[0].values == (0..<9 * parts).map(Double.init))
    #expect(found.frequency == .seconds(86_400 / Double(parts)))
    #expect(found.series[0].start == (CalendarTime("2023-03-01")?.seconds ?? 0) + start)
  }

  @Test func daysOfMonthsThatDoNotExistAreNone() throws {
    let rows = (1...4).map { "2023,\($0),\(Self.numbers(100 * $0, 31))" }
    let found = try table(["year,month,\(Self.numbers(1, 31))"] + rows)
    #expect(found.frequency == .seconds(86_400) && found.series[0].stepCount == 31 + 28 + 31 + 30)
    #expect(found.series[0].values[31] == 200 && found.series[0].values[59] == 300)
  }

  @Test func monthsBelowEachOther() throws {
    let names = Self.months.split(separator: ",")
    let rows = names.indices.map { "\(names[$0]),\($0),\(12 + $0),\(24 + $0)" }
    let found = try table(["Month,1990,1991,1992"] + rows)
    #expect(found.series.count == 1 && found.series[0].values == (0..<36).map(Double.init))
    #expect(found.frequency == .months(1))
  }

  /// Without names both readings are likely.
  @Test func columnsWithoutNamesAreAskedFor() throws {
    let rows = Self.years(8, of: 12)
    let error = try #require(throws: DataError.self) { try table(rows) }
    #expect("\(error)".contains("rows-are") && "\(error)".contains("periods") && "\(error)".contains("steps"))
    var asked = SeriesColumns()
    asked.rows = .periods
    #expect(try table(rows, asked).series[0].stepCount == 96)
    asked.rows = .steps
    #expect(try table(rows, asked).columns.targets.count == 12)
  }

  /// Names that are years, whatever stands below them.
  @Test(arguments: [
    "Country,1990,1991,1992,1993,1994", "Country,1994,1993,1992,1991,1990",
    "Country,1990,1995,2000,2005,2010",
  ])
  func yearsAsColumns(_ head: String) throws {
    for rows in [
      ["A,1990,2000,2010,2011,2012", "B,1,2,3,4,5"],
      ["A,1991,1990,1980,1999,2001", "B,1990,2010,1999,1998,2001"],
    ] {
      let found = try table([head] + rows)
      #expect(found.series.map(\.id) == ["A", "B"] && found.columns.id == "Country", "\(rows)")
    }
    if head.contains("1993") {
      #expect(
        try table([head, head.replacing("Country", with: "A"), "B,1990,1991,1992,1993,1994"]).series.count
          == 2)
    }
  }

  @Test func sumsBehindYearsAreNoChannels() throws {
    let found = try table(["id,1990,1991,1992,1993,Total", "1,5,6,7,8,26", "02,1,2,3,4,10", "2,1,2,3,5,11"])
    #expect(found.series.map(\.id) == ["1", "02", "2"] && found.series[0].statics.isEmpty)
    #expect(found.notes.contains { $0.text.contains("\"Total\"") })
  }

  /// Numbers with four digits are no years where rows have times.
  @Test func heightsAreNoYears() throws {
    let rows = (0..<30).map { "2023-01-\($0 < 9 ? "0" : "")\($0 + 1),\($0),1,\($0 * 2),3" }
    #expect(try table(["date,1000,1500,2000,2500"] + rows).series[0].targets == ["1000", "2000"])
    let steps = (0..<30).map { "\($0),\($0 % 7),\($0 % 5),\($0 * 2)" }
    #expect(try table(["t,1600,1700,1800"] + steps).series[0].stepCount == 30)
  }
}
