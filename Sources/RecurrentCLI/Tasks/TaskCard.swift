import Recurrent

extension TaskDescription {
  /// What people want to know about the model, as Markdown.
  var card: String {
    var lines = ["# \(Task.name.prefix(1).uppercased())\(Task.name.dropFirst())", ""]
    lines.append(
      "\(results.parameterCount) parameters, trained for \(results.epochs) epochs in \(duration(results.seconds))."
    )
    lines += ["", "## Data", "", "| file | part | SHA-256 |", "|---|---|---|"]
    for source in sources {
      lines.append("| \(source.name.escapedMarkdown) | \(source.role) | `\(source.sha256)` |")
    }
    lines.append("")
    for note in notes { lines.append("- \(note.kind.rawValue): \(note.text.escapedMarkdown)") }
    lines += ["", "## Results", "", "| figure | value |", "|---|---:|"]
    for (name, value) in results.figures.sorted(by: { $0.key < $1.key }) {
      lines.append("| \(name.escapedMarkdown) | \(rounded(value, 4)) |")
    }
    lines += [
      "", "## Use", "", "```", "recurrent predict <this folder> <data>",
      "recurrent evaluate <this folder> <data>", "```",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension TrainingProgress {
  /// The course of the losses as a plot.
  var lossPlot: String {
    var curves = [
      LineChart.Curve(name: "training (smoothed)", points: trainingCurve.map { ($0.epoch, $0.loss) })
    ]
    if !validationCurve.isEmpty {
      curves.append(
        LineChart.Curve(
          name: "validation", points: validationCurve.map { ($0.epoch, $0.loss) }, hasMarks: true))
    }
    return LineChart(title: "Loss", xLabel: "epoch", yLabel: "loss", curves: curves).svg
  }
}
