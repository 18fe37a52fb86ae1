import RecurrentReports

extension RegressionTask {
  /// Errors, beside those of the mean of the training part, of the linear map and of nearest neighbours, and the coverage of the
  /// bounds.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    func metrics(_ value: (Prediction) -> Double) -> ForecastMetrics {
      ForecastMetrics(
        zip(predictions, examples).map { prediction, example in
          // there is no seasonal-naive forecast to measure errors by
          ForecastMetrics.Item(truth: example.target, mean: value(prediction), quantiles: [], scale: 0)
        })
    }
    let own = metrics(\.value)
    var baselines = [NamedForecastMetrics(name: "the mean", metrics: metrics { _ in center })]
    if reader.linear != nil {
      baselines.append(NamedForecastMetrics(name: "ridge regression", metrics: metrics { $0.linear ?? .nan }))
    }
    let targets = examples.map(\.target)
    if let known = neighbours?.first(where: { $0.belong(to: targets) }) {
      var errors = ForecastMetrics()
      (errors.count, errors.mae, errors.rmse) = (known.count, known.absolute, known.squared)
      errors.mse = known.squared * known.squared
      baselines.append(
        NamedForecastMetrics(name: "\(known.neighbours) nearest neighbours", metrics: errors))
    }
    let inside = zip(predictions, examples).count { $0.low <= $1.target && $1.target <= $0.high }
    let coverage = Double(inside) / Double(max(examples.count, 1))
    func beside(_ error: (ForecastMetrics) -> Double) -> String {
      baselines.map { "\($0.name): \(rounded(error($0.metrics), 4))" }.joined(separator: ", ")
    }
    return TaskEvaluation(
      metrics: [
        .init("mean absolute error", own.mae), .init("root mean squared error", own.rmse),
      ] + baselines.map { .init("mean absolute error of \($0.name)", $0.metrics.mae) } + [
        .init("coverage", coverage)
      ],
      lines: [
        "items                 \(examples.count)",
        "mean absolute error   \(rounded(own.mae, 4))   (\(beside(\.mae)))",
        "root of mean square   \(rounded(own.rmse, 4))   (\(beside(\.rmse)))",
        "coverage              \(rounded(coverage, 4))   (nominal: \(ConformalIntervals.regressionCoverage))",
      ],
      report: ForecastMetrics.htmlReport(
        title: "Regression", lead: "\(examples.count) sequences.",
        model: NamedForecastMetrics(name: "model", metrics: own), baselines: baselines
      ).html, details: own, warnings: warnings(own, baselines))
  }

  private func warnings(_ own: ForecastMetrics, _ baselines: [NamedForecastMetrics]) -> [String] {
    guard let best = baselines.min(by: { $0.metrics.rmse < $1.metrics.rmse }), own.count > 0,
      best.metrics.rmse < own.rmse
    else { return [] }
    return [
      "\(best.name) has a root of mean square of \(rounded(best.metrics.rmse, 4)), less than the model with "
        + "\(rounded(own.rmse, 4))"
    ]
  }
}
