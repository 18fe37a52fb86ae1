import RecurrentData
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct JSONLinesFileTests {
  private func file(_ text: String) throws -> JSONLinesFile {
    try JSONLinesFile(DataBytes(Array(text.utf8), path: "f"))
  }

  @Test func readsObjects() throws {
    let file = try file(
      "\u{FEFF}{\"a\": 1.5, \"b\": null, \"c\": [true, \"x\\n\"]}\r\n\n  {\"d\": {\"e\": -2}}\n")
    #expect(file.count == 2 && (0..<2).map { file.line(of: $0) } == [1, 3])
    #expect(
      try file.object(0) == ["a": .number(1.5), "b": .null, "c": .list([.bool(true), .text("x\n")])])
    #expect(try file.object(1) == ["d": .object(["e": .number(-2)])])
  }

  @Test(arguments: ["[1]", "{", "{\"a\": nan}", "{\"a\": 1e999}", "x", "{\"a\": 1} 2", "{\"a\": \"\u{1}\"}"])
  func refusesWhatIsNoObject(_ line: String) throws {
    let file = try file("{}\n\(line)\n")
    let error = #expect(throws: DataError.self) { try file.object(1) }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("f: line 2: expected an object of JSON"))
  }

  /// Brackets in brackets must not exhaust the stack.
  @Test(arguments: [100, 500, 100_000])
  func refusesDeepNests(_ depth: Int) throws {
    let nest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let file = try file("{\"a\": \(nest)}")
    if depth > 1000 {
      #expect(throws: DataError.self) { try file.object(0) }
    } else {
      #expect(try file.object(0).count == 1)
    }
  }

  @Test func withstandsDamage() throws {
    let text =
      "{\"text\": \"a \\u00e4\", \"x\": [1, 2.5, null]}\n{\"text\": \"\", \"x\": [[1], [2]], \"y\": {}}\n"
    try checkFormat(Array(text.utf8), rounds: 2000, isCutNoticed: false) { (bytes) throws(DataError) in
      let file = try JSONLinesFile(DataBytes(bytes))
      for index in 0..<file.count { _ = try file.object(index) }
    }
  }
}
