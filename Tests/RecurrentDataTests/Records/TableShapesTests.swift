import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Tables as programs and offices write them: what stands above, between and below the rows, and how the bytes are characters.
@Suite struct TableShapesTests {
  private static func hours(_ count: Int = 48) -> [String] {
    (0..<count).map { "2023-03-0\(1 + $0 / 24) \($0 % 24 < 10 ? "0" : "")\($0 % 24):00" }
  }

  private func table(_ bytes: [UInt8], _ columns: SeriesColumns = SeriesColumns()) throws -> SeriesTable {
    try SeriesTable(DataSource(bytes: bytes, name: "a.csv", format: .csv), columns: columns)
  }

  private func table(_ text: String, _ columns: SeriesColumns = SeriesColumns()) throws -> SeriesTable {
    try table(Array(text.utf8), columns)
  }

  /// Rows of a time and two numbers.
  private func rows(_ delimiter: String = ",", _ end: String = "", decimal: String = ".") -> String {
    TableShapesTests.hours().enumerated()
      .map { "\($1)\(delimiter)\($0 % 7)\(decimal)25\(delimiter)\(100 + $0)\(decimal)5\(end)\n" }.joined()
  }

  private func expectHours(
    _ table: SeriesTable, _ targets: [String] = ["load", "temp"], comment: String = ""
  ) {
    #expect(table.frequency == .seconds(3600) && table.series.count == 1, "\(comment)")
    #expect(table.series[0].stepCount == 48 && table.columns.targets == targets, "\(table.columns)")
    #expect(table.series[0].values.prefix(2) == [0.25, 100.5] && table.series[0].values.suffix(1) == [147.5])
    #expect(!table.series[0].values.contains { $0.isNaN })
  }

  @Test(arguments: [
    "time,load,temp\n", "# station 17\n# exported 2024-01-01\ntime,load,temp\n", "# time,load,temp\n",
    "% a comment, of Matlab\n\ntime,load,temp\n", "Station,17,\nOwner,somebody\n\ntime,load,temp\n",
    "A title of one cell\n\ntime,load,temp\n", "sep=,\ntime,load,temp\n", "time,load,temp\n,kW,degC\n",
    "time,load,temp\nyyyy-mm-dd,kW,degC\n", "time,load,temp\n\n",
    "\u{FEFF}time,load,temp\n",
  ])
  func whatStandsAbove(_ head: String) throws {
    expectHours(try table(head + rows()), comment: head)
  }

  @Test(arguments: [
    "\n\n", ",,\n,,\n", "Source: somebody\n", "\nTotal,1,2\n", "Mean,3.25,4.5\nSum,6,7\n",
    "\"Notes: made up, all of it\"\n",
    "2023-03-03 00:00,1",
  ])
  func whatStandsBelow(_ foot: String) throws {
    let table = try table("time,load,temp\n" + rows() + foot)
    expectHours(table, comment: foot)
    #expect(foot == "\n\n" || table.notes.contains { $0.text.contains("left out") }, "\(table.notes)")
  }

  @Test func whatStandsBetween() throws {
    var lines = rows().split(separator: "\n").map(String.init)
    lines.insert(",,", at: 20)
    lines.insert("", at: 30)
    lines.insert("# the sensor was changed", at: 40)
    expectHours(try table("# made up\ntime,load,temp\n" + lines.joined(separator: "\n")))
  }

  @Test(arguments: [(";", ","), ("\t", ","), ("|", "."), (";", "."), (",", ".")])
  func delimiters(_ delimiter: String, _ decimal: String) throws {
    let head = "time\(delimiter)load\(delimiter)temp"
    expectHours(try table(head + "\n" + rows(delimiter, decimal: decimal)))
    // a delimiter at the end of all lines, or of the rows alone
    expectHours(try table(head + delimiter + "\n" + rows(delimiter, delimiter, decimal: decimal)))
    expectHours(try table(head + "\n" + rows(delimiter, delimiter, decimal: decimal)))
    expectHours(
      try table(
        head + delimiter + delimiter + "\n" + rows(delimiter, delimiter + delimiter, decimal: decimal)))
  }

