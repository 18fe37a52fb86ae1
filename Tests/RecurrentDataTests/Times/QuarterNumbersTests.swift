import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Quarters without a letter, and spans of days.
@Suite struct QuarterNumbersTests {
  private func table(_ head: String, _ rows: [String], _ known: SeriesTable? = nil) throws -> SeriesTable {
    let text = head + "\n" + rows.joined(separator: "\n") + "\n"
    return try SeriesTable(
      DataSource(bytes: Array(text.utf8), name: "a.csv", format: .csv),
      columns: known?.columns ?? SeriesColumns(),
      frequency: known?.frequency)
  }

  @Test(arguments: [":", ".", "-", "/"])
  func quarters(_ mark: String) throws {
    let rows = (0..<24).map { "\(2000 + $0 / 4)\(mark)\($0 % 4 + 1),\($0 * 7 % 5)" }
    let found = try table("quarter,y", rows)
    #expect(found.frequency == .months(3) && found.series[0].stepCount == 24)
    #expect(CalendarTime(seconds: found.series[0].time(of: 5)).month == 4)
    #expect(found.notes.contains { $0.text.contains("is read as a year and a quarter") })
    let again = try table("quarter,y", rows.reversed(), found)
    #expect(again.series[0].values == found.series[0].values)
  }

  /// Months that go beyond the fourth are months.
  @Test func months() throws {
    let rows = (0..<24).map { "\(2000 + $0 / 12)-\($0 % 12 + 1),\($0 * 7 % 5)" }
    #expect(try table("month,y", rows).frequency == .months(1))
  }

  @Test(
    arguments: [
      ("2020-01-06/2020-01-12", "2020-01-06"), ("06.01.2020 - 12.01.2020", "2020-01-06"),
      ("2020-01-06 to 2020-01-12", "2020-01-06"), ("2020-01-12/2020-01-06", nil),
    ] as [(String, String?)])
  func spansOfDays(_ text: String, _ first: String?) {
    #expect(CalendarTime(text)?.text == first)
  }
}
