import RecurrentReports

extension SequenceTask {
  /// Data, results and use of a model, as Markdown.
  public static func card(_ description: TaskDescription<Self>, sample: String?) -> String {
    let (sources, notes, results) = (description.sources, description.notes, description.results)
    var lines = ["# \(name.prefix(1).uppercased())\(name.dropFirst())", ""]
    lines.append(
      "\(results.parameterCount) parameters, trained for \(results.epochs) epochs in \(duration(results.seconds))."
    )
    lines += ["", "## Data", ""]
    if !sources.isEmpty { lines += ["| file | part | SHA-256 |", "|---|---|---|"] }
    for source in sources {
      lines.append("| \(source.name.escapedMarkdown) | \(source.role) | `\(source.sha256)` |")
    }
    if !sources.isEmpty { lines.append("") }
    for note in notes { lines.append("- \(note.kind.rawValue): \(note.text.escapedMarkdown)") }
    lines += ["", "## Results", "", "| metric | value |", "|---|---:|"]
    for (metric, value) in results.figures.sorted(by: { $0.key < $1.key }) {
      lines.append("| \(metric.escapedMarkdown) | \(rounded(value, 4)) |")
    }
    lines += [
      "",
      "Training ended after \(counted(results.epochs, "epoch")) (\(results.end.rawValue)) with a loss of "
        + "\(rounded(results.trainingLoss, 4)); its course is in `loss.svg`, every setting in `task.json`.",
      "", "## Use", "", "```",
    ]
    lines += uses(of: "<this folder>") + ["```"]
    if let sample, !sample.isEmpty {
      lines += ["", "## A sample", ""]
      lines += sample.split(separator: "\n", omittingEmptySubsequences: false).map {
        "    " + String($0).onOneLine
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
