/// How well forecasts did, and how honest their quantiles are.
///
/// A forecast is a distribution: absolute errors (MAE, MASE, sMAPE) are those of its median, squared errors (MSE, RMSE) those
/// of its mean, each the point that makes them least; the weighted quantile loss and the CRPS are those of its quantiles. A
/// baseline is a point, which all of these are of: its weighted quantile loss is the sum of its absolute errors divided by
/// that of the absolute values, and its CRPS is its MAE. Its intervals count for the coverage alone.
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

  /// Numbers that were predicted and evaluated.
  public var count = 0
  /// Numbers that were left out, for the truth or the forecast is missing.
  public var missing = 0
  /// The mean absolute error of the medians.
  public var mae = 0.0
  /// The root of the mean squared error of the means.
  public var rmse = 0.0
  /// The mean squared error of the means.
  public var mse = 0.0
  /// The absolute error of the medians divided by that of the seasonal-naive forecast within the training part (Hyndman
  /// and Koehler 2006); nil where that is zero or unknown.
  public var mase: Double?
  /// The symmetric mean absolute percentage error of the medians, in per cent.
  public var smape = 0.0
  /// Twice the mean pinball loss of the quantiles divided by the mean absolute value; nil without quantiles.
  public var weightedQuantileLoss: Double?
  /// The continuous ranked probability score, from the quantiles: twice the mean pinball loss; nil without
  /// them.
  public var crps: Double?
  /// Of the intervals around the median that two of the quantiles bound, the narrowest first.
  public var coverages: [Coverage] = []

  /// One number that was predicted.
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

    fileprivate var isComplete: Bool {
      truth.isFinite && mean.isFinite && quantiles.allSatisfy(\.value.isFinite)
    }
  }

  /// Evaluates forecasts. Traps unless all have quantiles of the same levels.
  public init(_ all: [Item]) {
    let items = all.filter(\.isComplete)
    count = items.count
    missing = all.count - count
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
    trapUnless(
      items.allSatisfy { $0.quantiles.map(\.level) == levels },
      "ForecastMetrics: expected quantiles of the levels \(levels) for each number")
    guard !levels.isEmpty else { return }
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
    for (nominal, a, b) in ForecastScores.intervals(levels) {
      let inside = items.count { (item: Item) in
        item.quantiles[a].value <= item.truth && item.truth <= item.quantiles[b].value
      }
      let width = items.reduce(0) { $0 + $1.quantiles[b].value - $1.quantiles[a].value } / total
      coverages.append(Coverage(nominal: nominal, actual: Double(inside) / total, width: width))
    }
  }
}
