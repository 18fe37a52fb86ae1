/// What a network predicts for a window, on the scale of the window and before it is calibrated.
struct NormalizedForecast: Sendable {
  /// By target.
  var scales: [WindowNormalization.Scale]
  /// By target and step.
  var means: [Double]
  /// By target, step and level.
  var quantiles: [Double]

  /// The same with a share of what it predicts to change, its distribution moved as a whole. Of scales that take the last value
  /// away.
  func keeping(_ share: Double, levels: [Double]) -> NormalizedForecast {
    var copy = self
    let (count, middle) = (levels.count, ForecastCalibration.middle(levels))
    for place in means.indices {
      let way = (1 - share) * quantiles[place * count + middle]
      copy.means[place] -= way
      for level in 0..<count { copy.quantiles[place * count + level] -= way }
    }
    return copy
  }
}

extension [Double] {
  /// The place of a level among those of quantiles; nil where it is none of them.
  func index(of level: Double) -> Int? { firstIndex { abs($0 - level) < 1e-9 } }
}

/// The mean of a distribution whose quantiles are known: those between are taken to lie on lines, those beyond to be the
/// outermost.
func quantileMean(_ quantiles: [Double], levels: [Double]) -> Double {
  guard let first = quantiles.first, let last = quantiles.last else { return 0 }
  var sum = first * levels[0] + last * (1 - levels[levels.count - 1])
  for place in 1..<max(levels.count, 1) {
    sum += 0.5 * (quantiles[place] + quantiles[place - 1]) * (levels[place] - levels[place - 1])
  }
  return sum
}

/// What each quantile counts in ``quantileMean(_:levels:)``.
func quantileMeanWeights(_ levels: [Double]) -> [Double] {
  levels.indices.map { level in
    quantileMean(levels.indices.map { $0 == level ? 1 : 0 }, levels: levels)
  }
}

/// The quantile of sorted draws, between two of them on a line.
func sampleQuantile(_ sorted: [Double], _ level: Double) -> Double {
  let place = max(0, min(level * Double(sorted.count) - 0.5, Double(sorted.count - 1)))
  let low = Int(place)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
}
