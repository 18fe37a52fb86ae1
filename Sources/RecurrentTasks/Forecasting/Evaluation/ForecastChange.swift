/// Finds out whether the changes that a network predicts are better than none, so that of a random walk the last value is predicted.
///
/// The absolute errors of no change, of a quarter, half and three quarters of it and of all of it are compared over the validation
/// part. Windows overlap: those whose origins lie within a horizon are one block, and what is better must be so by two standard
/// errors of the blocks, or of few blocks by a twentieth.
struct ForecastChange {
  static let shares = [0, 0.25, 0.5, 0.75, 1]
  /// Blocks from which on their spread is known.
  private static let enough = 5

  private struct Block: Hashable {
    let series: ObjectIdentifier
    let place: Int
  }

  private let levels: [Double]
  private let horizon: Int
  /// Of each block the sums of absolute errors by share, and the count of numbers.
  private var blocks: [Block: (sums: [Double], count: Double)] = [:]
  private var order: [Block] = []

  init(levels: [Double], horizon: Int) {
    (self.levels, self.horizon) = (levels, horizon)
  }

  /// Adds what became of a forecast.
  mutating func add(_ forecast: NormalizedForecast, _ batch: ForecastBatch, window: Int) {
    let own = batch.windows[window]
    let block = Block(series: ObjectIdentifier(own.series), place: own.origin / horizon)
    if blocks[block] == nil { order.append(block) }
    var (sums, count) = blocks[block] ?? (ForecastChange.shares.map { _ in 0 }, 0)
    let middle = ForecastCalibration.middle(levels)
    for place in 0..<batch.targetCount * horizon {
      let row = window * batch.targetCount * horizon + place
      guard batch.weights[row] > 0 else { continue }
      let (median, truth) = (forecast.quantiles[place * levels.count + middle], Double(batch.truths[row]))
      for (index, share) in ForecastChange.shares.enumerated() { sums[index] += abs(truth - share * median) }
      count += 1
    }
    blocks[block] = (sums, count)
  }

  /// The share that is kept.
  var share: Double {
    let all = order.compactMap { blocks[$0] }.filter { $0.count > 0 }
    let count = all.reduce(0) { $0 + $1.count }
    guard count > 0 else { return 1 }
    let errors = ForecastChange.shares.indices.map { share in all.reduce(0) { $0 + $1.sums[share] } / count }
    let last = errors.count - 1
    let least = errors.indices.reversed().min { errors[$0] < errors[$1] } ?? last
    // all of it, unless less is clearly better
    let best = errors[last] <= 1.02 * errors[least] ? last : least
    let gains = all.map { ($0.sums[0] - $0.sums[best]) / $0.count }
    let gain = gains.reduce(0, +) / Double(gains.count)
    let isBetter: Bool
    if gains.count >= ForecastChange.enough {
      let square = gains.reduce(0) { $0 + ($1 - gain) * ($1 - gain) } / Double(gains.count - 1)
      isBetter = gain > 2 * (square / Double(gains.count)).squareRoot()
    } else {
      isBetter = errors[best] < 0.95 * errors[0]
    }
    return isBetter ? ForecastChange.shares[best] : 0
  }
}
