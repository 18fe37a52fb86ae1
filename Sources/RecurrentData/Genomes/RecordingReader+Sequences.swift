extension StepClock {
  /// Bases, from 0.
  static let bases = StepClock(rate: 1, unit: .counts("base"))

  /// Whether its steps are the bases of a nucleotide sequence, whose events say what each base is.
  public var countsBases: Bool { unit == StepClock.bases.unit }
}

extension RecordingReader {
  /// The sequences of a source; nil where it has none.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func sequences(_ source: DataSource) throws -> SequenceFile? {
    try source.sequenceBytes()?.sequences()
  }

  /// A recording for each sequence, whose steps are its bases, with what they are.
  mutating func sequences(_ file: SequenceFile) throws -> [Recording] {
    for note in file.notes { add(note) }
    let entries = try (0..<file.count).map { try file.entry($0) }
    var found = entries.map { entry in
      var recording = Recording(Record(.text(""), clock: .bases, origin: file.place(entry)))
      (recording.sequence, recording.stepCount) = (RecordingSequence(file: file, entry: entry), entry.count)
      return recording
    }
    if let annotation {
      let events = try annotation.events(of: entries, in: file.bytes.path, &sequencesNamed)
      for (number, own) in events.enumerated() { found[number].record.events = own }
      noteBare(found, annotation.path)
    } else if let events {
      if events.namesFiles { try place(events, in: &found) }
    } else if needsLabels {
      guard file.format == .genbank || file.format == .embl else {
        throw DataError.invalidSetting(
          name: "events",
          expected:
            "what the bases of \(file.bytes.path) are: features in GFF3, GTF, GenBank or EMBL, a table of them, or sequences of a "
            + "letter for each base", found: "none")
      }
      // records may have one name, but each has its own table
      let features = try entries.map { try FeatureTable($0, in: file).features }
      let own = try SequenceAnnotation(features.flatMap { $0 }, columns, path: file.bytes.path)
      add(own.note)
      for (number, entry) in entries.enumerated() {
        found[number].record.events = try own.events(features[number], of: entry)
      }
      noteBare(found, file.bytes.path)
    }
    return found
  }

  /// Gives the sequences of a file the events of a table that has their names.
  private mutating func place(_ events: EventTable, in found: inout [Recording]) throws {
    let names = SequenceNames(found.compactMap(\.sequence?.entry))
    for index in found.indices { found[index].record.events = [] }
    for file in events.files {
      guard let number = try names.number(of: file.name, path: events.path) else { continue }
      sequencesNamed.insert(file.name)
      let own = try events.events(of: file.name, in: found[number], assumed: known.clock)
      found[number].record.part = file.part
      found[number].record.events = (found[number].record.events ?? []) + own
    }
  }

  /// Says which sequences have no features, where others have some.
  private mutating func noteBare(_ found: [Recording], _ path: String) {
    let bare = found.filter { $0.record.events?.isEmpty ?? true }.compactMap(\.sequence?.entry.name)
    guard !bare.isEmpty, bare.count < found.count else { return }
    add(
      DataNote(
        .found,
        "\(bare.count) of \(found.count) sequences have none of these features in \(path), all of their bases are other: "
          + RecordingReader.listed(bare)))
  }

  /// Sees to it that features or events are those of sequences that are there, and says which are not.
  mutating func checkSequenceNames() throws {
    guard recordings.contains(where: { $0.sequence != nil }) else { return }
    var (path, names) = ("", [String]())
    if let annotation {
      (path, names) = (annotation.path, annotation.names)
    } else if let events, events.namesFiles {
      (path, names) = (events.path, events.files.map(\.name))
    }
    let others = names.filter { !sequencesNamed.contains($0) }
    guard !others.isEmpty else { return }
    guard others.count < names.count else {
      throw DataError.invalidSetting(
        name: "events",
        expected: "features of \(recordings.first?.sequence?.entry.name ?? "the sequences")",
        found: "none in \(path), which has those of \(RecordingReader.listed(others))")
    }
    add(
      DataNote(
        .found,
        "\(path) has features of \(others.count) sequences that are not there: \(RecordingReader.listed(others))"
      ))
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
  }
}

/// A sequence of a file, as the content of a recording.
struct RecordingSequence: Sendable {
  let file: SequenceFile
  let entry: SequenceEntry

  /// The recording with its letters, or with some of them.
  func record(_ head: Record, _ steps: Range<Int>? = nil) -> Record {
    var record = head
    record.content = .text(file.text(entry, steps))
    return steps.map { record.timed(as: $0, of: entry.count) } ?? record
  }
}
