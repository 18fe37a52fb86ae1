extension ForecastingTask {
  /// The beginning of a series; its forecasts are those of the last rows that it was given.
  public func session(_ model: ForecastNetwork) -> ForecastSession? {
    ForecastSession(task: self, model: packed(model))
  }

  /// The rows of the look-back.
  public func steps(of example: ForecastWindow) -> [ForecastStep] {
    let (width, series) = (featurizer.targets.count, example.series)
    let known = series.covariateCount
    return (max(0, example.origin - lookBack)..<example.origin).map { step in
      ForecastStep(
        values: Array(series.values[step * width..<(step + 1) * width]),
        covariates: Array(
          series.covariates[step * known..<min((step + 1 + horizon) * known, series.covariates.count)]),
        statics: series.statics)
    }
  }

  /// The rows of a table as lines of JSON.
  public func stepReader() -> ForecastStepReader? { ForecastStepReader(self) }

  /// The next step, for each target the median and the interval of 80 %.
  public func rows(of session: ForecastSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .line else { return [] }
    let forecast = session.prediction
    let fields = (0..<forecast.targetCount).flatMap { target -> [Field] in
      let name = featurizer.targets[target]
      let bounds = [0.1, 0.9].map { level in
        Field(
          "\(name) q\(level)",
          .number(forecast.quantile(target: target, step: 0, level: level) ?? forecast.means[target][0]))
      }
      return [Field("\(name) next", .number(forecast.median(target: target, step: 0)))] + bounds
    }
    return [fields]
  }
}
