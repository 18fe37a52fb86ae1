import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct InteractionPartsTests {
  private static let day = 86_400

  /// A session for each day; that of day 2 goes on to day 5.
  private func log() throws -> InteractionLog {
    var text = "session,item,time\n"
    for session in 0..<10 {
      for event in 0..<3 {
        let days = session == 2 && event == 2 ? 5 : session
        text += "s\(session),\(event),\(days * Self.day + 10 * event)\n"
      }
    }
    return try InteractionLog([InteractionLogTests.source(text)])
  }

  private func names(_ parts: InteractionParts) -> [[String]] {
    [parts.training.sessions, parts.validation.sessions, parts.test.sessions]
  }

  private func numbered(_ range: Range<Int>) -> [String] { range.map { "s\($0)" } }

  @Test func sharesByTime() throws {
    let shares = try #require(DataShares([0.6, 0.2, 0.2]))
    let parts = try InteractionParts(byTime: log(), shares, validationDays: nil, testDays: nil)
    #expect(names(parts) == [numbered(0..<6), numbered(6..<8), numbered(8..<10)])
    #expect(parts.training.items.count == 18)
    // what happens after the first session of the validation part is not known in training
    let early = try InteractionParts(
      byTime: log(), try #require(DataShares([0.4, 0.3, 0.3])), validationDays: nil, testDays: nil)
    #expect(names(early) == [numbered(0..<4), numbered(4..<7), numbered(7..<10)])
    #expect(InteractionLogTests.sessions(early.training)["s2"] == ["0", "1"])
  }

  @Test func daysByTime() throws {
    let shares = try #require(DataShares([0.8, 0.1, 0.1]))
    let parts = try InteractionParts(byTime: log(), shares, validationDays: 2, testDays: 1)
    #expect(names(parts) == [numbered(0..<7), numbered(7..<9), numbered(9..<10)])
    let share = try InteractionParts(byTime: log(), shares, validationDays: nil, testDays: 3)
    #expect(names(share) == [numbered(0..<6), numbered(6..<7), numbered(7..<10)])
    let none = try InteractionLog([InteractionLogTests.source("session,item\na,1\n")])
    #expect(throws: DataError.self) {
      try InteractionParts(byTime: none, shares, validationDays: nil, testDays: 1)
    }
  }

  /// Sessions that begin at the same time are never in two parts.
  @Test func equalBeginningsStayTogether() throws {
    let text = "session,item,date\n" + (0..<10).map { "s\($0),1,2024-01-0\($0 < 5 ? 1 : 2)\n" }.joined()
    let log = try InteractionLog([InteractionLogTests.source(text)])
    let parts = try InteractionParts(
      byTime: log, try #require(DataShares([0.7, 0, 0.3])), validationDays: nil, testDays: nil)
    #expect(names(parts) == [numbered(0..<5), [], numbered(5..<10)])
  }

  @Test func equalBeginningsOfAllAreNoParts() throws {
    let text = "session,item,time\n" + (0..<10).map { "s\($0),1,100\ns\($0),2,100\n" }.joined()
    let log = try InteractionLog([InteractionLogTests.source(text)])
    let error = #expect(throws: DataError.self) {
      try InteractionParts(
        byTime: log, try #require(DataShares([0.7, 0.1, 0.2])), validationDays: nil, testDays: nil)
    }
    #expect("\(try #require(error))".contains("10 of 10 sessions that begin at the same time"))
    // all of them may be trained on
    let whole = try InteractionParts(
      byTime: log, try #require(DataShares([1, 0, 0])), validationDays: nil, testDays: nil)
    #expect(whole.training.count == 10)
  }

  @Test func withoutTimesTheOrderCounts() throws {
    let text = "session,item\n" + (0..<10).map { "s\($0),1\n" }.joined()
    let log = try InteractionLog([InteractionLogTests.source(text)])
    let parts = try InteractionParts(
      byTime: log, try #require(DataShares([0.7, 0.1, 0.2])), validationDays: nil, testDays: nil)
    #expect(names(parts) == [numbered(0..<7), numbered(7..<8), numbered(8..<10)])
    #expect(parts.notes.contains { $0.kind == .assumed && $0.setting == "time" })
    let whole = try InteractionParts(
      byTime: log, try #require(DataShares([1, 0, 0])), validationDays: nil, testDays: nil)
    #expect(names(whole) == [numbered(0..<10), [], []])
  }

  @Test func theLastOfEachUser() throws {
    let log = try InteractionLog([
      InteractionLogTests.source("a 1\na 2\na 3\na 4\nb 5\nb 6\nc 7\nd 1\nd 2\nd 3\n", "x.txt")
    ])
    let parts = InteractionParts(leavingOneOutOf: log, splitsValidation: true, splitsTest: true)
    #expect(
      InteractionLogTests.sessions(parts.training) == [
        "a": ["1", "2"], "b": ["5", "6"], "c": ["7"], "d": ["1"],
      ])
    #expect(InteractionLogTests.sessions(parts.validation) == ["a": ["1", "2", "3"], "d": ["1", "2"]])
    #expect(InteractionLogTests.sessions(parts.test) == ["a": ["1", "2", "3", "4"], "d": ["1", "2", "3"]])
    let one = InteractionParts(leavingOneOutOf: log, splitsValidation: false, splitsTest: true)
    #expect(InteractionLogTests.sessions(one.training)["b"] == ["5"] && one.validation.count == 0)
    #expect(InteractionLogTests.sessions(one.test)["b"] == ["5", "6"])
  }
}
