#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is done to the targets before anything else.
public enum ForecastTransform: String, Sendable, Codable, CaseIterable {
  /// Nothing.
  case none
  /// The logarithm, for prices: differences are then returns. Only for what is above zero.
  case log

  /// A value as it is predicted.
  public func applied(_ value: Double) -> Double {
    self == .none ? value : value > 0 ? logarithm(value) : .nan
  }
  /// A value as it was.
  public func undone(_ value: Double) -> Double { self == .none ? value : exp(value) }
}

/// The natural logarithm, which the case of the same name hides.
private func logarithm(_ value: Double) -> Double { log(value) }

/// A series as a network reads it.
public struct ForecastSeries: Sendable {
  /// The series as it was found.
  public let source: TimeSeries
  /// Step by step all targets, transformed, `[T, C]`; NaN where one is missing.
  public let values: [Double]
  /// Step by step what is known ahead, with the calendar, `[T + K, V]`; no step is without it.
  public let covariates: [Float]
  /// V.
  public let covariateCount: Int
  /// What is the same throughout, `[S]`.
  public let statics: [Float]

  /// T.
  public var stepCount: Int { source.stepCount }
  /// C.
  public var targetCount: Int { source.targets.count }

  /// The steps from the beginning to `end`, as if nothing were known of those behind; what is known ahead stays.
  public func prefix(_ end: Int) -> ForecastSeries {
    var source = source
    source.values = Array(source.values[..<(end * targetCount)])
    return ForecastSeries(
      source: source, values: Array(values[..<(end * targetCount)]), covariates: covariates,
      covariateCount: covariateCount, statics: statics)
  }

  init(
    source: TimeSeries, values: [Double], covariates: [Float], covariateCount: Int, statics: [Float]
  ) {
    self.source = source
    self.values = values
    self.covariates = covariates
    self.covariateCount = covariateCount
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
    self.series = series
    self.origin = origin
    self.slack = slack
  }
}
