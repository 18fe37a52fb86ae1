#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How forecasts of prices did one step ahead: nobody predicts returns well, so volatility and risk are what counts.
public struct PriceReport: Sendable, Equatable, Codable {
  /// The loss that is exceeded with a small probability.
  public struct ValueAtRisk: Sendable, Equatable, Codable {
    /// The probability with which it should be exceeded.
    public var level: Double
    /// The share of steps in which the model's was.
    public var exceeded: Double
    /// The share of steps in which that of all returns of the validation part was (historical simulation).
    public var naiveExceeded: Double
    /// The probability of a share at least as far off were the model right (Kupiec 1995).
    public var pValue: Double
  }

  /// Returns that were predicted.
  public var count: Int
  /// The root of the mean squared error of the returns.
  public var returnRMSE: Double
  /// That of no change at all.
  public var naiveReturnRMSE: Double
  /// The share of signs that were right where one was predicted; half of them would be by chance. Nil where none was: of a random
  /// walk no change is predicted.
  public var signShare: Double?
  /// The mean of the standard deviations of a step that were predicted.
  public var predictedVolatility: Double
  /// The standard deviation of the returns that came.
  public var realizedVolatility: Double
  /// The correlation of the deviations that were predicted with the sizes of the returns; nil where either never changes.
  public var volatilityCorrelation: Double?
  /// Of each level below 0.5 that is predicted, rising.
  public var valuesAtRisk: [ValueAtRisk]
}

/// Gathers what a ``PriceReport`` says.
struct PriceScores {
  private var returns: [Double] = []
  private var means: [Double] = []
  private var deviations: [Double] = []
  private let levels: [Double]
  private var exceeded: [Int]
  private var naiveExceeded: [Int]
  private let naiveQuantiles: [Double]

  /// Nothing yet; nil where no prices are predicted.
  init?(_ task: ForecastingTask, _ validation: [ForecastWindow]) {
    guard task.featurizer.transform == .log else { return nil }
    levels = task.levels.filter { $0 < 0.5 - 1e-9 && $0 <= 0.1 + 1e-9 }
    exceeded = levels.map { _ in 0 }
    naiveExceeded = exceeded
    let past = validation.flatMap { PriceScores.returns($0).map(\.value) }.sorted()
    naiveQuantiles = levels.map { past.isEmpty ? 0 : sampleQuantile(past, $0) }
  }

  /// The return of the first step of a window, by target.
  private static func returns(_ window: ForecastWindow) -> [(target: Int, last: Double, value: Double)] {
    let (width, values) = (window.series.targetCount, window.series.values)
    guard window.origin > 0, (window.origin + 1) * width <= values.count else { return [] }
    return (0..<width).compactMap { target in
      let (last, next) = (
        values[(window.origin - 1) * width + target], values[window.origin * width + target]
      )
      return last.isFinite && next.isFinite ? (target, last, next - last) : nil
    }
  }

  mutating func add(_ window: ForecastWindow, _ forecast: Forecast) {
    for (target, last, value) in PriceScores.returns(window) {
      returns.append(value)
      means.append(log(forecast.median(target: target, step: 0)) - last)
      let quartiles = [0.25, 0.75].compactMap { forecast.quantile(target: target, step: 0, level: $0) }
      // the quartiles of a normal distribution are 1.349 deviations apart
      if quartiles.count == 2 { deviations.append((log(quartiles[1]) - log(quartiles[0])) / 1.349) }
      for (place, level) in levels.enumerated() {
        guard let quantile = forecast.quantile(target: target, step: 0, level: level) else { continue }
        if value < log(quantile) - last { exceeded[place] += 1 }
        if value < naiveQuantiles[place] { naiveExceeded[place] += 1 }
      }
    }
  }

  /// Nil where nothing was added.
  var report: PriceReport? {
    guard !returns.isEmpty else { return nil }
    let count = Double(returns.count)
    let mean = returns.reduce(0, +) / count
    // what rounding leaves of the last price is no sign
    let predicted = zip(returns, means).filter { abs($1) > 1e-9 }
    let right = Double(predicted.count { $0 * $1 > 0 })
    let signShare = predicted.isEmpty ? nil : right / Double(predicted.count)
    func root(_ errors: [Double]) -> Double { (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot() }
    return PriceReport(
      count: returns.count, returnRMSE: root(zip(returns, means).map { $0 - $1 }),
      naiveReturnRMSE: root(returns),
      signShare: signShare,
      predictedVolatility: deviations.reduce(0, +) / Double(max(deviations.count, 1)),
      realizedVolatility: root(returns.map { $0 - mean }),
      volatilityCorrelation: PriceScores.correlation(deviations, returns.map { abs($0) }),
      valuesAtRisk: levels.enumerated().map { place, level in
        PriceReport.ValueAtRisk(
          level: level, exceeded: Double(exceeded[place]) / count,
          naiveExceeded: Double(naiveExceeded[place]) / count,
          pValue: PriceScores.kupiec(exceeded[place], of: returns.count, level: level))
      })
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    guard a.count == b.count, a.count > 1 else { return nil }
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let both = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
    let squares =
      a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } * b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
    return squares > 0 ? both / squares.squareRoot() : nil
  }

  /// The probability of a likelihood ratio as large as that of the actual share to the nominal one.
  static func kupiec(_ hits: Int, of count: Int, level: Double) -> Double {
    let (x, n) = (Double(hits), Double(count))
    func likelihood(_ p: Double) -> Double {
      (x > 0 ? x * log(p) : 0) + (n > x ? (n - x) * log(1 - p) : 0)
    }
    let ratio = max(0, 2 * (likelihood(x / n) - likelihood(level)))
    // chi-squared with one degree of freedom
    return erfc((ratio / 2).squareRoot())
  }
}
