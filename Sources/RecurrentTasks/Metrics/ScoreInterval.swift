/// A score of a whole set with its 95 % interval.
public struct ScoreInterval: Sendable, Equatable, Codable {
  /// The score of the items that there are.
  public var value: Double
  /// The bounds between which 95 % of the draws lie.
  public var low, high: Double

  /// A score with its bounds.
  public init(value: Double, low: Double, high: Double) {
    (self.value, self.low, self.high) = (value, low, high)
  }

  /// A score with the bounds between which 95 % of the draws lie; without draws both are the score.
  init(_ value: Double, draws: [Double]) {
    guard !draws.isEmpty else {
      self.init(value: value, low: value, high: value)
      return
    }
    let sorted = draws.sorted()
    self.init(value: value, low: sorted[sorted.count * 25 / 1000], high: sorted[sorted.count * 975 / 1000])
  }
}
