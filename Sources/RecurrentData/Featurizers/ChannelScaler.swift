/// Brings the channels of a sequence to a common scale, and back; fitted on the training part alone.
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
    self.method = method
    (centers, scales, constantChannels) = ([], [], [])
    for (channel, column) in columns.enumerated() {
      let values = column.filter(\.isFinite).map { Double($0) }
      let (center, scale) = ChannelScaler.fit(method, values)
      let isConstant = values.isEmpty || values.allSatisfy { $0 == values[0] }
      if isConstant { constantChannels.append(channel) }
      centers.append(center)
      scales.append(isConstant || !(scale > 0) || !scale.isFinite ? 1 : scale)
    }
  }

  private static func fit(_ method: Method, _ values: [Double]) -> (center: Double, scale: Double) {
    guard !values.isEmpty, method != .none else { return (0, 1) }
    if method == .standard {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return (mean, variance.squareRoot())
    }
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
      return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
    return (quantile(0.5), (quantile(0.75) - quantile(0.25)) / 1.349)
  }

  /// A number of a channel on the common scale.
  public func scaled(_ value: Float, channel: Int) -> Float {
    Float((Double(value) - centers[channel]) / scales[channel])
  }
}
