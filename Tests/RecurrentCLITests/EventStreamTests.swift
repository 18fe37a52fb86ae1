import Foundation
import RecurrentTestSupport
import Testing

/// The events of a stream are those of the whole recording, to the last digit, wherever it ends.
@Suite struct EventStreamTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Whether events last for several steps.
    var hasExtent = false
    var flags: [String] = []
    var testDescription: String { name }
  }

  private static let rate = 20.0

  /// Two kinds of events on two channels, by chance near each other.
  private static func recording(_ count: Int, hasExtent: Bool, seed: UInt64) -> (
    signal: [String], events: [String]
  ) {
    let noise = RandomKey(seed: seed).uniforms(2 * count)
    let gaps = RandomKey(seed: seed + 1).integers(count, below: 18)
    var values = [[Float]](repeating: [0, 0], count: count)
    var (events, step, number) = ([String](), 5, 0)
    while step + 8 < count {
      let length = hasExtent ? 2 + gaps[number] % 6 : 1
      for place in step..<step + length { values[place][number % 2] = 2 }
      let end = hasExtent ? ",\(Double(step + length) / rate)" : ""
      events.append("\(Double(step) / rate)\(end),\(["beat", "pause"][number % 2])")
      step += length + 2 + gaps[number + 1]
      number += 1
    }
    let signal = values.enumerated().map { step, pair in
      "\(pair[0] + 0.6 * noise[2 * step]),\(pair[1] + 0.6 * noise[2 * step + 1])"
    }
    return (signal, events)
  }

  /// What is said of each event, in order.
  private func events(_ output: String) throws -> [[String]] {
    try output.split(separator: "\n").compactMap { line in
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      guard let start = object["start"] else { return nil }
      return [object["label"] ?? object["event"], start, object["end"]].map { $0.map { "\($0)" } ?? "" }
    }
  }

  @Test(arguments: [
    Case(name: "moments"), Case(name: "moments, at once", flags: ["--delay", "0"]),
    Case(name: "moments, far apart", flags: ["--minimum-gap", "0.6"]),
    Case(name: "spans", hasExtent: true),
    Case(
      name: "spans, joined and long", hasExtent: true,
      flags: ["--minimum-gap", "0.1", "--minimum-duration", "0.15", "--delay", "0.2"]),
  ])
  func areThoseOfTheWhole(_ one: Case) throws {
    let run = try CommandLineRun()
    let (signal, known) = Self.recording(900, hasExtent: one.hasExtent, seed: 30)
    func table(_ name: String, _ rows: some Sequence<String>) throws {
      let lines = rows.enumerated().map { "\(Double($0) / Self.rate),\($1)" }
      try run.write(name, (["time_s,a,b"] + lines).joined(separator: "\n") + "\n")
    }
    try table("train.csv", signal)
    let head = one.hasExtent ? "start_s,end_s,kind" : "time_s,kind"
    try run.write("events.csv", ([head] + known).joined(separator: "\n") + "\n")
    let trained = try run(
      [
        "train", "tagging", "train.csv", "--events", "events.csv", "--causal", "-o", "x.bundle", "--hidden",
        "6",
      ]
        + ["--epochs", "25", "--learning-rate", "0.01", "--window-seconds", "2", "--threads", "1"] + one.flags
    )
    try #require(trained.code == 0, "\(trained.errors)")
    let other = Self.recording(150, hasExtent: one.hasExtent, seed: 40).signal
    var counts: Set<Int> = []
    for length in Array(60..<72) + stride(from: 72, through: 150, by: 6) {
      try table("part.csv", other.prefix(length))
      try run.write("steps", other.prefix(length).map { "[\($0)]\n" }.joined())
      let whole = try run("predict", "x.bundle", "part.csv", "--format", "jsonl")
      let stream = try run.shell("$R predict x.bundle --stream < steps")
      #expect(whole.code == 0 && stream.code == 0, "\(whole.errors) \(stream.errors)")
      let found = try events(whole.output)
      #expect(try events(stream.output) == found, "\(length) steps")
      counts.insert(found.count)
    }
    // the ends lie before, in and behind events
    #expect(counts.count >= 3, "\(counts)")
  }
}
