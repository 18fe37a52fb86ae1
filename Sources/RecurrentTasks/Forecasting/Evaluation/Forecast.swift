/// What is predicted: for each target and each step of the horizon a mean and quantiles, on the scale of the data.
public struct Forecast: Sendable, Equatable, Codable {
  /// The levels of the quantiles, rising.
  public var levels: [Double]
  /// By target and step.
  public var means: [[Double]]
  /// By target, step and level; rising with the level.
  public var quantiles: [[[Double]]]

  /// A forecast.
  public init(levels: [Double], means: [[Double]], quantiles: [[[Double]]]) {
    (self.levels, self.means, self.quantiles) = (levels, means, quantiles)
  }

  /// Targets.
  public var targetCount: Int { means.count }
  /// Steps.
  public var horizon: Int { means.first?.count ?? 0 }

  /// The quantile of a level; nil where there is none of it.
  public func quantile(target: Int, step: Int, level: Double) -> Double? {
    levels.index(of: level).map { quantiles[target][step][$0] }
  }

  /// The median, or the mean where there is none.
  public func median(target: Int, step: Int) -> Double {
    quantile(target: target, step: step, level: 0.5) ?? means[target][step]
  }

  /// The levels that are given unless others are asked for: the bounds of the intervals of 50, 80, 90, 95 and 98 %, and
  /// the median.
  public static let standardLevels = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99]
}
