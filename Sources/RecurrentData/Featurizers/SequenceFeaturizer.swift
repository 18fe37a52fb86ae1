/// The featurizers by modality: what a bundle holds.
public enum SequenceFeaturizer: Sendable, Equatable, Codable {
  /// Text.
  case text(TextFeaturizer)
  /// Sound.
  case sound(SoundFeaturizer)
  /// Pictures.
  case pictures(PictureFeaturizer)
  /// Numbers.
  case series(SeriesFeaturizer)
  /// Strokes of a pen.
  case strokes(StrokeFeaturizer)

  /// The featurizer of the modality.
  private var own: any Featurizer {
    switch self {
    case .text(let own): own
    case .sound(let own): own
    case .pictures(let own): own
    case .series(let own): own
    case .strokes(let own): own
    }
  }

  /// What the sequences are.
  public var modality: Modality { type(of: own).modality }

  /// Numbers of a step.
  public var featureCount: Int { own.featureCount }

  /// Tokens; nil where there are none.
  public var vocabularySize: Int? { own.vocabularySize }

  /// Fits a featurizer of the modality of the first record; see ``Featurizer/fit(_:labels:classCount:settings:progress:)``.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings = FeatureSettings(),
    progress: (Double) -> Void = { _ in }
  ) throws -> (featurizer: SequenceFeaturizer, notes: [DataNote]) {
    let first = try records.first().loaded()
    func fit<Own: Featurizer>(
      _ make: (Own) -> SequenceFeaturizer
    ) throws -> (featurizer: SequenceFeaturizer, notes: [DataNote]) {
      let (own, notes) = try Own.fit(
        records.keepingFirst(first), labels: labels, classCount: classCount, settings: settings,
        progress: progress)
      return (make(own), notes)
    }
    switch first.content.modality ?? .series {
    case .text: return try fit(SequenceFeaturizer.text)
    case .sound: return try fit(SequenceFeaturizer.sound)
    case .pictures: return try fit(SequenceFeaturizer.pictures)
    case .series where settings.readsPen(first): return try fit(SequenceFeaturizer.strokes)
    case .series: return try fit(SequenceFeaturizer.series)
    case .strokes: return try fit(SequenceFeaturizer.strokes)
    }
  }

  /// The features of a sequence.
  ///
  /// - Throws: ``DataError`` or a format error, also where it is of another modality than those of the training.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence { try own(record) }

  /// The features of a record that the featurizer was fitted to; see ``Featurizer/trainingFeatures(_:index:)``.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func trainingFeatures(_ record: Record, index: Int) throws -> FeatureSequence {
    try own.trainingFeatures(record, index: index)
  }

  /// Steps of the features of a sequence, found without making them where that is possible.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int { try own.stepCount(record) }

  /// The beginning of a sequence that comes step by step; nil for pictures, and for sound by its loudest moment.
  public func stream(readsTimes: Bool = true) -> FeatureStream? { own.stream(readsTimes: readsTimes) }

  /// Steps a second where the featurizer decides it: of sound; nil for all others.
  public var stepRate: Double? { if case .sound(let own) = self { own.stepRate } else { nil } }

  /// Frames that a step has beside each other: of sound with a stack; 1 for all others.
  public var framesOfStep: Int { if case .sound(let own) = self { own.stack?.size ?? 1 } else { 1 } }

  /// What is remarkable about sequences to be read, by what is known without reading all of them.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func notes(on records: RecordSource) throws -> [DataNote] {
    switch self {
    case .sound(let own): try own.notes(on: records)
    case .series(let own): try own.notes(on: records)
    default: []
    }
  }

  /// What is impossible about the values, as a sentence with the key; nil where nothing is.
  public var issue: String? { own.issue }
}
