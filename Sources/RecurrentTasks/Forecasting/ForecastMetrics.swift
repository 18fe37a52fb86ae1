/// How well forecasts did, and how honest their quantiles are.
public struct ForecastMetrics: Sendable, Equatable, Codable {
  /// How often the truth lay in an interval.
  public struct Coverage: Sendable, Equatable, Codable {
    /// The share that was promised.
    public var nominal: Double
    /// The share that was.
    public var actual: Double
    /// The mean width of the interval.
    public var width: Double
  }

  /// Numbers that were foretold.
  public var count = 0
  /// The mean absolute error of the medians.
  public var mae = 0.0
  /// The root of the mean squared error of the means.
  public var rmse = 0.0
  /// The mean squared error of the means.
  public var mse = 0.0
  /// The absolute error divided by that of the seasonal-naive forecast within the training part (Hyndman and Koehler 2006);
  /// nil where that is zero.
  public var mase: Double?
  /// The symmetric mean absolute percentage error, in per cent.
  public var smape = 0.0
  /// Twice the pinball losses of all quantiles divided by the sum of the absolute values.
  public var weightedQuantileLoss: Double?
  /// The continuous ranked probability score from the quantiles.
  public var crps: Double?
  /// Of the intervals around the median.
  public var coverages: [Coverage] = []

  /// One number that was foretold.
  public struct Item: Sendable {
    /// The truth.
    public var truth: Double
    /// The mean of the forecast.
    public var mean: Double
    /// Quantiles of the forecast by their level, in order.
    public var quantiles: [(level: Double, value: Double)]
    /// The mean absolute error of the seasonal-naive forecast within the training part of the series.
    public var scale: Double

    /// A number.
    public init(truth: Double, mean: Double, quantiles: [(level: Double, value: Double)], scale: Double) {
      self.truth = truth
      self.mean = mean
      self.quantiles = quantiles
      self.scale = scale
    }

    /// The median, or the mean without quantiles.
    public var median: Double { quantiles.first { abs($0.level - 0.5) < 1e-9 }?.value ?? mean }
  }

  /// Judges forecasts; truths that are not numbers are left out.
  public init(_ items: [Item]) {
    let items = items.filter { $0.truth.isFinite }
    count = items.count
    guard count > 0 else { return }
    let total = Double(count)
    mae = items.reduce(0) { $0 + abs($1.truth - $1.median) } / total
    mse = items.reduce(0) { $0 + ($1.truth - $1.mean) * ($1.truth - $1.mean) } / total
    rmse = mse.squareRoot()
    let scaled = items.filter { $0.scale > 0 }
    if !scaled.isEmpty {
      mase = scaled.reduce(0) { $0 + abs($1.truth - $1.median) / $1.scale } / Double(scaled.count)
    }
    smape =
      100
      * items.reduce(0) { sum, item in
        let size = abs(item.truth) + abs(item.median)
        return sum + (size > 0 ? 2 * abs(item.truth - item.median) / size : 0)
      } / total
    let levels = items[0].quantiles.map(\.level)
    guard !levels.isEmpty, items.allSatisfy({ $0.quantiles.map(\.level) == levels }) else { return }
    let pinballs = levels.indices.map { index in
      items.reduce(0) { sum, item in
        let difference = item.truth - item.quantiles[index].value
        return sum + max(levels[index] * difference, (levels[index] - 1) * difference)
      }
    }
    let size = items.reduce(0) { $0 + abs($1.truth) }
    let mean = pinballs.reduce(0, +) / Double(levels.count)
    weightedQuantileLoss = size > 0 ? 2 * mean / size : nil
    crps = 2 * mean / total
    for nominal in [0.5, 0.8, 0.9, 0.95] {
      let (low, high) = ((1 - nominal) / 2, (1 + nominal) / 2)
      guard let a = levels.firstIndex(where: { abs($0 - low) < 1e-9 }),
        let b = levels.firstIndex(where: { abs($0 - high) < 1e-9 })
      else { continue }
      let inside = items.count { (item: Item) in
        item.quantiles[a].value <= item.truth && item.truth <= item.quantiles[b].value
      }
      let width = items.reduce(0) { $0 + $1.quantiles[b].value - $1.quantiles[a].value } / total
      coverages.append(Coverage(nominal: nominal, actual: Double(inside) / total, width: width))
    }
  }
}

/// Forecasts that need no network: what a network has to beat.
public enum NaiveForecast {
  /// The value one season before, again and again.
  public static func seasonal(_ history: [Double], period: Int, horizon: Int) -> [Double] {
    guard !history.isEmpty else { return [Double](repeating: .nan, count: horizon) }
    let period = min(max(period, 1), history.count)
    return (0..<horizon).map { history[history.count - period + $0 % period] }
  }

  /// The last value.
  public static func last(_ history: [Double], horizon: Int) -> [Double] {
    [Double](repeating: history.last ?? .nan, count: horizon)
  }

  /// The mean absolute error of the seasonal forecast within a series, one step ahead of a season.
  public static func scale(_ training: [Double], period: Int) -> Double {
    guard training.count > period, period >= 1 else { return 0 }
    let errors = (period..<training.count).map { abs(training[$0] - training[$0 - period]) }.filter(
      \.isFinite)
    return errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count)
  }
}

/// Intervals that hold what they promise on data like those that they were fitted to (split conformal prediction, Vovk et al.
/// 2005; for quantiles Romano et al. 2019, arXiv:1905.03222).
public struct ConformalIntervals: Sendable, Equatable, Codable {
  /// For each nominal share by how much an interval is widened on both sides, for each step of the horizon.
  public var widenings: [Double: [Double]]

  /// Fits the widenings.
  ///
  /// - Parameters:
  ///   - nominals: the shares.
  ///   - scores: for each share and step of the horizon how far the truths lay outside of the interval, negative within.
  public init(nominals: [Double], scores: [[[Double]]]) {
    widenings = [:]
    for (nominal, steps) in zip(nominals, scores) {
      widenings[nominal] = steps.map { scores in
        let sorted = scores.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((Double(sorted.count + 1) * nominal).rounded(.up))
        return sorted[min(rank, sorted.count) - 1]
      }
    }
  }
}
