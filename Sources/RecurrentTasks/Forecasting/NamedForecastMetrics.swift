/// How well a forecast with a name did: the model or what it has to beat.
public struct NamedForecastMetrics: Sendable, Equatable, Codable {
  /// The name.
  public var name: String
  /// Over all steps of the horizon.
  public var metrics: ForecastMetrics
  /// For each step of the horizon; empty where they were not told apart.
  public var steps: [ForecastMetrics]

  /// A forecast.
  public init(name: String, metrics: ForecastMetrics, steps: [ForecastMetrics] = []) {
    self.name = name
    self.metrics = metrics
    self.steps = steps
  }
}
