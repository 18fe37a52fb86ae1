import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Lines go on behind a state that was kept, with the reader of the lines; a state of something else is refused.
@Suite struct SessionStateTests {
  private func stream<Task: SequenceTask>(_ task: Task) throws -> any AnySession {
    try TrainedTask(task, task.makeModel(key: SessionCases.key)).stream()
  }

  /// Rows of lines, with the state kept in a file and put into another session before each `cut`.
  private func rows<Task: SequenceTask>(_ task: Task, _ lines: [JSONValue], cuts: [Int]) throws -> [[Field]] {
    let folder = try ScratchFolder()
    var session = try stream(task)
    var rows: [[Field]] = []
    for (index, line) in lines.enumerated() {
      if cuts.contains(index) {
        try session.state.write(to: folder.path + "/s", model: "h")
        session = try stream(task)
        try session.restore(SessionState(path: folder.path + "/s", model: "h"))
      }
      rows += try session.push(line, line: index + 1)
    }
    return rows + session.finish()
  }

  private func check<Task: SequenceTask>(_ task: Task, _ lines: [JSONValue]) throws {
    let whole = try rows(task, lines, cuts: [])
    #expect(whole.count > 4)
    #expect(try rows(task, lines, cuts: [0, 1, 5, 6, lines.count - 1]) == whole)
  }

  private var numbers: [JSONValue] {
    SessionCases.steps(30).enumerated().map { index, step in
      // some are missing
      .list(step.values.map { index % 4 == 1 ? .null : .number(Double($0)) })
    }
  }

  @Test func linesOfNumbers() throws {
    try check(SessionCases.classification(), numbers)
    try check(SessionCases.regression, numbers)
    try check(SessionCases.tagging(usesCRF: true), numbers)
  }

  @Test func linesOfText() throws {
    let (task, _) = try SessionCases.languageModel()
    try check(task, ["ab", "c", "", "defg h", "\n", "a", "bb", "ghgh"].map { .text($0) })
  }

  @Test func linesOfASeries() throws {
    let task = try ForecastExamples.task(
      [ForecastExamples.wave(steps: 40)], .segments, output: .quantiles)
    let names = task.featurizer.targets + task.featurizer.known
    let lines = (0..<20).map { step -> JSONValue in
      var object: [String: JSONValue] =
        step % 3 == 0 ? ["time": .number(1_700_000_000 + 3600 * Double(step))] : [:]
      object["kind"] = .text("a")
      for (place, name) in names.enumerated() { object[name] = .number(Double(step * (place + 1) % 7)) }
      return .object(object)
    }
    try check(task, lines)
  }

  @Test func statesOfOtherModelsAreRefused() throws {
    var classifier = try stream(SessionCases.classification())
    var tagger = try stream(SessionCases.tagging())
    let lines = numbers
    for (index, line) in lines.prefix(7).enumerated() {
      _ = try classifier.push(line, line: index)
      _ = try tagger.push(line, line: index)
    }
    let error = #expect(throws: InterchangeError.self) { try classifier.restore(tagger.state) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("is no state of a model"))
    #expect(throws: InterchangeError.self) { try tagger.restore(classifier.state) }
    var larger = SessionCases.classification()
    larger.classifier.network.hiddenSize = 7
    #expect(throws: InterchangeError.self) { try classifier.restore(stream(larger).state) }
    // it goes on as if nothing had been tried
    let rest = try classifier.push(lines[7], line: 8)
    var fresh = try stream(SessionCases.classification())
    for line in lines.prefix(7) { _ = try fresh.push(line, line: 1) }
    #expect(try fresh.push(lines[7], line: 8) == rest)
  }

  @Test func languageModelsKeepTheirPromises() throws {
    let (task, _) = try SessionCases.languageModel()
    let texts = ["abcdefgh hgfedcba abc def", "b", "fed cba gh\nab", "abcabcabc"]
    try checkTask(task, examples: texts.map { task.vocabulary.encode($0) })
  }
}
