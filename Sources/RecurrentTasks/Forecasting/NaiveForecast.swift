/// Forecasts that need no network: what a network has to beat. Values that are not numbers count as missing.
public enum NaiveForecast {
  /// The value one season before, again and again; where it is missing, the one of the season before that.
  ///
  /// Without a value in any season it is not a number. A period that is longer than the history is as long as
  /// it.
  public static func seasonal(_ history: [Double], period: Int, horizon: Int) -> [Double] {
    guard !history.isEmpty else { return [Double](repeating: .nan, count: horizon) }
    let period = min(max(period, 1), history.count)
    let season = (0..<min(period, horizon)).map { phase -> Double in
      let places = stride(from: history.count - period + phase, through: 0, by: -period)
      return places.lazy.map { history[$0] }.first(where: \.isFinite) ?? .nan
    }
    return (0..<horizon).map { season[$0 % period] }
  }

  /// The last value that is not missing.
  public static func last(_ history: [Double], horizon: Int) -> [Double] {
    [Double](repeating: history.last(where: \.isFinite) ?? .nan, count: horizon)
  }

  /// The mean absolute error of the seasonal forecast within a series, one season ahead; 0 where no value has
  /// one a season before it.
  public static func scale(_ training: [Double], period: Int) -> Double {
    guard training.count > period, period >= 1 else { return 0 }
    let errors = (period..<training.count).map { abs(training[$0] - training[$0 - period]) }.filter(
      \.isFinite)
    return errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count)
  }
}
