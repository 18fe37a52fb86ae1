/// How a model and its baselines did on the last part of the data; ``ForecastMetrics`` says what is measured of which point.
public struct BacktestReport: Sendable, Equatable, Codable {
  /// One way to predict.
  public struct Entry: Sendable, Equatable, Codable {
    /// Its name, and how it did over everything and at each step of the horizon.
    public var forecast: NamedForecastMetrics
    /// The mean squared error of the means, each target in units of its deviation in the training part.
    public var scaledMSE: Double
    /// The mean absolute error of the medians in the same units.
    public var scaledMAE: Double

    /// Its name.
    public var name: String { forecast.name }
    /// Over everything that was predicted.
    public var metrics: ForecastMetrics { forecast.metrics }
  }

  /// The model first, then the baselines.
  public var entries: [Entry]
  /// Windows that were predicted.
  public var windowCount: Int
  /// Steps that were predicted each time.
  public var horizon: Int
  /// After how many steps the seasonal-naive forecast repeats.
  public var seasonLength: Int
  /// Returns, volatility and value at risk, where prices were predicted.
  public var prices: PriceReport?

  /// The model.
  public var model: Entry { entries[0] }

  /// The entry of a name; nil where there is none.
  public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// Evaluates predictions that are there already.
  ///
  /// - Parameters:
  ///   - task: whose predictions they are.
  ///   - predictions: one for each window.
  ///   - windows: of the last part of their series; what is before the first of them is what baselines may learn
  ///     from.
  public init(task: ForecastingTask, predictions: [Forecast], windows: [ForecastWindow]) {
    var scores = BacktestScores(task, windows)
    for (window, prediction) in zip(windows, predictions) { scores.add(window, prediction) }
    self = scores.report
  }

  init(entries: [Entry], windowCount: Int, horizon: Int, seasonLength: Int, prices: PriceReport?) {
    (self.entries, self.windowCount) = (entries, windowCount)
    (self.horizon, self.seasonLength, self.prices) = (horizon, seasonLength, prices)
  }
}
