extension ClassificationReport {
  /// The report as the evaluation of a task.
  ///
  /// - Parameters:
  ///   - title: the headline of its page.
  ///   - lead: what was evaluated on what.
  func evaluation(title: String, lead: String) -> TaskEvaluation {
    return TaskEvaluation(
      metrics: [
        .init("accuracy", accuracy), .init("macro F1", macroF1),
        .init("calibration error before scaling", calibrationErrorBefore),
        .init("calibration error", calibrationErrorAfter),
      ], lines: lines, report: htmlReport(title: title, lead: lead).html, details: self, warnings: warnings)
  }
}
