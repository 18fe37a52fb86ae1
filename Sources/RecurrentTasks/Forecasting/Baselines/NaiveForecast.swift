/// Forecasts that need no network: what a network has to beat. Values that are not numbers count as missing.
public enum NaiveForecast {
  /// The value one season before, again and again; where it is missing, the one of the season before that.
  ///
  /// Without a value in any season it is not a number. A period that is longer than the history is as long as
  /// it.
  public static func seasonal(_ history: [Double], period: Int, horizon: Int) -> [Double] {
    wholeSeasons(
      history, period: min(max(period, 1), max(history.count, 1)), horizon: horizon)
  }

  /// The same of a period that is never shortened: steps without a value one or more seasons before are not numbers.
  static func wholeSeasons<Values: RandomAccessCollection<Double>>(
    _ history: Values, period: Int, horizon: Int
  ) -> [Double] where Values.Index == Int {
    let season = (0..<min(period, horizon)).map { phase -> Double in
      var step = history.count - period + phase
      while step >= 0, !history[step].isFinite { step -= period }
      return step >= 0 ? history[step] : .nan
    }
    return (0..<horizon).map { season[$0 % period] }
  }

  /// The last value that is not missing.
  public static func last(_ history: some BidirectionalCollection<Double>, horizon: Int) -> [Double] {
    [Double](repeating: history.last(where: \.isFinite) ?? .nan, count: horizon)
  }

  /// The line through the first and the last value, gone on with; the same value where there is one alone.
  public static func drift<Values: RandomAccessCollection<Double>>(
    _ history: Values, horizon: Int
  ) -> [Double] where Values.Index == Int {
    guard let first = history.firstIndex(where: \.isFinite), let last = history.lastIndex(where: \.isFinite)
    else { return [Double](repeating: .nan, count: horizon) }
    let slope = last > first ? (history[last] - history[first]) / Double(last - first) : 0
    return (0..<horizon).map { history[last] + Double(history.count + $0 - last) * slope }
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
