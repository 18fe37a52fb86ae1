import Foundation
import RecurrentTestSupport
import Testing

/// Labels of steps on their way from a table over parts and windows to predictions, through the executable.
@Suite struct TaggingPartsTests {
  private static let labels = ["low", "middle", "high"]

  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  /// A recording of steps whose label is told by their own value alone, so that labels that stand a step away are wrong.
  private func recording(_ name: String, _ count: Int, seed: UInt64) -> (rows: [String], labels: [String]) {
    let kinds = RandomKey(seed: seed).integers(count, below: 3)
    let noise = RandomKey(seed: seed).child(1).uniforms(2 * count)
    let rows = (0..<count).map { step in
      "\(name),\(step),\(Float(kinds[step]) * 2 + 0.5 * noise[2 * step]),\(noise[2 * step + 1]),"
        + Self.labels[kinds[step]]
    }
    return (rows, kinds.map { Self.labels[$0] })
  }

  private func write(_ file: String, _ rows: [String]) throws {
    try run.write(file, (["who,step,a,b,state"] + rows).joined(separator: "\n") + "\n")
  }

  private static func counts(_ labels: some Sequence<String>) -> String {
    Dictionary(grouping: labels) { $0 }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
  }

  private static let columns = ["--id-column", "who", "--label-column", "state"]

  /// One recording is cut by time; its training part alone is what labels are counted in and windows made of.
  @Test func oneRecordingIsCutByTime() throws {
    let (rows, labels) = recording("a", 300, seed: 1)
    try write("steps.csv", rows)
    // 180 steps in windows of 20 that overlap by a half, and those that the other parts are
    let result = try run(
      ["train", "tagging", "steps.csv", "-o", "x.bundle", "--split", "0.6,0.1,0.3", "--window-seconds", "20"]
        + ["--epochs", "1", "--hidden", "4", "--threads", "1"] + Self.columns)
    #expect(result.code == 0, "\(result.errors)")
    for part in [
      "1 recording to train on, 180 steps", "3 labels: \(Self.counts(labels.prefix(180)))",
      "17 windows to train on, 1 to validate, 1 to test",
    ] { #expect(result.errors.contains(part), "\(part): \(result.errors)") }
  }

  /// Recordings stay whole, each step has a prediction, and every label is its own.
  @Test func everyStepHasItsOwnLabel() throws {
    let training = (0..<12).map { recording("r\($0)", 40 + 7 * $0, seed: UInt64($0)) }
    try write("steps.csv", training.flatMap(\.rows))
    let result = try run(
      ["train", "tagging", "steps.csv", "-o", "x.bundle", "--split", "1,0,0", "--window-seconds", "30"]
        + ["--epochs", "30", "--hidden", "8", "--learning-rate", "0.02", "--threads", "1"] + Self.columns)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("12 recordings to train on, \(training.flatMap(\.rows).count) steps"))
    #expect(result.errors.contains(Self.counts(training.flatMap(\.labels))), "\(result.errors)")
    let others = [31, 1, 100].enumerated().map { recording("n\($0)", $1, seed: UInt64(100 + $0)) }
    try write("other.csv", others.flatMap(\.rows))
    let predicted = try run("predict", "x.bundle", "other.csv", "--format", "jsonl")
    let lines = try predicted.output.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["label"] as? String } == others.flatMap(\.labels), "\(predicted.errors)")
    #expect(Set(lines.compactMap { $0["input"] as? String }).count == 3)
  }
}
