import Foundation
import RecurrentTestSupport
import Testing

/// Records of signals and warnings, through the executable.
@Suite struct SignalCommandTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private static let settings = [
    "--causal", "--hidden", "8", "--epochs", "60", "--learning-rate", "0.01", "--threads", "1",
  ]

  /// A record of WFDB in format 16 with a peak every 37 samples, and beats there.
  private func write(_ name: String, count: Int) throws {
    let noise = RandomKey(seed: 4).uniforms(count)
    let samples = (0..<count).map { Int(($0 % 37 == 20 ? 300 : 0) + 20 * noise[$0]) }
    try run.write(name + ".hea", "\(name) 1 50 \(count)\n\(name).dat 16 100/mV 16 0 0 0 0 MLII\n")
    let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    _ = try run.folder.file(name + ".dat", bytes)
    var (marks, last) = ([UInt8](), 0)
    for sample in stride(from: 20, to: count, by: 37) {
      let word = 1 << 10 | (sample - last)
      marks += [UInt8(word & 255), UInt8(word >> 8)]
      last = sample
    }
    _ = try run.folder.file(name + ".atr", marks + [0, 0])
  }

  @Test func beatsOfARecord() throws {
    try write("100", count: 900)
    let trained = try run(
      ["train", "tagging", "100", "-o", "x.bundle", "--window-seconds", "3"] + Self.settings)
    #expect(trained.code == 0 && trained.errors.contains("MLII"), "\(trained.errors)")
    let evaluated = try run("evaluate", "x.bundle", "100.hea", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any]
    #expect(
      object?["hits"] as? Int == 24 && object?["f1"] as? Double ?? 0 > 0.9,
      "\(evaluated.output) \(evaluated.errors)")
    let found = try run("predict", "x.bundle", "100", "--format", "csv")
    #expect((25...30).contains(found.output.split(separator: "\n").count), "\(found.output)")
    // a rule of ends is none for beats
    let refused = try run(["train", "tagging", "100", "-o", "y.bundle", "--score", "iou"] + Self.settings)
    #expect(refused.code != 0 && refused.errors.contains("--score"), "\(refused.errors)")
  }

  /// A ramp of two seconds comes before each event: it can be announced.
  @Test func warnsBeforeEvents() throws {
    let (count, noise) = (1200, RandomKey(seed: 5).uniforms(1200))
    var (rows, events) = (["time_s,load"], ["time_s,kind"])
    for step in 0..<count {
      let place = (step + 7 * (step / 60)) % 60
      let ramp = place >= 30 && place < 50 ? Float(place - 29) / 20 : 0
      rows.append("\(Double(step) / 10),\(ramp + 0.1 * noise[step])")
      if place == 50 { events.append("\(Double(step) / 10),stop") }
    }
    try run.write("log.csv", rows.joined(separator: "\n") + "\n")
    try run.write("stops.csv", events.joined(separator: "\n") + "\n")
    let words = ["train", "tagging", "log.csv", "--events", "stops.csv", "--ahead", "2s", "-o", "x.bundle"]
    let refused = try run(words + ["--epochs", "1"])
    #expect(refused.code != 0 && refused.errors.contains("beside causal"), "\(refused.errors)")
    let trained = try run(words + ["--window-seconds", "10"] + Self.settings)
    #expect(trained.code == 0, "\(trained.errors)")
    let evaluated = try run("evaluate", "x.bundle", "log.csv", "--events", "stops.csv", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any]
    #expect((object?["sensitivity"] as? Double ?? 0) > 0.9, "\(evaluated.output) \(evaluated.errors)")
    #expect((object?["medianLeadTime"] as? Double ?? 0) > 1)
    #expect((object?["curve"] as? [Any])?.count == 19)
  }
}
