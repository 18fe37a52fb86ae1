/// Which columns of recordings, and of a table of events beside them, say what.
public struct RecordingColumns: Sendable, Equatable, Codable {
  /// What positions of events count.
  public enum EventUnit: String, Sendable, Codable, CaseIterable {
    /// What the times of the recording count; seconds of sound and pictures.
    case time
    /// Steps of the recording from 0: rows, frames, samples.
    case steps
  }

  /// The columns of the recordings themselves.
  public var records = RecordColumns()
  /// The columns of the events: the file, the kind, the beginning and the end; nil to find them out.
  public var eventFile, eventLabel, eventStart, eventEnd: String?
  /// What the positions of events count; nil to find it out.
  public var eventUnit: EventUnit?
  /// The name of all events, whatever their kind; nil to tell kinds apart.
  public var singleLabel: String?
  /// Which annotations of files of signals are events; nil for beats where there are some, else all.
  public var annotations: AnnotationChoice?
  /// The kinds of features that say what the bases of a sequence are; nil for those that are usual.
  public var features: [String]?
  /// Whether features of both strands are told apart; nil for yes.
  public var tellsStrands: Bool?
  /// The column of the words; nil to find it out. One that a table lacks is not asked for.
  public var word: String?

  /// All to be found out.
  public init() {}

  /// These, and for what they do not say what is known, as far as a table has the columns.
  func filled(from known: RecordingColumns?, in columns: [String]) -> RecordingColumns {
    guard let known else { return self }
    func present(_ name: String?) -> String? { name.flatMap { columns.contains($0) ? $0 : nil } }
    var own = self
    own.records.label = records.label ?? present(known.records.label)
    own.records.id = records.id ?? known.records.id.flatMap { RecordTable.has($0, in: columns) ? $0 : nil }
    own.records.time = records.time ?? present(known.records.time)
    own.records.ignored += known.records.ignored.filter {
      columns.contains($0) && !records.ignored.contains($0)
    }
    own.eventFile = eventFile ?? present(known.eventFile)
    own.eventLabel = eventLabel ?? present(known.eventLabel)
    own.eventStart = eventStart ?? present(known.eventStart)
    own.eventEnd = eventEnd ?? present(known.eventEnd)
    own.eventUnit = eventUnit ?? known.eventUnit
    own.singleLabel = singleLabel ?? known.singleLabel
    own.annotations = annotations ?? known.annotations
    own.features = features ?? known.features
    own.tellsStrands = tellsStrands ?? known.tellsStrands
    return own
  }

  /// What was found out in training about recordings, so that others are read alike.
  public struct Known: Sendable {
    /// The columns that were named then.
    public var columns: RecordingColumns?
    /// The channels of the steps, in order; nil for all numbers.
    public var channels: [String]?
    /// The clock of recordings that have none.
    public var clock: StepClock?
    /// The names of the numbers that words of categories became (`weather=rain`); nil where that is to be found out.
    public var indicators: [String]?
    /// Whether columns with few words are read as categories where nobody names any.
    public var findsCategories: Bool

    /// What is known.
    public init(
      columns: RecordingColumns? = nil, channels: [String]? = nil, clock: StepClock? = nil,
      indicators: [String]? = nil, findsCategories: Bool = false
    ) {
      (self.columns, self.channels, self.clock) = (columns, channels, clock)
      (self.indicators, self.findsCategories) = (indicators, findsCategories)
    }
  }
}
