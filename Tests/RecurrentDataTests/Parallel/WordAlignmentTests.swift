import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct WordAlignmentTests {
  @Test func roundTrip() throws {
    for text in ["", "0-0", "0-0 1-2 2-1 999999999-0"] {
      #expect(try WordAlignment(text, path: "x", line: 1).text == text)
    }
    let read = try WordAlignment.read(lines("0-1  2-3\r\n\n4-4", "x"))
    #expect(
      read.map(\.text) == ["0-1 2-3", "", "4-4"]
        && read[0].links[1] == WordAlignment.Link(source: 2, target: 3))
  }

  @Test func ofAttention() {
    let attention: [[Float]] = [[0.2, 0.5, 0.3], [0.5, 0.5, 0], [0, 0, 0], [.nan, 0.1], []]
    #expect(WordAlignment(attention: attention).text == "1-0 0-1 1-3")
    #expect(WordAlignment(attention: []).text == "")
  }

  @Test(arguments: [
    "0", "0-", "-0", "0-1-2", "a-b", "0--1", "1?2", "0p0", "+1-2", "1-99999999999999999999", "٠-٠", "0 -1",
  ])
  func refused(_ text: String) {
    let error = #expect(throws: DataError.self) { try WordAlignment.read(lines("0-0\n\(text)\n", "x.align")) }
    #expect(
      "\(error.map { "\($0)" } ?? "")".hasPrefix("x.align: line 2: expected links such as 0-0 1-2, found \""))
  }
}
