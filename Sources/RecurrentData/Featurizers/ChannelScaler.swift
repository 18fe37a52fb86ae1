/// Brings the channels of a sequence to a common scale; fitted on the training part alone.
public struct ChannelScaler: Sendable, Equatable, Codable {
  /// How a scale is found.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Mean 0, deviation 1.
    case standard
    /// Median 0, distance of the quartiles 1.35 (the deviation of a normal distribution 1).
    case robust
    /// As they are.
    case none
  }

  /// How the scale was found.
  public var method: Method
  /// What is taken away from each channel.
  public var centers: [Double]
  /// What each channel is divided by; 1 where it is constant.
  public var scales: [Double]
  /// Channels that are the same everywhere in the training part, or missing.
  public var constantChannels: [Int]

  /// Looks at the training part: all numbers of each channel, NaN where one is missing.
  public init(method: Method, fitting columns: [[Float]]) {
    self.init(method: method, channels: columns.count) { add in
      for (channel, column) in columns.enumerated() { for value in column { add(value, channel) } }
    }
  }

  /// Looks at the training part in one pass, for a standard scale in two.
  ///
  /// - Parameters:
  ///   - method: how the scale is found.
  ///   - channels: their number.
  ///   - pass: shows `add` every number with its channel, NaN where one is missing; each time the same in the same order.
  public init(
    method: Method, channels: Int, pass: (_ add: (_ value: Float, _ channel: Int) -> Void) throws -> Void
  ) rethrows {
    self.method = method
    (centers, scales, constantChannels) = ([], [], [])
    var firsts = [Float?](repeating: nil, count: channels)
    var areConstant = [Bool](repeating: true, count: channels)
    var (sums, counts) = ([Double](repeating: 0, count: channels), [Int](repeating: 0, count: channels))
    var columns = [[Float]](repeating: [], count: channels)
    try pass { value, channel in
      guard value.isFinite else { return }
      if let first = firsts[channel] {
        if value != first { areConstant[channel] = false }
      } else {
        firsts[channel] = value
      }
      sums[channel] += Double(value)
      counts[channel] += 1
      if method == .robust { columns[channel].append(value) }
    }
    centers = zip(sums, counts).map { method == .standard && $1 > 0 ? $0 / Double($1) : 0 }
    scales = [Double](repeating: 1, count: channels)
    if method == .standard {
      let means = centers
      var squares = [Double](repeating: 0, count: channels)
      try pass { value, channel in
        guard value.isFinite else { return }
        squares[channel] += (Double(value) - means[channel]) * (Double(value) - means[channel])
      }
      scales = zip(squares, counts).map { ($0 / Double($1)).squareRoot() }
    }
    for channel in 0..<channels where method == .robust && counts[channel] > 0 {
      (centers[channel], scales[channel]) = ChannelScaler.quartiles(columns[channel])
    }
    for channel in 0..<channels where areConstant[channel] { constantChannels.append(channel) }
    scales = scales.enumerated().map { areConstant[$0] || !($1 > 0) || !$1.isFinite ? 1 : $1 }
  }

  /// The median, and the distance of the quartiles as the deviation of a normal distribution.
  private static func quartiles(_ values: [Float]) -> (center: Double, scale: Double) {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
      let (a, b) = (Double(sorted[low]), Double(sorted[high]))
      return a + (b - a) * (place - Double(low))
    }
    return (quantile(0.5), (quantile(0.75) - quantile(0.25)) / 1.349)
  }

  /// A number of a channel on the common scale.
  public func scaled(_ value: Float, channel: Int) -> Float {
    Float((Double(value) - centers[channel]) / scales[channel])
  }

  /// A number of a channel that was ``scaled(_:channel:)``.
  public func restored(_ value: Float, channel: Int) -> Float {
    Float(Double(value) * scales[channel] + centers[channel])
  }
}
