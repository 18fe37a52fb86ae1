/// A series as a network reads it. Windows share it.
public final class ForecastSeries: Sendable {
  /// The series as it was found.
  public let source: TimeSeries
  /// Step by step all targets, transformed, `[T, C]`; NaN where one is missing.
  public let values: [Double]
  /// Step by step what is known ahead, with the calendar, and behind it what the step before had of what is known of the past
  /// alone, `[T + K, V]`; no step is without it.
  public let covariates: [Float]
  /// V.
  public let covariateCount: Int
  /// P: the last of a step's covariates, which are of the step before.
  public let pastCount: Int
  /// What is the same throughout, `[S]`.
  public let statics: [Float]

  /// C.
  public var targetCount: Int { source.targets.count }

  init(
    source: TimeSeries, values: [Double], covariates: [Float], covariateCount: Int, pastCount: Int,
    statics: [Float]
  ) {
    self.source = source
    self.values = values
    self.covariates = covariates
    self.covariateCount = covariateCount
    self.pastCount = pastCount
    self.statics = statics
  }
}

/// A place in a series: what is before it is known, what follows is predicted.
public struct ForecastWindow: Sendable {
  /// The series.
  public var series: ForecastSeries
  /// The first step that is predicted.
  public var origin: Int
  /// By how many steps the place may be moved on in training.
  public var slack: Int

  /// A place.
  public init(series: ForecastSeries, origin: Int, slack: Int = 0) {
    (self.series, self.origin, self.slack) = (series, origin, slack)
  }

  /// The values of a target over the steps of the look-back that the series has, transformed, the last one behind.
  func lookBack(_ length: Int, target: Int) -> [Double] {
    let (width, values) = (series.targetCount, series.values)
    return (max(0, origin - length)..<origin).map { values[$0 * width + target] }
  }

  /// The values of a target from the beginning of the series to the place, as they were found.
  func past(target: Int) -> LazyMapCollection<Range<Int>, Double> {
    let (width, values) = (series.targetCount, series.source.values)
    return (0..<origin).lazy.map { values[$0 * width + target] }
  }
}
