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
  /// Steps a second, where the data tell; 1 for numbered steps.
  public var rate: Double
  /// What happens in it; nil where steps have labels, or nobody says.
  public var events: [LabelledEvent]?
}

/// Recordings, and what happens in them at each moment: a table with a label in each row, or tables and files with a table of
/// events beside them, or words with tags.
public struct TaggedRecordings: Sendable {
  /// The recordings.
  public var recordings: [TaggedRecording]
  /// What was found and assumed.
  public var notes: [DataNote]
  /// How dates and numbers of the tables are written, where that was a question.
  public private(set) var format: TableFormat?

  /// Which columns say what.
  public struct Columns: Sendable, Equatable {
    /// Of the recordings.
    public var records = RecordColumns()
    /// Of the events: the file, the kind, the beginning and the end.
    public var eventFile, eventLabel, eventStart, eventEnd: String?
    /// The name of all events, whatever their kind; nil to tell kinds apart.
    public var singleLabel: String?

    /// All to be found out.
    public init() {}
  }

  /// Reads recordings.
  ///
  /// - Parameters:
  ///   - paths: tables, or one folder with the files that the events name.
  ///   - eventPath: the table of events; nil for labels in the table itself.
  ///   - columns: of both.
  ///   - needsTruth: whether recordings without labels or events are refused.
  /// - Throws: ``DataError`` or a format error.
  public init(
    paths: [String], eventPath: String?, columns: Columns = Columns(), needsTruth: Bool = true
  ) throws {
    (recordings, notes, format) = ([], [], columns.records.knownFormat)
    var events: EventTable?
    if let eventPath { events = try EventTable(path: eventPath, columns, &notes) }
    for path in paths {
      if let events, events.namesFiles {
        recordings += try TaggedRecordings.files(path, events, columns.records.format)
      } else if try TaggedRecordings.areSentences(path) {
        recordings += try TaggedRecordings.sentences(path)
      } else if ["csv", "tsv", "jsonl", "txt"].contains(DataFolder.ending(path)) {
        recordings += try table(path, columns, hasEvents: events != nil || !needsTruth)
      } else {
        var record = SequenceRecord(.file(path), origin: path)
        record.format = columns.records.format
        recordings.append(TaggedRecording(record: record, rate: 0, events: nil))
      }
    }
    if let events, !events.namesFiles {
      guard recordings.count == 1 else {
        throw DataError.invalidSetting(
          name: "events",
          expected: "a column with the file of each event, for there are \(recordings.count) recordings",
          found: "none in \(events.path)")
      }
      recordings[0].events = try events.events(of: nil, rate: recordings[0].rate)
    }
    guard !recordings.isEmpty else { throw DataError.empty(path: paths.first ?? "") }
  }

