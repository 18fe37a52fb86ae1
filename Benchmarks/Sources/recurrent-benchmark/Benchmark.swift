import ArgumentParser
import Foundation
import Recurrent

/// The one command: reads problems, runs everybody in turn, reports.
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent-benchmark",
    abstract: "Times Recurrent beside other systems, in turn, in one call.",
    discussion: """
      Example, from the root of the package, on an otherwise quiet machine:

        swift run -c release --package-path Benchmarks recurrent-benchmark \\
          --problems Benchmarks/problems/layers.txt --json layers.json \\
          --opponents torch,onnxruntime,openvino,tensorflow,jax \\
          --python .venv/bin/python

      where .venv has what Benchmarks/requirements.txt names.

      For each problem it prints the median time, GFLOP/s and their share of the multiply-add limit of the machine \
      (measured in the same call), the fastest opponent with the ratio of its time to ours, and the peak memory of \
      both in processes of their own. Every opponent first computes the values that we compute from the same numbers; \
      one that computes something else does not count. Opponents that are not installed are named and left out.

      Exit codes: 0 done, 1 failed, 2 wrong usage or a problem line that cannot be used.
      """)

  @Option(help: ArgumentHelp("A file of problems; may be given several times.", valueName: "file"))
  var problems: [String] = ["Benchmarks/problems/layers.txt"]
  @Option(
    help: ArgumentHelp(
      "Opponents, separated by commas: \(RunnerFactory.opponents.joined(separator: ", ")). Empty for none.",
      valueName: "list"))
  var opponents = "torch"
  @Option(
    help: ArgumentHelp(
      "The Python interpreter of the opponents; tensorflow=path is that of one of them. May be given several times.",
      valueName: "path"))
  var python: [String] = ["python3"]
  @Option(help: ArgumentHelp("Only problems whose name contains this text.", valueName: "text"))
  var only: String?
  @Option(help: ArgumentHelp("Threads of everybody.", valueName: "count")) var threads = 2
  @Flag(help: "Pin everybody's threads to processors, where the system and the opponent can.") var pin = false
  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Rounds in which everybody has a turn.", valueName: "count"))
  var rounds = 5
  @Option(help: ArgumentHelp("Seconds of one turn.", valueName: "seconds")) var seconds = 0.2
  @Option(
    help: ArgumentHelp("Seconds after which an answer of an opponent is given up.", valueName: "seconds"))
  var limit = 120
  @Flag(inversion: .prefixedNo, help: "Measure peak memory, in processes of its own.") var memory = true
  @Option(help: ArgumentHelp("Write all measurements to this file.", valueName: "file")) var json: String?
  @Option(help: ArgumentHelp("Draw the ratios into this file.", valueName: "file")) var svg: String?
  @Option(help: ArgumentHelp("Write the tables to this file.", valueName: "file")) var markdown: String?
  @Option(
    help: ArgumentHelp(
      "Replace the tables in this file, between <!-- results NAME --> and <!-- end NAME -->, where NAME is that of a problem file without folder and ending.",
      valueName: "file"))
  var readme: String?
  @Flag(help: .hidden) var worker = false

  private var opponentNames: [String] { opponents.split(separator: ",").map(String.init) }

  func validate() throws {
    if let unknown = opponentNames.first(where: { !RunnerFactory.opponents.contains($0) }) {
      throw ValidationError(
        "--opponents: expected \(RunnerFactory.opponents.joined(separator: ", ")), found \(unknown)")
    }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads: expected 1 ... 1024, found \(threads)")
    }
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--repeat: expected 1 ... 1000, found \(rounds)")
    }
    guard (1...86400).contains(limit) else {
      throw ValidationError("--limit: expected 1 ... 86400, found \(limit)")
    }
    guard seconds > 0, seconds <= 600 else {
      throw ValidationError("--seconds: expected a number in 0 ... 600, found \(seconds)")
    }
  }

  func run() throws {
    if worker { return Worker.serve() }
    let files = try problems.map { path throws(ProblemError) in try ProblemFile(path: path) }
    let list = files.flatMap { file in
      file.problems.filter { only == nil || $0.name.contains(only ?? "") }
        .flatMap { problem in problem.modes.map { (file.name, problem, $0) } }
    }
    guard !list.isEmpty else { throw ValidationError("--only: no problem contains \"\(only ?? "")\"") }
    let progress = Progress()
    let factory = RunnerFactory(interpreters: interpreters, isPinned: pin)
    let (runners, missing) = start(factory, progress)
    defer { for runner in runners { runner.quit() } }
    let machine = Machine(threads: threads)
    let comparison = Comparison(
      Comparison.Settings(
        threads: threads, isPinned: pin, rounds: rounds, seconds: seconds, limit: limit,
        measuresMemory: memory),
      factory: factory, opponents: runners, progress: progress)
    var results = Results(
      date: Date().formatted(.iso8601), machine: machine, threads: threads, isPinned: pin,
      opponents: Dictionary(uniqueKeysWithValues: runners.map { ($0.name, $0.version) }), missing: missing,
      rows: [])
    for (index, (file, problem, mode)) in list.enumerated() {
      progress.begin(index + 1, of: list.count, "\(problem.name), \(mode.rawValue)")
      do {
        let row = try comparison.measure(problem, mode: mode, file: file)
        results.rows.append(row)
        progress.note(results.lastLine)
        for (name, reason) in row.skipped.sorted(by: { $0.key < $1.key }) {
          progress.note("  \(name): \(reason)")
        }
      } catch {
        progress.note("error: \(problem.name), \(mode.rawValue): \(error)")
      }
      // a run of an hour that is cut short keeps what it has measured
      if let json { try results.write(to: json) }
    }
    progress.clear()
    try report(results)
    if results.rows.count < list.count { throw ExitCode.failure }
  }

  private var interpreters: [String: String] {
    python.reduce(into: [:]) { table, word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let isNamed = parts.count == 2 && RunnerFactory.opponents.contains(parts[0])
      table[isNamed ? parts[0] : ""] = isNamed ? parts[1] : word
    }
  }

  /// Starts the opponents; says which there are and which not.
  private func start(
    _ factory: RunnerFactory, _ progress: Progress
  ) -> (runners: [Runner], missing: [String: String]) {
    var runners: [Runner] = []
    var missing: [String: String] = [:]
    for name in opponentNames {
      do {
        let runner = try factory.opponent(name)
        progress.note("\(name) \(runner.version)")
        runners.append(runner)
      } catch {
        progress.note("\(name): skipped, \(error) (see Benchmarks/requirements.txt)")
        missing[name] = "\(error)"
      }
    }
    return (runners, missing)
  }

  private func report(_ results: Results) throws {
    let limits = (rounded(results.machine.limit, 0), rounded(median(results.rows.map(\.limit)), 0))
    print(
      "multiply-add limit on \(threads) thread\(threads == 1 ? "" : "s"): \(limits.0) GFLOP/s for moments, \(limits.1) "
        + "beside the problems")
    for file in results.files {
      for mode in results.modes(of: file) {
        print("\n\(file), \(mode.rawValue)")
        print(ResultTable(results.rows.filter { $0.file == file && $0.mode == mode }).text)
      }
    }
    if let svg { try Data(BarChart(results: results).svg.utf8).write(to: URL(fileURLWithPath: svg)) }
    if let markdown {
      try Data(MarkdownReport(results: results).text.utf8).write(to: URL(fileURLWithPath: markdown))
    }
    if let readme {
      for name in try ReadmeUpdate.apply(results, path: readme) {
        Progress().note("\(readme): has no <!-- results \(name) --> and <!-- end \(name) -->")
      }
    }
  }
}
