import ArgumentParser
import Foundation
import Recurrent

/// Layers, forward and training, ours and theirs in turn.
struct LayersBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "Recurrent layers: inference, and forward + backward with all gradients.",
    discussion: """
      Example, from the root of the package:

        swift run -c release --package-path Benchmarks recurrent-benchmark layers \\
          --problems Benchmarks/problems/layers.txt --opponents torch --python .venv/bin/python --json layers.json
      """)

  @Option(help: "A file of problems.") var problems = "Benchmarks/problems/layers.txt"
  @Option(help: "Opponents, separated by commas: torch. Empty for none.") var opponents = "torch"
  @Option(help: "The Python interpreter of the opponents.") var python = "python3"
  @Option(help: "Threads of everybody.") var threads = 2
  @Option(help: "Seconds for each side of a measurement.") var seconds = 0.6
  @Option(help: "Write the measurements to this file.") var json: String?

  private struct Row: Codable {
    let problem, mode: String
    let milliseconds, gigaflops, fractionOfLimit: Double
    let opponent: String?
    let opponentMilliseconds, ratio: Double?
  }

  func run() throws {
    let list = try LayerProblem.read(problems)
    let limit = machineLimit(threads: threads)
    let peer = opponents.contains("torch") ? startTorch() : nil
    print("multiply-add limit: \(rounded(limit, 1)) GFLOP/s on \(threads) threads")
    print(
      column("problem", 38) + column("mode", 10) + column("ms", 10) + column("GFLOP/s", 9)
        + column("of limit", 10)
        + column("torch ms", 10) + "ratio")
    var rows: [Row] = []
    Backends.$current.withValue(CPUBackend(threadCount: threads)) {
      for problem in list {
        let (forward, training) = problem.runs()
        for (mode, run) in [("forward", forward), ("training", training)] {
          rows.append(measure(problem, mode, run, peer: peer, limit: limit))
        }
      }
    }
    peer?.quit()
    for mode in ["forward", "training"] {
      let ratios = rows.filter { $0.mode == mode }.compactMap(\.ratio)
      guard !ratios.isEmpty else { continue }
      let mean = exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
      print(
        "\(mode): geometric mean of the ratios \(rounded(mean, 2)), least \(rounded(ratios.min() ?? 0, 2))")
    }
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(rows).write(to: URL(fileURLWithPath: json))
    }
  }

  private func startTorch() -> Peer? {
    guard let peer = Peer(python: python, script: "torch_layers.py"), let hello = peer.readLine(),
      let version = hello["torch"] as? String
    else {
      print("torch: skipped; \(python) cannot run it (see Benchmarks/requirements.txt)")
      return nil
    }
    print("torch \(version); the better of oneDNN and its own kernels counts")
    return peer
  }

  /// Blocks of ours and of theirs in turn. Their threads go on spinning for a while after a block, so ours waits.
  private func measure(
    _ problem: LayerProblem, _ mode: String, _ run: () -> Void, peer: Peer?, limit: Double
  ) -> Row {
    run()
    let once = milliseconds(run)
    let runs = max(2, min(100, Int(seconds * 1000 / 3 / max(once, 0.01))))
    var own: [Double] = []
    var theirs: [Bool: [Double]] = [true: [], false: []]
    for _ in 0..<3 {
      run()
      for _ in 0..<runs { own.append(milliseconds(run)) }
      guard let peer else { continue }
      for onednn in [true, false] {
        if let fast = best(theirs), let times = theirs[onednn], !times.isEmpty, median(times) > 1.3 * fast {
          continue
        }
        var request = problem.request(mode: mode, threads: threads, onednn: onednn)
        request["repeat"] = runs
        if let times = peer.ask(request)?["milliseconds"] as? [Double] {
          theirs[onednn]?.append(contentsOf: times)
        }
      }
      usleep(300_000)
    }
    let time = median(own)
    let rate = problem.operations * (mode == "forward" ? 1 : 3) / time * 1e-6
    let other = best(theirs)
    let ratio = other.map { $0 / time }
    print(
      column(problem.name, 38) + column(mode, 10) + column(rounded(time, 3), 10) + column(rounded(rate, 1), 9)
        + column("\(rounded(100 * rate / limit, 0)) %", 10) + column(other.map { rounded($0, 3) } ?? "-", 10)
        + (ratio.map { rounded($0, 2) } ?? "-"))
    return Row(
      problem: problem.name, mode: mode, milliseconds: time, gigaflops: rate, fractionOfLimit: rate / limit,
      opponent: other == nil ? nil : "torch", opponentMilliseconds: other, ratio: ratio)
  }

  private func best(_ times: [Bool: [Double]]) -> Double? {
    times.values.filter { !$0.isEmpty }.map(median).min()
  }
}
