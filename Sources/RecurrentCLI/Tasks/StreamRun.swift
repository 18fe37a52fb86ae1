import ArgumentParser
import Recurrent

/// Predicts for a stream on the standard input line by line, with the state kept.
struct StreamRun {
  let trained: any AnyTrainedTask
  let bundle: String
  let settings: Settings
  let format: PredictionFormat
  let states: StateFiles
  let input: InputOptions

  /// The bytes of a sample of sound without a head; nil for lines of JSON.
  private var sampleWidth: Int? {
    get throws {
      switch input.inputFormat {
      case .f32le?: return 4
      case .s16le?: return 2
      case .jsonl?: return nil
      case nil: return input.rate == nil ? nil : 2
      case let other?:
        throw ValidationError("--stream reads jsonl, s16le or f32le, not \(other.rawValue)")
      }
    }
  }

  func run() throws {
    let sampleWidth = try sampleWidth
    if sampleWidth != nil, input.rate == nil {
      throw ValidationError("--rate says how many samples a second sound without a head has")
    }
    var stream: any AnySession
    do { stream = try trained.stream(settings, rate: input.rate) } catch TaskError.unsupported(let reason) {
      let flags = reason.replacing("the setting causal", with: "--causal")
        .replacing("the setting level at fixed", with: "--level fixed")
      throw RunError.stream("\(bundle): \(flags)")
    }
    if let load = states.load { try stream.restore(SessionState(path: load, model: states.model)) }
    // one line of text must not wait for others
    var writer = PredictionWriter(format: format == .table ? .jsonl : format, columns: stream.columns)
    for note in stream.notes { Terminal.error(note.line) }
    var (number, latencies) = (0, LatencyHistogram())
    var samples = sampleWidth.map { StandardInputSamples(width: $0) }
    while let value = samples?.next() {
      number += 1
      let stopwatch = Stopwatch()
      for row in try stream.push(value, line: number) { try writer.write(row) }
      latencies.add(stopwatch.seconds)
    }
    var lines = StandardInputLines()
    while samples == nil, let line = try lines.next() {
      number += 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let stopwatch = Stopwatch()
      guard let value = try? JSONValue(text: line, path: "<stream>") else {
        throw DataError.malformed(
          path: "<stream>", place: .line(number), expected: "a value of JSON",
          found: "\"\(String(decoding: line.prefix(40), as: UTF8.self))\"")
      }
      if case .object(let object) = value, object["reset"] == .bool(true) {
        for row in stream.finish() { try writer.write(row) }
        continue
      }
      for row in try stream.push(value, line: number) { try writer.write(row) }
      latencies.add(stopwatch.seconds)
    }
    if let save = states.save {
      // what waits is said when the stream goes on
      try stream.state.write(to: save, model: states.model)
    } else {
      // a stream of a device ends by an interrupt: what waits is said all the same
      for row in stream.finish() { try writer.write(row) }
    }
    if Interrupt.isRequested { throw ExitCode.interrupted }
    guard latencies.count > 0 else { return }
    func microseconds(_ share: Double) -> String {
      grouped(Int((latencies.quantile(share) * 1e6).rounded()))
    }
    Terminal.error(
      "\(counted(latencies.count, samples == nil ? "line" : "piece")): \(microseconds(0.5)) us each, 99 % within \(microseconds(0.99)), longest \(microseconds(1))"
    )
  }
}