  @Test func endsOfLines() throws {
    let text = "time;load;temp\n" + rows(";", decimal: ",")
    for end in ["\r\n", "\r"] {
      expectHours(try table(Array(text.utf8).flatMap { $0 == 0x0A ? Array(end.utf8) : [$0] }))
    }
  }

  @Test func encodings() throws {
    let text = "time;Außentemperatur °C;Höhe\n" + rows(";", decimal: ",")
    let names = ["Außentemperatur °C", "Höhe"]
    let little: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    for bytes in [little, big, Array(little.dropFirst(2)), text.unicodeScalars.map { UInt8($0.value) }] {
      let table = try table(bytes)
      expectHours(table, names)
      #expect(table.notes.contains { $0.setting == "encoding" })
    }
    expectHours(try table(text), names)
    // of text that is UTF-8 elsewhere a wrong byte is an error
    var damaged = Array(text.utf8)
    damaged[damaged.count - 5] = 0xE4
    #expect(throws: DataError.self) { try table(damaged) }
    var columns = SeriesColumns()
    columns.format = TableFormat(encoding: .utf8)
    #expect(throws: DataError.self) { try table(text.unicodeScalars.map { UInt8($0.value) }, columns) }
  }

  @Test func settingsOverruleGuesses() throws {
    var columns = SeriesColumns()
    columns.format = TableFormat(skippedLines: 2, headerLines: 1)
    expectHours(try table("1,2,3\n4,5,6\ntime,load,temp\n" + rows(), columns))
    columns.format = TableFormat(delimiter: .semicolon)
    expectHours(try table("time;load;temp\n" + rows(";"), columns))
    columns.format = TableFormat(headerLines: 0)
    let plain = try SeriesTable(
      DataSource(bytes: Array("1,2\n3,4\n5,6\n".utf8), name: "a", format: .csv), columns: columns)
    #expect(plain.columns.targets == ["1", "2"] && plain.series[0].stepCount == 3)
  }

