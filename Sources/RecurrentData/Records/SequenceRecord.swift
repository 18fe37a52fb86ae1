/// One sequence as it was found, with what is said about it.
public struct SequenceRecord: Sendable, Equatable {
  /// What it is made of.
  public enum Content: Sendable, Equatable {
    /// Running text.
    case text(String)
    /// Words that were split already.
    case words([String])
    /// Numbers.
    case series(NumericSeries)
    /// A file with one sequence: sound, pictures, numbers or text; read when it is needed.
    case file(String)
  }

  /// What the sequence is made of.
  public var content: Content
  /// Its class; nil where nobody says.
  public var label: String?
  /// The class of each of its steps, or words; nil where nobody says.
  public var stepLabels: [String]?
  /// The line of each of its steps, or words, in the file; nil where nobody says.
  public var stepLines: [Int]?
  /// Who or what it comes from: a speaker, a patient.
  public var group: String?
  /// The part that it belongs to, where the data say so.
  public var part: DataPart?
  /// How the numbers of its file are written; nil where its rows are to tell.
  public var format: TableFormat?
  /// Where it was found, for messages: a file, with the line where it is one of many.
  public var origin: String

  /// A record.
  public init(
    _ content: Content, label: String? = nil, stepLabels: [String]? = nil, stepLines: [Int]? = nil,
    group: String? = nil, part: DataPart? = nil, origin: String
  ) {
    self.content = content
    self.label = label
    self.stepLabels = stepLabels
    self.stepLines = stepLines
    self.group = group
    self.part = part
    self.origin = origin
  }

  /// What messages about the content name: its file, with the place that names the file where that is another one.
  var place: String {
    guard case .file(let path) = content, path != origin else { return origin }
    return "\(path) (\(origin))"
  }
}

/// What data are for.
public enum DataPart: String, Sendable, Codable, CaseIterable {
  /// To train on.
  case training = "train"
  /// To choose and calibrate by.
  case validation = "valid"
  /// To judge by.
  case test

  /// The part that a word means, in the spellings in use.
  public init?(word: String) {
    switch word.lowercased() {
    case "train", "training", "tr": self = .training
    case "valid", "validation", "val", "dev", "development": self = .validation
    case "test", "testing", "te", "eval", "evaluation": self = .test
    default: return nil
    }
  }
}
