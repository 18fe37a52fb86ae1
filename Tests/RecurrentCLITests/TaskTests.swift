import Foundation
import RecurrentTestSupport
import Testing

/// Tasks over sequences from a file to a prediction, through the executable.
@Suite struct TaskTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try run.write("waves.csv", TaskTests.waves(60, seed: 1))
    try run.write("more.csv", TaskTests.waves(20, seed: 2))
    try run.write("sensors.csv", TaskTests.sensors(400))
    try run.write("pulses.csv", TaskTests.pulses(900).signal)
    try run.write("pulse-events.csv", TaskTests.pulses(900).events)
    try writeWhatIsWrong()
  }

  /// Files that cannot be learnt from.
  private func writeWhatIsWrong() throws {
    for name in ["a", "b"] {
      for folder in ["noise", "films"] {
        try FileManager.default.createDirectory(
          atPath: run.folder.path + "/\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try run.write("noise/\(name)/1.wav", "this is no sound, but words")
      let empty = Array("GIF89a".utf8) + [8, 0, 8, 0, 0xF0, 0, 0, 0, 0, 0, 255, 255, 255, 0x3B]
      _ = try run.folder.file("films/\(name)/1.gif", empty)
    }
    let waves = TaskTests.waves(40, seed: 3)
    try run.write("alike.csv", waves.replacing("down,", with: "up,"))
    let lines = waves.split(separator: "\n")
    try run.write("endless.csv", lines[0] + "\nup" + String(repeating: ",inf", count: 12) + "\n" + lines[1])
    try run.write("twice.csv", "step,a,label\n1,0.5,x\n2,0.1,y\n2,0.3,x\n")
    func series(_ name: String, _ value: (Int) -> String, _ last: String = "") throws {
      try run.write(name, "date,y\n" + (0..<40).map { "\($0),\(value($0))\n" }.joined() + last)
    }
    try series("days.csv", { "\($0 % 7)" })
    try series("again.csv", { "\($0 % 7)" }, "39,1\n")
    try series("flat.csv", { _ in "5" })
    try series("none.csv", { _ in "" })
  }

  private static let classify = [
    "train", "classification", "waves.csv", "-o", "x.bundle", "--hidden", "8", "--epochs", "40",
  ]

  /// A row each: rising or falling, with noise.
  private static func waves(_ count: Int, seed: UInt64) -> String {
    let noise = RandomKey(seed: seed).uniforms(count * 12)
    let rows = (0..<count).map { row in
      let slope: Float = row % 2 == 0 ? 0.3 : -0.3
      let values = (0..<12).map { "\(slope * Float($0) + noise[row * 12 + $0])" }
      return (row % 2 == 0 ? "up" : "down") + "," + values.joined(separator: ",")
    }
    return "label," + (0..<12).map { "t\($0)" }.joined(separator: ",") + "\n" + rows.joined(separator: "\n")
      + "\n"
  }

  /// A step each: left or right by which of two sensors is larger.
  private static func sensors(_ count: Int) -> String {
    let values = RandomKey(seed: 3).uniforms(2 * count)
    let rows = (0..<count).map {
      "\($0),\(values[2 * $0]),\(values[2 * $0 + 1]),\(values[2 * $0] > 0.5 ? "left" : "right")"
    }
    return "step,a,b,move\n" + rows.joined(separator: "\n") + "\n"
  }

  /// A peak now and then at 50 steps a second.
  private static func pulses(_ count: Int) -> (signal: String, events: String) {
    var (signal, events) = ("time_s,volt\n", "time_s,kind\n")
    let noise = RandomKey(seed: 4).uniforms(count)
    for step in 0..<count {
      let isPeak = step % 37 == 20
      signal += "\(Double(step) / 50),\((isPeak ? 3 : 0) + noise[step] * 0.2)\n"
      if isPeak { events += "\(Double(step) / 50),pulse\n" }
    }
    return (signal, events)
  }

  @Test func classificationFromATableToAnswers() throws {
    let trained = try run(TaskTests.classify)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.errors.contains("assumed: the class is the column \"label\"  (--label-column)"))
    #expect(trained.output.contains("on the test part:"))
    for name in ["card.md", "loss.svg", "model.safetensors", "report.html", "task.json"] {
      #expect(run.exists("x.bundle/" + name))
    }
    let evaluated = try run("evaluate", "x.bundle", "more.csv", "--json", "--report", "r.html")
    #expect(evaluated.code == 0 && evaluated.output.contains("\"accuracy\":{"), "\(evaluated.errors)")
    #expect(run.text("r.html").lowercased().hasPrefix("<!doctype html>"))
    let predictions = try run("predict", "x.bundle", "more.csv", "--format", "csv")
    let lines = predictions.output.split(separator: "\n")
    #expect(predictions.code == 0 && lines.count == 21, "\(predictions.errors)")
    #expect(lines[0] == "input,label,probability,label 2,probability 2")
    let right = lines.dropFirst().enumerated().count {
      $1.contains($0 % 2 == 0 ? ":\($0 + 2),up," : ":\($0 + 2),down,")
    }
    #expect(right >= 18, "\(predictions.output)")
  }

  @Test func lookingAtTheDataWritesNothing() throws {
    let result = try run(TaskTests.classify + ["--dry-run"])
    #expect(
      result.code == 0 && result.errors.contains("2 classes to train on: down 24, up 24"), "\(result.errors)")
    #expect(result.output.isEmpty && !run.exists("x.bundle") && !run.exists("x.bundle.checkpoint"))
  }

  /// Settings of a file are those of the flags; flags win.
  @Test func settingsComeFromAFile() throws {
    try run.write(
      "s.yaml", "hidden: 6\nepochs: 30\ncausal: true\nlearning-rate: 0.004\nconvolutions: [8x3, 6x3]\n")
    let file = try run(
      "train", "classification", "waves.csv", "-o", "a.bundle", "--config", "s.yaml", "--epochs", "3")
    #expect(file.code == 0, "\(file.errors)")
    let flags = try run(
      "train", "classification", "waves.csv", "-o", "b.bundle", "--hidden", "6", "--epochs", "3", "--causal",
      "--learning-rate", "0.004", "--convolutions", "8x3,6x3")
    #expect(flags.code == 0 && file.errors.contains("training: 3 epochs"), "\(flags.errors)")
    #expect(try run.bytes("a.bundle/model.safetensors") == run.bytes("b.bundle/model.safetensors"))
    for (text, part) in [
      ("hiden: 6\n", "line 1: unknown setting \"hiden\"; did you mean \"hidden\"?"),
      ("cell: gru\nhidden: 0\n", "line 2: hidden is 0, expected"),
      ("epochs: few\n", "line 1: epochs is \"few\""),
      ("- 1\n", "expected settings"), ("hidden: {a: 1}\n", "is a mapping"),
    ] {
      try run.write("wrong.yaml", text)
      let result = try run(
        "train", "classification", "waves.csv", "-o", "c.bundle", "--config", "wrong.yaml")
      #expect(result.code == 1 && result.errors.contains(part), "\(result.errors)")
    }
  }

  /// A table of steps is read as in training without that its columns are named again.
  @Test func columnsAreRemembered() throws {
    let rows = (0..<40).flatMap { patient in
      (0..<5).map { "p\(patient),\($0),\(Double(patient % 2 * $0) + 0.1 * Double($0)),\(patient % 2)" }
    }
    try run.write("long.csv", "who,hour,level,ill\n" + rows.joined(separator: "\n") + "\n")
    let trained = try run(
      "train", "classification", "long.csv", "--id-column", "who", "--time", "hour", "--label-column", "ill",
      "-o",
      "x.bundle", "--epochs", "30")
    #expect(trained.code == 0, "\(trained.errors)")
    let predictions = try run("predict", "x.bundle", "long.csv", "--format", "csv")
    #expect(
      predictions.code == 0 && predictions.output.split(separator: "\n").count == 41, "\(predictions.errors)")
    #expect(try run("evaluate", "x.bundle", "long.csv").code == 0)
  }

  @Test func crossValidationShowsMeanAndDeviation() throws {
    let result = try run(TaskTests.classify + ["--folds", "3"])
    #expect(result.code == 0 && result.output.contains("accuracy, 3 parts: "), "\(result.errors)")
    #expect(result.errors.contains("part 3 of 3: accuracy "))
  }

  @Test(arguments: [["classification", "waves.csv"], ["tagging", "sensors.csv"]])
  func interruptedTrainingsGoOnToTheSameBytes(_ task: [String]) throws {
    let command = ["train"] + task + ["--hidden", "5", "--epochs", "60", "--threads", "2"]
    #expect(try run(command + ["-o", "whole.bundle", "--threads", "1"]).code == 0)
    try run.interrupt(command + ["-o", "x.bundle"])
    #expect(try run(command + ["-o", "x.bundle"]).errors.contains("--resume"))
    let changed = try run(command + ["-o", "x.bundle", "--resume", "--learning-rate", "0.5"])
    #expect(changed.code == 1 && changed.errors.contains("--learning-rate was"), "\(changed.errors)")
    let resumed = try run(command + ["-o", "x.bundle", "--resume"])
    #expect(resumed.code == 0 && resumed.errors.contains("going on in epoch"), "\(resumed.errors)")
    #expect(try run.bytes("x.bundle/model.safetensors") == run.bytes("whole.bundle/model.safetensors"))
  }

  @Test func eventsAreFoundAndStreamed() throws {
    let command = [
      "train", "tagging", "pulses.csv", "--events", "pulse-events.csv", "--event-label", "kind", "--causal",
      "-o", "x.bundle",
      "--hidden", "8", "--epochs", "80", "--learning-rate", "0.01", "--window-seconds", "1.5",
    ]
    let trained = try run(command)
    #expect(trained.code == 0 && trained.output.contains("F1"), "\(trained.errors)")
    let evaluated = try run(
      "evaluate", "x.bundle", "pulses.csv", "--events", "pulse-events.csv", "--event-label", "kind", "--json")
    #expect(
      evaluated.code == 0 && evaluated.output.contains("\"hits\":2"),
      "\(evaluated.output) \(evaluated.errors)")
    let found = try run("predict", "x.bundle", "pulses.csv", "--format", "jsonl")
    let events = found.output.split(separator: "\n").count
    #expect(found.code == 0 && (20...26).contains(events), "\(found.output) \(found.errors)")
    // the same events come out of the stream, each line as it is known
    let stream = try run.shell("tail -n +2 pulses.csv | cut -d, -f2 | $R predict x.bundle --stream")
    #expect(stream.code == 0 && stream.output.split(separator: "\n").count == 900, "\(stream.errors)")
    #expect(stream.output.split(separator: "\n").count { $0.contains("\"event\":\"pulse\"") } == events)
    #expect(stream.errors.contains("900 lines: "))
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    var command: String
    var code: Int32
    var fragments: [String]
    init(_ command: String, _ code: Int32, _ fragments: String...) {
      (self.command, self.code, self.fragments) = (command, code, fragments)
    }
    var testDescription: String { command }
  }

  @Test(arguments: [
    Failure("train classification nope.csv -o x.bundle", 1, "nope.csv"),
    Failure("train classification waves.csv", 2, "--output"),
    Failure("train classification -o x.bundle", 2, "name the data"),
    Failure(
      "train classification waves.csv -o x.bundle --label-column kind", 1, "no column \"kind\"", "\"label\""),
    Failure(
      "train classification waves.csv -o x.bundle --lable-column label", 2, "--lable-column", "--label-column"
    ),
    Failure(
      "train classification waves.csv -o x.bundle --hidden 0", 2, "--hidden is 0", "from 1 to 65536"),
    Failure("train classification waves.csv -o x.bundle --cell gruu", 2, "--cell is \"gruu\"", "gru"),
    Failure("train classification waves.csv -o x.bundle --convolutions 8", 1, "convolutions", "64x5/2"),
    Failure("train classification waves.csv -o x.bundle --split 1,1,1", 2, "split", "add up to 1"),
    Failure("train classification waves.csv -o x.bundle --leave-one-out", 1, "group-column"),
    Failure("train classification waves.csv -o x.bundle --folds 100", 1, "folds", "60 sequences"),
    Failure("train classification waves.csv -o x.bundle --epochs 0", 2, "--epochs is 0"),
    Failure("train classification sensors.csv -o x.bundle", 1, "--label-column", "\"move\""),
    Failure("train tagging pulses.csv -o x.bundle", 1, "label-column", "--events"),
    Failure("train tagging sensors.csv -o x.bundle --label-column b --split 0.5", 2, "split"),
    Failure("train tagging pulses.csv --events waves.csv -o x.bundle", 1, "waves.csv", "start"),
    Failure("train classification noise -o x.bundle", 1, "noise/", ".wav", "RIFF"),
    Failure("train classification films -o x.bundle", 1, "films/", "byte 20", "at least one picture"),
    Failure("train classification alike.csv -o x.bundle", 1, "two or more classes", "\"up\" alone"),
    Failure("train classification endless.csv -o x.bundle", 1, "endless.csv: line 2", "\"inf\""),
    Failure("train tagging twice.csv -o x.bundle", 1, "twice.csv: line 4", "column \"step\"", "behind that"),
    Failure("train forecasting days.csv --horizon 90 -o x.bundle", 1, "--horizon", "found 90"),
    Failure("train forecasting again.csv --horizon 2 -o x.bundle", 1, "again.csv: line 42", "line 41"),
    Failure("train forecasting flat.csv --horizon 2 -o x.bundle", 1, "--target", "\"y\""),
    Failure("train forecasting none.csv --horizon 2 -o x.bundle", 1, "none.csv", "column \"y\""),
    Failure("predict waves.csv more.csv", 1, "waves.csv"),
    Failure("predict nope.bundle more.csv", 1, "nope.bundle"),
  ])
  func wrongUseSaysWhatToDo(_ failure: Failure) throws {
    let result = try run(failure.command.split(separator: " ").map(String.init))
    #expect(result.code == failure.code, "\(result.errors)")
    for fragment in failure.fragments { #expect(result.errors.contains(fragment), "\(result.errors)") }
    #expect(!run.exists("x.bundle") && !run.exists("x.bundle.checkpoint"))
  }

  @Test func aStreamThatIsNoneSaysWhere() throws {
    #expect(try run(TaskTests.classify + ["--epochs", "2", "--causal"]).code == 0)
    for (input, fragment) in [
      ("1\n2\nx y\n", "line 3: expected a value of JSON"), ("1\n[1, 2]\n", "line 2: expected"),
      ("{\"b\": 1}\n", "line 1: expected one of \"value\""),
    ] {
      let result = try run.shell("printf '\(input)' | $R predict x.bundle --stream")
      #expect(result.code == 1 && result.errors.contains(fragment), "\(result.errors)")
    }
    #expect(try run(TaskTests.classify + ["--epochs", "2", "--overwrite"]).code == 0)
    let backwards = try run.shell("echo 1 | $R predict x.bundle --stream")
    #expect(backwards.code == 1 && backwards.errors.contains("--causal"))
  }

  @Test func aClassThatTrainingNeverSawIsRefused() throws {
    #expect(try run(TaskTests.classify + ["--epochs", "2"]).code == 0)
    try run.write(
      "other.csv",
      "label," + (0..<12).map { "t\($0)" }.joined(separator: ",") + "\nside"
        + String(repeating: ",1", count: 12) + "\n")
    let result = try run("evaluate", "x.bundle", "other.csv")
    #expect(result.code == 1 && result.errors.contains("other.csv:2"), "\(result.errors)")
    #expect(result.errors.contains("down, up") && result.errors.contains("\"side\""))
  }
}
