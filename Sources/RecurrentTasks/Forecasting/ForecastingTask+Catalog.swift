extension ForecastingTask: CatalogTask {
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

  /// The settings as flags, in the groups of the help.
  public static var flags: [(title: String, flags: [TaskFlag])] { ForecastSettings.flags }

  /// Reads the table, cuts it by time and chooses the model.
  public static func prepare(
    _ request: TaskRequest<ForecastSettings>, progress: (String, Double) -> Void
  ) throws -> TaskPreparation<ForecastingTask> {
    guard request.paths.count == 1, request.validationPaths.isEmpty, request.testPaths.isEmpty else {
      throw DataError.invalidSetting(
        name: "the data", expected: "one table, which is cut by time (--split)",
        found: "\(request.paths.count + request.validationPaths.count + request.testPaths.count) files")
    }
    let table = try SeriesTable(DataSource(request.paths[0]), columns: request.settings.columns)
    let options = try request.settings.options(seed: request.seed)
    let split = try request.settings.cut()
    var notes: [DataNote] = []
    let horizon: Int
    if let asked = request.settings.horizon {
      horizon = asked
    } else {
      let training = try split.parts(of: table.series, horizon: 1).map(\.training)
      horizon = max(1, SeriesTraits(table.series, training).seasonLength)
      notes.append(DataNote(.assumed, "\(horizon) steps are foretold", setting: "horizon"))
    }
    let plan = try ForecastPlan(table, horizon: horizon, split: split, options: options)
    let windows = plan.windows
    let stride = ForecastPlan.testStride(windows.test, plan.task)
    if stride > 1 {
      notes.append(
        DataNote(.assumed, "every window number \(stride) of the last part is judged, for they are many"))
    }
    return TaskPreparation(
      task: plan.task, training: windows.training, validation: windows.validation,
      test: Swift.stride(from: 0, to: windows.test.count, by: stride).map { windows.test[$0] },
      settings: plan.settings, notes: plan.notes + notes, unitName: "windows")
  }

  /// Reads a table: what follows its last step is to be foretold, or what it holds is to be judged.
  public func input(
    _ paths: [String], settings: ForecastSettings, needsTruth: Bool
  ) throws -> TaskInput<ForecastingTask> {
    var (names, windows) = ([String](), [ForecastWindow]())
    for path in paths {
      var asked = columns
      asked.format = settings.format
      let table = try SeriesTable(DataSource(path), columns: asked, frequency: featurizer.frequency)
      let own = needsTruth ? try self.windows(table.series) : try next(table.series)
      names += own.map { $0.series.source.id.isEmpty ? path : $0.series.source.id }
      windows += own
    }
    if needsTruth {
      let stride = ForecastPlan.testStride(windows, self)
      names = Swift.stride(from: 0, to: windows.count, by: stride).map { names[$0] }
      windows = Swift.stride(from: 0, to: windows.count, by: stride).map { windows[$0] }
    }
    let all = windows
    return TaskInput(names: names) { all[$0] }
  }

  /// Errors and coverage, beside those of forecasts that need no network.
  public func evaluation(of answers: [Forecast], to examples: [ForecastWindow]) -> TaskEvaluation {
    evaluation(
      BacktestReport(task: self, answers: answers, windows: examples),
      shown: ForecastingTask.shown(examples).map { (answers[$0], examples[$0]) })
  }

  /// The same, without that millions of numbers are kept.
  public func evaluation(
    _ model: ForecastNetwork, on examples: [ForecastWindow], progress: (Double) -> Void
  ) -> TaskEvaluation {
    let report = Backtest(task: self, model: model, windows: examples).run(progress: progress)
    let shown = ForecastingTask.shown(examples).map { examples[$0] }
    return evaluation(report, shown: Array(zip(self.answers(model, to: shown), shown)))
  }

  /// Windows that the report shows: the first, the middle and the last.
  private static func shown(_ examples: [ForecastWindow]) -> [Int] {
    Set([0, examples.count / 2, examples.count - 1]).sorted().filter { examples.indices.contains($0) }
  }

  private func evaluation(
    _ report: BacktestReport, shown: [(answer: Forecast, window: ForecastWindow)]
  ) -> TaskEvaluation {
    let own = report.model.metrics
    var figures: [TaskEvaluation.Figure] = [
      .init("mean absolute error", own.mae), .init("scaled mean squared error", report.model.scaledMSE),
    ]
    if let mase = own.mase { figures.append(.init("MASE", mase)) }
    if let loss = own.weightedQuantileLoss { figures.append(.init("weighted quantile loss", loss)) }
    for coverage in own.coverages {
      figures.append(.init("coverage at \(rounded(100 * coverage.nominal, 0)) %", coverage.actual))
    }
    for entry in report.entries.dropFirst() where entry.metrics.count > 0 {
      figures.append(.init("scaled mean squared error, \(entry.name)", entry.scaledMSE))
      if let mase = entry.metrics.mase { figures.append(.init("MASE, \(entry.name)", mase)) }
    }
    let page = ForecastMetrics.htmlReport(
      title: "Forecast",
      lead: "\(report.windowCount) forecasts of \(horizon) steps, each from what was known before it.",
      model: report.model.forecast, baselines: report.entries.dropFirst().map(\.forecast),
      examples: shown.map { fanChart($0.answer, of: $0.window, target: 0) })
    return TaskEvaluation(figures: figures, lines: report.lines, report: page.html, json: report)
  }

  /// The forecast of the first series as a fan.
  public func plot(_ answers: [Forecast], of examples: [ForecastWindow]) -> String? {
    guard let answer = answers.first, let example = examples.first else { return nil }
    return fanChart(answer, of: example, target: 0).svg
  }

  /// A row for each target and step.
  public func rows(_ answer: Forecast, to example: ForecastWindow, name: String) -> [[TaskField]] {
    (0..<answer.targetCount).flatMap { target in
      (0..<answer.horizon).map { step in
        [
          TaskField("series", .text(name)), TaskField("target", .text(featurizer.targets[target])),
          TaskField("time", .text(example.series.source.timeText(of: example.origin + step))),
          TaskField("mean", .number(answer.means[target][step])),
        ] + zip(answer.levels, answer.quantiles[target][step]).map { TaskField("q\($0)", .number($1)) }
      }
    }
  }

  /// The rows of a table as lines of JSON.
  public func stepReader() -> ForecastStepReader? { ForecastStepReader(self) }

  /// The next step, for each target the median and the interval of 80 %.
  public func row(of stream: ForecastStream) -> [TaskField] {
    let forecast = stream.answer
    return (0..<forecast.targetCount).flatMap { target -> [TaskField] in
      let name = featurizer.targets[target]
      let bounds = [0.1, 0.9].map { level in
        TaskField(
          "\(name) q\(level)",
          .number(forecast.quantile(target: target, step: 0, level: level) ?? forecast.means[target][0]))
      }
      return [TaskField("\(name) next", .number(forecast.median(target: target, step: 0)))] + bounds
    }
  }
}
