/// How a network that learns what a ``LinearReading`` leaves over counts beside it.
public struct ResidualScale: Sendable, Equatable, Codable {
  /// The deviation of what the map leaves over of the targets, on the scale of these: the unit of the network.
  public var deviation: Double
  /// How much the network counts, from 0 to 1: what is best on the validation part, where there is one, and nothing where it helps
  /// no more there than chance would.
  public var share: Double

  /// A scale.
  public init(deviation: Double, share: Double = 1) { (self.deviation, self.share) = (deviation, share) }

  /// The share that makes the squared error of `left - share * network` least, from 0 to 1; 0 where that is no better than nothing
  /// by more than the standard error of the difference, and 1 for no examples.
  static func share(of network: [Double], left: [Double]) -> Double {
    let square = network.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return 1 }
    let product = zip(network, left).reduce(0) { $0 + $1.0 * $1.1 }
    let share = min(max(product / square, 0), 1)
    let gains = zip(network, left).map { own, left in
      left * left - (left - share * own) * (left - share * own)
    }
    let count = Double(gains.count)
    let mean = gains.reduce(0, +) / count
    let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return mean * mean * count > variance ? share : 0
  }
}
