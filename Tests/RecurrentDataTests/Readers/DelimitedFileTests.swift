import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct DelimitedFileTests {
  private func file(_ text: String, _ dialect: DelimitedDialect? = nil) throws -> DelimitedFile {
    let bytes = DataBytes(Array(text.utf8), path: "f")
    return try dialect.map { try DelimitedFile(bytes, dialect: $0) } ?? DelimitedFile(bytes)
  }

  private func records(_ text: String, _ dialect: DelimitedDialect? = nil) throws -> [[String]] {
    let file = try file(text, dialect)
    return try (0..<file.count).map { try file.record($0) }
  }

  @Test(
    arguments: [
      ("a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]), ("a;b\r\nx;\r\n;y", [["x", ""], ["", "y"]]),
      ("\u{FEFF}a\tb\nx y\tz\n\n \n", [["x y", "z"]]), ("a|b\nx,y|z\n", [["x,y", "z"]]),
      ("a,b\n\"x,\"\"y\"\"\n z\",2\n", [["x,\"y\"\n z", "2"]]),
      ("a,b\n\"\",\"\"\"\" \r\nx,\"y\"", [["", "\""], ["x", "y"]]),
      (
        "text\tclass\n5\" tall\tgood\nit's \"fine\"\tbad", [["5\" tall", "good"], ["it's \"fine\"", "bad"]]
      ),
      ("a\nx\ny\n", [["x"], ["y"]]), ("a\nx, y\nz, w\n", [["x, y"], ["z, w"]]),
      ("größe,b\nä,€\n", [["ä", "€"]]),
    ] as [(String, [[String]])])
  func findsOutHowATableIsWritten(_ text: String, _ expected: [[String]]) throws {
    #expect(try records(text) == expected)
  }

  @Test func theEndingDecidesForTabs() throws {
    let table = try DelimitedFile(DataBytes(Array("a, b\nx, y\n".utf8), path: "f.tsv"))
    #expect(try table.columns == ["a, b"] && table.record(0) == ["x, y"])
  }

  @Test func namesColumnsAndLines() throws {
    let table = try file("\n a , b\n\"x\n\n\",2\n\n3,4\n")
    #expect(table.columns == ["a", "b"] && table.count == 2)
    #expect((0..<2).map { table.line(of: $0) } == [3, 7])
    #expect(try table.column("b") == 1)
    #expect(throws: DataError.noColumn(path: "f", name: "c", available: ["a", "b"])) { try table.column("c") }
  }

  @Test(arguments: [
    ("1.5,2\n3,4\n", false), ("a,2\n3,4\n", false), ("a,b\n3,4\n", true), ("a,b\n", true), ("1,2\n", false),
    ("x,y\nz,w\n", true),
  ])
  func aFirstLineWithNumbersIsARecord(_ text: String, _ hasHeader: Bool) throws {
    let table = try file(text)
    #expect(table.dialect.hasHeader == hasHeader)
    #expect(table.columns == (hasHeader ? table.columns : ["1", "2"]))
    #expect(table.count == text.split(separator: "\n").count - (hasHeader ? 1 : 0))
  }

  @Test func decimalCommas() throws {
    let table = try file("date;x;y\n1;1,5;1.234,5\n2;-2,25;7\n")
    #expect(table.dialect == DelimitedDialect(delimiter: UInt8(ascii: ";"), hasDecimalComma: true))
    let record = try table.record(0)
    #expect(try (0..<3).map { try table.number(record[$0], record: 0, column: $0) } == [1, 1.5, 1234.5])
    #expect(throws: DataError.self) { try table.number("12.5", record: 0, column: 1) }
    // a text with a comma does not make one
    #expect(try file("a;b\nyes, no;1.5\nno;2.5\n").dialect.hasDecimalComma == false)
  }

  @Test func numbersAndMissingValues() throws {
    let table = try file("a,b\n1,2\n")
    func number(_ field: String) throws -> Double? { try table.number(field, record: 0, column: 1) }
    for field in ["", " ", "NA", "nan", "N/A", "null", "None", "?", "-"] { #expect(try number(field) == nil) }
    for (field, value) in [("1", 1), (" -2.5 ", -2.5), ("+3e-2", 0.03), (".5", 0.5), ("1e38", 1e38)]
      as [(String, Double)]
    {
      #expect(try number(field) == value)
    }
    for field in ["x", "1x", "0x10", "1,5", "1e39", "inf", "-Infinity", "1 2", "--1", "٣"] {
      let error = #expect(throws: DataError.self) { try number(field) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("f: line 2, column \"b\": expected a number"))
    }
  }

  @Test(arguments: [
    ("a,b\n1\n", "line 2: expected 2 fields, found 1"), ("a,b\n1,2,3\n", "expected 2 fields, found 3"),
    ("a,b\n\"x,2\n", "line 2: expected a quote that ends"),
    ("a,b\n\"x\"y,2\n", "expected a delimiter behind"),
    ("a,a\n1,2\n", "expected columns of different names"), ("\n \r\n", "f: is empty"),
    // an error is one line
    ("a,\"b\nc\",\"b\nc\"\n1,2,3", "\"b\\nc\" twice"),
  ])
  func refusesWhatItCannotRead(_ text: String, _ part: String) {
    let error = #expect(throws: DataError.self) {
      try records(text, DelimitedDialect(delimiter: UInt8(ascii: ",")))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(part))
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(throws: DataError.invalidUTF8(path: "f", byteOffset: 2, byte: 0xE4)) {
      try DelimitedFile(DataBytes([0x61, 0x0A, 0xE4, 0x0A], path: "f"))
    }
  }

  @Test func withstandsDamage() throws {
    let text = "name;value\n\"a;\"\"b\"\"\nc\";1,5\nd;-2\ne;?\n"
    try checkFormat(Array(text.utf8), rounds: 5000, isCutNoticed: false) { (bytes) throws(DataError) in
      let table = try DelimitedFile(DataBytes(bytes))
      for index in 0..<table.count {
        for (column, field) in try table.record(index).enumerated() {
          _ = try? table.number(field, record: index, column: column)
        }
      }
    }
  }
}
