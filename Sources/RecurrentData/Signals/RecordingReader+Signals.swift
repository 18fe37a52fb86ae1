extension RecordingReader {
  /// A file of signals with what is annotated in it; nil for a source that is none.
  ///
  /// - Parameter readsEvents: whether annotations become events.
  mutating func signals(_ source: DataSource, readsEvents: Bool) throws -> Recording? {
    guard try source.areSignals else { return nil }
    let file = try SignalRecording.file(source)
    let ignored = columns.filled(from: known.columns, in: file.channels.map(\.name)).records.ignored
    let signals = try SignalRecording(file, names: file.channels.map(\.name).filter { !ignored.contains($0) })
    var recording = Recording(
      Record(
        .series(NumericSeries(channels: [], values: [])), clock: StepClock(rate: signals.rate),
        origin: source.name)
    )
    (recording.signals, recording.stepCount) = (signals, signals.stepCount)
    for note in signals.file.notes { add(note) }
    for damage in try signals.file.damages() { add(DataNote(.warning, damage)) }
    guard readsEvents else { return recording }
    guard let marks = try signals.file.annotations(annotator) else {
      guard !needsLabels else {
        throw DataError.invalidSetting(
          name: "events", expected: "annotations beside \(source.name) or in it, or a table of events",
          found: "none")
      }
      return recording
    }
    try annotate(&recording, marks)
    return recording
  }

  /// Makes annotations the events of a recording.
  private mutating func annotate(_ recording: inout Recording, _ marks: [SignalAnnotation]) throws {
    guard let file = recording.signals?.file else { return }
    let (events, note) = marks.events(columns.annotations, duration: file.duration, path: file.path)
    if let note { add(note) }
    let slack = max(1 / (recording.signals?.rate ?? 1), 0.001 * file.duration)
    try events.check(within: file.duration, slack: slack, path: file.path)
    recording.record.events = events.map { event in
      let start = max(0, event.start)
      return LabelledEvent(
        label: columns.singleLabel ?? event.label, start: start,
        end: min(max(event.end, start), max(file.duration, start)))
    }
    add(DataNote(.found, "\(events.count) annotations of \(file.path) are events"))
  }

  /// Takes a file of annotations, where the source of events is one: of WFDB for all records by its ending, of EDF for the one
  /// recording.
  ///
  /// - Returns: whether it is one.
  mutating func readAnnotations(_ source: DataSource) throws -> Bool {
    guard source.isPath, !source.isFolder, source.format == nil else { return false }
    if WFDBAnnotations.isLikely(source.name) {
      annotator = DataFolder.ending(source.name)
      return true
    }
    guard try source.areSignals else { return false }
    guard let marks = try SignalRecording.file(source).annotations(nil) else {
      throw DataError.malformed(
        path: source.name, place: .byte(0), expected: "annotations in it, or beside it", found: "none")
    }
    foreignMarks = marks
    return true
  }

  /// Gives annotations of a file of their own to the one recording.
  mutating func placeAnnotations(_ source: DataSource) throws {
    guard let marks = foreignMarks else { return }
    guard recordings.count == 1, recordings[0].signals != nil else {
      throw DataError.invalidSetting(
        name: "events", expected: "one recording of signals beside the annotations of \(source.name)",
        found: "\(recordings.count) recordings")
    }
    var own = recordings[0]
    try annotate(&own, marks)
    recordings[0] = own
  }

  /// Chooses the channels that are read of all files of signals: those of the training, or all that every file has and nobody
  /// ignores.
  mutating func chooseChannels() throws {
    let files = recordings.compactMap(\.signals?.file)
    guard let first = files.first else { return }
    let all = files.map { $0.channels.map(\.name) }
    let ignored = columns.filled(from: known.columns, in: all[0]).records.ignored
    if let name = ignored.first(where: { name in !all.contains { $0.contains(name) } }) {
      throw DataError.noColumn(path: first.path, name: name, available: all[0])
    }
    var names = all[0].filter { name in !ignored.contains(name) && all.allSatisfy { $0.contains(name) } }
    if let channels = known.channels,
      channels.contains(where: all[0].contains) || channels.count != names.count
    {
      // those of the training, in their order; where no name is known, the places must do
      names = channels
    }
    guard !names.isEmpty else {
      throw DataError.malformed(
        path: files.count > 1 ? files[1].path : first.path, place: .byte(0),
        expected: "at least one channel that all recordings have and that is not ignored",
        found: all.prefix(3).map { $0.joined(separator: ", ") }.joined(separator: "; "))
    }
    for index in recordings.indices {
      guard let own = recordings[index].signals else { continue }
      let signals = try SignalRecording(own.file, names: names)
      (recordings[index].signals, recordings[index].stepCount) = (signals, signals.stepCount)
      recordings[index].record.clock = StepClock(rate: signals.rate)
    }
    noteChannels(names, of: files)
  }

  private mutating func noteChannels(_ names: [String], of files: [any SignalFile]) {
    let shown = names.count > 6 ? "\(names.count) channels" : names.joined(separator: ", ")
    add(DataNote(.assumed, "\(shown): the channels of a step", setting: "ignore-columns"))
    let others = Set(files.flatMap { $0.channels.map(\.name) }).subtracting(names).sorted()
    if !others.isEmpty {
      let list = others.prefix(6).joined(separator: ", ") + (others.count > 6 ? ", ..." : "")
      add(DataNote(.found, "channels that are not read, ignored or not in all recordings: \(list)"))
    }
    let rates = recordings.compactMap(\.signals?.rate)
    let slow = files[0].channels.filter { names.contains($0.name) && $0.rate < (rates.first ?? 0) }
    if let one = slow.first {
      add(
        DataNote(
          .assumed,
          "\(slow.count > 1 ? "\(slow.count) channels are" : "\(one.name) is") recorded at \(StepClock.text(one.rate, .seconds)) Hz "
            + "or the like and hold each value until the next, at \(StepClock.text(rates.first ?? 0, .seconds)) Hz",
          setting: "ignore-columns"))
    }
    if let low = rates.min(), let high = rates.max(), high > 1.1 * low {
      add(
        DataNote(
          .warning,
          "the recordings have \(StepClock.text(low, .seconds)) to \(StepClock.text(high, .seconds)) steps a second, "
            + "which one network reads alike"))
    }
  }
}
