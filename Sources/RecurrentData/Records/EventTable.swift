/// A table of events: what happens, from when to when, and in which file.
struct EventTable {
  let path: String
  /// Whether each event names the file that it happens in.
  let namesFiles: Bool
  /// The files, in the order of their first events.
  private(set) var files: [(name: String, part: DataPart?)] = []
  private(set) var rows: [Row] = []
  /// What the positions count.
  let count: Count
  /// The columns of the beginnings, and of the ends.
  let startColumn: String
  let endColumn: String?
  /// What was said about what positions are.
  let askedUnit: RecordingColumns.EventUnit?

  /// An event as it stands in the table.
  struct Row {
    var file: String
    var label: String
    var start: Double
    var end: Double?
    var line: Int
  }

  /// What positions count, by the name and the values of their column.
  enum Count: Equatable {
    /// Seconds, each so many units of the column.
    case seconds(scale: Double)
    /// Moments of the calendar.
    case calendar
    /// Steps of this name, such as `frame`.
    case counts(String)
    /// Nobody says.
    case unnamed
  }

  init(
    _ source: DataSource, _ given: RecordingColumns, known: RecordingColumns?, _ notes: inout [DataNote]
  ) throws {
    let table = try RecordTable(source, format: given.records.format, known: given.records.knownFormat)
    notes += table.notes
    path = source.name
    let asked = given.filled(from: known, in: table.columns)
    func place(_ name: String?, _ names: [String]) throws(DataError) -> Int? {
      if let name { return try table.column(name) }
      return RecordColumns.first(names, in: table.columns)
    }
    let file = try place(
      asked.eventFile, ["file", "filename", "recording", "path", "clip", "seqid", "chromosome", "chrom"])
    let label = try place(
      asked.eventLabel, ["label", "event", "word", "symbol", "kind", "class", "type", "name"])
    let start = try place(asked.eventStart, EventTable.startNames)
    let end = try place(asked.eventEnd, EventTable.endNames)
    guard let start else {
      throw DataError.invalidSetting(
        name: "event-start", expected: "the column of \(path) with the beginnings of events",
        found: "none that is called so; there are "
          + table.columns.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    namesFiles = file != nil
    startColumn = table.columns[start]
    endColumn = end.map { table.columns[$0] }
    askedUnit = asked.eventUnit
    let dates = try table.isNumeric(start) ? nil : table.dates(start)
    notes += [dates?.note].compactMap { $0 }
    count = dates == nil ? EventTable.count(table.columns[start]) : .calendar
    if let end, dates == nil {
      let other = EventTable.count(table.columns[end])
      guard other == count || other == .unnamed || asked.eventUnit != nil else {
        throw DataError.malformed(
          path: path, place: .field(line: table.line(of: 0), column: table.columns[end]),
          expected: "ends that count what the beginnings count, \"\(table.columns[start])\"; "
            + "`event-start` and `event-end` name the columns", found: "\"\(table.columns[end])\"")
      }
    }
    let split = RecordColumns.first(RecordColumns.splitNames, in: table.columns)
    for row in 0..<table.count {
      let fields = try table.row(row)
      func moment(_ column: Int) throws(DataError) -> Double {
        let moment: Double?
        if let dates {
          moment = CalendarTime(fields[column], order: dates.order)?.seconds
        } else {
          moment = try table.number(fields[column], row: row, column: column)
        }
        guard let moment else {
          throw .malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[column]),
            expected: "a time", found: fields[column].isEmpty ? "nothing" : "\"\(fields[column].prefix(40))\""
          )
        }
        return moment
      }
      let own = (start: try moment(start), end: try end.map(moment))
      if let end = own.end, end < own.start {
        throw DataError.malformed(
          path: path, place: .line(table.line(of: row)), expected: "an end behind the beginning",
          found: "\(own.start) to \(end)")
      }
      let kind = asked.singleLabel ?? label.map { fields[$0] } ?? "event"
      guard !kind.isEmpty else {
        throw DataError.malformed(
          path: path, place: .line(table.line(of: row)), expected: "a kind of event", found: "nothing")
      }
      let key = file.map { fields[$0] } ?? ""
      if rows.last?.file != key, !files.contains(where: { $0.name == key }) {
        var part: DataPart?
        if let split { part = DataPart(word: fields[split]) }
        files.append((key, part))
      }
      rows.append(Row(file: key, label: kind, start: own.start, end: own.end, line: table.line(of: row)))
    }
    notes.append(
      DataNote(
        .found, "\(rows.count) events in \(path)\(namesFiles ? " for \(files.count) files" : "")"))
    if let label, asked.singleLabel == nil, asked.eventLabel == nil {
      notes.append(
        DataNote(
          .assumed, "the kind of an event is the column \"\(table.columns[label])\"", setting: "event-label"))
    }
  }

  /// What positions may be counted in, as the names of their columns say it.
  private static let units = ["s", "seconds", "time", "ms", "frame", "step", "sample", "row", "index"]
  /// Names that usually mean a beginning, the best first.
  private static let startNames =
    [
      "start_s", "start", "onset", "begin", "time_s", "time", "start_ms", "time_ms", "start_frame", "frame",
      "sample",
    ]
    + ["timestamp", "date", "datetime"]
    + ["start", "onset", "begin"].flatMap { word in units.flatMap { ["\(word)_\($0)", "\($0)_\(word)"] } } + [
      "step"
    ]
  /// Names that usually mean an end.
  private static let endNames =
    ["end_s", "end", "offset", "stop", "end_ms", "end_frame"]
    + ["end", "offset", "stop"].flatMap { word in units.flatMap { ["\(word)_\($0)", "\($0)_\(word)"] } }

  /// What the name of a column says that it counts.
  static func count(_ name: String) -> Count {
    let name = name.lowercased()
    if let scale = StepUnit.seconds(name) { return .seconds(scale: scale) }
    guard ["frame", "sample", "step", "row", "index"].contains(where: name.contains) else { return .unnamed }
    var words = name.split { "_- ".contains($0) }
    words.removeAll {
      ["start", "begin", "onset", "end", "stop", "offset", "number", "no", "nr"].contains($0)
    }
    return .counts(words.joined(separator: "_"))
  }
}

/// What the names of columns say about the unit of their numbers.
enum StepUnit {
  /// How many seconds a number of a column is worth; nil where the name says nothing about seconds.
  static func seconds(_ name: String) -> Double? {
    let name = name.lowercased()
    func ends(_ endings: [String]) -> Bool {
      endings.contains { name == $0 || name.hasSuffix("_" + $0) || name.hasSuffix("(" + $0 + ")") }
    }
    if ends(["ms", "msec", "millis", "milliseconds"]) { return 0.001 }
    return ends(["s", "sec", "secs", "seconds"]) ? 1 : nil
  }

  /// The same for the times of a recording, which are seconds where nothing else is said.
  static func ofRecording(_ name: String) -> Double? {
    seconds(name) ?? (["time", "t", "timestamp"].contains(name.lowercased()) ? 1 : nil)
  }
}
