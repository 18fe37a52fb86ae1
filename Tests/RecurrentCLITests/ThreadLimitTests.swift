import Foundation
import RecurrentTestSupport
import Testing

/// `--threads` never starts more threads than there are processors, unless the environment says so.
@Suite struct ThreadLimitTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(3_000))
  }

  private func train(_ output: String, _ threads: Int, exact: String) throws -> CommandLineRun.Result {
    let words =
      ["train", "language-model", "t.txt"] + tiny + ["--epochs", "1", "--threads", "\(threads)", "--json"]
    return try run(words + ["-o", output], environment: ["RECURRENT_EXACT_THREADS": exact])
  }

  @Test func moreThreadsThanProcessors() throws {
    let capped = try train("a.bundle", 64, exact: "")
    #expect(capped.code == 0, "\(capped.errors)")
    let backend = CPUBackend(threadCount: 64)
    guard backend.threadCount < 64 else { return }
    let notes = capped.errors.split(separator: "\n").filter { $0.hasPrefix("note: --threads is 64") }
    #expect(notes.count == 1, "\(capped.errors)")
    #expect(!capped.output.contains("note:"), "\(capped.output)")
    #expect(
      capped.errors.contains("\(backend.threadCount) thread"), "\(capped.errors)")

    let exact = try train("b.bundle", 5, exact: "1")
    #expect(exact.code == 0 && !exact.errors.contains("note: --threads"), "\(exact.errors)")
    #expect(exact.errors.contains("5 threads") || exact.output.contains("5 threads"), "\(exact.errors)")
    #expect(try run.bytes("a.bundle/model.safetensors") == run.bytes("b.bundle/model.safetensors"))
  }

  /// What one processor pays for is enough for one thread, and nothing is said when that is what is asked.
  @Test func noNoteForWhatThereIs() throws {
    let result = try train("a.bundle", 1, exact: "")
    #expect(result.code == 0 && !result.errors.contains("note: --threads"), "\(result.errors)")
  }

  /// The affinity mask counts, not the machine.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset")))
  func affinity() throws {
    let words = (["train", "language-model", "t.txt"] + tiny + ["--epochs", "1", "--threads", "2"]).joined(
      separator: " ")
    let result = try run.shell(
      "first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//'); unset RECURRENT_EXACT_THREADS; taskset -c $first $R \(words) -o a.bundle"
    )
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      result.errors.contains("note: --threads is 2, and this process may use 1 processor: 1 thread"),
      "\(result.errors)")
  }
}
