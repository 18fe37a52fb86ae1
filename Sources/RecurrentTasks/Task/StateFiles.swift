/// Files of states of an evaluation.
public struct StateFiles: Sendable {
  /// The state to go on from; nil for the beginning.
  public var load: String?
  /// Where the state behind the data is kept; nil for nowhere.
  public var save: String?
  /// The hash of the model.
  public var model: String

  /// Files.
  public init(load: String? = nil, save: String? = nil, model: String = "") {
    (self.load, self.save, self.model) = (load, save, model)
  }

  /// Whether there are none.
  public var areNone: Bool { load == nil && save == nil }
}
