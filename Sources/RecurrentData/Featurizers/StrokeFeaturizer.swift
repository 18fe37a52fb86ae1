/// Strokes of a pen as steps from point to point: where the pen goes, whether it was lifted in between, and how high it is.
///
/// Each step is a point with four numbers: the offset from the point before, `dx` to the right and `dy` upward; `lifted`, 1
/// where a stroke begins, and 0 elsewhere; and the height over the mean of the points, of the whole line or of those so far.
/// All lengths are in heights of a stroke, see ``StrokeSettings/Scale``, so that units of the device do not matter. With
/// ``StrokeSettings/Features/shape`` a step also tells the place, the direction and the turn.
public struct StrokeFeaturizer: Featurizer {
  /// What it reads: strokes of a pen.
  public static let modality = Modality.strokes

  /// How strokes become steps.
  public var settings: StrokeSettings
  /// The usual height of a stroke in the training part, for strokes that have none, in units of the device.
  public var height: Double
  /// Whether y grows upward in strokes that come one by one, as in the training part.
  public var isUpward: Bool
  /// The scale of each number.
  public var scaler: ChannelScaler
  /// The channels of series that are the way of a pen; nil where the records are strokes.
  public var pen: PenChannels?

  /// A featurizer that was fitted.
  public init(
    settings: StrokeSettings, height: Double, isUpward: Bool, scaler: ChannelScaler, pen: PenChannels? = nil
  ) {
    (self.settings, self.height, self.isUpward, self.scaler) = (settings, height, isUpward, scaler)
    self.pen = pen
  }

  /// Numbers of a step.
  public var featureCount: Int { StrokeFeaturizer.featureCount(settings) }

  private static func featureCount(_ settings: StrokeSettings) -> Int {
    settings.features == .shape ? StrokeShape.featureCount : StrokeSteps.featureCount
  }

  /// Fits the scales.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: StrokeFeaturizer, notes: [DataNote]) {
    let own = settings.strokes ?? StrokeSettings()
    if let spacing = own.spacing, !StrokeSettings.spacings.contains(spacing) {
      throw DataError.invalidSetting(
        name: "point-spacing",
        expected:
          "\(StrokeSettings.spacings.lowerBound) to \(StrokeSettings.spacings.upperBound) heights of a stroke",
        found: "\(spacing)")
    }
    let first = try records.first()
    var reader = StrokeFeaturizer(
      settings: own, height: 1, isUpward: true, scaler: ChannelScaler(method: .none, fitting: []))
    if case .series(let series) = try first.read() {
      reader.pen =
        try settings.pen.map { names throws(DataError) in try PenChannels(names, in: series.channels) }
        ?? PenChannels(guessing: series.channels)
    }
    let strokes = reader.strokes(of:)
    let isUpward = try strokes(first).isUpward
    var passes = RecordPasses(records) { record in
      let own = try strokes(record)
      return (own, 2 * own.pointCount)
    }
    var heights: [Double] = []
    try passes.run { _, strokes in
      var extent = StrokeExtent()
      for stroke in strokes.strokes { extent.add(stroke) }
      if let height = extent.height { heights.append(height) }
    }
    heights.sort()
    let height = heights.isEmpty ? 1 : heights[heights.count / 2]
    var (isFirst, pointCount, stepCount) = (true, 0, 0)
    let width = featureCount(own)
    let scaler = try ChannelScaler(method: .standard, channels: width) { add in
      try passes.run { index, strokes in
        if isFirst { progress(Double(index) / Double(records.count)) }
        let values = StrokeFeaturizer.values(strokes, own, height: height)
        if isFirst {
          (pointCount, stepCount) = (pointCount + strokes.pointCount, stepCount + values.count / width)
        }
        for (place, value) in values.enumerated() { add(value, place % width) }
      }
      isFirst = false
    }
    var notes = [
      DataNote(
        .found,
        "\(pointCount) points of strokes in \(records.count) \(own.scale == .box ? "characters" : "lines"), read as "
          + "\(stepCount) steps; a stroke is \((height * 10).rounded() / 10) units high")
    ]
    if let pen = reader.pen, settings.pen == nil, case .series(let series) = try first.read() {
      notes.append(
        DataNote(
          .assumed,
          "\(series.channels[pen.x]) and \(series.channels[pen.y]) are the way of a pen", setting: "pen"))
    }
    if heights.isEmpty { notes.append(DataNote(.warning, "no stroke has a height")) }
    return (
      StrokeFeaturizer(settings: own, height: height, isUpward: isUpward, scaler: scaler, pen: reader.pen),
      notes
    )
  }

  /// The numbers of all steps, not scaled.
  private static func values(_ strokes: StrokeSequence, _ settings: StrokeSettings, height: Double) -> [Float]
  {
    var steps = StrokeSteps(settings, height: height, isUpward: strokes.isUpward)
    if settings.scale != .running { steps.settle(strokes) }
    var values: [Float] = []
    for stroke in strokes.strokes {
      for point in stroke { steps.push(point, to: &values) }
      steps.lift(to: &values)
    }
    guard settings.features == .shape else { return values }
    return StrokeShape.described(
      stride(from: 0, to: values.count, by: StrokeSteps.featureCount).map {
        (dx: Double(values[$0]), dy: Double(values[$0 + 1]), lifted: values[$0 + 2])
      })
  }

  /// Numbers on their common scale.
  func scaled(_ values: [Float]) -> [Float] {
    values.enumerated().map { scaler.scaled($0.element, channel: $0.offset % featureCount) }
  }

  /// The features of strokes.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    FeatureSequence(
      featureCount: featureCount,
      values: scaled(StrokeFeaturizer.values(try strokes(of: record), settings, height: height)))
  }

  /// The beginning of strokes that come point by point; nil where the whole gives the scale or the places.
  public func stream(readsTimes: Bool) -> FeatureStream? {
    settings.scale == .running && settings.features != .shape ? FeatureStream(StrokeStream(self)) : nil
  }
}
