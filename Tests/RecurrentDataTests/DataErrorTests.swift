import RecurrentData
import Testing

@Suite struct DataErrorTests {
  @Test(arguments: [
    (DataError.notFound(path: "p"), "p: "), (.isFolder(path: "p"), "p: "),
    (.notARegularFile(path: "p"), "p: "),
    (.unreadable(path: "p", reason: "denied"), "p: cannot be read: denied"), (.empty(path: "p"), "p: "),
    (.invalidUTF8(path: "p", byteOffset: 7, byte: 5), "p: byte 7 (0x05)"), (.noText, "there is no text"),
    (
      .tooShort(count: 9, batchSize: 2, windowLength: 35),
      "the text has 9 tokens, too few for 2 streams of 35"
    ),
    (
      .malformed(path: "p", place: .line(3), expected: "a number", found: "\"x\""),
      "p: line 3: expected a number, found \"x\""
    ),
    (
      .malformed(path: "p", place: .field(line: 3, column: "date"), expected: "a time", found: "\"x\""),
      "p: line 3, column \"date\": expected a time"
    ),
    (
      .malformed(path: "p", place: .byte(44), expected: "a chunk", found: "none"),
      "p: byte 44: expected a chunk"
    ),
    // a record is named by its path, with its line where it has one
    (
      .malformed(path: "p:17", place: .record, expected: "a label in every record", found: "none"),
      "p:17: expected a label in every record, found none"
    ),
    (
      .noColumn(path: "p", name: "a", available: ["b", "c"]),
      "p: there is no column \"a\"; there are \"b\", \"c\""
    ),
    // what a file contains does not break the line
    (.noColumn(path: "p", name: "a\r\nb", available: ["\u{1B}ä"]), "p: there is no column \"a\\r\\nb\""),
    (.invalidSetting(name: "size", expected: "1", found: "0"), "size must be 1, found 0"),
  ])
  func describes(_ error: DataError, _ beginning: String) {
    #expect(error.description.hasPrefix(beginning))
    #expect(error.description.utf8.count > 20)
    #expect(!error.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
  }
}
