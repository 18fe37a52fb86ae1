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
    var writer = AnswerWriter(format: format == .table ? .jsonl : format)
    var lines = StandardInputLines()
    var (number, times) = (0, [Double]())
    while let line = try lines.next() {
      number += 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let start = seconds()
      guard let value = try? JSONValue(text: line, path: "<stream>") else {
        throw DataError.malformed(
          path: "<stream>", place: .line(number), expected: "a value of JSON",
          found: "\"\(String(decoding: line.prefix(40), as: UTF8.self))\"")
      }
      if case .object(let object) = value, object["reset"] == .truth(true), let fresh = task.stream(model),
        let first = task.stepReader()
      {
        (stream, reader) = (fresh, first)
        continue
      }
      for step in try reader.push(value, line: number) { stream.push(step) }
      try writer.write(task.row(of: stream))
      times.append(seconds() - start)
    }
    if Interrupt.isRequested { throw ExitCode.interrupted }
    times.sort()
    guard !times.isEmpty else { return }
    func microseconds(_ share: Double) -> String {
      grouped(Int((times[min(times.count - 1, Int(share * Double(times.count)))] * 1e6).rounded()))
    }
    Terminal.error(
      "\(counted(times.count, "line")): \(microseconds(0.5)) us each, 99 % within \(microseconds(0.99)), longest \(microseconds(1))"
    )
  }

  private func seconds() -> Double { Trainer<SequenceTaskProblem<Task>>.seconds() }
}
