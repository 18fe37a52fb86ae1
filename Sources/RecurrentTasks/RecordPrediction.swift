/// Predicts for records that are apart, a source or an error for each, and gives a prediction or an error for each, in order.
public typealias RecordPredictor = ([Result<DataSource, any Error>]) -> [Result<RecordPrediction, any Error>]

/// The prediction for one of many records.
public struct RecordPrediction: Sendable, Equatable {
  /// The prediction as text.
  public var text: String
  /// The prediction as rows of a table.
  public var rows: [[Field]]
  /// Whether there may be any number of rows, and not just one.
  public var hasManyRows: Bool
}
