/// By how much quantiles are moved so that their coverage is the nominal one on data like the validation part (conformalised
/// quantile regression, Romano et al. 2019, arXiv:1905.03222, each side by itself).
///
/// A quantile q of level l becomes q + c w, where w is the distance of the quantiles of 10 and 90 %, so that the correction
/// is wide where the forecast is unsure, and c is the level's share of (y - q) / w over the validation part, for each step
/// of the horizon.
public struct ForecastCalibration: Sendable, Equatable, Codable {
  /// For each level the corrections c of all steps.
  public var intervals: ConformalIntervals
  /// How much of the way from the median to the mean of the quantiles the mean of a forecast goes, from 0 to 1: what makes
  /// the squared error in the validation part least.
  public var skewShare: Double
  /// How much of the change from the last value that the network predicts is kept, from 0 to 1, see `ForecastChange`; nil for
  /// all of it.
  public var changeShare: Double?

  /// About how many windows corrections are fitted to, at most: more of them say nothing more, as windows overlap, and their
  /// scores take about a gigabyte then.
  ///
  /// - Parameter numbers: targets x steps x levels, each of which has a score in every window.
  static func windowLimit(numbers: Int) -> Int { max(1, min(600, (1 << 27) / max(numbers, 1))) }

  /// The width that corrections are measured in; 1 on the scale of the window where the forecast is a point.
  static func width(_ quantiles: some RandomAccessCollection<Double>, levels: [Double]) -> Double {
    let (low, high) = bounds(levels)
    func value(_ place: Int) -> Double { quantiles[quantiles.index(quantiles.startIndex, offsetBy: place)] }
    let width = value(high) - value(low)
    return width > 1e-6 ? width : 1
  }

  /// The place of the level that is nearest to the median.
  static func middle(_ levels: [Double]) -> Int {
    levels.indices.min { abs(levels[$0] - 0.5) < abs(levels[$1] - 0.5) } ?? 0
  }

  /// The places of the levels of 10 and 90 %, or of those next to them outside. Of at least one level.
  static func bounds(_ levels: [Double]) -> (low: Int, high: Int) {
    (
      levels.lastIndex { $0 <= 0.1 + 1e-9 } ?? 0,
      levels.firstIndex { $0 >= 0.9 - 1e-9 } ?? levels.count - 1
    )
  }

  /// The quantiles of a step, moved and in order. The median stays.
  func applied(_ quantiles: [Double], levels: [Double], step: Int) -> [Double] {
    let width = ForecastCalibration.width(quantiles, levels: levels)
    var moved = quantiles
    for (place, level) in levels.enumerated() {
      moved[place] += (intervals.widening(nominal: level, step: step) ?? 0) * width
    }
    return moved.sorted()
  }

  /// Gathers what is needed to fit corrections.
  struct Fit {
    let levels: [Double]
    let horizon: Int
    private let changeShare: Double?
    /// By level and step.
    private var scores: [[[Double]]]
    /// Of the way from median to mean: its product with the error of the median, and its square.
    private var (product, square) = (0.0, 0.0)

    /// Nothing yet, of forecasts whose changes were shrunk to a share already.
    init(levels: [Double], horizon: Int, changeShare: Double?) {
      self.levels = levels
      self.horizon = horizon
      self.changeShare = changeShare
      scores = levels.map { _ in Array(repeating: [], count: horizon) }
    }

    /// Adds what became of a forecast.
    mutating func add(_ forecast: NormalizedForecast, _ batch: ForecastBatch, window: Int) {
      for target in 0..<batch.targetCount {
        for step in 0..<horizon {
          let row = (window * batch.targetCount + target) * horizon + step
          guard batch.weights[row] > 0 else { continue }
          let start = (target * horizon + step) * levels.count
          let quantiles = forecast.quantiles[start..<start + levels.count]
          let width = ForecastCalibration.width(quantiles, levels: levels)
          if let middle = levels.index(of: 0.5) {
            let median = quantiles[start + middle]
            let way = forecast.means[target * horizon + step] - median
            product += way * (Double(batch.truths[row]) - median)
            square += way * way
          }
          for (level, quantile) in quantiles.enumerated() {
            scores[level][step].append((Double(batch.truths[row]) - quantile) / width)
          }
        }
      }
    }

    /// Scores of a step below which it borrows from its neighbours.
    private static let enough = 300

    /// The corrections; nil where nothing was seen.
    var result: ForecastCalibration? {
      guard scores.contains(where: { $0.contains { !$0.isEmpty } }) else { return nil }
      let outer = levels.indices.filter { abs(levels[$0] - 0.5) > 1e-9 }
      let pooled = outer.map { level in
        (0..<horizon).map { step in
          var (low, high) = (step, step)
          var own = scores[level][step]
          while own.count < Fit.enough, low > 0 || high < horizon - 1 {
            if low > 0 {
              low -= 1
              own += scores[level][low]
            }
            if high < horizon - 1 {
              high += 1
              own += scores[level][high]
            }
          }
          return own
        }
      }
      return ForecastCalibration(
        intervals: ConformalIntervals(nominals: outer.map { levels[$0] }, scores: pooled),
        skewShare: square > 0 ? max(0, min(1, product / square)) : 1, changeShare: changeShare)
    }
  }
}
