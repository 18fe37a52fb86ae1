/// How well forecasts did, and how honest their quantiles are.
///
/// A forecast is a distribution: absolute errors (MAE, MASE, sMAPE) are those of its median, squared errors (MSE, RMSE) those
/// of its mean, each the point that makes them least; the weighted quantile loss and the CRPS are those of its quantiles. A
/// baseline is a point, which all of these are of: its weighted quantile loss is the sum of its absolute errors divided by
/// that of the absolute values, and its CRPS is its MAE. Its intervals count for the coverage alone.
public struct ForecastMetrics: Sendable, Equatable, Codable {
  /// How often the truth lay in an interval.
  public struct Coverage: Sendable, Equatable, Codable {
    /// The nominal coverage: the share of truths that the interval is to hold.
    public var nominal: Double
    /// The share of truths that it held.
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
  }

  /// The metrics of no forecast: counts of zero, figures that are nil or zero.
  init() {}

  /// Evaluates forecasts. Traps unless all have quantiles of the same levels.
  public init(_ items: [Item]) {
    let levels = items.first?.quantiles.map(\.level) ?? []
    var scores = ForecastScores(levels: levels)
    for item in items {
      trapUnless(
        item.quantiles.map(\.level) == levels,
        "ForecastMetrics: expected quantiles of the levels \(levels) for each number")
      scores.add(
        truth: item.truth, mean: item.mean, quantiles: item.quantiles.map(\.value), scale: item.scale)
    }
    self = scores.metrics
  }
}

/// The metrics of a forecast with a name: the model, or a baseline.
public struct NamedForecastMetrics: Sendable, Equatable, Codable {
  /// The name.
  public var name: String
  /// Over all steps of the horizon.
  public var metrics: ForecastMetrics
  /// For each step of the horizon; empty where they were not told apart.
  public var steps: [ForecastMetrics]

  /// A forecast.
  public init(name: String, metrics: ForecastMetrics, steps: [ForecastMetrics] = []) {
    (self.name, self.metrics, self.steps) = (name, metrics, steps)
  }
}
