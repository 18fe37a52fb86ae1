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
  ///   - windows: of the last part of their series; what is before the first of them is what baselines may learn from.
  public init(task: ForecastingTask, model: ForecastNetwork, windows: [ForecastWindow]) {
    (self.task, self.model, self.windows) = (task, model, windows)
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

  /// Predicts all windows.
  public func run() -> BacktestReport { run { _ in } }
}

/// Gathers what a ``BacktestReport`` says, of the model and of the baselines.
struct BacktestScores {
  private let task: ForecastingTask
  private let baselines: [ForecastBaseline]
  /// The model first, then the baselines.
  private var entries: [EntryScores]
  private var prices: PriceScores?
  /// For each series, of which several may have no name, and target the error of the seasonal-naive forecast before the windows.
  private var scales: [ObjectIdentifier: [Double]] = [:]
  private var count = 0

  init(_ task: ForecastingTask, _ windows: [ForecastWindow]) {
    self.task = task
    let histories = BacktestScores.histories(windows)
    for window in histories {
      scales[ObjectIdentifier(window.series)] = task.featurizer.targets.indices.map { target in
        NaiveForecast.scale(Array(window.past(target: target)), period: task.seasonLength)
      }
    }
    // baselines learn from three quarters of what is before, and choose by the last one
    let parts = histories.map { window in
      let border = window.origin * 3 / 4
      return SeriesParts(
        training: 0..<border, validation: border..<window.origin, test: window.origin..<window.origin)
    }
    let past = ForecastWindows(
      histories.map(\.series), parts: parts, lookBack: task.lookBack, horizon: task.horizon,
      trainingLimit: 20_000, validationLimit: 600)
    baselines = ForecastBaseline.all(task, past)
    entries = (["model"] + baselines.map(\.name)).map { EntryScores(task, name: $0) }
    prices = PriceScores(task, past.validation)
  }

  /// The first window of each series, by the names of the series, those of one name in their order.
  private static func histories(_ windows: [ForecastWindow]) -> [ForecastWindow] {
    var places: [ObjectIdentifier: Int] = [:]
    var first: [ForecastWindow] = []
    for window in windows {
      if let place = places[ObjectIdentifier(window.series)] {
        if window.origin < first[place].origin { first[place] = window }
      } else {
        places[ObjectIdentifier(window.series)] = first.count
        first.append(window)
      }
    }
    return first.enumerated().sorted {
      ($0.element.series.source.id, $0.offset) < ($1.element.series.source.id, $1.offset)
    }.map(\.element)
  }

  /// Adds a window and what the model predicts for it.
  mutating func add(_ window: ForecastWindow, _ forecast: Forecast) {
    let source = window.series.source
    let (width, scales) = (source.targets.count, scales[ObjectIdentifier(window.series)] ?? [])
    let sizes = ForecastBaseline.scales(window, task)
    let points = baselines.map { $0.points(window, task) }
    for target in 0..<width {
      for step in 0..<task.horizon {
        let place = (window.origin + step) * width + target
        guard place < source.values.count, source.values[place].isFinite else { continue }
        let (truth, scale) = (source.values[place], scales[target])
        let (mean, quantiles) = (forecast.means[target][step], forecast.quantiles[target][step])
        let median = forecast.median(target: target, step: step)
        entries[0].add(truth, mean: mean, median: median, target: target, step: step) {
          $0.add(truth: truth, mean: mean, quantiles: quantiles, scale: scale)
        }
        for (index, baseline) in baselines.enumerated() {
          let point = points[index][target][step]
          let bounds = baseline.bounds(point, size: sizes[target], task, target: target, step: step)
          entries[index + 1].add(truth, mean: point, median: point, target: target, step: step) {
            $0.add(truth: truth, point: point, intervals: bounds, scale: scale)
          }
        }
      }
    }
    prices?.add(window, forecast)
    count += 1
  }

  var report: BacktestReport {
    BacktestReport(
      entries: entries.map(\.entry), windowCount: count, horizon: task.horizon,
      seasonLength: task.seasonLength, prices: prices?.report)
  }
}

/// The errors of one way to predict.
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

  /// Adds a number that was predicted, by `add` over everything and to its step.
  mutating func add(
    _ truth: Double, mean: Double, median: Double, target: Int, step: Int,
    _ add: (inout ForecastScores) -> Void
  ) {
    add(&scores)
    add(&steps[step])
    let own = transform.applied(truth)
    let (first, second) = (own - transform.applied(mean), own - transform.applied(median))
    guard first.isFinite, second.isFinite else { return }
    squared += first * first / (deviations[target] * deviations[target])
    absolute += abs(second) / deviations[target]
    count += 1
  }

  var entry: BacktestReport.Entry {
    BacktestReport.Entry(
      forecast: NamedForecastMetrics(name: name, metrics: scores.metrics, steps: steps.map(\.metrics)),
      scaledMSE: squared / max(count, 1), scaledMAE: absolute / max(count, 1))
  }
}
