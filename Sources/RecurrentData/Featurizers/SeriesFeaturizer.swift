/// Series of numbers on a common scale, with what is missing filled and marked.
public struct SeriesFeaturizer: Sendable, Equatable, Codable {
  /// The channels, in order.
  public var channels: [String]
  /// The scale of each channel.
  public var scaler: ChannelScaler
  /// What stands for values that are missing.
  public var missing: MissingValues

  /// For each channel the bounds of the ranges that its values are told apart by; nil for the values themselves.
  public var ranges: [[Float]]?

  /// A featurizer that was fitted.
  public init(channels: [String], scaler: ChannelScaler, missing: MissingValues, ranges: [[Float]]? = nil) {
    self.channels = channels
    self.scaler = scaler
    self.missing = missing
    self.ranges = ranges
  }

  /// Numbers of a step.
  public var featureCount: Int {
    let own = missing.featureCount(channels: channels.count)
    guard let ranges else { return own }
    return own - channels.count + ranges.reduce(0) { $0 + $1.count - 1 }
  }

  /// Fits scales and marks.
  ///
  /// - Returns: the featurizer, and what is remarkable.
  public static func fit(
    _ series: [NumericSeries], method: ChannelScaler.Method, rangeCount: Int? = nil
  ) -> (featurizer: SeriesFeaturizer, notes: [DataNote]) {
    let channels = series.first?.channels ?? []
    let columns = channels.indices.map { channel in series.flatMap { $0.column(channel) } }
    let scaler = ChannelScaler(method: method, fitting: columns)
    var notes: [DataNote] = []
    if !scaler.constantChannels.isEmpty {
      let names = scaler.constantChannels.prefix(5).map { "\"\(channels[$0])\"" }.joined(separator: ", ")
      notes.append(
        DataNote(
          .warning,
          "\(scaler.constantChannels.count) of \(channels.count) channels say nothing, being constant or missing throughout: "
            + names, flag: "--ignore-columns"))
    }
    let count = columns.reduce(0) { $0 + $1.count }
    let gaps = columns.reduce(0) { $0 + $1.count { !$0.isFinite } }
    if gaps > 0 {
      let share = 100 * Double(gaps) / Double(max(count, 1))
      notes.append(
        DataNote(
          .found,
          "\((share * 10).rounded() / 10) % of the values are missing; the network is told which, and for how long"
        ))
    }
    var intervals = series.flatMap { one -> [Double] in
      guard let times = one.times else { return [] }
      return zip(times.dropFirst(), times).map { $0 - $1 }
    }
    intervals.sort()
    let interval = intervals.isEmpty ? 1 : intervals[intervals.count / 2]
    var featurizer = SeriesFeaturizer(
      channels: channels, scaler: scaler, missing: MissingValues(marksMissing: gaps > 0, timeScale: interval),
      ranges: nil)
    if let rangeCount {
      featurizer.ranges = columns.enumerated().map { channel, column in
        let sorted = column.filter(\.isFinite).map { scaler.scaled($0, channel: channel) }.sorted()
        return SeriesFeaturizer.bounds(sorted, count: rangeCount)
      }
    }
    return (featurizer, notes)
  }

  /// Bounds between which about as many values lie; at least two.
  private static func bounds(_ sorted: [Float], count: Int) -> [Float] {
    guard let first = sorted.first, let last = sorted.last, first < last else { return [-1, 1] }
    var bounds = [first]
    for part in 1...count {
      let bound = sorted[min(sorted.count - 1, part * sorted.count / count)]
      if bound > bounds[bounds.count - 1] { bounds.append(bound) }
    }
    return bounds
  }

  /// Each value as how far it has come through each range, 0 ... 1 (piecewise linear encoding, Gorishniy et al. 2022,
  /// arXiv:2203.05556): thresholds of single channels are easy to learn from it.
  func encoded(_ step: [Float]) -> [Float] {
    guard let ranges else { return step }
    var result: [Float] = []
    result.reserveCapacity(featureCount)
    for (value, bounds) in zip(step, ranges) {
      for (low, high) in zip(bounds, bounds.dropFirst()) {
        result.append(min(max((value - low) / (high - low), 0), 1))
      }
    }
    return result + step[channels.count...]
  }

  /// The features of a series.
  ///
  /// - Throws: ``DataError`` where it has other channels.
  public func callAsFunction(_ series: NumericSeries, origin: String) throws(DataError) -> FeatureSequence {
    guard series.channelCount == channels.count else {
      throw .malformed(
        path: origin, place: .line(1), expected: "\(channels.count) channels as in training",
        found: "\(series.channelCount)")
    }
    let width = channels.count
    let steps = (0..<series.stepCount).map { step in
      (0..<width).map { scaler.scaled(series.values[step * width + $0], channel: $0) }
    }
    return FeatureSequence(
      featureCount: featureCount, values: missing.filled(steps, times: series.times).flatMap { encoded($0) })
  }
}
