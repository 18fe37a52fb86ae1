/// How a network that learns what a ``LinearReading`` leaves over counts beside it.
public struct ResidualScale: Sendable, Equatable, Codable {
  /// The deviation of what the map leaves over of the targets, on the scale of these: the unit of the network.
  public var deviation: Double
  /// How much the network counts, from 0 to 1: what is best on the validation part, where there is one.
  public var share: Double

  /// A scale.
  public init(deviation: Double, share: Double = 1) { (self.deviation, self.share) = (deviation, share) }

  /// The share that makes the squared error of `left - share * network` least, from 0 to 1; 1 for nothing.
  static func share(of network: [Double], left: [Double]) -> Double {
    let square = network.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return 1 }
    let product = zip(network, left).reduce(0) { $0 + $1.0 * $1.1 }
    return min(max(product / square, 0), 1)
  }
}
