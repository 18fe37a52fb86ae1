import RecurrentReports

extension ClassificationReport {
  /// The evaluation as lines for a terminal.
  public var lines: [String] {
    func share(_ value: Double?) -> String { value.map { rounded($0, 4) } ?? "-" }
    func interval(_ own: ScoreInterval) -> String {
      "\(rounded(own.value, 4))   (95 %: \(rounded(own.low, 4)) to \(rounded(own.high, 4)))"
    }
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = [
      "items                 \(count)", "accuracy              \(interval(accuracy))",
      "always \"\(String((majorityClass ?? "").prefix(12)))\"".padded(to: 22)
        + "\(rounded(majorityShare, 4))   (accuracy of the most frequent class)",
      "macro F1              \(interval(macroF1))",
      "calibration error     \(rounded(calibrationErrorAfter, 4))   (before scaling \(rounded(calibrationErrorBefore, 4)))",
    ]
    if topK.count > 2 { lines.append("among the top 3       \(rounded(topK[2], 4))") }
    let shown = classes.prefix(30)
    let width = max(5, min(24, shown.map(\.name.count).max() ?? 5))
    lines.append("")
    lines.append(
      "class".padded(to: width) + column("precision", 11) + column("recall", 9) + column("F1", 9)
        + column("items", 8))
    for own in shown {
      lines.append(
        String(own.name.prefix(width)).padded(to: width) + column(share(own.precision), 11)
          + column(share(own.recall), 9) + column(rounded(own.f1, 4), 9) + column("\(own.support)", 8))
    }
    if classes.count > shown.count { lines.append("... and \(classes.count - shown.count) more") }
    lines += warnings.flatMap { ["", "warning: " + $0] }
    return lines
  }
}

extension String {
  /// With blanks behind it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
