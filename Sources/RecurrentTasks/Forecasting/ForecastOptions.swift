/// What may be asked of a forecast; nil where the data are to tell.
public struct ForecastOptions: Sendable, Equatable, Codable {
  /// The two kinds of network.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// ``SegmentForecaster``: all of the horizon at once.
    case segments
    /// ``AutoregressiveForecaster``: step by step.
    case autoregressive
  }

  /// Which network.
  public var kind: Kind?
  /// Steps that are looked back over.
  public var lookBack: Int?
  /// Steps of a segment.
  public var segment: Int?
  /// The cell.
  public var cell: CellCatalog?
  /// Units.
  public var hiddenSize: Int?
  /// Recurrent layers.
  public var layerCount: Int?
  /// Before the output.
  public var dropoutRate: Float?
  /// What is said about a step.
  public var output: ForecastOutput?
  /// How windows are brought to a common scale.
  public var normalization: WindowNormalization?
  /// What is done to the targets first.
  public var transform: ForecastTransform?
  /// After how many steps things repeat.
  public var seasonLength: Int?
  /// What the calendar says.
  public var calendar: [CalendarFeature]?
  /// The levels of the quantiles, rising, between 0 and 1.
  public var levels: [Double]
  /// Passes over the data.
  public var epochs: Int?
  /// Windows of a step of the training.
  public var batchSize: Int?
  /// The learning rate.
  public var learningRate: Double?
  /// The seed of all random numbers.
  public var seed: UInt64

  /// Options; without arguments everything is chosen.
  public init(seed: UInt64 = 1) {
    levels = Forecast.standardLevels
    self.seed = seed
  }
}
