/// A table of events: what happens, from when to when, and in which file.
struct EventTable {
  let path: String
  /// Whether each event names the file that it happens in.
  let namesFiles: Bool
  /// The files, in the order of their first events.
  private(set) var files: [(name: String, part: DataPart?)] = []
  private var rows: [(file: String, label: String, start: Double, end: Double?, line: Int)] = []
  /// Whether times are numbers of steps.
  private let isInSteps: Bool

  init(path: String, _ asked: TaggedRecordings.Columns, _ notes: inout [DataNote]) throws {
    let table = try RecordTable(path: path, format: asked.records.format, known: asked.records.knownFormat)
    notes += table.notes
    self.path = path
    func place(_ name: String?, _ names: [String]) throws(DataError) -> Int? {
      if let name { return try table.column(name) }
      return RecordColumns.first(names, in: table.columns)
    }
    let file = try place(asked.eventFile, ["file", "filename", "recording", "path", "clip"])
    let label = try place(
      asked.eventLabel, ["label", "event", "word", "symbol", "kind", "class", "type", "name"])
    let start = try place(
      asked.eventStart,
      ["start_s", "start", "onset", "begin", "time_s", "time", "start_frame", "frame", "sample"])
    let end = try place(asked.eventEnd, ["end_s", "end", "offset", "stop", "end_frame"])
    guard let start else {
      throw DataError.noColumn(path: path, name: "start", available: table.columns)
    }
    namesFiles = file != nil
    let name = table.columns[start].lowercased()
    isInSteps = name.contains("frame") || name.contains("sample")
    let split = RecordColumns.first(RecordColumns.splitNames, in: table.columns)
    for row in 0..<table.count {
      let fields = try table.row(row)
      func moment(_ column: Int) throws(DataError) -> Double {
        guard let moment = try table.number(fields[column], row: row, column: column) else {
          throw .malformed(
            path: path, place: .field(line: table.line(of: row), column: table.columns[column]),
            expected: "a time",
            found: "nothing")
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
      rows.append((key, kind, own.start, own.end, table.line(of: row)))
    }
    notes.append(
      DataNote(
        .found, "\(rows.count) events in \(path)\(namesFiles ? " for \(files.count) files" : "")"))
    notes.append(
      DataNote(
        .assumed,
        "an event begins at \"\(table.columns[start])\""
          + (end.map { " and ends at \"\(table.columns[$0])\"" } ?? " and has no extent")
          + (isInSteps ? ", counted in steps" : ", in seconds"), flag: "--event-start"))
    if let label, asked.singleLabel == nil, asked.eventLabel == nil {
      notes.append(
        DataNote(
          .assumed, "the kind of an event is the column \"\(table.columns[label])\"", flag: "--event-label"))
    }
  }

  /// The events of a file, by time.
  func events(of file: String?, rate: Double) throws(DataError) -> [LabelledEvent] {
    let scale = isInSteps ? 1 / rate : 1
    return rows.filter { file == nil || $0.file == file }.map { row in
      LabelledEvent(label: row.label, start: row.start * scale, end: row.end.map { $0 * scale })
    }.sorted { $0.start < $1.start }
  }
}
