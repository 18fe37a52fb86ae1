import Foundation
import RecurrentTasks
import Testing

@Suite struct TaskDurationTests {
  @Test(arguments: [
    ("0.05", TaskDuration.seconds(0.05)), ("1e-2 s", .seconds(0.01)), ("50 ms", .seconds(0.05)),
    ("2 frames", .steps(2)), ("3steps", .steps(3)), ("0", .seconds(0)), ("5min", .seconds(300)),
    ("2 hours", .seconds(7200)),
  ])
  func readsLengthsOfTime(_ text: String, _ expected: TaskDuration) throws {
    #expect(TaskDuration(text) == expected)
    #expect(TaskDuration(expected.text) == expected)
    let code = try JSONEncoder().encode([expected])
    #expect(try JSONDecoder().decode([TaskDuration].self, from: code) == [expected])
  }

  @Test(arguments: ["", "s", "-1", "nan", "inf", "2 days", "1e9", "two"])
  func refusesOthers(_ text: String) {
    #expect(TaskDuration(text) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([TaskDuration].self, from: JSONEncoder().encode([text]))
    }
  }

  @Test func stepsAreSecondsAtARate() throws {
    #expect(TaskDuration.steps(2).seconds(rate: 12.5) == 0.16)
    #expect(TaskDuration.seconds(2).seconds(rate: 12.5) == 2)
    #expect(try JSONDecoder().decode([TaskDuration].self, from: Data("[0.5]".utf8)) == [.seconds(0.5)])
  }
}
