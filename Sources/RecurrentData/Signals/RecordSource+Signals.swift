extension RecordSource {
  /// Sequences of files of signals. With a label that their heads state in a remark (`# Dx: AF`) each file is one; else each
  /// annotation is one: its own extent, or without one from half way to the annotation before to half way to that behind it.
  ///
  /// - Parameters:
  ///   - files: records of WFDB, EDF or BDF.
  ///   - asked: the remark with the label as the column of labels; ignored columns are channels.
  ///   - needsLabels: whether files without labels are refused, and annotations looked for.
  static func signals(
    _ files: [DataSource], _ asked: RecordColumns, needsLabels: Bool
  ) throws -> RecordSource {
    var (records, notes) = ([Record](), [DataNote]())
    func add(_ note: DataNote) { if !notes.contains(note) { notes.append(note) } }
    guard needsLabels else {
      return RecordSource(files.map { Record(.file($0), format: asked.format, origin: $0.name) })
    }
    let opened = try files.map { try SignalRecording.file($0) }
    let key =
      asked.label
      ?? (RecordColumns.labelNames + ["dx", "diagnosis", "diagnoses"]).lazy
      .compactMap { name in opened[0].remarks.keys.sorted().first { $0.lowercased() == name } }.first
    if let key, asked.label != nil || opened.allSatisfy({ $0.remarks[key] != nil }) {
      for (source, file) in zip(files, opened) {
        guard let label = file.remarks[key] else {
          throw DataError.malformed(
            path: source.name, place: .line(1), expected: "a remark \"\(key): ...\" with the class",
            found: file.remarks.isEmpty ? "no remarks" : file.remarks.keys.sorted().joined(separator: ", "))
        }
        records.append(Record(.file(source), label: label, origin: source.name))
      }
      add(DataNote(.assumed, "the class is the remark \"\(key)\" of the head", setting: "label-column"))
      return RecordSource(records, notes: notes)
    }
    for (source, file) in zip(files, opened) {
      guard let marks = try file.annotations(nil) else {
        throw DataError.malformed(
          path: source.name, place: .byte(0),
          expected:
            "annotations with the classes, a remark with one (`label-column`), or a folder for each class",
          found: "neither")
      }
      for note in file.notes { add(note) }
      for damage in try file.damages() { add(DataNote(.warning, damage)) }
      let (events, note) = marks.events(nil, duration: file.duration, path: source.name)
      if let note { add(note) }
      let fastest = file.channels.map(\.rate).max() ?? 1
      try events.check(
        within: file.duration, slack: max(1 / fastest, 0.001 * file.duration), path: source.name)
      let group = DataFolder.stem(source.name)
      for (index, event) in events.enumerated() {
        let before = index > 0 ? events[index - 1].start : nil
        let after = index + 1 < events.count ? events[index + 1].start : nil
        guard let segment = extent(event, before, after, within: file.duration) else { continue }
        records.append(
          Record(
            .file(source), label: event.label, group: files.count > 1 ? group : nil,
            origin: "\(source.name), \(event.label) at \(event.start) s", segment: segment))
      }
    }
    add(DataNote(.found, "\(records.count) annotated sequences in \(files.count) recordings"))
    var source = RecordSource(records, notes: notes)
    source.keepsGroups = files.count > 1
    return source
  }

  /// From when to when an annotation is; nil where nothing is left of it.
  private static func extent(
    _ event: LabelledEvent, _ before: Double?, _ after: Double?, within end: Double
  ) -> Range<Double>? {
    guard event.end <= event.start else {
      let last = min(event.end, end)
      return last > event.start ? event.start..<last : nil
    }
    // the first and the last of all reach as far on both sides
    let behind = after.map { ($0 - event.start) / 2 }
    let ahead = before.map { (event.start - $0) / 2 }
    let first = max(0, event.start - (ahead ?? behind ?? 0.5))
    let last = min(end, event.start + (behind ?? ahead ?? 0.5))
    return last > first ? first..<last : nil
  }
}
