import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Numbers as people and programs write them.
@Suite struct NumberFormsTests {
  /// Exponents of Fortran, and numbers that Excel keeps as texts.
  @Test(
    arguments: [
      ("1.5D+02", 150.0), ("-1.25d-03", -0.00125), ("'142.5", 142.5), ("=\"7.25\"", 7.25), ("='7\"", nil),
      ("D+02", nil),
      ("1.5D2", nil), ("'x", nil), ("'", nil),
    ] as [(String, Double?)])
  func otherSpellings(_ text: String, _ value: Double?) {
    #expect(FieldNumber.parse(text, .plain) == value)
  }

  @Test(
    arguments: [
      ("12.5%", 12.5), ("12.5 %", 12.5), ("$1234.5", 1234.5), ("€ 12", 12), ("-$5", -5), ("$-5", -5),
      ("12 EUR", 12),
      ("USD 7.5", 7.5), ("(12.5)", -12.5), ("($12)", -12), ("37.02K", 37_020), ("1.5M", 1.5e6), ("2B", 2e9),
      ("3 bn", 3e9), ("−5", -5), ("5-", -5), ("78115 b", 78_115), ("16.3 u", 16.3), ("5*", 5), ("5(p)", 5),
      ("5 [1]", 5),
      ("1 005", 1005), ("1\u{A0}005.5", 1005.5), ("1'005'000", 1_005_000), ("1’005", 1005),
      ("12 345 678", 12_345_678), ("Rp 12", 12), ("₱-5", -5), ("CA$5", 5), ("AED 7.5", 7.5), ("12円", 12),
      ("2 lakh", 2e5), ("1.5 crore", 1.5e7), ("10.5¹", 10.5), ("10.5 ²", 10.5),
    ] as [(String, Double)])
  func whatStandsAroundDigits(_ text: String, _ value: Double) throws {
    let found = try #require(FieldNumber.parse(text, .plain))
    #expect(abs(found - value) < 1e-9 * abs(value), "\(text): \(found)")
  }

