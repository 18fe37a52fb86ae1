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

  /// The joints that the channels are, which are read relative to one of them; nil for channels as they are. Scales, gaps and ranges
  /// are those of what they become.
  public var skeleton: Skeleton?

  /// A featurizer that was fitted.
  public init(
    channels: [String], scaler: ChannelScaler, missing: MissingValues, ranges: [[Float]]? = nil,
    skeleton: Skeleton? = nil
  ) {
    self.channels = channels
    self.scaler = scaler
    self.missing = missing
    self.ranges = ranges
    self.skeleton = skeleton
  }

  /// Numbers of a step.
  public var featureCount: Int {
    encoding?.outputCount ?? missing.featureCount(channels: columnCount)
  }

  /// Numbers of a step that are scaled: those of the channels, or of the joints.
  public var columnCount: Int { skeleton?.featureCount ?? channels.count }

  /// Their names.
  public var columns: [String] { skeleton?.names(channels) ?? channels }

  /// Fits scales and marks.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: SeriesFeaturizer, notes: [DataNote]) {
    guard case .series(let first) = try records.first().read() else { throw DataError.noText }
    let channels = first.channels
    let skeleton = try settings.skeleton.map { root throws(DataError) in
      try Skeleton(root: root, channels: channels)
    }
    let width = skeleton?.featureCount ?? channels.count
    var passes = RecordPasses(records) { record in
      let own = try record.series(channels: channels)
      let series = own.relative(to: skeleton)
      return ((series: series, note: own.noteOnPlaces(of: channels, in: record.origin)), series.values.count)
    }
    var (count, gaps) = (0, 0)
    var otherNames: [DataNote] = []
    var intervals: [Double] = []
    var values = [[Float]](repeating: [], count: settings.rangeCount == nil ? 0 : width)
    var isFirst = true
    let scaler = try ChannelScaler(method: settings.scaling, channels: width) { add in
      try passes.run { index, own in
        let series = own.series
        if isFirst {
          progress(Double(index) / Double(records.count))
          count += series.values.count
          if let note = own.note { otherNames.append(note) }
          if let times = series.times { intervals += zip(times.dropFirst(), times).map { $0 - $1 } }
        }
        for (place, value) in series.values.enumerated() {
          add(value, place % width)
          guard isFirst else { continue }
          if !value.isFinite { gaps += 1 } else if !values.isEmpty { values[place % width].append(value) }
        }
      }
      isFirst = false
    }
    var notes: [DataNote] = []
    if var note = otherNames.first {
      if otherNames.count > 1 { note.text += "; so in \(otherNames.count) sequences" }
      notes.append(note)
    }
    if let skeleton {
      notes.append(
        DataNote(
          .found,
          "\(skeleton.joints.count + 1) joints, relative to \(skeleton.root.name), with their velocities",
          setting: "skeleton"))
    }
    if settings.pen == nil, settings.strokes?.features == .shape, let note = PenChannels.note(channels) {
      notes.append(note)
    }
    let columns = skeleton?.names(channels) ?? channels
    if !scaler.constantChannels.isEmpty {
      let names = scaler.constantChannels.prefix(5).map { "\"\(columns[$0])\"" }.joined(separator: ", ")
      notes.append(
        DataNote(
          .warning,
          "\(scaler.constantChannels.count) of \(columns.count) channels say nothing, being constant or missing throughout: "
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
      channels: channels, scaler: scaler, missing: MissingValues(marksMissing: gaps > 0, timeScale: interval),
      skeleton: skeleton)
    if let rangeCount = settings.rangeCount {
      featurizer.ranges = values.enumerated().map { channel, column in
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
    ranges.map { RangeEncoding($0, inputCount: missing.featureCount(channels: columnCount)) }
  }

  /// The features of filled steps, `[step * channel]` on the common scale.
  func encoded(_ values: [Float]) -> FeatureSequence {
    let width = missing.featureCount(channels: columnCount)
    return FeatureSequence(featureCount: width, values: values).encoded(encoding)
  }

  /// The features of a series.
  ///
  /// - Throws: ``DataError`` where it has other channels, or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let width = columnCount
    let series = try record.series(channels: channels).relative(to: skeleton)
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

  /// What is remarkable about series to be read, by some of them: that their channels have other names.
  ///
  /// - Throws: ``DataError`` or a format error.
  func notes(on records: RecordSource) throws -> [DataNote] {
    for index in stride(from: 0, to: records.count, by: max(1, records.count / 8)) {
      let record = try records.beginning(of: index)
      guard case .series(let series) = try record.read() else { continue }
      if let note = series.noteOnPlaces(of: channels, in: record.origin) { return [note] }
    }
    return []
  }

  /// The beginning of a series that comes step by step.
  public func stream(readsTimes: Bool) -> FeatureStream? {
    FeatureStream(SeriesStream(self, readsTimes: readsTimes))
  }
}

extension NumericSeries {
  /// The series with its joints relative to the root; without a skeleton as it is.
  fileprivate func relative(to skeleton: Skeleton?) -> NumericSeries {
    guard let skeleton else { return self }
    var motion = Skeleton.Motion(skeleton)
    let width = channelCount
    let values = (0..<stepCount).flatMap { motion.push(Array(self.values[$0 * width..<($0 + 1) * width])) }
    return NumericSeries(channels: skeleton.names(channels), values: values, times: times)
  }
}
