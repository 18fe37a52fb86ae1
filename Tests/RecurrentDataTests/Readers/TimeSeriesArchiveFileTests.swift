import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct TimeSeriesArchiveFileTests {
  private static let text = """
    # a comment
    @problemName Two Moves
    @timeStamps false
    @univariate false
    @classLabel true up down

    @data
    1,2.5,?:-1,nan,3:up
    4:5:down
    """

  private func file(_ text: String) throws -> TimeSeriesArchiveFile {
    try TimeSeriesArchiveFile(DataBytes(Array(text.utf8), path: "f"))
  }

  @Test(arguments: ["\n", "\r\n"])
  func readsCases(_ lineEnd: String) throws {
    let file = try file(TimeSeriesArchiveFileTests.text.replacing("\n", with: lineEnd))
    #expect(file.name == "Two Moves" && file.classes == ["up", "down"] && file.cases.count == 2)
    let first = file.cases[0]
    #expect(first.label == "up" && first.line == 8)
    #expect(first.channels.map { $0.map { $0.isNaN ? -99 : $0 } } == [[1, 2.5, -99], [-1, -99, 3]])
    #expect(file.cases[1] == .init(channels: [[4], [5]], label: "down", line: 9))
  }

  @Test func classesAreOptional() throws {
    #expect(
      try file("@classLabel false\n@data\n1,2\n").cases == [.init(channels: [[1, 2]], label: nil, line: 3)])
    #expect(try file("@targetLabel true\n@data\n1,2:0.5\n").cases[0].label == "0.5")
  }

  @Test(arguments: [
    ("1,2\n", "line 1: expected a line of the head"), ("@timeStamps true\n", "values without times"),
    ("@data\n1,x\n", "line 2: expected a number, found \"x\""), ("@data\n1,,2\n", "found nothing"),
    ("@data\n1,inf\n", "expected a number within"), ("@data\n1,1e40\n", "expected a number within"),
    ("@data\n1,2:3\n", "dimensions of one length"), ("@data\n1:2\n3\n", "line 3: expected 2 dimensions"),
    ("@classLabel true a b\n@data\n1:c\n", "one of the classes a b"), ("@data\n", "f: is empty"),
    ("@classLabel true\n@data\n5\n", "at least one dimension"),
  ])
  func refusesWhatItCannotRead(_ text: String, _ part: String) {
    let error = #expect(throws: DataError.self) { try file(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(part))
  }

  @Test func withstandsDamage() throws {
    try checkFormat(Array(TimeSeriesArchiveFileTests.text.utf8), rounds: 5000, isCutNoticed: false) {
      (bytes) throws(DataError) in _ = try TimeSeriesArchiveFile(DataBytes(bytes))
    }
  }
}