  @Test(arguments: [
    "12 Main", "a", "1 2", "12 34", "1 0055", "5kg", "K", "$", "%", "1e", "5 KK5", "--1", "#5", "5 abcd",
    "12-5", "1/2",
    "10:30", "()", "(5", "1 005 00", "0x10", "5A",
  ])
  func whatIsNoNumber(_ text: String) { #expect(FieldNumber.parse(text, .plain) == nil) }

  @Test(
    arguments: [
      ("1,005", 1005, 1.005), ("1,00,000", 100_000, nil), ("1.005.000,5", nil, 1_005_000.5),
      ("1,005.5 €", 1005.5, nil),
      ("1.351,98", nil, 1351.98), ("(1,005)", -1005, -1.005), ("12,5 %", nil, 12.5),
    ] as [(String, Double?, Double?)])
  func marksOfDecimals(_ text: String, _ point: Double?, _ comma: Double?) {
    #expect(FieldNumber.parse(text, .point) == point && FieldNumber.parse(text, .comma) == comma)
  }

  private func table(_ fields: [String], _ delimiter: String = ",", format: TableFormat? = nil) throws
    -> SeriesTable
  {
    let rows = fields.enumerated().map { "\($0)\(delimiter)\($1)\n" }.joined()
    var columns = SeriesColumns(time: "t")
    columns.format = format
    return try SeriesTable(
      DataSource(bytes: Array(("t\(delimiter)y\n" + rows).utf8), name: "a", format: .csv), columns: columns)
  }

  /// Numbers from a thousand on have a mark, those below none.
  @Test(arguments: [("\t", ","), (";", ","), (";", "."), ("|", "."), (",", ",")])
  func thousandsBySmallerNumbers(_ delimiter: String, _ mark: String) throws {
    let values = (0..<40).map { 700 + $0 * 37 }
    let texts = values.map { value in
      let text = value < 1000 ? "\(value)" : "\("\(value)".dropLast(3))\(mark)\("\(value)".suffix(3))"
      return delimiter == "," ? "\"\(text)\"" : text
    }
    let table = try table(texts, delimiter)
    #expect(table.series[0].values == values.map(Double.init))
    #expect(table.notes.contains { $0.setting == "decimal" })
  }

  /// Where all have three digits behind a mark, nobody knows, but for columns of different sizes with points.
  @Test func whatIsAskedFor() throws {
    for mark in [",", "."] {
      #expect(throws: DataError.self) { try self.table((0..<40).map { "1\(mark)\(100 + $0)" }, "\t") }
    }
    let rows = (0..<40).map { "\($0);5.\(100 + $0);208.\(900 - $0)\n" }.joined()
    let table = try SeriesTable(
      DataSource(bytes: Array(("t;a;b\n" + rows).utf8), name: "a", format: .csv))
    #expect(table.series[0].values.prefix(2) == [5.1, 208.9])
    #expect(table.notes.contains { $0.kind == .assumed && $0.setting == "decimal" })
    // of one column there is no delimiter that speaks for a comma
    let single = try SeriesTable(
      DataSource(
        bytes: Array(("y\n" + (0..<40).map { "100.\(120 + $0)\n" }.joined()).utf8), name: "a", format: .csv))
    #expect(single.series[0].values[0] == 100.12)
  }

  @Test(arguments: [
    "", "NA", "n/a", "#N/A", "--", "-", "*", "nil", "missing", "null", ".", "..", ":", ": u", "\\N", "<NA>",
    "#DIV/0!", "None", "n/d", "#NV", "NaT", "not available", "s.d.", "n.v.", "#NULL!", "(x)", "--.--",
  ])
  func whatStandsForNothing(_ word: String) throws {
    let table = try table((0..<60).map { $0 % 9 == 4 ? word : "\($0).5" })
    #expect(table.series[0].values.count { $0.isNaN } == 7 && table.series[0].values[5] == 5.5)
  }

  /// Other words are said, and can be named.
  @Test func otherWordsForNothing() throws {
    let fields = (0..<60).map { $0 % 20 == 4 ? "Bad" : "\($0).5" }
    let table = try table(fields)
    #expect(table.series[0].values.count { $0.isNaN } == 3)
    #expect(
      table.notes.contains { $0.kind == .warning && $0.setting == "missing" && $0.text.contains("\"Bad\"") })
    #expect(throws: DataError.self) { try self.table(fields, format: TableFormat(missing: ["NA"])) }
    let named = try self.table(
      (0..<60).map { $0 % 2 == 1 ? "-999" : "\($0)" }, format: TableFormat(missing: ["-999"]))
    #expect(named.series[0].values.count { $0.isNaN } == 29)
    // a word with digits, or too many words, are no such thing
    let error = #expect(throws: DataError.self) { try self.table((0..<60).map { $0 == 7 ? "1x" : "\($0)" }) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("line 9, column \"y\""))
  }

  /// Numbered files have no unit.
  @Test func namesOfFilesAreNoNumbers() throws {
    let rows = (0..<10).map { "\($0).wav,\($0 % 2)\n" }.joined()
    let table = try RecordTable(
      DataSource(bytes: Array(("file,label\n" + rows).utf8), name: "a", format: .csv))
    #expect(!table.isNumeric(0) && table.isNumeric(1))
  }

  @Test(arguments: ["kWh", "m3", "µg/m³", "°C"])
  func unitsBehindNumbers(_ unit: String) throws {
    let table = try table((0..<30).map { "\($0).5 \(unit)" })
    #expect(table.series[0].values.suffix(2) == [28.5, 29.5])
    #expect(table.notes.contains { $0.text.contains("\"\(unit)\"") })
  }

  /// Letters behind some numbers are marks of notes, in whatever way they are written; behind all they are a unit.
  @Test func lettersBehindSomeNumbers() throws {
    let table = try table((0..<60).map { "\($0).5" + ($0 % 3 == 0 ? " E" : $0 % 4 == 0 ? "p" : "") })
    #expect(table.series[0].values == (0..<60).map { Double($0) + 0.5 })
    #expect(table.notes.contains { $0.text.contains("\"E\", \"p\" behind some numbers of \"y\"") })
    // a word that is none of a few
    #expect(throws: DataError.self) { try self.table((0..<60).map { "\($0)" + ($0 == 7 ? " Main" : "") }) }
  }

  /// A number that is no number far behind the first rows is found, and said with its place.
  @Test func rowsFarBehindAreLookedAt() {
    let error = #expect(throws: DataError.self) {
      try table((0..<3000).map { $0 == 2500 ? "1..5" : "\($0)" })
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("line 2502, column \"y\": expected a number"))
  }
}
