/// From sequences of one modality to what a network reads; fitted on the training part alone.
///
/// A further modality is a type of this kind and a case of ``SequenceFeaturizer``.
public protocol Featurizer: Sendable, Equatable, Codable {
  /// What it reads.
  static var modality: Modality { get }

  /// Numbers of a step.
  var featureCount: Int { get }

  /// Tokens; nil where there are none.
  var vocabularySize: Int? { get }

  /// Fits a featurizer. Records are read one at a time, in a few passes, and their features are not kept.
  ///
  /// - Parameters:
  ///   - records: the training part, of at least one record.
  ///   - labels: the class of each; nil where there are none.
  ///   - classCount: classes.
  ///   - settings: how.
  ///   - progress: called with the completed fraction, 0 to 1.
  /// - Returns: the featurizer, and what is remarkable.
  /// - Throws: ``DataError`` or a format error.
  static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: Self, notes: [DataNote])

  /// The features of a sequence.
  ///
  /// - Throws: ``DataError`` or a format error, also where it is of another modality than those of the training.
  func callAsFunction(_ record: Record) throws -> FeatureSequence

  /// The features of a record that the featurizer was fitted to, where these differ from those of a new one.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - index: its place among those of the fit.
  /// - Throws: ``DataError`` or a format error.
  func trainingFeatures(_ record: Record, index: Int) throws -> FeatureSequence

  /// Steps of the features of a sequence, found without making them where that is possible.
  ///
  /// - Throws: ``DataError`` or a format error.
  func stepCount(_ record: Record) throws -> Int

  /// The beginning of a sequence that comes step by step; nil where the whole must be known.
  ///
  /// - Parameter readsTimes: whether a time beside numbers says how long nothing was seen; else steps are counted.
  func stream(readsTimes: Bool) -> FeatureStream?

  /// What is impossible about the values, as a sentence with the key; nil where nothing is. Ask before use where they come
  /// from a file.
  var issue: String? { get }
}

extension Featurizer {
  /// Features are numbers and no tokens.
  public var vocabularySize: Int? { nil }

  /// Those of a new record.
  public func trainingFeatures(_ record: Record, index: Int) throws -> FeatureSequence { try self(record) }

  /// By making the features.
  public func stepCount(_ record: Record) throws -> Int { try self(record).stepCount }

  /// Records cannot come step by step.
  public func stream(readsTimes: Bool) -> FeatureStream? { nil }
}
