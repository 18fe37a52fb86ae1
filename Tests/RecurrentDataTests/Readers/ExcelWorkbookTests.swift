import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct ExcelWorkbookTests {
  private func book(_ name: String = "workbook.xlsx") throws -> ExcelWorkbook {
    try ExcelWorkbook(ZipParts(bytes: fixture(name), path: name), path: name)
  }

  @Test func readsCellsWhereTheyAre() throws {
    let book = try book()
    #expect(book.sheets == ["Loads & more", "Days"])
    let rows = try book.rows(of: "Loads & more")
    #expect(rows.count == 33 && rows[0] == ["Loads of a house"] && rows[1] == [])
    #expect(rows[2] == ["time", "load", "share", "open", "remark"])
    #expect(rows[3] == ["2023-03-01", "1.005", "0", "TRUE", "a, \"b\""])
    // a text of parts of several fonts, an error, what a formula gave, a time that Excel has rounded
    #expect(rows[5] == ["2023-03-01T02:00:00", "3.005", "0.02", "TRUE", "plain bold"])
    #expect(rows[6] == ["2023-03-01T03:00:00", "#DIV/0!", "0.03", "FALSE", "a, \"b\""])
    #expect(rows[7] == ["2023-03-01T04:00:00", "5.125", "0.04", "TRUE"])
    let days = try book.rows(of: "Days")
    // the day behind the 28th of February 1900 was the 1st of March
    #expect(
      days[1...7].map { $0[0] } == ["26", "27", "28"].map { "1900-02-" + $0 }
        + (1...4).map { "1900-03-0\($0)" })
    #expect(days[1].suffix(2) == ["1001", "07:30:00"])
    #expect(days.count == 12 && days[8] == [] && days[11] == ["", "", "", "", "far"])
    #expect(throws: DataError.self) { try book.rows(of: "hidden") }
  }

  @Test func daysMayCountFrom1904() throws {
    let book = try book("workbook1904.xlsx")
    #expect(
      try book.rows(of: book.sheets[0]) == [["day", "n"]] + (1...3).map { ["2020-05-0\($0)", "\($0)"] })
  }

  /// As a table: the title is passed over, 1.005 is no thousand, the other sheet is named.
  @Test func isATable() throws {
    let source = DataSource(bytes: try fixture("workbook.xlsx"), name: "w.xlsx")
    let series = try SeriesTable(source)
    #expect(series.frequency == .seconds(3_600) && series.series[0].stepCount == 30)
    #expect(series.columns.targets == ["load", "share"] && series.columns.time == "time")
    #expect(series.series[0].column(0)[0] == 1.005 && series.series[0].column(0)[3].isNaN)
    #expect(series.notes.contains { $0.setting == "sheet" && $0.text.contains("\"Days\"") })
    let days = try RecordTable(source, format: TableFormat(sheet: "Days"))
    #expect(days.columns.prefix(3) == ["day", "n", "clock"])
    #expect(try days.row(6)[1] == "1007")
    let error = #expect(throws: DataError.self) {
      try SeriesTable(source, columns: SeriesColumns(format: TableFormat(sheet: "none")))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("\"Loads & more\", \"Days\""))
  }

  @Test(arguments: [
    ("General", false), ("0.00", false), ("yyyy-mm-dd", true), ("h:mm AM/PM", true), ("\"days\" 0", false),
    ("[Red]0", false), ("[$-409]d mmm", true), ("0\\d", false), ("#,##0_);(#,##0)", false),
    ("0.00E+00", false),
    ("mm:ss.0", true),
  ])
  func codesOfDates(_ code: String, _ isDate: Bool) { #expect(ExcelDates.isDate(code) == isDate) }

  @Test func aWorkbookWithstandsDamage() throws {
    try checkFormat(fixture("workbook.xlsx"), rounds: 400) { bytes in
      let book = try ExcelWorkbook(ZipParts(bytes: bytes, path: "w"), path: "w")
      for sheet in book.sheets { _ = ExcelWorkbook.commaSeparated(try book.rows(of: sheet)) }
    }
  }
}
