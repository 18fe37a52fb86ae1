/// Which columns of a table say what; nil where the names and values of the columns are to tell.
public struct RecordColumns: Sendable, Equatable, Codable {
  /// Text, or the path of a file with the sequence.
  public var input: String?
  /// The class.
  public var label: String?
  /// The part: train, valid or test.
  public var split: String?
  /// Who or what a sequence comes from.
  public var group: String?
  /// Which sequence a row belongs to, where each row is one step.
  public var id: String?
  /// When a step was, or its number.
  public var time: String?
  /// Columns of numbers that are not to be read.
  public var ignored: [String]
  /// Columns of words that are read as categories; nil where their words are to tell.
  public var categories: [String]?
  /// What labels are; nil for classes.
  public var labelKind: LabelKind?
  /// How dates and numbers are written; nil where the rows are to tell.
  public var format: TableFormat?
  /// How those of the training data were written, for what the rows of other data leave open.
  public var knownFormat: TableFormat?

  /// What the label of a sequence is.
  public enum LabelKind: String, Sendable, Codable {
    /// One of a few classes.
    case category
    /// A number.
    case number

    /// What notes call it.
    var name: String { self == .number ? "the number" : "the class" }
    /// The setting with its column.
    var setting: String { self == .number ? "target-column" : "label-column" }
  }

  /// The names of columns; nil where the names and values of the table are to tell.
  public init(
    input: String? = nil, label: String? = nil, split: String? = nil, group: String? = nil, id: String? = nil,
    time: String? = nil, ignored: [String] = [], categories: [String]? = nil, labelKind: LabelKind? = nil,
    format: TableFormat? = nil
  ) {
    self.categories = categories
    self.labelKind = labelKind
    self.format = format
    self.input = input
    self.label = label
    self.split = split
    self.group = group
    self.id = id
    self.time = time
    self.ignored = ignored
  }

  /// Names that usually mean a class.
  static let labelNames = [
    "label", "labels", "class", "target", "category", "sentiment", "polarity", "emotion", "intent", "y",
    "tag",
  ]
  /// Names that usually mean a text or a file.
  static let inputNames = [
    "text", "sentence", "review", "review_text", "tweet", "message", "comment", "content", "input", "file",
    "filename", "path", "audio", "wav", "clip",
    "video",
    "values", "series", "sequence",
  ]
  /// Names that usually mean what a drawing shows.
  static let drawingNames = ["word", "character", "char", "letter", "digit", "symbol"]
  /// Names that usually mean who wrote something.
  static let writerNames = ["writer", "writer_id", "author", "user", "user_id", "subject"]
  /// Names that usually mean where a piece of a file begins, and where it ends, in seconds.
  static let startNames = ["start", "begin", "start_s", "start_time", "start_seconds"]
  static let endNames = ["end", "stop", "end_s", "end_time", "end_seconds"]
  /// Names that mean nothing but a file.
  static let fileNames = ["file", "filename", "path"]
  /// Names that usually mean a part.
  static let splitNames = ["split", "part", "fold", "subset"]
  /// Names that usually number sequences.
  static let idNames = [
    "id", "example", "case", "sequence", "sample", "session", "record", "episode", "series",
  ]
  /// Names of things that are measured again and again, so that what is measured of one may be a sequence.
  static let deviceNames = [
    "unit", "unit_number", "unit_id", "engine", "engine_id", "machine", "machine_id", "device", "device_id",
    "asset", "vehicle", "run", "run_id", "trial", "trial_id", "recording", "recording_id",
  ]
  /// Names of recordings, of which a table may have a step in each row.
  static let clipNames = ["clip", "video", "file", "filename", "path", "audio", "wav", "sequence", "series"]
  /// Names that usually say who a sequence comes from.
  static let groupNames = [
    "subject", "subject_id", "patient", "patient_id", "participant", "participant_id", "person", "person_id",
    "speaker", "speaker_id", "writer", "writer_id",
  ]
  /// Names of what counts the steps of a sequence.
  static let counterNames = ["cycle", "cycles", "time_in_cycles", "tick", "step_index", "frame_number"]
  /// Names that usually mean a time or the number of a step.
  static let timeNames = ["time", "step", "t", "timestamp", "date", "datetime", "time_s", "frame", "index"]

  /// Whether a column of this name usually holds times.
  public static func isTime(_ name: String) -> Bool { timeNames.contains(name.lowercased()) }

  /// Whether a name says that a column holds something else than a class.
  static func isOfAnotherKind(_ name: String) -> Bool {
    let name = name.lowercased()
    return (inputNames + splitNames + idNames + timeNames).contains(name)
  }

  static func first(_ names: [String], in columns: [String]) -> Int? {
    for name in names {
      if let place = columns.firstIndex(where: { $0.lowercased() == name }) { return place }
    }
    return nil
  }
}
