#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something that happens in a recording, from a time to a time; both are the same for what has no extent.
public struct LabelledEvent: Sendable, Equatable, Codable {
  /// Its kind.
  public var label: String
  /// When it begins and ends, in seconds.
  public var start, end: Double

  /// An event.
  public init(label: String, start: Double, end: Double? = nil) {
    self.label = label
    self.start = start
    self.end = end ?? start
  }
}

/// A recording with what happens in it.
public struct TaggedRecording: Sendable {
  /// What was recorded; with a label for each step where steps have labels.
  public var record: SequenceRecord
  /// When its steps are; nil where the data do not tell.
  public var clock: StepClock?
  /// What happens in it; nil where steps have labels, or nobody says.
  public var events: [LabelledEvent]?
  /// Steps that the clock counts: rows, frames, samples; nil where they are not known.
  var stepCount: Int?
  /// Numbers that the steps have beside their times, by which events count.
  var numbers: StepClock?
  /// Whether its steps are samples of sound.
  var isSound = false

  init(
    record: SequenceRecord, clock: StepClock? = nil, events: [LabelledEvent]? = nil, stepCount: Int? = nil,
    numbers: StepClock? = nil
  ) {
    (self.record, self.clock, self.events, self.stepCount, self.numbers) = (
      record, clock, events, stepCount, numbers
    )
  }

  /// Steps in a unit of time, where the data tell; 1 for numbered steps.
  public var rate: Double { clock?.rate ?? 1 }
}

/// Recordings, and what happens in them at each moment: a table with a label in each row, or tables and files with a table of
/// events beside them, or words with tags.
public struct TaggedRecordings: Sendable {
  /// The recordings.
  public var recordings: [TaggedRecording]
  /// What was found and assumed.
  public var notes: [DataNote]
  /// The column of the words, where a table has a word in each row.
  public internal(set) var wordColumn: String?
  /// How dates and numbers of the tables are written, where that was a question.
  public internal(set) var format: TableFormat?

  /// Which columns say what.
  public struct Columns: Sendable, Equatable, Codable {
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
    /// The column of the words; nil to find it out. One that a table lacks is not asked for.
    public var word: String?

    /// All to be found out.
    public init() {}

    /// These, and for what they do not say what is known, as far as a table has the columns.
    func filled(from known: Columns?, in columns: [String]) -> Columns {
      guard let known else { return self }
      func present(_ name: String?) -> String? { name.flatMap { columns.contains($0) ? $0 : nil } }
      var own = self
      own.records.label = records.label ?? present(known.records.label)
      own.records.id = records.id ?? present(known.records.id)
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
      return own
    }
  }

  /// What was found out in training about the data, so that others are read alike.
  public struct Known: Sendable {
    /// The columns that were named then.
    public var columns: Columns?
    /// The channels of the steps, in order; nil for all numbers.
    public var channels: [String]?
    /// The clock of recordings that have none.
    public var clock: StepClock?

    /// What is known.
    public init(columns: Columns? = nil, channels: [String]? = nil, clock: StepClock? = nil) {
      (self.columns, self.channels, self.clock) = (columns, channels, clock)
    }
  }

  /// Reads recordings.
  ///
  /// - Parameters:
  ///   - paths: tables and files, or folders with the files that the events name.
  ///   - eventPath: the table of events; nil for labels in the table itself.
  ///   - columns: of both.
  ///   - known: from a training before.
  ///   - needsTruth: whether recordings without labels or events are refused.
  ///   - readsWords: whether it is known that the recordings are sentences.
  /// - Throws: ``DataError`` or a format error; also for events outside their recording.
  public init(
    paths: [String], eventPath: String?, columns: Columns = Columns(), known: Known = Known(),
    needsTruth: Bool = true, readsWords: Bool = false
  ) throws {
    (recordings, notes, format) = ([], [], columns.records.knownFormat)
    var events: EventTable?
    if let eventPath { events = try EventTable(path: eventPath, columns, known: known.columns, &notes) }
    if let events, events.namesFiles {
      recordings = try files(paths, events, columns, known)
    } else {
      for path in paths {
        if try TaggedRecordings.areSentences(path, columns, readsWords: readsWords) {
          recordings += try sentences(path, needsTags: needsTruth)
        } else if TaggedRecordings.isTable(path) {
          recordings += try table(
            path, columns, known, events: events, hasEvents: events != nil || !needsTruth,
            readsWords: readsWords)
        } else {
          recordings.append(
            try TaggedRecordings.recording(path, reads: events != nil, columns.records.format))
        }
      }
    }
    if let events {
      if !events.namesFiles {
        guard recordings.count == 1 else {
          throw DataError.invalidSetting(
            name: "events",
            expected: "a column with the file of each event, for there are \(recordings.count) recordings",
            found: "none in \(events.path)")
        }
        recordings[0].events = try events.events(of: nil, in: recordings[0], assumed: known.clock)
      }
      if let first = recordings.first { notes.append(try events.note(for: first)) }
    }
    guard !recordings.isEmpty else { throw DataError.empty(path: paths.first ?? "") }
  }

}
