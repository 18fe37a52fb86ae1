extension ClassificationReport {
  /// The report as the evaluation of a task.
  ///
  /// - Parameters:
  ///   - title: the headline of its page.
  ///   - lead: what was evaluated on what.
  func evaluation(title: String, lead: String) -> TaskEvaluation {
    func metric(_ name: String, _ own: Interval) -> TaskEvaluation.Metric {
      .init(name, own.value, low: own.low, high: own.high)
    }
    return TaskEvaluation(
      metrics: [
        metric("accuracy", accuracy), metric("macro F1", macroF1),
        .init("calibration error before scaling", calibrationErrorBefore),
        .init("calibration error", calibrationErrorAfter),
      ], lines: lines, report: htmlReport(title: title, lead: lead).html, details: self, warnings: warnings)
  }
}
