/// Which columns of a log say what; nil where their names and values are to tell.
public struct ControlColumns: Sendable, Equatable, Codable {
  /// What an output is.
  public enum OutputKind: String, Sendable, Codable, CaseIterable {
    /// A number.
    case continuous
    /// One of a few moves.
    case discrete
  }

  /// What goes in: the inputs of a system, or what a driver observes.
  public var inputs: [String]?
  /// What comes out: the outputs of a system, or what a driver does.
  public var outputs: [String]?
  /// Which episode a row belongs to.
  public var episode: String?
  /// When a step was.
  public var time: String?
  /// Columns that are not read.
  public var ignored: [String]
  /// What the outputs are; nil for moves where they are words.
  public var outputKind: OutputKind?
  /// How dates and numbers are written; nil where the rows are to tell.
  public var format: TableFormat?
  /// How those of the training data were written, for what the rows of other data leave open.
  public var knownFormat: TableFormat?
  /// The column of episodes in the training data; other data need not have it.
  public var knownEpisode: String?
  /// The column of times in the training data; other data need not have it.
  public var knownTime: String?

  /// The names of columns.
  public init(
    inputs: [String]? = nil, outputs: [String]? = nil, episode: String? = nil, time: String? = nil,
    ignored: [String] = [], outputKind: OutputKind? = nil, format: TableFormat? = nil
  ) {
    (self.inputs, self.outputs, self.episode, self.time) = (inputs, outputs, episode, time)
    (self.ignored, self.outputKind, self.format) = (ignored, outputKind, format)
  }

  /// The name that usually numbers episodes.
  static let episodeName = "episode"
}
