/// Sums of what ``ForecastMetrics`` are made of: millions of numbers that were predicted need not be kept.
struct ForecastScores {
  /// An interval around the median that two of the levels bound.
  typealias Interval = (nominal: Double, low: Int, high: Int)

  private var (count, absolute, squared, percentage, size) = (0.0, 0.0, 0.0, 0.0, 0.0)
  private var (scaled, scaledCount) = (0.0, 0.0)
  private var missing = 0
  private let levels: [Double]
  private let median: Int?
  private var pinballs: [Double]
  private var inside: [(interval: Interval, hits: Double, width: Double)]

  /// The intervals around the median that two of the levels bound, the narrowest first.
  static func intervals(_ levels: [Double]) -> [Interval] {
    levels.enumerated().reversed().compactMap { place, low in
      guard low < 0.5 - 1e-9, let high = levels.index(of: 1 - low) else { return nil }
      // 1 - 2 * 0.05 is not 0.9 to the last bit
      return (((1 - 2 * low) * 1e9).rounded() / 1e9, place, high)
    }
  }

  /// Nothing yet, of forecasts with quantiles of some levels; none for forecasts without.
  init(levels: [Double]) {
    self.levels = levels
    median = levels.index(of: 0.5)
    pinballs = levels.map { _ in 0 }
    inside = ForecastScores.intervals(levels).map { ($0, 0, 0) }
  }

  /// Adds a number that was predicted; one whose truth is missing is counted alone.
  ///
  /// - Parameters:
  ///   - truth: what came.
  ///   - mean: the mean of the forecast.
  ///   - quantiles: of the levels.
  ///   - scale: the mean absolute error of the seasonal-naive forecast within the training part; 0 for none.
  mutating func add(truth: Double, mean: Double, quantiles: [Double], scale: Double) {
    guard truth.isFinite, mean.isFinite, quantiles.allSatisfy(\.isFinite) else {
      missing += 1
      return
    }
    add(truth: truth, mean: mean, median: median.map { quantiles[$0] } ?? mean, scale: scale)
    for (place, level) in levels.enumerated() {
      let difference = truth - quantiles[place]
      pinballs[place] += max(level * difference, (level - 1) * difference)
    }
    for place in inside.indices {
      let own = inside[place].interval
      addInterval(place, truth: truth, low: quantiles[own.low], high: quantiles[own.high])
    }
  }

  /// Adds a number that a point forecast, with intervals around it, predicted; one whose truth or point is missing is
  /// counted alone.
  ///
  /// A point is a distribution of which all quantiles are the point: its CRPS is its absolute error. The intervals count
  /// for the coverage alone.
  ///
  /// - Parameters:
  ///   - truth: what came.
  ///   - point: the forecast.
  ///   - intervals: in the order of ``intervals(_:)``.
  ///   - scale: the mean absolute error of the seasonal-naive forecast within the training part; 0 for none.
  mutating func add(truth: Double, point: Double, intervals: [(low: Double, high: Double)], scale: Double) {
    guard truth.isFinite, point.isFinite else {
      missing += 1
      return
    }
    add(truth: truth, mean: point, median: point, scale: scale)
    // half the error, whatever the levels: twice the mean pinball loss over all levels is the error
    for place in levels.indices { pinballs[place] += abs(truth - point) / 2 }
    for (place, interval) in intervals.enumerated() where interval.low.isFinite && interval.high.isFinite {
      addInterval(place, truth: truth, low: interval.low, high: interval.high)
    }
  }

  private mutating func add(truth: Double, mean: Double, median: Double, scale: Double) {
    let error = abs(truth - median)
    count += 1
    absolute += error
    squared += (truth - mean) * (truth - mean)
    size += abs(truth)
    let both = abs(truth) + abs(median)
    percentage += both > 0 ? 2 * error / both : 0
    if scale > 0 {
      scaled += error / scale
      scaledCount += 1
    }
  }

  private mutating func addInterval(_ place: Int, truth: Double, low: Double, high: Double) {
    if low <= truth, truth <= high { inside[place].hits += 1 }
    inside[place].width += high - low
  }

  /// The metrics of what was added.
  var metrics: ForecastMetrics {
    var metrics = ForecastMetrics()
    metrics.missing = missing
    guard count > 0 else { return metrics }
    metrics.count = Int(count)
    metrics.mae = absolute / count
    metrics.mse = squared / count
    metrics.rmse = metrics.mse.squareRoot()
    metrics.mase = scaledCount > 0 ? scaled / scaledCount : nil
    metrics.smape = 100 * percentage / count
    guard !levels.isEmpty else { return metrics }
    let mean = pinballs.reduce(0, +) / Double(levels.count)
    metrics.weightedQuantileLoss = size > 0 ? 2 * mean / size : nil
    metrics.crps = 2 * mean / count
    metrics.coverages = inside.map { one in
      ForecastMetrics.Coverage(
        nominal: one.interval.nominal, actual: one.hits / count, width: one.width / count)
    }
    return metrics
  }
}
