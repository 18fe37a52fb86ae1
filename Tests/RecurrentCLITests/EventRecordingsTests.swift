import Foundation
import RecurrentTestSupport
import Testing

/// Events in recordings from files to figures, through the executable.
@Suite struct EventRecordingsTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private static let settings = [
    "--causal", "--hidden", "8", "--epochs", "80", "--learning-rate", "0.01", "--threads", "1",
  ]

  /// A signal with a peak every 37 rows, whose rows are counted by what `time` says.
  private func write(_ name: String, count: Int, column: String, time: (Int) -> String) throws {
    let noise = RandomKey(seed: 4).uniforms(count)
    var signal = [column + ",volt"]
    var events = [column + ",kind"]
    for step in 0..<count {
      let isPeak = step % 37 == 20
      signal.append("\(time(step)),\((isPeak ? 3 : 0) + noise[step] * 0.2)")
      if isPeak { events.append("\(time(step)),pulse") }
    }
    try run.write(name + ".csv", signal.joined(separator: "\n") + "\n")
    try run.write(name + "-events.csv", events.joined(separator: "\n") + "\n")
  }

  private func fields(_ output: String, _ name: String) throws -> [String] {
    try output.split(separator: "\n").compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?[name].map { "\($0)" }
    }
  }

  private func figures(_ output: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// Frames that begin at 5000 and are two apart are found and printed as such.
  @Test func framesOfATable() throws {
    try write("clip", count: 900, column: "frame", time: { "\(5000 + 2 * $0)" })
    let trained = try run(
      [
        "train", "tagging", "clip.csv", "--events", "clip-events.csv", "-o", "x.bundle", "--window-seconds",
        "150",
      ]
        + Self.settings)
    #expect(trained.code == 0, "\(trained.errors)")
    let evaluated = try run("evaluate", "x.bundle", "clip.csv", "--events", "clip-events.csv", "--json")
    let figures = try figures(evaluated.output)
    #expect(figures["hits"] as? Int == 24 && figures["falseAlarms"] as? Int == 0, "\(evaluated.output)")
    #expect(figures["f1"] as? Double == 1 && figures["unit"] as? String == "frame")
    let found = try run("predict", "x.bundle", "clip.csv", "--format", "jsonl")
    let starts = try fields(found.output, "start").compactMap { Double($0) }
    #expect(starts.count == 24)
    for (index, start) in starts.enumerated() {
      #expect(abs(start - Double(5000 + 2 * (37 * index + 20))) <= 4, "\(starts)")
    }
    // positions that are not in the recording
    try run.write("rows.csv", "frame,kind\n5040,pulse\n20,pulse\n57,pulse\n")
    for command in [
      ["train", "tagging", "clip.csv", "-o", "y.bundle"], ["evaluate", "x.bundle", "clip.csv"],
    ] {
      let refused = try run(command + ["--events", "rows.csv"])
      #expect(refused.code == 1, "\(refused.errors)")
      for part in [
        "rows.csv: line 3, column \"frame\"", "clip.csv", "from 5000 to 6798", "found 20", "2 of 3",
        "--event-unit",
      ] { #expect(refused.errors.contains(part), "\(refused.errors)") }
    }
    let rows = try run("evaluate", "x.bundle", "clip.csv", "--events", "rows.csv", "--event-unit", "steps")
    #expect(rows.code == 1 && rows.errors.contains("from 0 to 899"), "\(rows.errors)")
    let none = try run("evaluate", "x.bundle", "clip.csv")
    #expect(none.code == 1 && none.errors.contains("a table of events"), "\(none.errors)")
    try run.write("other.csv", "frame,kind\n5040,spike\n")
    let other = try run("evaluate", "x.bundle", "clip.csv", "--events", "other.csv")
    #expect(other.code == 0 && other.errors.contains("\"spike\""), "\(other.errors)")
  }

  /// What a stream finds is what the whole has, to the last digit and the last event.
  @Test func aStreamFindsWhatTheWholeHas() throws {
    try write("beats", count: 900, column: "time_s", time: { "\(Double($0) / 50)" })
    let trained = try run(
      [
        "train", "tagging", "beats.csv", "--events", "beats-events.csv", "-o", "x.bundle", "--window-seconds",
        "1.5",
      ]
        + Self.settings)
    #expect(trained.code == 0, "\(trained.errors)")
    // at the end of 60 rows an event is still going on
    for rows in [900, 58, 59, 60, 61, 62] {
      let whole = try run.shell(
        "head -\(rows + 1) beats.csv > part.csv; $R predict x.bundle part.csv --format jsonl")
      let stream = try run.shell("tail -n +2 part.csv | cut -d, -f2 | $R predict x.bundle --stream")
      #expect(whole.code == 0 && stream.code == 0, "\(whole.errors) \(stream.errors)")
      #expect(try fields(whole.output, "start") == fields(stream.output, "start"), "\(rows)")
      #expect(try fields(whole.output, "label") == fields(stream.output, "event"))
      #expect(try fields(whole.output, "start").count == (rows == 900 ? 24 : rows < 60 ? 1 : 2), "\(rows)")
      #expect(stream.errors.contains("\(rows) lines: "))
    }
    // every row of a table has all columns
    let table = try run.shell("tail -n +2 part.csv | cut -d, -f2 | $R predict x.bundle --stream --format csv")
    let lines = table.output.split(separator: "\n")
    #expect(lines[0] == "step,event,start" && lines.allSatisfy { $0.count { $0 == "," } == 2 })
    // an interrupt ends a recording too
    let interrupted = try run.shell(
      "mkfifo pipe; $R predict x.bundle --stream < pipe > out & p=$!; exec 3> pipe; head -61 beats.csv | tail -n +2 "
        + "| cut -d, -f2 >&3; while [ $(wc -l < out) -lt 60 ]; do sleep 0.05; done; kill -INT $p; wait $p; echo $?; cat out"
    )
    #expect(interrupted.output.hasPrefix("130\n"), "\(interrupted.output)")
    #expect(try fields(String(interrupted.output.dropFirst(4)), "start").count == 2)
    // a reset ends one recording as the end of the input does
    let twice = try run.shell(
      "(tail -n +2 part.csv | cut -d, -f2; echo '{\"reset\": true}'; tail -n +2 part.csv | cut -d, -f2) "
        + "| $R predict x.bundle --stream")
    let starts = try fields(twice.output, "start")
    #expect(starts.count == 4 && Array(starts.prefix(2)) == Array(starts.suffix(2)), "\(twice.output)")
  }

  @Test func severalFilesAreReadOnce() throws {
    for name in ["a", "b", "c"] {
      try write(name, count: 200, column: "t_ms,junk", time: { "\(20 * $0),5" })
    }
    let names = ["a", "b", "c"]
    try run.write(
      "events.csv",
      "file,start_ms,kind\n"
        + names.flatMap { name in [400, 1140].map { "\(name).csv,\($0),pulse\n" } }.joined())
    let command = [
      "train", "tagging", "--events", "events.csv", "--time", "t_ms", "--ignore-columns", "junk", "--split",
      "1,0,0",
    ]
    let all = try run(command + names.map { $0 + ".csv" } + ["--dry-run"])
    #expect(
      all.code == 0 && all.errors.contains("3 recordings to train on, 600 steps, 50.00 a second"),
      "\(all.errors)")
    #expect(all.errors.contains("volt: the channels of a step") && all.errors.contains("pulse 6"))
    let parted = try run(command + ["a.csv", "b.csv", "--valid", "c.csv", "--dry-run"])
    #expect(parted.errors.contains("2 recordings to train on, 400 steps"), "\(parted.errors)")
    #expect(parted.errors.contains("1 to validate"))
    // the columns are remembered
    #expect(
      try run(command + ["a.csv", "b.csv", "-o", "x.bundle", "--epochs", "1", "--hidden", "4"]).code == 0)
    let evaluated = try run("evaluate", "x.bundle", "c.csv", "--events", "events.csv", "--json")
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    let figures = try figures(evaluated.output)
    #expect((figures["hits"] as? Int ?? 0) + (figures["misses"] as? Int ?? 0) == 2)
  }

  @Test func endsAreComparedWhereThereAreSome() throws {
    let noise = RandomKey(seed: 5).uniforms(400)
    var (signal, events) = (["time_s,volt"], ["start_s,end_s,kind"])
    for step in 0..<400 {
      let isOn = (step / 10) % 4 == 1
      signal.append("\(Double(step) / 20),\((isOn ? 2 : 0) + noise[step] * 0.2)")
      if isOn, step % 10 == 0 { events.append("\(Double(step) / 20),\(Double(step + 10) / 20),on") }
    }
    try run.write("s.csv", signal.joined(separator: "\n") + "\n")
    try run.write("e.csv", events.joined(separator: "\n") + "\n")
    let trained = try run(
      "train", "tagging", "s.csv", "--events", "e.csv", "-o", "x.bundle", "--epochs", "30", "--hidden", "6",
      "--threads", "1")
    #expect(trained.code == 0 && trained.output.contains("F1 with ends"), "\(trained.errors)")
    #expect(trained.errors.contains("events are scored by their beginnings; \"F1 with ends\""))
    #expect(run.text("x.bundle/card.md").contains("events are scored by their beginnings"))
    #expect(run.text("x.bundle/card.md").contains("test F1 with ends"))
    #expect(run.text("x.bundle/report.html").contains("ends are compared in one figure alone"))
    // ends that are all wrong: the beginnings alone do not show it
    let shifted = events.dropFirst().map { line in
      let parts = line.split(separator: ",")
      return "\(parts[0]),\((Double(parts[0]) ?? 0) + 0.2),on"
    }
    try run.write("short.csv", ([events[0]] + shifted).joined(separator: "\n") + "\n")
    let right = try figures(run("evaluate", "x.bundle", "s.csv", "--events", "e.csv", "--json").output)
    let wrong = try figures(run("evaluate", "x.bundle", "s.csv", "--events", "short.csv", "--json").output)
    #expect(right["compared"] as? String == "onsets" && right["f1"] as? Double == wrong["f1"] as? Double)
    #expect((right["onsetsAndEndsF1"] as? Double ?? 0) > 0.8 && wrong["onsetsAndEndsF1"] as? Double == 0)
  }

  /// Channels are told apart by their names, not by their places.
  @Test func theOrderOfColumnsDoesNotMatter() throws {
    let values = RandomKey(seed: 3).uniforms(800)
    func table(_ names: [String]) -> String {
      let rows = (0..<400).map { row in
        let (a, b) = (values[2 * row], values[2 * row + 1])
        return names.map { $0 == "a" ? "\(a)" : $0 == "b" ? "\(b)" : a > 0.5 ? "left" : "right" }
          .joined(separator: ",")
      }
      return ([names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    }
    try run.write("first.csv", table(["a", "b", "move"]))
    try run.write("second.csv", table(["b", "move", "a"]))
    let trained = try run("train", "tagging", "first.csv", "-o", "x.bundle", "--epochs", "8", "--hidden", "6")
    #expect(trained.code == 0, "\(trained.errors)")
    let predictions = try ["first.csv", "second.csv"].map {
      try fields(run("predict", "x.bundle", $0, "--format", "jsonl").output, "label")
    }
    #expect(predictions[0] == predictions[1] && predictions[0].count == 400)
  }

  /// A stream that goes on needs no more memory: looked at while it waits for more lines.
  #if os(Linux)
  @Test func aStreamKeepsNothingOfWhatIsOver() throws {
    try write("beats", count: 300, column: "time_s", time: { "\(Double($0) / 50)" })
    let trained = try run(
      "train", "tagging", "beats.csv", "--events", "beats-events.csv", "-o", "x.bundle", "--causal",
      "--epochs",
      "1", "--hidden", "2", "--threads", "1")
    #expect(trained.code == 0, "\(trained.errors)")
    let script = """
      mkfifo pipe; $R predict x.bundle --stream --threads 1 < pipe > out.jsonl 2> err.txt & p=$!; exec 3> pipe
      tail -n +2 beats.csv | cut -d, -f2 > values
      feed() { i=0; while [ $i -lt $1 ]; do cat values; i=$((i + 1)); done >&3; }
      wait_for() { while [ $(wc -l < out.jsonl) -lt $1 ]; do sleep 0.05; done; grep VmHWM /proc/$p/status; }
      feed 10; wait_for 3000; feed 60; wait_for 21000; exec 3>&-; wait $p
      """
    let result = try run.shell(script)
    let peaks = result.output.split(separator: "\n").compactMap { line in
      Int(line.filter(\.isNumber))
    }
    #expect(peaks.count == 2, "\(result.output) \(result.errors)")
    // 24 bytes a step would be 430 KB, and a list of scores takes at least 80
    if peaks.count == 2 { #expect(peaks[1] - peaks[0] < 1000, "\(peaks) KB") }
    #expect(run.text("err.txt").contains("21,000 lines: "))
  }
  #endif
}
