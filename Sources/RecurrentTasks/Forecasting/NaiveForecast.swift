/// Forecasts that need no network: what a network has to beat. Values that are not numbers count as missing.
public enum NaiveForecast {
  /// The value one season before, again and again; where it is missing, the one of the season before that.
  ///
  /// Without a value in any season it is not a number. A period that is longer than the history is as long as
  /// it.
  public static func seasonal(_ history: [Double], period: Int, horizon: Int) -> [Double] {
    let period = min(max(period, 1), max(history.count, 1))
    return seasonal(count: history.count, period: period, horizon: horizon) { history[$0] }
  }

  /// The same of `count` steps whose values are asked for; without a season of them it is not a number.
  static func seasonal(count: Int, period: Int, horizon: Int, value: (Int) -> Double) -> [Double] {
    let season = (0..<min(period, horizon)).map { phase -> Double in
      stride(from: count - period + phase, through: 0, by: -period).lazy.map(value).first(where: \.isFinite)
        ?? .nan
    }
    return (0..<horizon).map { season[$0 % period] }
  }

  /// The last value that is not missing.
  public static func last(_ history: [Double], horizon: Int) -> [Double] {
    last(count: history.count, horizon: horizon) { history[$0] }
  }

  static func last(count: Int, horizon: Int, value: (Int) -> Double) -> [Double] {
    let own = (0..<count).reversed().lazy.map(value).first(where: \.isFinite)
    return [Double](repeating: own ?? .nan, count: horizon)
  }

  /// The line through the first and the last value, gone on with; the same value where there is one alone.
  public static func drift(_ history: [Double], horizon: Int) -> [Double] {
    drift(count: history.count, horizon: horizon) { history[$0] }
  }

  static func drift(count: Int, horizon: Int, value: (Int) -> Double) -> [Double] {
    guard let first = (0..<count).first(where: { value($0).isFinite }),
      let last = (0..<count).last(where: { value($0).isFinite })
    else { return [Double](repeating: .nan, count: horizon) }
    let slope = last > first ? (value(last) - value(first)) / Double(last - first) : 0
    return (0..<horizon).map { value(last) + Double(count + $0 - last) * slope }
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
