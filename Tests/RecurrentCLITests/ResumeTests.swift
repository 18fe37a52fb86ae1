import Foundation
import RecurrentTestSupport
import Testing

/// Nothing that took time to compute is lost without being asked.
@Suite struct ResumeTests {
  let run: CommandLineRun
  let command = ["train", "language-model", "t.txt", "-o", "x.bundle"] + tiny

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(3_000))
  }

  /// Leaves an unfinished training.
  private func interrupt() throws {
    let running = try run.start(command + ["--epochs", "1000", "--json"])
    try running.waitForOutput("\"event\":\"step\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
  }

  private func checkpoint() throws -> Data { try run.bytes("x.bundle.checkpoint/checkpoint.safetensors") }

  @Test func nothingToResume() throws {
    let result = try run(command + ["--resume"])
    #expect(
      result.code == 0 && result.errors.contains("nothing to resume in x.bundle.checkpoint: starting anew"))
    #expect(run.exists("x.bundle/task.json") && !run.exists("x.bundle.checkpoint"))
  }

  @Test func bundlesAreNotOverwritten() throws {
    #expect(try run(command).code == 0)
    let before = try run.bytes("x.bundle/task.json")
    let refused = try run(command)
    #expect(refused.code == 1 && refused.errors.contains("x.bundle: already exists"), "\(refused.errors)")
    #expect(refused.errors.contains("--overwrite"))
    #expect(try run.bytes("x.bundle/task.json") == before)
    // whatever goes wrong on the way to the new one, the old one stays
    for wrong in [
      ["--unit", "bpe", "--vocabulary-size", "99"], ["--learning-rate", "1e30", "--clip-norm", "0"],
    ] {
      #expect(try run(command + ["--overwrite"] + wrong).code == 1)
      #expect(try run.bytes("x.bundle/task.json") == before)
    }
    try run.write("x.bundle.old", "mine")
    #expect(try run(command + ["--overwrite", "--seed", "5"]).code == 0)
    #expect(try run.bytes("x.bundle/task.json") != before)
    #expect(run.text("x.bundle.old") == "mine")
    #expect(try run.names() == ["t.txt", "x.bundle", "x.bundle.old"])
  }

  @Test func unfinishedTrainingsAreNotDiscarded() throws {
    try interrupt()
    let before = try checkpoint()
    let refused = try run(command)
    #expect(
      refused.code == 1 && refused.errors.contains("--resume") && refused.errors.contains("--overwrite"))
    #expect(try checkpoint() == before)
    // a command that cannot begin discards nothing either
    #expect(try run(command + ["--overwrite", "--unit", "bpe", "--vocabulary-size", "99"]).code == 1)
    #expect(try run(["train", "language-model", "nope.txt", "-o", "x.bundle", "--overwrite"]).code == 1)
    #expect(try checkpoint() == before)
    #expect(try run(command + ["--overwrite"]).code == 0)
    #expect(try run.names() == ["t.txt", "x.bundle"])
  }

  @Test(arguments: [
    (["--hidden", "13"], "--hidden was 12 and is now 13"), (["--seed", "9"], "--seed was 1 and is now 9"),
    (["--dropout", "0.5"], "--dropout was 0.2 and is now 0.5"),
    (["--clip-value", "3"], "--clip-value was not set and is now 3"),
    (["--split", "0.8,0.1,0.1"], "--split was 0.9,0.05,0.05 and is now 0.8,0.1,0.1"),
    (["--schedule", "constant"], "--schedule was"),
    (["--optimizer", "sgd"], "--optimizer was adam and is now sgd"),
    ([], "what is in t.txt has changed"),
  ])
  func otherSettings(_ flags: [String], _ difference: String) throws {
    try interrupt()
    let before = try checkpoint()
    if flags.isEmpty { try run.write("t.txt", sampleText(3_000) + "more") }
    let result = try run(command + ["--epochs", "1000", "--resume"] + flags)
    #expect(result.code == 1 && result.errors.contains(difference), "\(result.errors)")
    #expect(try checkpoint() == before)
  }

  /// Killed between writing the bundle and removing the checkpoint.
  @Test func finishedAlready() throws {
    let finished = ["--epochs", "40", "--checkpoint-seconds", "0"]
    let running = try run.start(command + finished + ["--json"])
    try running.waitForOutput("\"event\":\"checkpoint\"")
    running.send(SIGKILL)
    #expect(try running.wait().code == 128 + SIGKILL)
    let saved = try checkpoint()
    #expect(try run(command + finished + ["--resume"]).code == 0)
    let bundle = try run.bytes("x.bundle/task.json")
    try FileManager.default.createDirectory(
      atPath: run.folder.path + "/x.bundle.checkpoint", withIntermediateDirectories: false)
    try saved.write(to: URL(filePath: run.folder.path + "/x.bundle.checkpoint/checkpoint.safetensors"))
    let result = try run(command + finished + ["--resume"])
    #expect(result.code == 0 && result.errors.contains("finished"), "\(result.errors)")
    #expect(try run.bytes("x.bundle/task.json") == bundle)
    #expect(try run.names() == ["t.txt", "x.bundle"])
  }

  @Test func damagedCheckpoint() throws {
    try interrupt()
    let before = try checkpoint()
    let cut = before.prefix(before.count / 2)
    try cut.write(to: URL(filePath: run.folder.path + "/x.bundle.checkpoint/checkpoint.safetensors"))
    let result = try run(command + ["--epochs", "1000", "--resume"])
    #expect(result.code == 1 && result.errors.contains("x.bundle.checkpoint/checkpoint.safetensors"))
    #expect(try checkpoint() == cut)
  }

  /// A training that diverges after a checkpoint keeps it and says that the same settings lead there again.
  @Test func divergenceAfterACheckpoint() throws {
    let settings = [
      "--learning-rate", "1e30", "--clip-norm", "0", "--warm-up", "1", "--checkpoint-seconds", "0",
    ]
    let result = try run(command + settings)
    #expect(result.code == 1 && result.errors.contains("diverged"), "\(result.errors)")
    if run.exists("x.bundle.checkpoint") {
      #expect(result.errors.contains("--overwrite"), "\(result.errors)")
      let again = try run(command + settings + ["--resume"])
      #expect(again.code == 1 && again.errors.contains("diverged"), "\(again.errors)")
    }
    #expect(try run(command + ["--overwrite"]).code == 0)
  }
}
