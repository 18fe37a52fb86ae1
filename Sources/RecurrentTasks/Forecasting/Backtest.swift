/// Walks forward through the last part of the data: from each place the horizon is predicted from what was known then, and
/// compared with what came, beside forecasts that need no network. Nothing is fitted again on the way.
public struct Backtest: Sendable {
  /// What is evaluated, calibrated.
  public let task: ForecastingTask
  /// Its network.
  public let model: ForecastNetwork
  /// The windows, in the order of their series and places.
  public let windows: [ForecastWindow]

  /// A walk.
  ///
  /// - Parameters:
  ///   - task: calibrated.
  ///   - model: the network.
  ///   - windows: of the last part of their series; what is before the first of them is what others may learn from.
  public init(task: ForecastingTask, model: ForecastNetwork, windows: [ForecastWindow]) {
    self.task = task
    self.model = model
    self.windows = windows
  }

  /// Predicts all windows.
  ///
  /// - Parameter progress: called with the completed fraction, 0 to 1; ends the walk where it throws.
  public func run(progress: (Double) throws -> Void) rethrows -> BacktestReport {
    let packed = task.packed(model)
    var scores = BacktestScores(task, windows)
    var done = 0
    for batch in BatchedExamples.batches(of: windows.map { task.cost(of: $0) }) {
      let examples = batch.map { windows[$0] }
      for (window, forecast) in zip(examples, task.predictions(packed, to: examples)) {
        scores.add(window, forecast)
      }
      done += batch.count
      try progress(Double(done) / Double(windows.count))
    }
    return scores.report
  }
}

extension Backtest {
  /// Predicts for all windows.
  public func run() -> BacktestReport { run { _ in } }
}

/// Gathers what a ``BacktestReport`` says, of the model and of the baselines.
struct BacktestScores {
  private let task: ForecastingTask
  private let baselines: [ForecastBaseline]
  private var own: EntryScores
  private var others: [EntryScores]
  private var prices: PriceScores?
  /// For each series and target the error of the seasonal-naive forecast before the windows.
  private var scales: [String: [Double]] = [:]
  private var count = 0

  init(_ task: ForecastingTask, _ windows: [ForecastWindow]) {
    self.task = task
    var first: [String: ForecastWindow] = [:]
    for window in windows where window.origin < first[window.series.source.id]?.origin ?? .max {
      first[window.series.source.id] = window
    }
    let histories = first.values.sorted { $0.series.source.id < $1.series.source.id }
    for window in histories {
      let source = window.series.source
      scales[source.id] = source.targets.indices.map { target in
        NaiveForecast.scale(Array(source.column(target)[..<window.origin]), period: task.seasonLength)
      }
    }
    // others learn from three quarters of what is before, and choose by the last one
    let parts = histories.map { window in
      let border = window.origin * 3 / 4
      return ForecastSplit.Parts(
        training: 0..<border, validation: border..<window.origin, test: window.origin..<window.origin)
    }
    let past = ForecastWindows(
      histories.map(\.series), parts: parts, lookBack: task.lookBack, horizon: task.horizon,
      trainingLimit: 20_000, validationLimit: 600)
    baselines = ForecastBaseline.all(task, past)
    own = EntryScores(task, name: "model")
    others = baselines.map { EntryScores(task, name: $0.name) }
    prices = PriceScores(task, past.validation)
  }

  mutating func add(_ window: ForecastWindow, _ forecast: Forecast) {
    let scale = scales[window.series.source.id] ?? []
    own.add(window, forecast, scales: scale)
    for (index, baseline) in baselines.enumerated() {
      others[index].add(window, baseline, task, scales: scale)
    }
    prices?.add(window, forecast)
    count += 1
  }

  var report: BacktestReport {
    BacktestReport(
      entries: [own.entry] + others.map(\.entry), windowCount: count, horizon: task.horizon,
      seasonLength: task.seasonLength, prices: prices?.report)
  }
}

/// What became of one way to predict.
private struct EntryScores {
  private let name: String
  private let deviations: [Double]
  private let transform: ForecastTransform
  private var scores: ForecastScores
  private var steps: [ForecastScores]
  private var (squared, absolute, count) = (0.0, 0.0, 0.0)

  init(_ task: ForecastingTask, name: String) {
    self.name = name
    deviations = task.featurizer.targetScaler.scales
    transform = task.featurizer.transform
    scores = ForecastScores(levels: task.levels)
    steps = Array(repeating: scores, count: task.horizon)
  }

  mutating func add(_ window: ForecastWindow, _ forecast: Forecast, scales: [Double]) {
    for (target, step, truth) in EntryScores.truths(window, horizon: forecast.horizon) {
      let quantiles = forecast.quantiles[target][step]
      let (mean, median) = (forecast.means[target][step], forecast.median(target: target, step: step))
      scores.add(truth: truth, mean: mean, quantiles: quantiles, scale: scales[target])
      steps[step].add(truth: truth, mean: mean, quantiles: quantiles, scale: scales[target])
      addScaled(truth: truth, mean: mean, median: median, target: target)
    }
  }

  mutating func add(
    _ window: ForecastWindow, _ baseline: ForecastBaseline, _ task: ForecastingTask, scales: [Double]
  ) {
    let (points, sizes) = (baseline.points(window, task), ForecastBaseline.scales(window, task))
    for (target, step, truth) in EntryScores.truths(window, horizon: task.horizon) {
      let point = points[target][step]
      let bounds = baseline.bounds(point, size: sizes[target], task, target: target, step: step)
      scores.add(truth: truth, point: point, intervals: bounds, scale: scales[target])
      steps[step].add(truth: truth, point: point, intervals: bounds, scale: scales[target])
      addScaled(truth: truth, mean: point, median: point, target: target)
    }
  }

  private mutating func addScaled(truth: Double, mean: Double, median: Double, target: Int) {
    let own = transform.applied(truth)
    let (first, second) = (own - transform.applied(mean), own - transform.applied(median))
    guard first.isFinite, second.isFinite else { return }
    squared += first * first / (deviations[target] * deviations[target])
    absolute += abs(second) / deviations[target]
    count += 1
  }

  /// What came after a window, where it is known.
  private static func truths(
    _ window: ForecastWindow, horizon: Int
  ) -> [(target: Int, step: Int, truth: Double)] {
    let source = window.series.source
    let width = source.targets.count
    return (0..<width).flatMap { target in
      (0..<horizon).compactMap { step in
        let place = (window.origin + step) * width + target
        guard place < source.values.count, source.values[place].isFinite else { return nil }
        return (target, step, source.values[place])
      }
    }
  }

  var entry: BacktestReport.Entry {
    BacktestReport.Entry(
      forecast: NamedForecastMetrics(name: name, metrics: scores.metrics, steps: steps.map(\.metrics)),
      scaledMSE: squared / max(count, 1), scaledMAE: absolute / max(count, 1))
  }
}
