/// One sequence as it was found, with what is said about it.
public struct Record: Sendable, Equatable {
  /// What a sequence is made of.
  public enum Content: Sendable, Equatable {
    /// Running text.
    case text(String)
    /// Words that were split already.
    case words([String])
    /// Sound.
    case sound(Sound)
    /// Pictures.
    case pictures(FrameSequence)
    /// Numbers.
    case series(NumericSeries)
    /// Strokes of a pen.
    case strokes(StrokeSequence)
    /// A source with one sequence, which is read when it is needed.
    case file(DataSource)
  }

  /// What the sequence is made of.
  public var content: Content
  /// What is said about the whole of it: a class, a number, a text; nil where nobody says.
  public var label: String?
  /// What is said, written or signed in it, word for word; nil where nobody says.
  public var transcript: String?
  /// Other texts that are as right as the transcript, as those of other people are of the same pictures.
  public var alternatives: [String] = []
  /// The class of each of its steps, or words; nil where nobody says.
  public var stepLabels: [String]?
  /// The line of each of its steps, or words, in the file; nil where nobody says.
  public var stepLines: [Int]?
  /// When its steps are; nil where the data do not tell.
  public var clock: StepClock?
  /// What happens in it; nil where nobody says.
  public var events: [LabelledEvent]?
  /// Who or what it comes from: a speaker, a patient.
  public var group: String?
  /// The part that it belongs to, where the data say so.
  public var part: DataPart?
  /// The part of its file that it is, in seconds from the beginning; nil for the whole.
  public var segment: Range<Double>?
  /// How the numbers of its file are written; nil where its rows are to tell.
  public var format: TableFormat?
  /// Where it was found, for messages: a file, with the line where it is one of many; empty where it was made by a program.
  public var origin: String
  /// The file that the content was read from.
  var file: String?

  /// A record.
  public init(
    _ content: Content, label: String? = nil, stepLabels: [String]? = nil, stepLines: [Int]? = nil,
    clock: StepClock? = nil, events: [LabelledEvent]? = nil, group: String? = nil, part: DataPart? = nil,
    format: TableFormat? = nil, origin: String = "", transcript: String? = nil, segment: Range<Double>? = nil
  ) {
    self.content = content
    self.label = label
    self.transcript = transcript
    self.segment = segment
    self.stepLabels = stepLabels
    self.stepLines = stepLines
    self.clock = clock
    self.events = events
    self.group = group
    self.part = part
    self.format = format
    self.origin = origin
  }

  /// Steps in a unit of time, where the data tell; 1 for numbered steps.
  public var rate: Double { clock?.rate ?? 1 }

  /// What messages about the content name: its file, with the place that names the file where that is another one.
  var place: String {
    var name = file
    if case .file(let source) = content { name = source.name }
    return name.flatMap { $0 == origin ? nil : "\($0) (\(origin))" } ?? origin
  }

  /// A part of a record of numbers by its steps; times stay those of the whole. Any other record as it is.
  public func part(_ steps: Range<Int>) -> Record {
    guard case .series(let series) = content else { return self }
    var copy = self
    copy.content = .series(series.part(steps))
    copy.stepLabels = stepLabels.map { Array($0[steps]) }
    copy.stepLines = stepLines.map { Array($0[steps]) }
    return copy.timed(as: steps, of: series.stepCount)
  }

  /// The record with the clock and the events of some of so many steps.
  func timed(as steps: Range<Int>, of count: Int) -> Record {
    var copy = self
    let whole = clock ?? StepClock(rate: 1, unit: .counts("step"))
    let own = whole.part(steps)
    copy.clock = own
    let to = steps.upperBound < count ? whole.time(at: Double(steps.upperBound)) : .infinity
    // what bases are they are to the end of it
    copy.events = events?.filter {
      (whole.countsBases ? $0.end > own.start : $0.start >= own.start || steps.lowerBound == 0)
        && $0.start < to
    }
    return copy
  }
}

/// Something that happens in a recording, from a time to a time; both are the same for what has no extent.
public struct LabelledEvent: Sendable, Equatable, Codable {
  /// Its kind.
  public var label: String
  /// When it begins and ends, in seconds.
  public var start, end: Double

  /// An event from a time to a time, in seconds; without an end it has no extent.
  public init(label: String, start: Double, end: Double? = nil) {
    self.label = label
    self.start = start
    self.end = end ?? start
  }
}
