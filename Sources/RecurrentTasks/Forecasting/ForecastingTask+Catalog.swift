extension ForecastingTask: CatalogTask {
  /// For the help.
  public static var summary: String {
    "Train a model that foretells series of numbers, with intervals: loads, prices, weather, vitals."
  }

  /// For the help.
  public static var usages: [String] {
    [
      "load.csv --time date --target OT --horizon 24 --output load.bundle",
      "shops.csv --id-column shop --target sales --known price --horizon 14 --output sales.bundle",
    ]
  }

  /// All settings.
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
    let table = try SeriesTable(path: request.paths[0], columns: request.settings.columns)
    let options = try request.settings.options(seed: request.seed)
    let split = try request.settings.cut()
    var notes: [DataNote] = []
    let horizon: Int
    if let asked = request.settings.horizon {
      horizon = asked
    } else {
      let training = try split.parts(of: table.series, horizon: 1).map(\.training)
      horizon = max(1, SeriesTraits(table.series, training).seasonLength)
      notes.append(DataNote(.assumed, "\(horizon) steps are foretold", flag: "--horizon"))
    }
    let plan = try ForecastPlan(table, horizon: horizon, split: split, options: options)
    let windows = plan.windows
    let stride = max(1, (windows.test.count + ForecastPlan.testLimit - 1) / ForecastPlan.testLimit)
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
      let table = try SeriesTable(path: path, columns: columns, frequency: featurizer.frequency)
      for source in table.series {
        let series = try featurizer(source, ahead: horizon)
        let name = source.id.isEmpty ? path : source.id
        guard needsTruth else {
          names.append(name)
          windows.append(ForecastWindow(series: series, origin: series.stepCount))
          continue
        }
        let first = min(lookBack, max(1, series.stepCount - horizon))
        guard first + horizon <= series.stepCount else { continue }
        let count = series.stepCount - horizon - first + 1
        for origin in stride(from: first, to: first + count, by: max(1, (count + 999) / 1000)) {
          names.append(name)
          windows.append(ForecastWindow(series: series, origin: origin))
        }
      }
    }
    guard !windows.isEmpty else {
      throw DataError.invalidSetting(
        name: "the data", expected: "series of more than the \(horizon) steps that are foretold",
        found: "shorter ones")
    }
    let all = windows
    return TaskInput(names: names) { all[$0] }
  }

  /// Errors and coverage, beside those of forecasts that need no network.
  public func evaluation(of answers: [Forecast], to examples: [ForecastWindow]) -> TaskEvaluation {
    let report = BacktestReport(task: self, answers: answers, windows: examples)
    let own = report.model.metrics
    var figures: [TaskEvaluation.Figure] = [
      .init("mean absolute error", own.mae), .init("scaled mean squared error", report.model.scaledMSE),
    ]
    if let mase = own.mase { figures.append(.init("MASE", mase)) }
    if let loss = own.weightedQuantileLoss { figures.append(.init("weighted quantile loss", loss)) }
    for coverage in own.coverages {
      figures.append(.init("coverage at \(rounded(100 * coverage.nominal, 0)) %", coverage.actual))
    }
    for entry in report.entries.dropFirst() {
      figures.append(.init("scaled mean squared error, \(entry.name)", entry.scaledMSE))
      if let mase = entry.metrics.mase { figures.append(.init("MASE, \(entry.name)", mase)) }
    }
    return TaskEvaluation(
      figures: figures, lines: report.lines, report: page(report, answers, examples), json: report)
  }

  private func page(_ report: BacktestReport, _ answers: [Forecast], _ examples: [ForecastWindow]) -> String {
    let places = Set([0, examples.count / 2, max(0, examples.count - 1)]).sorted().filter {
      $0 < examples.count
    }
    return ForecastMetrics.htmlReport(
      title: "Forecast",
      lead: "\(report.windowCount) forecasts of \(horizon) steps, each from what was known before it.",
      model: report.model.forecast, baselines: report.entries.dropFirst().map(\.forecast),
      examples: places.map { fan(answers[$0], examples[$0], target: 0) }
    ).html
  }

  /// A forecast with what was before it, and what came where that is known.
  public func fan(_ forecast: Forecast, _ window: ForecastWindow, target: Int) -> FanChart {
    let (source, width) = (window.series.source, window.series.targetCount)
    func points(_ steps: Range<Int>) -> [(x: Double, y: Double)] {
      steps.compactMap { step in
        let value = source.values[step * width + target]
        return value.isFinite ? (x: source.time(of: step), y: value) : nil
      }
    }
    let shown = max(0, window.origin - max(3 * horizon, 2 * seasonLength))..<window.origin
    let steps = Array(0..<horizon)
    let shares = [0.95, 0.8, 0.5]
    let bands = shares.compactMap { share -> FanChart.Band? in
      let (low, high) = ((1 - share) / 2, (1 + share) / 2)
      guard forecast.quantile(target: target, step: 0, level: low) != nil,
        forecast.quantile(target: target, step: 0, level: high) != nil
      else { return nil }
      return FanChart.Band(
        share: share,
        points: steps.map { step in
          (
            x: source.time(of: window.origin + step),
            low: forecast.quantile(target: target, step: step, level: low) ?? 0,
            high: forecast.quantile(target: target, step: step, level: high) ?? 0
          )
        })
    }
    return FanChart(
      title: source.id.isEmpty ? featurizer.targets[target] : "\(source.id), \(featurizer.targets[target])",
      xLabel: columns.time ?? "step", yLabel: featurizer.targets[target],
      axis: featurizer.frequency.isCalendar ? .dates : .numbers, history: points(shown),
      truth: points(window.origin..<min(window.origin + horizon, source.stepCount)),
      median: steps.map {
        (x: source.time(of: window.origin + $0), y: forecast.median(target: target, step: $0))
      }, bands: bands)
  }

  /// The forecast of the first series as a fan.
  public func plot(_ answers: [Forecast], of examples: [ForecastWindow]) -> String? {
    guard let answer = answers.first, let example = examples.first else { return nil }
    return fan(answer, example, target: 0).svg
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

/// Reads rows of a series, each an object of JSON: the targets, what is known ahead, and the time where the calendar matters.
public struct ForecastStepReader: TaskStepReader {
  private let task: ForecastingTask
  private var count = 0
  private var lastTime: Double?

  init(_ task: ForecastingTask) { self.task = task }

  /// The row of a line.
  ///
  /// - Throws: ``DataError``.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [ForecastStep] {
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    guard case .object(let object) = value else {
      throw malformed("an object with the targets", "another value")
    }
    func number(_ name: String) throws(DataError) -> Double {
      switch object[name] {
      case .number(let number)?: return number
      case .null?: return .nan
      default: throw malformed("a number, or null, for \"\(name)\"", "none")
      }
    }
    let featurizer = task.featurizer
    let time = try moment(object, malformed)
    var values: [Double] = []
    for name in featurizer.targets { values.append(try number(name)) }
    // what is known ahead of the horizon is not in the stream: its last values stand for it
    var known: [Double] = []
    for name in featurizer.known { known.append(try number(name)) }
    let ahead = (0...task.horizon).flatMap { _ in known }
    var statics: [String: String] = [:]
    for column in featurizer.statics { statics[column.name] = object[column.name]?.field ?? "" }
    let source = TimeSeries(
      start: time, frequency: featurizer.frequency, targets: featurizer.targets, values: values,
      known: featurizer.known, knownValues: ahead, statics: statics)
    let series = try featurizer(source, ahead: task.horizon)
    count += 1
    return [ForecastStep(values: series.values, covariates: series.covariates, statics: series.statics)]
  }

  private mutating func moment(
    _ object: [String: JSONValue], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> Double {
    let frequency = task.featurizer.frequency
    let next = lastTime.map { frequency.time($0, advancedBy: 1) }
    var time: Double
    switch object[task.columns.time ?? "time"] {
    case .number(let number)?: time = number
    case .text(let text)?:
      guard let moment = CalendarTime(text) else { throw malformed("a time", "\"\(text.prefix(40))\"") }
      time = moment.seconds
    default:
      guard next != nil || !frequency.isCalendar else {
        throw malformed("the time \"\(task.columns.time ?? "time")\" in the first line", "none")
      }
      time = next ?? 0
    }
    if let last = lastTime, time <= last {
      throw malformed("a time behind that of the line before", "an earlier one")
    }
    lastTime = time
    return time
  }
}

extension BacktestReport {
  /// The judgement as lines for a terminal.
  public var lines: [String] {
    func column(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func number(_ value: Double?) -> String { value.map { significant($0, 4) } ?? "-" }
    var lines = [
      "\(windowCount) forecasts of \(horizon) steps, each from what was known before it", "",
      "forecast".padded(to: 16)
        + ["MAE", "RMSE", "MASE", "sMAPE", "WQL", "CRPS"].map { column($0, 10) }.joined()
        + column("scaled MSE", 12),
    ]
    for entry in entries {
      let own = entry.metrics
      let cells = [own.mae, own.rmse, own.mase, own.smape, own.weightedQuantileLoss, own.crps].map {
        column(number($0), 10)
      }
      lines.append(entry.name.padded(to: 16) + cells.joined() + column(number(entry.scaledMSE), 12))
    }
    if !model.metrics.coverages.isEmpty {
      lines.append("")
      let shares = model.metrics.coverages.map {
        "\(rounded(100 * $0.nominal, 0)) %: \(rounded(100 * $0.actual, 1)) %"
      }
      lines.append("truth within the interval of " + shares.joined(separator: ", "))
    }
    if let prices {
      lines.append("")
      lines.append(
        "returns: RMSE \(number(prices.returnRMSE)), of no change \(number(prices.naiveReturnRMSE)); sign right "
          + "\(rounded(100 * prices.signShare, 1)) %")
      lines.append(
        "volatility: foretold \(number(prices.predictedVolatility)), came \(number(prices.realizedVolatility))"
      )
      for risk in prices.valuesAtRisk {
        lines.append(
          "value at risk \(rounded(100 * risk.level, 1)) %: exceeded \(rounded(100 * risk.exceeded, 1)) %, "
            + "by history \(rounded(100 * risk.naiveExceeded, 1)) %")
      }
    }
    return lines
  }
}