  /// A row a step.
  private mutating func table(
    _ path: String, _ columns: Columns, hasEvents: Bool
  ) throws -> [TaggedRecording] {
    let table = try RecordTable(path: path, format: columns.records.format, known: format)
    notes += table.notes
    var asked = columns.records
    if asked.time == nil {
      asked.time = RecordColumns.first(RecordColumns.timeNames, in: table.columns).map { table.columns[$0] }
    }
    let label =
      try asked.label.map { (name: String) throws(DataError) in try table.column(name) }
      ?? (hasEvents
        ? nil : RecordColumns.first(RecordColumns.labelNames + ["move", "state"], in: table.columns))
    if label == nil, !hasEvents {
      throw DataError.invalidSetting(
        name: "label-column",
        expected: "the column with the label of each step, or --events with a table of events",
        found: "none; the columns are \(table.columns.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    let id = try asked.id.map { (name: String) throws(DataError) in try table.column(name) }
    let time = try asked.time.map { (name: String) throws(DataError) in try table.column(name) }
    var ignored: Set<Int> = []
    for name in asked.ignored { ignored.insert(try table.column(name)) }
    let taken = Set([label, id, time].compactMap { $0 }).union(ignored)
    let values = table.columns.indices.filter {
      !taken.contains($0) && table.isNumeric($0) && !TaggedRecordings.numbersSentences(table.columns[$0])
    }
    guard !values.isEmpty else { return try words(table, taken: taken, label: label, id: id) }
    if let label, asked.label == nil {
      notes.append(
        DataNote(
          .assumed, "the label of a step is the column \"\(table.columns[label])\"", flag: "--label-column"))
    }
    let shown =
      values.count > 6 ? "\(values.count) columns" : values.map { table.columns[$0] }.joined(separator: ", ")
    notes.append(DataNote(.assumed, "\(shown): the channels of a step", flag: "--ignore-columns"))
    let dates = try time.flatMap { try table.isNumeric($0) ? nil : table.dates($0) }
    notes += [dates?.note].compactMap { $0 }
    let written = TableFormat(
      dateOrder: dates.flatMap { $0.isDecisive ? $0.order : nil }, decimal: table.decimal)
    format = written.filled(from: format)
    var parts: [(id: String, values: [Float], times: [Double], labels: [String], line: Int)] = []
    for row in 0..<table.count {
      let fields = try table.row(row)
      let name = id.map { fields[$0] } ?? ""
      if parts.last?.id != name { parts.append((name, [], [], [], table.line(of: row))) }
      let last = parts.count - 1
      for column in values {
        parts[last].values.append(
          try table.number(fields[column], row: row, column: column).map { Float($0) } ?? .nan)
      }
      if let label {
        guard !fields[label].isEmpty else {
          throw DataError.malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[label]),
            expected: "a label",
            found: "nothing")
        }
        parts[last].labels.append(fields[label])
      }
      if let time {
        let moment =
          try dates.map { CalendarTime(fields[time], order: $0.order)?.seconds }
          ?? table.number(fields[time], row: row, column: time)
        guard let moment, parts[last].times.last.map({ moment > $0 }) ?? true else {
          throw DataError.malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[time]),
            expected: "a time behind that of the row before", found: "\"\(fields[time].prefix(40))\"")
        }
        parts[last].times.append(moment)
      }
    }
    let inSeconds = time.map { dates != nil || TaggedRecordings.isInSeconds(table.columns[$0]) } ?? false
    return parts.map { part in
      let rate = inSeconds ? TaggedRecordings.rate(part.times) : 1
      var record = SequenceRecord(
        .series(NumericSeries(channels: values.map { table.columns[$0] }, values: part.values)),
        stepLabels: part.labels.isEmpty ? nil : part.labels,
        origin: part.id.isEmpty ? path : "\(path):\(part.line), \(part.id)")
      if inSeconds { record.start = part.times.first ?? 0 }
      return TaggedRecording(record: record, rate: rate, events: nil)
    }
  }

  /// A word in each row; rows of one sentence have its number, or the first of them alone does.
  private mutating func words(
    _ table: RecordTable, taken: Set<Int>, label: Int?, id: Int?
  ) throws -> [TaggedRecording] {
    let names = ["word", "token", "form", "text"]
    let id =
      id
      ?? table.columns.indices.first {
        !taken.contains($0) && TaggedRecordings.numbersSentences(table.columns[$0])
      }
    let free = table.columns.indices.filter { !taken.contains($0) && $0 != id }
    guard let word = free.first(where: { names.contains(table.columns[$0].lowercased()) }) ?? free.first
    else {
      throw DataError.malformed(
        path: table.path, place: .line(2), expected: "a column of numbers, or of words", found: "neither")
    }
    notes.append(
      DataNote(
        .assumed,
        "the words are the column \"\(table.columns[word])\""
          + (id.map { ", those of one \"\(table.columns[$0])\" a sentence" } ?? ""), flag: "--ignore-columns")
    )
    var sentences: [(id: String, words: [String], tags: [String], line: Int)] = []
    for row in 0..<table.count {
      let fields = try table.row(row)
      let number = id.map { fields[$0] } ?? ""
      if sentences.isEmpty || !number.isEmpty && number != sentences[sentences.count - 1].id {
        sentences.append((number, [], [], table.line(of: row)))
      }
      sentences[sentences.count - 1].words.append(fields[word])
      guard let label else { continue }
      guard !fields[label].isEmpty else {
        throw DataError.malformed(
          path: table.path, place: .field(line: table.line(of: row), column: table.columns[label]),
          expected: "a tag", found: "nothing")
      }
      sentences[sentences.count - 1].tags.append(fields[label])
    }
    return sentences.map { one in
      TaggedRecording(
        record: SequenceRecord(
          .words(one.words), stepLabels: one.tags.isEmpty ? nil : one.tags,
          origin: "\(table.path):\(one.line)"),
        rate: 1, events: nil)
    }
  }

  private static func numbersSentences(_ name: String) -> Bool { name.lowercased().hasPrefix("sentence") }

  /// Whether the name of a column of times says that they are seconds, and not numbers of steps.
  private static func isInSeconds(_ name: String) -> Bool {
    ["time", "time_s", "seconds", "t", "timestamp"].contains(name.lowercased())
  }

  /// Steps a second, from half of the distances.
  private static func rate(_ times: [Double]) -> Double {
    let distances = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
    guard let middle = distances.isEmpty ? nil : distances[distances.count / 2], middle > 0 else { return 1 }
    // times are often rounded: the mean is better where steps are even
    guard let first = times.first, let last = times.last, distances[distances.count - 1] < 1.5 * middle else {
      return 1 / middle
    }
    return Double(times.count - 1) / (last - first)
  }

  /// The files that a table of events names.
  private static func files(
    _ path: String, _ events: EventTable, _ format: TableFormat?
  ) throws -> [TaggedRecording] {
    return try events.files.map { file in
      let place = TaggedRecordings.place(of: file.name, in: path, events)
      let rate: Double
      switch try SequenceFile(path: place, format: format) {
      case .pictures(let pictures):
        let seconds = pictures.durations.reduce(0, +)
        rate = seconds > 0 ? Double(pictures.frames.count) / seconds : 25
      case .sound(let sound): rate = sound.rate
      default: rate = 1
      }
      var record = SequenceRecord(.file(place), part: file.part, origin: place)
      record.format = format
      return TaggedRecording(
        record: record, rate: rate, events: try events.events(of: file.name, rate: rate))
    }
  }

  /// Where a file is that events name: in the folder of the data, beside the table, or in the folder under its last name.
  private static func place(of name: String, in path: String, _ events: EventTable) -> String {
    let besides = DataFolder.path(name, besides: events.path)
    guard DataFolder.isFolder(path) else { return besides }
    let last = name.split(separator: "/").last.map(String.init) ?? name
    let places = [path + "/" + name, besides, path + "/" + last]
    return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
  }

  private static func areSentences(_ path: String) throws -> Bool {
    let ending = DataFolder.ending(path)
    if CoNLLFile.endings.contains(ending) { return true }
    return try ending == "txt" && CoNLLFile.recognizes(DataBytes(path: path))
  }

  /// Words with tags.
  private static func sentences(_ path: String) throws -> [TaggedRecording] {
    try CoNLLFile(path: path).sentences.enumerated().map { index, sentence in
      TaggedRecording(
        record: SequenceRecord(
          .words(sentence.words), stepLabels: sentence.tags, origin: "\(path), sentence \(index + 1)"),
        rate: 1,
        events: nil)
    }
  }
}
