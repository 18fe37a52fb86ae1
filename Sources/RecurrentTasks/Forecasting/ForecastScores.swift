/// Sums of what ``ForecastMetrics`` are made of: millions of numbers that were foretold need not be kept.
public struct ForecastScores: Sendable {
  private var (count, absolute, squared, percentage, size) = (0.0, 0.0, 0.0, 0.0, 0.0)
  private var (scaled, scaledCount) = (0.0, 0.0)
  private var missing = 0
  private var levels: [Double]
  private var pinballs: [Double]
  private var hasQuantiles: Bool
  private var inside: [(nominal: Double, low: Int, high: Int, hits: Double, width: Double)] = []

  /// Nothing yet, of forecasts with quantiles of some levels; none for forecasts without.
  public init(levels: [Double]) {
    self.levels = levels
    pinballs = levels.map { _ in 0 }
    hasQuantiles = !levels.isEmpty
    for (place, low) in levels.enumerated().reversed() where low < 0.5 - 1e-9 {
      guard let high = levels.firstIndex(where: { abs($0 + low - 1) < 1e-9 }) else { continue }
      inside.append((((1 - 2 * low) * 1e9).rounded() / 1e9, place, high, 0, 0))
    }
  }

  /// Adds a number that was foretold; one whose truth is missing is counted alone.
  ///
  /// - Parameters:
  ///   - truth: what came.
  ///   - mean: the mean of the forecast.
  ///   - quantiles: of the levels.
  ///   - scale: the mean absolute error of the seasonal-naive forecast within the training part; 0 for none.
  public mutating func add(truth: Double, mean: Double, quantiles: [Double], scale: Double) {
    guard truth.isFinite, mean.isFinite, quantiles.allSatisfy(\.isFinite) else {
      missing += 1
      return
    }
    let median = levels.firstIndex { abs($0 - 0.5) < 1e-9 }.map { quantiles[$0] } ?? mean
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
    for (place, level) in levels.enumerated() {
      let difference = truth - quantiles[place]
      pinballs[place] += max(level * difference, (level - 1) * difference)
    }
    for place in inside.indices {
      let (low, high) = (quantiles[inside[place].low], quantiles[inside[place].high])
      if low <= truth, truth <= high { inside[place].hits += 1 }
      inside[place].width += high - low
    }
  }

  /// The metrics of what was added.
  public var metrics: ForecastMetrics {
    var metrics = ForecastMetrics([])
    metrics.missing = missing
    guard count > 0 else { return metrics }
    metrics.count = Int(count)
    metrics.mae = absolute / count
    metrics.mse = squared / count
    metrics.rmse = metrics.mse.squareRoot()
    metrics.mase = scaledCount > 0 ? scaled / scaledCount : nil
    metrics.smape = 100 * percentage / count
    guard hasQuantiles else { return metrics }
    let mean = pinballs.reduce(0, +) / Double(levels.count)
    metrics.weightedQuantileLoss = size > 0 ? 2 * mean / size : nil
    metrics.crps = 2 * mean / count
    metrics.coverages = inside.map { one in
      ForecastMetrics.Coverage(nominal: one.nominal, actual: one.hits / count, width: one.width / count)
    }
    return metrics
  }
}
