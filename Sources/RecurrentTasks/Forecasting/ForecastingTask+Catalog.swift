import RecurrentReports

extension ForecastingTask {
  /// What the task learns, in the sentence that the help begins with.
  public static var summary: String {
    "Train a model that forecasts series of numbers, with intervals: loads, prices, weather, vitals."
  }

  /// Arguments of commands that the help shows as examples.
  public static var usages: [String] {
    [
      "load.csv --time date --target OT --horizon 24 --output load.bundle",
      "shops.csv --id-column shop --target sales --known price --horizon 14 --output sales.bundle",
    ]
  }

  /// Reads the table, cuts it by time and chooses the model.
  ///
  /// - Throws: ``DataError`` or a format error, also where there is more than one table, or it is too short for the horizon.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<ForecastingTask> {
    guard request.data.count == 1, request.validationData.isEmpty, request.testData.isEmpty else {
      throw DataError.invalidSetting(
        name: "the data", expected: "one table, which is cut by time (split)",
        found: "\(request.data.count + request.validationData.count + request.testData.count) files")
    }
    let settings = request.settings
    let split = try settings.shares(standard: ForecastPlan.standardShares)
    let (table, horizon, notes) = try table(request.data[0], settings, split)
    let forecast = try ForecastPlan(table, horizon: horizon, split: split, settings: settings)
    let windows = forecast.windows
    let test = ForecastPlan.evaluated(windows.test.count, forecast.task)
    var plan = TrainingPlan(
      task: forecast.task, training: ExampleSource(windows.training),
      validation: ExampleSource(windows.validation),
      test: ExampleSource(test.places.map { windows.test[$0] }),
      suggested: forecast.suggested, settings: settings, notes: forecast.notes + notes + test.notes,
      unitName: "windows")
    plan.facts = DataFacts(table, of: forecast.task)
    return plan
  }

  /// Reads tables: what follows the last step of each series is to be predicted, or what they hold is to be evaluated.
  ///
  /// - Throws: ``DataError`` or a format error, also where there are too few steps, or too little is known ahead.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<ForecastWindow> {
    var windows: [(name: String, window: ForecastWindow)] = []
    var notes: [DataNote] = []
    for source in data {
      var asked = columns
      asked.format = settings.tableFormat
      let table = try SeriesTable(source, columns: asked, frequency: featurizer.frequency)
      notes += table.notes.filter(\.concernsAnswers)
      let own = needsTargets ? try self.windows(table.series) : try next(table.series)
      windows += own.map { ($0.series.source.id.isEmpty ? source.name : $0.series.source.id, $0) }
    }
    if needsTargets {
      let evaluated = ForecastPlan.evaluated(windows.count, self)
      notes += evaluated.notes
      windows = evaluated.places.map { windows[$0] }
    }
    let all = windows
    var source = ExampleSource(count: all.count, name: { all[$0].name }) { all[$0].window }
    source.notes = notes
    return source
  }

  /// Errors and coverage, beside those of forecasts that need no network.
  public func evaluation(of predictions: [Forecast], to examples: [ForecastWindow]) -> TaskEvaluation {
    evaluation(
      BacktestReport(task: self, predictions: predictions, windows: examples),
      shown: ForecastingTask.shown(examples).map { (predictions[$0], examples[$0]) })
  }

  /// Errors and coverage of a model, without that millions of numbers are kept.
  public func evaluation(
    _ model: ForecastNetwork, on source: ExampleSource<ForecastWindow>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let examples = try source.all()
    let report = try Backtest(task: self, model: model, windows: examples).run(progress: progress)
    let shown = ForecastingTask.shown(examples).map { examples[$0] }
    return evaluation(report, shown: Array(zip(self.predictions(model, to: shown), shown)))
  }

  /// Windows that the report shows: the first, the middle and the last.
  private static func shown(_ examples: [ForecastWindow]) -> [Int] {
    Set([0, examples.count / 2, examples.count - 1]).sorted().filter { examples.indices.contains($0) }
  }

  private func evaluation(
    _ report: BacktestReport, shown: [(prediction: Forecast, window: ForecastWindow)]
  ) -> TaskEvaluation {
    let own = report.model.metrics
    var metrics: [TaskEvaluation.Metric] = [
      .init("mean absolute error", own.mae), .init("scaled mean squared error", report.model.scaledMSE),
      .init("scaled mean absolute error", report.model.scaledMAE),
    ]
    if let mase = own.mase { metrics.append(.init("MASE", mase)) }
    if let loss = own.weightedQuantileLoss { metrics.append(.init("weighted quantile loss", loss)) }
    for coverage in own.coverages {
      metrics.append(.init("coverage at \(rounded(100 * coverage.nominal, 0)) %", coverage.actual))
    }
    for entry in report.entries.dropFirst() where entry.metrics.count > 0 {
      metrics.append(.init("scaled mean squared error, \(entry.name)", entry.scaledMSE))
      metrics.append(.init("scaled mean absolute error, \(entry.name)", entry.scaledMAE))
      if let mase = entry.metrics.mase { metrics.append(.init("MASE, \(entry.name)", mase)) }
    }
    let page = ForecastMetrics.htmlReport(
      title: "Forecast",
      lead: "\(report.windowCount) forecasts of \(horizon) steps, each from what was known before it.",
      model: report.model.forecast, baselines: report.entries.dropFirst().map(\.forecast),
      examples: shown.map { fanChart($0.prediction, of: $0.window, target: 0) })
    return TaskEvaluation(metrics: metrics, lines: report.lines, report: page.html, details: report)
  }

  /// The forecast of the first series as a fan.
  public func plot(_ predictions: [Forecast], of examples: [ForecastWindow]) -> String? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    return fanChart(prediction, of: example, target: 0).svg
  }

  /// Series of numbers.
  public var modality: Modality { .series }

  /// Whether it is that of the series.
  public func reads(column: String) -> Bool { columns.id == column || columns.targets.contains(column) }

  /// A row for each target and step.
  public static var hasManyRows: Bool { true }

  /// A row for each target and step.
  public func rows(_ prediction: Forecast, to example: ForecastWindow, name: String) -> [[Field]] {
    (0..<prediction.targetCount).flatMap { target in
      (0..<prediction.horizon).map { step in
        [
          Field("series", .text(name)), Field("target", .text(featurizer.targets[target])),
          Field("time", .text(example.series.source.timeText(of: example.origin + step))),
          Field("mean", .number(prediction.means[target][step])),
        ] + zip(prediction.levels, prediction.quantiles[target][step]).map { Field("q\($0)", .number($1)) }
      }
    }
  }
}
