/// How a model and the forecasts that it has to beat did on the last part of the data.
public struct BacktestReport: Sendable, Equatable, Codable {
  /// One way to foretell.
  public struct Entry: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// Over everything that was foretold.
    public var metrics: ForecastMetrics
    /// The mean squared error of the means, each target in units of its deviation in the training part.
    public var scaledMSE: Double
    /// The mean absolute error of the medians in the same units.
    public var scaledMAE: Double
    /// The mean absolute error of each step of the horizon.
    public var errorByStep: [Double]
  }

  /// The model first, then what it has to beat.
  public var entries: [Entry]
  /// Windows that were foretold.
  public var windowCount: Int
  /// Steps from one window to the next.
  public var stride: Int
  /// Steps that were foretold each time.
  public var horizon: Int
  /// After how many steps the seasonal-naive forecast repeats.
  public var seasonLength: Int
  /// Returns, volatility and value at risk, where prices were foretold.
  public var prices: PriceReport?

  /// The model.
  public var model: Entry { entries[0] }

  /// The entry of a name.
  public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
