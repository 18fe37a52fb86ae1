import ArgumentParser
import Recurrent

/// Answers a stream on the standard input line by line, with the state kept.
struct StreamRun<Task: CatalogTask> {
  let trained: TrainedTask<Task>
  let bundle: String
  let format: AnswerFormat

  func run() throws {
    let (task, model) = (trained.task, trained.task.prepared(trained.model))
    guard var stream = task.stream(model) else {
      throw RunError.stream("\(bundle): the model reads backwards too; train it with --causal")
    }
    guard var reader = task.stepReader() else {
      throw RunError.stream("\(bundle): only numbers and text can come step by step, not sound or pictures")
    }
    // one line of text must not wait for others
    var writer = AnswerWriter(format: format == .table ? .jsonl : format, columns: task.streamColumns)
    var lines = StandardInputLines()
    var (number, latencies) = (0, LatencyHistogram())
    while let line = try lines.next() {
      number += 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let start = seconds()
      guard let value = try? JSONValue(text: line, path: "<stream>") else {
        throw DataError.malformed(
          path: "<stream>", place: .line(number), expected: "a value of JSON",
          found: "\"\(String(decoding: line.prefix(40), as: UTF8.self))\"")
      }
      if case .object(let object) = value, object["reset"] == .bool(true), let fresh = task.stream(model),
        let first = task.stepReader()
      {
        try end(&stream, &writer)
        (stream, reader) = (fresh, first)
        continue
      }
      var rows: [[TaskField]] = []
      for step in try reader.push(value, line: number) {
        stream.push(step)
        // a line may hold several steps, each with something to say
        if Task.Stream.isIncremental { rows += task.rows(of: stream, isEnd: false) }
      }
      if !Task.Stream.isIncremental { rows = task.rows(of: stream, isEnd: false) }
      for row in rows { try writer.write(row) }
      latencies.add(seconds() - start)
    }
    // a stream of a device ends by an interrupt: what waits is said all the same
    try end(&stream, &writer)
    if Interrupt.isRequested { throw ExitCode.interrupted }
    guard latencies.count > 0 else { return }
    func microseconds(_ share: Double) -> String {
      grouped(Int((latencies.quantile(share) * 1e6).rounded()))
    }
    Terminal.error(
      "\(counted(latencies.count, "line")): \(microseconds(0.5)) us each, 99 % within \(microseconds(0.99)), longest \(microseconds(1))"
    )
  }

  /// Says what waited for further steps.
  private func end(_ stream: inout Task.Stream, _ writer: inout AnswerWriter) throws {
    stream.finish()
    for row in trained.task.rows(of: stream, isEnd: true) { try writer.write(row) }
  }

  private func seconds() -> Double { Trainer<SequenceTaskProblem<Task>>.seconds() }
}
