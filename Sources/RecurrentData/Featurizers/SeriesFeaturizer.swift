/// Series of numbers on a common scale, with what is missing filled and marked.
public struct SeriesFeaturizer: Featurizer {
  /// What it reads: series of numbers.
  public static let modality = Modality.series

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
    encoding?.outputCount ?? missing.featureCount(channels: channels.count)
  }

  /// Fits scales and marks.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: SeriesFeaturizer, notes: [DataNote]) {
    guard case .series(let first) = try records.first().read() else { throw DataError.noText }
    let (channels, width) = (first.channels, first.channelCount)
    var passes = RecordPasses(records) { record in
      let series = try record.series(channels: channels)
      return (series, series.values.count)
    }
    var (count, gaps) = (0, 0)
    var intervals: [Double] = []
    var columns = [[Float]](repeating: [], count: settings.rangeCount == nil ? 0 : width)
    var isFirst = true
    let scaler = try ChannelScaler(method: settings.scaling, channels: width) { add in
      try passes.run { index, series in
        if isFirst {
          progress(Double(index) / Double(records.count))
          count += series.values.count
          if let times = series.times { intervals += zip(times.dropFirst(), times).map { $0 - $1 } }
        }
        for (place, value) in series.values.enumerated() {
          add(value, place % width)
          guard isFirst else { continue }
          if !value.isFinite { gaps += 1 } else if !columns.isEmpty { columns[place % width].append(value) }
        }
      }
      isFirst = false
    }
    var notes: [DataNote] = []
    if !scaler.constantChannels.isEmpty {
      let names = scaler.constantChannels.prefix(5).map { "\"\(channels[$0])\"" }.joined(separator: ", ")
      notes.append(
        DataNote(
          .warning,
          "\(scaler.constantChannels.count) of \(channels.count) channels say nothing, being constant or missing throughout: "
            + names, setting: "ignore-columns"))
    }
    if gaps > 0 {
      let share = 100 * Double(gaps) / Double(max(count, 1))
      notes.append(
        DataNote(
          .found,
          "\((share * 10).rounded() / 10) % of the values are missing; the network is told which, and for how long"
        ))
    }
    intervals.sort()
    let interval = intervals.isEmpty ? 1 : intervals[intervals.count / 2]
    var featurizer = SeriesFeaturizer(
      channels: channels, scaler: scaler, missing: MissingValues(marksMissing: gaps > 0, timeScale: interval))
    if let rangeCount = settings.rangeCount {
      featurizer.ranges = columns.enumerated().map { channel, column in
        SeriesFeaturizer.bounds(
          column.map { scaler.scaled($0, channel: channel) }.sorted(), count: rangeCount)
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

  /// How steps are encoded; nil for as they are.
  private var encoding: RangeEncoding? {
    ranges.map { RangeEncoding($0, inputCount: missing.featureCount(channels: channels.count)) }
  }

  /// The features of filled steps, `[step * channel]` on the common scale.
  func encoded(_ values: [Float]) -> FeatureSequence {
    let width = missing.featureCount(channels: channels.count)
    return FeatureSequence(featureCount: width, values: values).encoded(encoding)
  }

  /// The features of a series.
  ///
  /// - Throws: ``DataError`` where it has other channels, or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let width = channels.count
    let series = try record.series(channels: channels)
    var filler = MissingValues.Filler(missing, channels: width)
    var values: [Float] = []
    values.reserveCapacity(series.stepCount * missing.featureCount(channels: width))
    var step = [Float](repeating: 0, count: width)
    for row in 0..<series.stepCount {
      for channel in 0..<width {
        step[channel] = scaler.scaled(series.values[row * width + channel], channel: channel)
      }
      values += filler.fill(step, time: series.times?[row])
    }
    return encoded(values)
  }

  /// Rows or steps.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int {
    if case .file(let source) = record.content, let file = try? DataBytes(source), file.format.isTable {
      return try RecordTable(source, format: record.format).count
    }
    if case .file(let source) = record.content, try source.resolved.areSignals {
      let signals = try SignalRecording(SignalRecording.file(source.resolved))
      return record.segment.map { signals.steps($0).count } ?? signals.stepCount
    }
    return try record.series(channels: channels).stepCount
  }

  /// The beginning of a series that comes step by step.
  public func stream(readsTimes: Bool) -> FeatureStream? {
    FeatureStream(SeriesStream(self, readsTimes: readsTimes))
  }
}
