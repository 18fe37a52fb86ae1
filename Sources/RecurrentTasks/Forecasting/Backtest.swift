/// Walks forward through the last part of the data: from each place the horizon is foretold from what was known then, and
/// compared with what came, beside forecasts that need no network. Nothing is fitted again on the way.
public struct Backtest: Sendable {
  /// What is judged, calibrated.
  public let task: ForecastingTask
  /// Its network.
  public let model: ForecastNetwork
  /// The windows: all places of the last part, or every so manieth.
  public let windows: ForecastWindows
  /// Steps from one window to the next.
  public let stride: Int
  /// For each series and target the error of the seasonal-naive forecast within the training part.
  private var scales: [String: [Double]] = [:]

  /// A walk.
  ///
  /// - Parameters:
  ///   - task: calibrated.
  ///   - model: the network.
  ///   - series: prepared.
  ///   - parts: of each series.
  ///   - stride: steps from one window of the last part to the next.
  public init(
    task: ForecastingTask, model: ForecastNetwork, series: [ForecastSeries], parts: [ForecastSplit.Parts],
    stride: Int = 1
  ) {
    self.task = task
    self.model = model
    self.stride = max(1, stride)
    windows = ForecastWindows(
      series, parts: parts, lookBack: task.lookBack, horizon: task.horizon, trainingLimit: 20_000,
      validationLimit: 600, testStride: self.stride)
    for (one, part) in zip(series, parts) {
      scales[one.source.id] = one.source.targets.indices.map { target in
        NaiveForecast.scale(Array(one.source.column(target)[part.training]), period: task.seasonLength)
      }
    }
  }

  /// Foretells all windows.
  ///
  /// - Parameter progress: hears the share that is done.
  public func run(progress: (Double) -> Void = { _ in }) -> BacktestReport {
    let rivals = ForecastRival.all(task, windows)
    let prepared = task.prepared(model)
    var own = EntryScores(task, name: "model")
    var others = rivals.map { EntryScores(task, name: $0.name) }
    var prices = PriceScores(task, windows.validation)
    var done = 0
    for batch in SequenceTaskProblem<ForecastingTask>.batches(
      of: windows.test.map { task.stepCount(of: $0) })
    {
      let examples = batch.map { windows.test[$0] }
      for (window, forecast) in zip(examples, task.answers(prepared, to: examples)) {
        let scale = scales[window.series.source.id] ?? []
        own.add(window, forecast, scales: scale)
        for (index, rival) in rivals.enumerated() {
          others[index].add(window, rival.forecast(window, task), scales: scale)
        }
        prices?.add(window, forecast)
      }
      done += batch.count
      progress(Double(done) / Double(windows.test.count))
    }
    return BacktestReport(
      entries: [own.entry] + others.map(\.entry), windowCount: windows.test.count, stride: stride,
      horizon: task.horizon, seasonLength: task.seasonLength, prices: prices?.report)
  }
}

/// What became of one way to foretell.
private struct EntryScores {
  private let name: String
  private let deviations: [Double]
  private let transform: ForecastTransform
  private var scores: ForecastScores
  private var (squared, absolute, count) = (0.0, 0.0, 0.0)
  private var byStep: [(sum: Double, count: Double)]

  init(_ task: ForecastingTask, name: String) {
    self.name = name
    deviations = task.featurizer.targetScaler.scales
    transform = task.featurizer.transform
    scores = ForecastScores(levels: task.levels)
    byStep = Array(repeating: (0, 0), count: task.horizon)
  }

  mutating func add(_ window: ForecastWindow, _ forecast: Forecast, scales: [Double]) {
    let source = window.series.source
    let width = source.targets.count
    for target in 0..<width {
      for step in 0..<forecast.horizon {
        let place = (window.origin + step) * width + target
        guard place < source.values.count, source.values[place].isFinite else { continue }
        let truth = source.values[place]
        let (mean, median) = (forecast.means[target][step], forecast.median(target: target, step: step))
        scores.add(
          truth: truth, mean: mean, quantiles: forecast.quantiles[target][step], scale: scales[target])
        let own = transform.applied(truth)
        let (first, second) = (own - transform.applied(mean), own - transform.applied(median))
        squared += first * first / (deviations[target] * deviations[target])
        absolute += abs(second) / deviations[target]
        count += 1
        byStep[step].sum += abs(truth - median)
        byStep[step].count += 1
      }
    }
  }

  var entry: BacktestReport.Entry {
    BacktestReport.Entry(
      name: name, metrics: scores.metrics, scaledMSE: squared / max(count, 1),
      scaledMAE: absolute / max(count, 1), errorByStep: byStep.map { $0.sum / max($0.count, 1) })
  }
}
