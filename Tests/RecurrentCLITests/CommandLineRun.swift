import Foundation
import RecurrentTestSupport

/// The executable, run as a user runs it, with its files in a folder of its own.
final class CommandLineRun: Sendable {
  /// How a run ended.
  struct Result {
    /// The exit code; 128 and the number of the signal that ended the process.
    let code: Int32
    /// The standard output.
    let output: String
    /// The standard error.
    let errors: String
  }

  /// A run that goes on.
  struct Running {
    let process: pid_t
    let outputPath, errorPath: String

    /// What has been written so far to the standard output.
    var output: String { CommandLineRun.text(outputPath) }

    func send(_ signal: Int32) { _ = kill(process, signal) }

    /// Waits for the end.
    func wait() throws -> Result {
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 { try require(errno == EINTR, "waitpid: \(errno)") }
      let signal = status & 0x7F
      return Result(
        code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: output,
        errors: CommandLineRun.text(errorPath))
    }

    /// Waits until the standard output contains a text, at most twenty seconds.
    func waitForOutput(_ text: String) throws {
      for _ in 0..<4000 {
        if output.contains(text) { return }
        usleep(5000)
      }
      throw CheckFailure("\"\(text)\" did not come: \(output) \(CommandLineRun.text(errorPath))")
    }
  }

  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The executable beside the tests.
  static let executable: String = {
    #if os(Linux)
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
    let tests =
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
    #endif
    return tests.deletingLastPathComponent().path + "/recurrent"
  }()

  /// Starts the executable in the folder.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    try start(program: CommandLineRun.executable, arguments, environment: environment)
  }

  /// Runs the executable in the folder to its end.
  func callAsFunction(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
    try start(arguments, environment: environment).wait()
  }

  func callAsFunction(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    try start(arguments, environment: environment).wait()
  }

  /// Starts a training and interrupts it behind its first step. One that ends before the signal comes is started again.
  func interrupt(_ command: [String]) throws {
    for attempt in 0..<10 {
      let running = try start(command + ["--json"] + (attempt > 0 ? ["--overwrite"] : []))
      try running.waitForOutput("\"event\":\"step\"")
      running.send(SIGINT)
      let result = try running.wait()
      if result.code == 130 { return }
      try require(result.code == 0, "exit \(result.code): \(result.errors)")
    }
    throw CheckFailure("the training ended ten times before it could be interrupted")
  }

  /// Runs a command of the shell in the folder; the executable is `$R`.
  func shell(_ command: String) throws -> Result {
    try start(program: "/bin/sh", ["-c", command], environment: ["R": CommandLineRun.executable]).wait()
  }

  private func start(program: String, _ arguments: [String], environment: [String: String]) throws -> Running
  {
    let name = UUID().uuidString
    let (output, errors) = (folder.path + "/.out-" + name, folder.path + "/.err-" + name)
    // the shell changes the folder: the system cannot everywhere
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, program] + arguments
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RECURRENT_") }
    // as many threads as a test says, or on few processors all would be tests of few threads
    variables["RECURRENT_EXACT_THREADS"] = "1"
    variables.merge(environment) { $1 }
    let launch = ProcessLaunch()
    // the threads that run tests block all signals, and a child would inherit that
    launch.takesAllSignals()
    launch.open("/dev/null", as: 0, mode: O_RDONLY)
    launch.open(output, as: 1, mode: O_WRONLY | O_CREAT | O_TRUNC)
    launch.open(errors, as: 2, mode: O_WRONLY | O_CREAT | O_TRUNC)
    let (process, code) = launch.start(words, environment: variables)
    try require(code == 0, "\(program) cannot be started: \(code)")
    return Running(process: process, outputPath: output, errorPath: errors)
  }

  // MARK: Files

  fileprivate static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  /// The content of a file in the folder.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.path + "/" + name)) }

  /// The content of a file in the folder.
  func text(_ name: String) -> String { CommandLineRun.text(folder.path + "/" + name) }

  /// Writes a file in the folder.
  func write(_ name: String, _ text: String) throws { _ = try folder.file(name, Array(text.utf8)) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.path + "/" + name) }

  /// What stands in the folder, without the outputs of runs.
  func names() throws -> [String] {
    try folder.contents().filter { !$0.hasPrefix(".out-") && !$0.hasPrefix(".err-") }
  }
}

/// A text of about `count` characters with structure, different lines and a few characters beyond ASCII.
func sampleText(_ count: Int) -> String {
  let words = [
    "the", "river", "runs", "slowly", "past", "old", "stone", "bridges", "and", "every", "morning", "a",
    "fisherman",
    "named", "Søren", "counts", "his", "boats", "café", "windows", "open", "quiet", "children", "sing",
  ]
  let ends = [" ", " ", " ", " ", " ", ", ", ".\n", "; ", "?\n"]
  var text = ""
  for (word, end) in zip(
    RandomKey(seed: 11).integers(count / 4, below: words.count),
    RandomKey(seed: 12).integers(count / 4, below: ends.count))
  {
    text += words[word] + ends[end]
    if text.utf8.count >= count { break }
  }
  return text
}

/// Flags of a model that trains in a moment, beside other tests on the same processors.
let tiny = [
  "--hidden", "12", "--embedding", "6", "--sequence-length", "20", "--batch-size", "8", "--epochs", "2",
  "--dropout", "0.2", "--threads", "1",
]
