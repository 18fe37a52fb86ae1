/// Strokes of a pen as steps from point to point: where the pen goes, whether it was lifted in between, and how high it is.
///
/// Each step is a point with four numbers: the offset from the point before, `dx` to the right and `dy` upward; `lifted`, 1
/// where a stroke begins, and 0 elsewhere; and the height over the mean of the points, of the whole line or of those so far.
/// All lengths are in heights of a stroke, see ``StrokeSettings/Scale``, so that units of the device do not matter.
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

  /// A featurizer that was fitted.
  public init(settings: StrokeSettings, height: Double, isUpward: Bool, scaler: ChannelScaler) {
    (self.settings, self.height, self.isUpward, self.scaler) = (settings, height, isUpward, scaler)
  }

  /// Numbers of a step.
  public var featureCount: Int { StrokeSteps.featureCount }

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
    let isUpward = try records.first().strokes().isUpward
    var passes = RecordPasses(records) { record in
      let strokes = try record.strokes()
      return (strokes, 2 * strokes.pointCount)
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
    let width = StrokeSteps.featureCount
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
        "\(pointCount) points of strokes in \(records.count) lines, read as \(stepCount) steps; a stroke is "
          + "\((height * 10).rounded() / 10) units high")
    ]
    if heights.isEmpty { notes.append(DataNote(.warning, "no stroke has a height")) }
    return (StrokeFeaturizer(settings: own, height: height, isUpward: isUpward, scaler: scaler), notes)
  }

  /// The numbers of all steps, not scaled.
  private static func values(_ strokes: StrokeSequence, _ settings: StrokeSettings, height: Double) -> [Float]
  {
    var steps = StrokeSteps(settings, height: height, isUpward: strokes.isUpward)
    if settings.scale == .line { steps.settle(strokes) }
    var values: [Float] = []
    for stroke in strokes.strokes {
      for point in stroke { steps.push(point, to: &values) }
      steps.lift(to: &values)
    }
    return values
  }

  /// Numbers on their common scale.
  func scaled(_ values: [Float]) -> [Float] {
    values.enumerated().map { scaler.scaled($0.element, channel: $0.offset % StrokeSteps.featureCount) }
  }

  /// The features of strokes.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    FeatureSequence(
      featureCount: featureCount,
      values: scaled(StrokeFeaturizer.values(try record.strokes(), settings, height: height)))
  }

  /// The beginning of strokes that come point by point; nil where the whole line gives the scale.
  public func stream(readsTimes: Bool) -> FeatureStream? {
    settings.scale == .running ? FeatureStream(StrokeStream(self)) : nil
  }
}
