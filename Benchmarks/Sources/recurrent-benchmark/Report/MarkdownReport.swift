import Foundation
import Recurrent

/// The results as Markdown: for each problem file what it was measured on and a table for each mode.
struct MarkdownReport {
  let results: Results

  /// All files, one after the other.
  var text: String {
    results.files.map { "## \($0)\n\n\(section($0))\n" }.joined(separator: "\n")
  }

  /// One file.
  func section(_ file: String) -> String {
    let tables = results.modes(of: file).map { mode in
      let rows = results.rows.filter { $0.file == file && $0.mode == mode }
      return "**\(mode.rawValue.prefix(1).uppercased())\(mode.rawValue.dropFirst())**\n\n"
        + ResultTable(rows).markdown + summary(rows).map { "\n\n\($0)" }.joined()
    }
    return ([conditions(file)] + tables).joined(separator: "\n\n")
  }

  private func conditions(_ file: String) -> String {
    let machine = results.machine
    let opponents = results.opponents.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let day = results.date.prefix(10)
    return
      "\(day), \(machine.processor), \(machine.processors) processors, \(machine.instructionSet), \(machine.system); "
      + "\(results.threads) thread\(results.threads == 1 ? "" : "s")\(results.isPinned ? ", pinned" : ""). "
      + "Multiply-add limit \(rounded(machine.limit, 0)) GFLOP/s for moments, "
      + "\(rounded(median(results.rows.map(\.limit)), 0)) beside the problems. "
      + (opponents.isEmpty ? "No opponents." : "Opponents: \(opponents.joined(separator: "; ")).")
  }

  /// The mean and the worst of the ratios.
  private func summary(_ rows: [Results.Row]) -> [String] {
    let ratios = rows.compactMap { row in row.ratio.map { (row.problem, $0) } }
    guard ratios.count > 1, let least = ratios.min(by: { $0.1 < $1.1 }) else { return [] }
    let mean = rounded(geometricMean(ratios.map(\.1)), 2)
    return ["Geometric mean of the ratios \(mean), least \(rounded(least.1, 2)) (\(least.0))."]
  }
}

/// A README with generated parts between `<!-- results NAME -->` and `<!-- end NAME -->`.
struct ReadmeUpdate {
  /// Puts the sections of all files of `results` in their places; returns the names of the files without a place.
  static func apply(_ results: Results, path: String) throws -> [String] {
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let report = MarkdownReport(results: results)
    var homeless: [String] = []
    for file in results.files {
      let (begin, end) = ("<!-- results \(file) -->", "<!-- end \(file) -->")
      guard let first = text.range(of: begin),
        let last = text.range(of: end, range: first.upperBound..<text.endIndex)
      else {
        homeless.append(file)
        continue
      }
      text.replaceSubrange(first.upperBound..<last.lowerBound, with: "\n" + report.section(file) + "\n")
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return homeless
  }
}
