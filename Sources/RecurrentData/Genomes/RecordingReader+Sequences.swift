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
    notes += file.notes
    var own = annotation
    if own == nil, events == nil, needsLabels, file.format == .genbank {
      let features = try (0..<file.count).flatMap { try GenBankFeatures(file.entry($0), in: file).features }
      let found = try SequenceAnnotation(features, columns, path: file.bytes.path)
      add(found.note)
      own = found
    }
    return try (0..<file.count).map { number in
      let entry = try file.entry(number)
      var recording = Recording(Record(.text(""), clock: .bases, origin: file.place(entry)))
      (recording.sequence, recording.stepCount) = (RecordingSequence(file: file, entry: entry), entry.count)
      if let own {
        recording.record.events = try own.events(of: entry)
      } else if let events {
        guard events.namesFiles else { return recording }
        let name = events.files.first { entry.isCalled($0.name) }
        recording.record.part = name?.part
        recording.record.events =
          try name.map { try events.events(of: $0.name, in: recording, assumed: known.clock) } ?? []
      } else if needsLabels {
        throw DataError.invalidSetting(
          name: "events",
          expected:
            "what the bases of \(file.bytes.path) are: features in GFF3, GTF or GenBank, a table of them, or sequences of a "
            + "letter for each base", found: "none")
      }
      return recording
    }
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
