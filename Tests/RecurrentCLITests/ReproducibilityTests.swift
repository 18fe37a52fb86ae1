import Foundation
import RecurrentTestSupport
import Testing

/// The same command gives the same bytes, whatever happens on the way.
@Suite struct ReproducibilityTests {
  let run: CommandLineRun
  /// A model with dropout, averaging, two layers and random windows: everything that could depend on the way.
  let command =
    ["train", "language-model", "t.txt"] + tiny + [
      "--layers", "2", "--random-sequence-length", "--average", "0.9",
    ]

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(5_000))
  }

  private func model(_ bundle: String) throws -> Data { try run.bytes(bundle + "/model.safetensors") }

  @Test func threadsAndInstructionSets() throws {
    let first = try run(command + ["-o", "a.bundle"])
    #expect(first.code == 0, "\(first.errors)")
    var isas = ["scalar"]
    for (set, isa) in [(1, "avx2"), (2, "avx512")]
    where CPUBackend(threadCount: 1, instructionSet: set) != nil {
      isas.append(isa)
    }
    for isa in isas {
      for threads in isa == isas.last ? [1, 2, 4] : [isas.count] {
        let name = "\(isa)-\(threads).bundle"
        let result = try run(
          command + ["-o", name, "--threads", "\(threads)"], environment: ["RECURRENT_MAX_ISA": isa])
        #expect(result.errors.contains("cpu (\(isa), \(threads) thread"), "\(result.errors)")
        #expect(try model(name) == model("a.bundle"), "\(isa), \(threads) threads")
      }
    }
    #expect(try run(command + ["-o", "c.bundle", "--seed", "2"]).code == 0)
    #expect(try model("c.bundle") != model("a.bundle"))
  }

  /// A long window in chunks: the same model on any number of threads and after an interruption.
  @Test func longWindowsInLittleMemory() throws {
    try run.write("long.txt", sampleText(24_000))
    let long =
      ["train", "language-model", "long.txt"] + tiny + [
        "--layers", "2", "--sequence-length", "20000", "--batch-size", "1", "--epochs", "3", "--bptt-memory",
        "38MB",
      ]
    let first = try run(long + ["-o", "a.bundle"])
    #expect(
      first.code == 0 && first.errors.contains("with 38MB, windows are computed in "), "\(first.errors)")
    for threads in [2, 4] {
      #expect(try run(long + ["-o", "\(threads).bundle", "--threads", "\(threads)"]).code == 0)
      #expect(try model("\(threads).bundle") == model("a.bundle"), "\(threads) threads")
    }
    let running = try run.start(long + ["-o", "b.bundle", "--json"])
    try running.waitForOutput("\"event\":\"step\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
    let other = try run(long + ["-o", "b.bundle", "--resume", "--bptt-memory", "1GB"])
    #expect(
      other.code == 1 && other.errors.contains("--bptt-memory was 38MB and is now 1GB"), "\(other.errors)")
    #expect(try run(long + ["-o", "b.bundle", "--resume"]).code == 0)
    #expect(try model("b.bundle") == model("a.bundle"))
  }

  @Test func killedAgainAndAgain() throws {
    let long = command + ["--epochs", "8", "--checkpoint-seconds", "0"]
    #expect(try run(long + ["-o", "a.bundle"]).code == 0)
    let delays = RandomKey(seed: UInt64(Date().timeIntervalSince1970)).uniforms(8)
    var kills = 0
    for delay in delays {
      let running = try run.start(long + ["-o", "b.bundle", "--resume"])
      usleep(UInt32(20_000 + delay * 200_000))
      running.send(SIGKILL)
      let result = try running.wait()
      if result.code == 0 { break }
      try require(result.code == 128 + SIGKILL, "exit \(result.code): \(result.errors)")
      kills += 1
    }
    #expect(kills >= 3)
    let last = try run(long + ["-o", "b.bundle", "--resume"])
    #expect(last.code == 0, "\(last.errors)")
    #expect(try model("b.bundle") == model("a.bundle"), "delays \(delays)")
    #expect(try run.names() == ["a.bundle", "b.bundle", "t.txt"])
  }

  /// Killed when all is written: there is nothing to go on with, and nothing is lost.
  @Test func resumedAfterTheEnd() throws {
    #expect(try run(command + ["-o", "a.bundle"]).code == 0)
    let before = try model("a.bundle")
    let again = try run(command + ["-o", "a.bundle", "--resume"])
    #expect(again.code == 0 && again.errors.contains("the training is finished"), "\(again.errors)")
    let other = try run(command + ["-o", "a.bundle", "--resume", "--seed", "2"])
    #expect(other.code == 1 && other.errors.contains("already exists"), "\(other.errors)")
    #expect(try model("a.bundle") == before)
    #expect(try run.names() == ["a.bundle", "t.txt"])
  }

  @Test(arguments: [SIGINT, SIGTERM]) func interrupted(_ signal: Int32) throws {
    #expect(try run(command + ["-o", "a.bundle"]).code == 0)
    let running = try run.start(command + ["-o", "b.bundle", "--epochs", "500", "--json"])
    try running.waitForOutput("\"event\":\"step\"")
    running.send(signal)
    let result = try running.wait()
    #expect(result.code == 130)
    #expect(
      result.errors.contains("interrupted in epoch") && result.errors.contains("--resume"), "\(result.errors)"
    )
    #expect(result.output.contains("\"event\":\"interrupted\""))
    #expect(try run.names() == ["a.bundle", "b.bundle.checkpoint", "t.txt"])
  }

  @Test func interruptedAndResumed() throws {
    let long = command + ["--epochs", "8"]
    let running = try run.start(long + ["-o", "b.bundle", "--json"])
    try running.waitForOutput("\"event\":\"step\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
    let again = try run(long + ["-o", "b.bundle", "--resume"])
    #expect(again.code == 0 && again.errors.contains("going on in epoch"), "\(again.errors)")
    #expect(try run(long + ["-o", "a.bundle"]).code == 0)
    #expect(try model("b.bundle") == model("a.bundle"))
    #expect(try run.names() == ["a.bundle", "b.bundle", "t.txt"])
  }

  /// The system refuses a file of that size, so that writing the checkpoint fails in the middle.
  @Test func noRoomForTheCheckpoint() throws {
    let words = (command + ["--epochs", "4", "-o", "b.bundle", "--checkpoint-seconds", "0"]).joined(
      separator: " ")
    let small = try run.shell("ulimit -f 4; $R \(words) 2>&1")
    #expect(small.code == 1)
    #expect(small.output.contains("cannot be written") || small.output.contains("limit"), "\(small.output)")
    // nothing was saved, so nothing is left
    #expect(try run.names() == ["t.txt"])

    // the same in a training that has a checkpoint
    let running = try run.start(words.split(separator: " ").map(String.init) + ["--json"])
    try running.waitForOutput("\"event\":\"checkpoint\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
    let before = try run.bytes("b.bundle.checkpoint/checkpoint.safetensors")
    let failed = try run.shell("ulimit -f 4; $R \(words) --resume 2>&1")
    #expect(failed.code == 1)
    #expect(failed.output.contains("error: b.bundle.checkpoint/checkpoint.safetensors"), "\(failed.output)")
    #expect(failed.output.contains("--resume"), "\(failed.output)")
    #expect(try run.bytes("b.bundle.checkpoint/checkpoint.safetensors") == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/b.bundle.checkpoint").count == 1
    )
    #expect(try run.shell("$R \(words) --resume").code == 0)
    #expect(try run.shell("$R \(words) --output a.bundle").code == 0)
    #expect(try model("b.bundle") == model("a.bundle"))
  }
}
