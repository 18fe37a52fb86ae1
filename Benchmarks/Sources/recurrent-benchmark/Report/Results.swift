import Foundation
import Recurrent

/// Everything that one call measured; what `--json` writes.
struct Results: Codable {
  /// ISO 8601.
  var date: String
  var machine: Machine
  var threads: Int
  var isPinned: Bool
  /// The opponents that took part, with their versions.
  var opponents: [String: String]
  /// The opponents that were asked for and could not take part, with the reason.
  var missing: [String: String]
  var rows: [Row]

  /// A problem in a mode.
  struct Row: Codable {
    /// The name of its problem file.
    let file: String
    let problem: String
    let kind: ProblemKind
    let mode: ProblemKind.Mode
    let ours: Timing
    let gigaflops: Double
    /// Multiply-adds in registers in turns beside those of the problem, GFLOP/s: the limit at the clock of the time.
    let limit: Double
    /// Of that limit.
    let fractionOfLimit: Double
    let rateName: String?
    let rate: Double?
    /// Our cell without the options of the problem; nil where it has none.
    let plain: Timing?
    /// By name, those that computed it.
    let opponents: [String: Timing]
    /// By name, why the others did not.
    let skipped: [String: String]

    /// The fastest opponent.
    var best: (name: String, timing: Timing)? {
      opponents.min { $0.value.milliseconds < $1.value.milliseconds }.map { ($0.key, $0.value) }
    }

    /// The time of the fastest opponent divided by ours.
    var ratio: Double? { best.map { $0.timing.milliseconds / ours.milliseconds } }
  }

  /// How one side did.
  struct Timing: Codable {
    /// The fastest way in which it did it.
    let variant: String
    /// The median of that.
    let milliseconds: Double
    /// The medians of all ways, those given up early among them.
    let variants: [String: Double]
    /// Peak memory of a process that does nothing but this, in bytes.
    let peakBytes: Int?
  }

  /// The names of the problem files, in the order of the rows.
  var files: [String] {
    rows.reduce(into: []) { names, row in if !names.contains(row.file) { names.append(row.file) } }
  }

  /// The modes of a file, in the order of the rows.
  func modes(of file: String) -> [ProblemKind.Mode] {
    ProblemKind.Mode.allCases.filter { mode in rows.contains { $0.file == file && $0.mode == mode } }
  }

  /// The last row in a few words.
  var lastLine: String {
    guard let row = rows.last else { return "" }
    let own = "  \(rounded(row.ours.milliseconds, 4)) ms, \(rounded(row.gigaflops, 1)) GFLOP/s"
    guard let best = row.best, let ratio = row.ratio else { return own }
    return own + "; \(best.name) \(rounded(best.timing.milliseconds, 4)) ms, ratio \(rounded(ratio, 2))"
  }

  /// Writes everything as JSON, beside the place and renamed.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write([UInt8](encoder.encode(self)) + [10], to: path)
  }
}