  @Test func namesOfColumns() throws {
    func names(_ text: String) throws -> [String] {
      try RecordTable(DataSource(bytes: Array(text.utf8), name: "a", format: .csv)).columns
    }
    #expect(try names("No;Max;Max;Max\n1;2;3;4\n2;3;4;5\n") == ["No", "Max", "Max.2", "Max.3"])
    #expect(
      try names(",price,,volume,\nday,open,close,all,mean\n1,2,3,4,5\n2,3,4,5,6\n3,4,5,6,7\n")
        == ["day", "price open", "price close", "volume all", "volume mean"])
    // as R writes the names of rows
    #expect(try names("load temp\n1 5.5 7\n2 5.25 8\n3 6 9\n") == ["column 1", "load", "temp"])
    #expect(
      try names("sensor,time,kWh\nsensor,2023-01-01,5.5\nsensor,2023-01-02,6\n") == ["sensor", "time", "kWh"])
    #expect(try names("a;b;eor\n 1; 2;eor\n 3; 4;eor\n") == ["a", "b", "eor"])
    #expect(
      try names("yyyy mm dd hh wind gust\n2023 01 01 00 5.5 7\n2023 01 01 01 5 8\n2023 01 01 02 6 9\n").count
        == 6)
  }

  @Test(arguments: [(0, 1), (1, 1), (1000, 1), (10, 10), (47, -1)])
  func rowsAreNumbered(_ first: Int, _ step: Int) throws {
    for name in ["", "Unnamed: 0", "No", "#"] {
      let lines = rows().split(separator: "\n").enumerated().map { "\(first + step * $0),\($1)\n" }.joined()
      expectHours(try table("\(name),time,load,temp\n" + lines))
    }
    let lines = rows().split(separator: "\n").enumerated().map { "\(900_000 + $0 * $0),\($1)\n" }.joined()
    expectHours(try table("record_id,time,load,temp\n" + lines))
  }

  /// Tables one behind the other name their columns again.
  @Test func namesBetweenRows() throws {
    let lines = rows().split(separator: "\n").map(String.init)
    for end in ["\n", "\r\n"] {
      let text =
        "time,load,temp\n\(lines[..<20].joined(separator: "\n"))\n\ntime,load,temp\n"
        + "\(lines[20...].joined(separator: "\n"))\ntime,load,temp"
      let table = try table(text.replacing("\n", with: end))
      expectHours(table)
      #expect(table.notes.contains { $0.text.contains("2 lines that name the columns again") })
    }
  }

  /// Quotes behind blanks are quotes where they end before a delimiter, else characters.
  @Test func quotesBehindBlanks() throws {
    let lines = rows().split(separator: "\n").map { line in
      line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ", ") + "\n"
    }.joined()
    expectHours(try table("\"time\", \"load\", \"temp\"\n" + lines))
    let other = try RecordTable(
      DataSource(bytes: Array("a,b\n1, \"x\" y\n2, \"z\"\n".utf8), name: "a", format: .csv))
    #expect(try other.row(0)[1] == " \"x\" y" && other.row(1)[1] == "z")
  }

  /// A first row with a gap is a row; names behind a number sign are those of columns between blanks.
  @Test func namesAboveColumnsOfFixedWidth() throws {
    func line(_ index: Int, _ load: String) -> String {
      TableShapesTests.hours()[index] + String(repeating: " ", count: 10 - load.count) + load
        + "   \(100 + index).5\n"
    }
    let text =
      "time                  load    temp\n"
      + (0..<48).map { line($0, $0 % 7 == 0 ? "" : "\($0 % 4).25") }.joined()
    let gaps = try table(text)
    #expect(gaps.columns.targets == ["load", "temp"] && gaps.series[0].stepCount == 48, "\(gaps.columns)")
    let buoy = (0..<48).map {
      "2023 03 0\(1 + $0 / 24) \($0 % 24 < 10 ? "0" : "")\($0 % 24) 00  \($0 % 4).25  \(10 + $0).5\n"
    }
    let found = try table("#YY  MM DD hh mm  load  temp\n#yr  mo dy hr mn  kW    degC\n" + buoy.joined())
    #expect(
      found.columns.targets == ["load", "temp"] && found.frequency == .seconds(3600), "\(found.columns)")
  }

  @Test func constantsAreNotPredicted() throws {
    let lines = rows().split(separator: "\n").map { "\($0),17,\n" }.joined()
    let table = try table("time,load,temp,station,note\n" + lines)
    expectHours(table)
    #expect(
      table.notes.contains { $0.text.contains("\"station\"") && $0.text.contains("the same in all rows") })
  }

  @Test func wekasTables() throws {
    let text = """
      % made up
      @relation 'a table'

      @attribute 'time of day' string
      @attribute load numeric
      @ATTRIBUTE state {'on', off}
      @data
      '2023-03-01 00:00',1.5,on
      % between
      '2023-03-01 01:00',?,'off'
      '2023-03-01 02:00',2.5,on
      """
    let table = try RecordTable(DataSource(bytes: Array(text.utf8), name: "a.arff"))
    #expect(table.columns == ["time of day", "load", "state"] && table.count == 3)
    #expect(try table.row(1) == ["2023-03-01 01:00", "?", "off"] && table.line(of: 1) == 10)
    let sparse = "@relation a\n@attribute x numeric\n@attribute y numeric\n@data\n{1 5}\n{0 2, 1 3}\n{}\n"
    let own = try RecordTable(DataSource(bytes: Array(sparse.utf8), name: "b.arff"))
    #expect(try (0..<3).map { try own.row($0) } == [["0", "5"], ["2", "3"], ["0", "0"]])
    // what a sparse row does not say is the first of listed values; behind a row may stand its weight
    let listed =
      "@relation a\n@attribute x numeric\n@attribute s {on, off}\n@data\n{0 5}\n{1 off}, {3}\n7,on,{2}\n"
    let third = try RecordTable(DataSource(bytes: Array(listed.utf8), name: "d.arff"))
    #expect(try (0..<3).map { try third.row($0) } == [["5", "on"], ["0", "off"], ["7", "on"]])
    #expect(throws: DataError.self) {
      try RecordTable(DataSource(bytes: Array("@relation a\n@attribute\n@data\n1\n".utf8), name: "c.arff"))
    }
    try checkFormat(Array(text.utf8), rounds: 500, isCutNoticed: false) { (bytes) throws(DataError) in
      _ = try ARFFText.converted(DataBytes(bytes))
    }
  }

  @Test(arguments: [
    ("PK\u{3}\u{4}....", "ZIP"), ("PAR1....", "Parquet"),
    ("MATLAB 5.0 MAT-file", "MATLAB"),
    ("SQLite format 3\u{0}", "SQLite"), ("ARROW1..", "Feather"), ("<!DOCTYPE html>", "HTML"),
    ("PK\u{3}\u{4}a", "ZIP"),
  ])
  func otherFilesAreNamed(_ text: String, _ name: String) {
    let error = #expect(throws: DataError.self) {
      try RecordTable(DataSource(bytes: Array(text.utf8), name: "a.csv", format: .csv))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(name))
  }

  @Test func otherEncodingsAreNamed() {
    let error = #expect(throws: DataError.self) {
      try table([0xFF, 0xFE, 0, 0] + [UInt8](repeating: 0x41, count: 8))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("UTF-32"))
  }

  /// Dates name columns also where nobody knows whether their days or months come first.
  @Test func datesAreNamesOfColumns() throws {
    let head = "name," + (1...12).map { "\($0)/1/2015" }.joined(separator: ",")
    let rows = (0..<3).map { "s\($0)," + (0..<12).map { "\($0 * 3 % 7)" }.joined(separator: ",") }
    let table = try RecordTable(
      DataSource(bytes: Array(([head] + rows).joined(separator: "\n").utf8), name: "w", format: .csv))
    #expect(table.count == 3 && table.columns[1] == "1/1/2015")
  }

  /// Columns by their places, with titles within the table that tell the same years apart.
  @Test func columnsOfFixedWidth() throws {
    func line(_ year: String, _ numbers: [String]) -> String {
      let dots = String(repeating: ".", count: 20 - year.count)
      return "   \(year)\(dots)" + numbers.map { String(repeating: " ", count: 12 - $0.count) + $0 }.joined()
        + "\r\n"
    }
    let old = (1940...1947).map { line("\($0)", ["1,0\($0 % 100)", "5.\($0 % 10)"]) }.joined()
    let new = (1947...1960).map {
      line($0 % 5 == 0 ? "\($0) (1)" : "\($0)", ["2,0\($0 % 100)", "6.\($0 % 10)"])
    }.joined()
    let text =
      "  HOUSEHOLDS\r\n\r\n                          Civilian     Percent\r\n        Year             population      of all\r\n\r\n"
      + "                  14 years and over\r\n\r\n" + old
      + "\r\n                  16 years and over\r\n\r\n" + new
      + "\r\n   (1) Not comparable with the years before.\r\n"
    let table = try self.table(text)
    #expect(table.series.map(\.id) == ["14 years and over", "16 years and over"])
    #expect(table.frequency == .months(12) && table.series.map(\.stepCount) == [8, 14])
    #expect(table.series[1].values.prefix(2) == [2047, 6.7] && table.series[1].timeText(of: 0) == "1947")
    #expect(table.columns.targets == ["Civilian population", "Percent of all"], "\(table.columns)")
  }

  /// Lines that are drawn around the names, as PostgreSQL, MySQL and Markdown have them.
  @Test(arguments: [
    (" time | load | temp", " | ", "-----------+------+------\n", ""),
    ("| time | load | temp |", " | ", "|---|---:|---|\n", "|"),
    ("+------+------+------+\n| time | load | temp |", " | ", "+------+------+------+\n", "|"),
  ])
  func drawnLines(_ head: String, _ mark: String, _ rule: String, _ edge: String) throws {
    let rows = TableShapesTests.hours().enumerated().map {
      "\(edge) \($1)\(mark)\($0 % 7).25\(mark)\(100 + $0).5 \(edge)\n"
    }
    expectHours(try table("\(head)\n\(rule)\(rows.joined())"), comment: head)
  }
}
