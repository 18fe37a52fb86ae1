import Foundation
import RecurrentTestSupport
import Testing

/// No training destroys another, and every one that is killed goes on.
@Suite struct TrainingLockTests {
  let run: CommandLineRun
  let small = SmallTraining.languageModel

  init() throws {
    run = try CommandLineRun()
    for training in SmallTraining.all { try training.write(to: run) }
  }

  private var checkpointPath: String { run.folder.path + "/x.bundle.checkpoint/checkpoint.safetensors" }

  /// A training that writes a checkpoint with every step, when the first is there.
  private func started(_ training: SmallTraining, epochs: Int = 1000) throws -> CommandLineRun.Running {
    let running = try run.start(training.command(epochs: epochs) + ["--checkpoint-seconds", "0", "--json"])
    try running.waitForOutput("\"event\":\"checkpoint\"")
    return running
  }

  @Test(arguments: [[], ["--resume"], ["--overwrite"], ["--resume", "--overwrite"]])
  func aSecondTrainingIsRefused(_ flags: [String]) throws {
    for training in [SmallTraining.languageModel, .classification] {
      let first = try started(training)
      let second = try run(training.command(epochs: 1000) + flags)
      #expect(second.code == 1, "\(second.errors)")
      #expect(
        second.errors.contains("x.bundle.checkpoint/lock: another training, process \(first.process) on "))
      first.send(SIGINT)
      let result = try first.wait()
      #expect(result.code == 130 && result.errors.contains("everything is saved"), "\(result.errors)")
      #expect(!run.exists("x.bundle.checkpoint/lock") && !run.exists("x.bundle"))
      #expect(run.exists("x.bundle.checkpoint/checkpoint.safetensors"))
      try FileManager.default.removeItem(atPath: run.folder.path + "/x.bundle.checkpoint")
    }
  }

  /// Both begin at once: one trains, the other says so, whatever the order of things.
  @Test func twoAtOnce() throws {
    let both = try [small, small].map {
      try run.start($0.command(epochs: 8) + ["--checkpoint-seconds", "0"])
    }
    let results = try both.map { try $0.wait() }
    #expect(results.map(\.code).sorted() == [0, 1], "\(results.map(\.errors))")
    let refused = try #require(results.first { $0.code == 1 })
    #expect(
      refused.errors.contains("another training") || refused.errors.contains("already exists"),
      "\(refused.errors)")
    #expect(try run(["generate", "x.bundle", "--length", "3"]).code == 0)
    #expect(!run.exists("x.bundle.checkpoint"))
  }

  @Test func aLockOfADeadProcessIsTakenOver() throws {
    let running = try started(small)
    running.send(SIGKILL)
    #expect(try running.wait().code == 128 + SIGKILL)
    #expect(run.exists("x.bundle.checkpoint/lock"))
    let again = try run.start(small.command(epochs: 1000) + ["--resume", "--json"])
    try again.waitForOutput("\"event\":\"step\"")
    again.send(SIGTERM)
    let result = try again.wait()
    #expect(result.code == 130 && result.errors.contains("everything is saved"), "\(result.errors)")
    // whatever stands in the file, a process that is alive among it: it is the system that knows
    for content in ["", "{", "{\"host\":\"elsewhere\",\"process\":1}"] {
      try run.write("x.bundle.checkpoint/lock", content)
      let end = try run(small.command(epochs: 1000) + ["--resume", "--hidden", "13"])
      #expect(end.code == 1 && end.errors.contains("--hidden was 12"), "\(end.errors)")
    }
  }

  /// The end of the terminal saves a training, also when it comes twice; under nohup it is nothing.
  @Test func hangingUp() throws {
    let running = try started(small)
    running.send(SIGHUP)
    running.send(SIGHUP)
    let result = try running.wait()
    #expect(result.code == 130 && result.errors.contains("everything is saved"), "\(result.errors)")
    #expect(run.exists("x.bundle.checkpoint/checkpoint.safetensors"))
    let ignoring = try run.shell(
      "trap '' HUP; $R \(small.command("y.bundle", epochs: 4).joined(separator: " ")) & "
        + "sleep 0.3; kill -HUP $!; wait $!")
    #expect(ignoring.code == 0 && run.exists("y.bundle/task.json"), "\(ignoring.errors)")
  }

  /// Killed between writing the bundle and removing the checkpoint, every task knows that it is done.
  @Test(arguments: [
    SmallTraining.languageModel, .classification, .tagging, .forecasting, .regression, .sequenceRegression,
  ])
  func finishedAlready(_ training: SmallTraining) throws {
    let running = try started(training, epochs: 12)
    running.send(SIGKILL)
    #expect(try running.wait().code == 128 + SIGKILL)
    let saved = try Data(contentsOf: URL(filePath: checkpointPath))
    let end = try run(training.command(epochs: 12) + ["--resume"])
    #expect(end.code == 0 && !run.exists("x.bundle.checkpoint"), "\(end.errors)")
    let bundle = try run.bytes("x.bundle/task.json")
    for hasCheckpoint in [true, false] {
      if hasCheckpoint {
        try FileManager.default.createDirectory(
          atPath: run.folder.path + "/x.bundle.checkpoint", withIntermediateDirectories: false)
        try saved.write(to: URL(filePath: checkpointPath))
      }
      let result = try run(training.command(epochs: 12) + ["--resume"])
      #expect(
        result.code == 0
          && result.errors.contains("the training is finished and its bundle is written: x.bundle"),
        "\(result.errors)")
      #expect(try run.bytes("x.bundle/task.json") == bundle)
      #expect(!run.exists("x.bundle.checkpoint"))
    }
    // a bundle of another training in the place of an unfinished one is said before anything is computed
    try FileManager.default.createDirectory(
      atPath: run.folder.path + "/x.bundle.checkpoint", withIntermediateDirectories: false)
    try saved.write(to: URL(filePath: checkpointPath))
    let other = try run(training.command("other.bundle", epochs: 1))
    #expect(other.code == 0, "\(other.errors)")
    try FileManager.default.removeItem(atPath: run.folder.path + "/x.bundle")
    try FileManager.default.moveItem(
      atPath: run.folder.path + "/other.bundle", toPath: run.folder.path + "/x.bundle")
    let refused = try run(training.command(epochs: 12) + ["--resume"])
    #expect(refused.code == 1 && refused.errors.contains("x.bundle: already exists"), "\(refused.errors)")
    #expect(try Data(contentsOf: URL(filePath: checkpointPath)) == saved)
  }
}
