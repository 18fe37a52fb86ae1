extension RecordSource {
  /// Reads recordings with what happens in them at each moment: a table with a label in each row, or tables and files with a
  /// table of events beside them, or words with tags, or nucleotide sequences with features.
  ///
  /// - Parameters:
  ///   - sources: tables, files and records in memory, or folders with the files that the events name.
  ///   - events: the table of events; nil for labels in the table itself.
  ///   - columns: of both.
  ///   - known: from a training before.
  ///   - needsLabels: whether recordings without labels or events are refused.
  ///   - readsWords: whether it is known that the recordings are sentences.
  /// - Throws: ``DataError`` or a format error; also for events outside their recording.
  public init(
    recordings sources: [DataSource], events: DataSource?, columns: RecordingColumns = RecordingColumns(),
    known: RecordingColumns.Known = RecordingColumns.Known(), needsLabels: Bool = true,
    readsWords: Bool = false
  ) throws {
    var reader = RecordingReader(
      columns: columns, known: known, needsLabels: needsLabels, readsWords: readsWords)
    if let events { try reader.readEvents(events) }
    try reader.findCategories(sources)
    try reader.read(sources)
    if let events { try reader.placeAnnotations(events) }
    self.init(RecordingRecords(recordings: reader.recordings), notes: reader.notes)
    (wordColumn, format, columnRoles) = (reader.wordColumn, reader.format, reader.columnRoles)
    indicators = reader.indicators
    areSequences = reader.recordings.contains { $0.sequence != nil }
  }
}

/// The course of the reading of recordings.
struct RecordingReader {
  var columns: RecordingColumns
  let known: RecordingColumns.Known
  let needsLabels, readsWords: Bool
  var events: EventTable?
  /// The ending of files of annotations; nil for that of their kind.
  var annotator: String?
  /// Annotations of a file of their own.
  var foreignMarks: [SignalAnnotation]?
  /// What the bases of sequences are.
  var annotation: SequenceAnnotation?
  /// The names of sequences in features or events that were found among the sequences.
  var sequencesNamed: Set<String> = []
  var recordings: [Recording] = []
  var notes: [DataNote] = []
  var wordColumn: String?
  /// What the columns of the first table were taken for.
  var columnRoles: [ColumnRole] = []
  /// How dates and numbers of the tables are written.
  var format: TableFormat?
  /// The names of the numbers that words of categories become; nil for none.
  var indicators: [String]?

  init(columns: RecordingColumns, known: RecordingColumns.Known, needsLabels: Bool, readsWords: Bool) {
    (self.columns, self.known, self.needsLabels, self.readsWords) = (columns, known, needsLabels, readsWords)
    format = columns.records.knownFormat
    self.columns.features = columns.features ?? known.columns?.features
    self.columns.tellsStrands = columns.tellsStrands ?? known.columns?.tellsStrands
  }

  mutating func readEvents(_ source: DataSource) throws {
    guard try !readAnnotations(source) else { return }
    annotation = try SequenceAnnotation(source, columns)
    if annotation == nil { events = try EventTable(source, columns, known: known.columns, &notes) }
  }

  mutating func read(_ sources: [DataSource]) throws {
    if let events, events.namesFiles,
      try sources.first.map({ try RecordingReader.sequences($0) == nil }) ?? true
    {
      try readFiles(sources, events)
    } else {
      for given in try sources.flatMap({ (source) in try source.signalFiles ?? [source.resolved] }) {
        try checkFolder(given)
        let source = try given.unfolded(numbersOnly: true)
        if let own = try signals(source, readsEvents: events == nil && foreignMarks == nil) {
          recordings.append(own)
        } else if case .records(let records) = source.storage {
          recordings += try records.map { try Recording($0, needsLabels: needsLabels && events == nil) }
        } else if let file = try RecordingReader.sequences(source) {
          recordings += try sequences(file)
        } else if annotation != nil {
          throw DataError.invalidSetting(
            name: "events", expected: "a table of events, for \(source.name) has no nucleotide sequences",
            found: "features of such")
        } else if try areSentences(source) {
          recordings += try sentences(source)
        } else if try RecordingReader.isTable(source) {
          recordings += try table(source, hasEvents: events != nil || !needsLabels, readsWords: readsWords)
        } else {
          recordings.append(try Recording(source, reads: events != nil, format: columns.records.format))
        }
      }
    }
    try checkSequenceNames()
    if let annotation {
      notes.append(annotation.note)
      guard recordings.contains(where: { !($0.record.events ?? []).isEmpty }) else {
        throw DataError.invalidSetting(
          name: "events",
          expected: "features of \(recordings.first?.sequence?.entry.name ?? "the sequences")",
          found: "none in \(annotation.path)")
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
        recordings[0].record.events = try events.events(of: nil, in: recordings[0], assumed: known.clock)
      }
      if let first = recordings.first { notes.append(try events.note(for: first)) }
    }
    guard !recordings.isEmpty else { throw DataError.empty(path: sources.first?.name ?? "") }
    try chooseChannels()
  }

  /// Refuses events without files for a folder with several, which is no recording itself.
  private func checkFolder(_ source: DataSource) throws {
    guard let events, source.isPath, source.isFolder else { return }
    let files = try DataFolder.entries(source.name).filter { !$0.isFolder }
    guard files.count > 1, files.allSatisfy({ DataFormat(ending: DataFolder.ending($0.path)) != .png }) else {
      return
    }
    throw DataError.invalidSetting(
      name: "event-file",
      expected:
        "a column of \(events.path) with the file of each event, for there are \(files.count) in \(source.name)",
      found: "none that is called so")
  }

  /// The files that a table of events names, each once: of folders those in them, of files those alone.
  private mutating func readFiles(_ sources: [DataSource], _ events: EventTable) throws {
    var others: [String] = []
    let places = try EventFiles(sources, events)
    for file in events.files {
      guard let place = places.place(of: file.name) else {
        others.append(file.name)
        continue
      }
      var recording: Recording
      if let own = try signals(place.resolved, readsEvents: false) {
        recording = own
      } else if try RecordingReader.isTable(place) {
        let all = try table(place, hasEvents: true, readsWords: false)
        guard all.count == 1 else {
          throw DataError.invalidSetting(
            name: "id-column", expected: "one recording in each file that events name",
            found: "\(all.count) in \(place.name)")
        }
        recording = all[0]
      } else {
        recording = try Recording(place, reads: true, format: columns.records.format)
      }
      recording.record.part = file.part
      recording.record.events = try events.events(of: file.name, in: recording, assumed: known.clock)
      recordings.append(recording)
    }
    if !others.isEmpty {
      let shown =
        others.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ") + (others.count > 3 ? ", ..." : "")
      add(
        DataNote(
          .found,
          "\(others.count) files of \(events.path) are not in \(sources.map(\.name).joined(separator: ", ")): \(shown)"
        ))
    }
  }

  static func isTable(_ source: DataSource) throws -> Bool {
    switch source.storage {
    case .value(.text), .records: return false
    case .value, .columns: return true
    case .path where source.isFolder: return false
    case .path, .bytes: break
    }
    let format =
      try source.format ?? DataFormat(ending: DataFolder.ending(source.name))
      ?? (source.isPath ? nil : DataBytes(source).format)
    return format?.isTable ?? false || format == .text
  }

  /// Adds a note that is not there yet.
  mutating func add(_ note: DataNote) { if !notes.contains(note) { notes.append(note) } }
}
