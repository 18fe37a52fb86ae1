extension RecordSource {
  /// Reads recordings with what is said, written or signed in them.
  ///
  /// - a table with a file and a transcript in each row (comma, tab or semicolon, with or without a header; lines of JSON), also
  ///   with a speaker, a part, and the beginning and end of a segment in the file; tables of DeepSpeech and Common Voice;
  /// - lines of JSON with strokes of a pen and a transcript, compressed or not, and files of InkML;
  /// - a folder with such tables or files, or as LibriSpeech, Common Voice, LJSpeech, Kaldi or GRID lay them out;
  /// - records in memory, with their transcripts;
  /// - where no transcripts are needed, also recordings without any.
  ///
  /// Only names and texts are read; what is wrong with a recording is said when it is read. Commands, which a data folder of
  /// Kaldi may have in place of files, are never run. A recording whose transcript is empty counts, and a note says so.
  ///
  /// - Parameters:
  ///   - source: a file, a folder, bytes, a value of JSON or records.
  ///   - columns: of a table.
  ///   - words: a table with each word of the files and its times; nil to take one that lies in the folder.
  ///   - part: what all of the data are for, whatever they say themselves.
  ///   - needsTranscripts: whether recordings without transcripts are refused.
  ///   - takesAlternatives: whether a recording may be named again with another text that is as right.
  /// - Throws: ``DataError`` or a format error: for a transcript whose recording is not there, a recording that is named
  ///   twice, control characters, a command.
  public init(
    transcripts source: DataSource, columns: TranscriptColumns = TranscriptColumns(),
    words: DataSource? = nil,
    part: DataPart? = nil, needsTranscripts: Bool = true, takesAlternatives: Bool = false
  ) throws {
    if case .records(let records) = source.storage {
      if needsTranscripts, let record = records.first(where: { $0.transcript == nil }) {
        throw DataError.malformed(
          path: record.origin, place: .record, expected: "a transcript in every record", found: "none")
      }
      self.init(records, notes: [DataNote(.found, "\(records.count) sequences in \(source.name)")])
    } else if let plain = try RecordSource.untranscribed(source, columns, needsTranscripts) {
      self = plain
    } else {
      let layout = try RecordSource.layout(source, columns, needsTranscripts)
      var listing = TranscriptListing(
        columns: columns, needsTranscripts: needsTranscripts, takesAlternatives: takesAlternatives)
      try listing.read(source, layout)
      if let words {
        var notes: [DataNote] = []
        listing.words = try WordTimes(words, &notes)
        for note in notes { listing.add(note) }
      }
      try listing.check()
      guard !listing.entries.isEmpty else { throw DataError.empty(path: source.name) }
      let found = DataNote(.found, "\(listing.entries.count) recordings in \(source.name), \(layout.name)")
      self.init(TranscriptRecords(listing), notes: [found] + listing.notes)
      (self.layout, transcriptColumns) = (layout, listing.columnsByRole)
    }
    guard count > 0 else { throw DataError.empty(path: source.name) }
    if let part { self = assigning(part) }
  }

  private static func layout(
    _ source: DataSource, _ columns: TranscriptColumns, _ needsTranscripts: Bool
  ) throws -> TranscriptLayout {
    do { return try TranscriptLayout(recognizing: source) } catch {
      // a table whose columns somebody names, or that has none with transcripts
      guard columns != TranscriptColumns() || !needsTranscripts, !source.isFolder,
        let table = try? TranscriptColumns.table(source),
        try TranscriptColumns.Places(table, columns, needsTranscripts: needsTranscripts) != nil
      else { throw error }
      return .table
    }
  }

  /// The folder itself, or those in it, that have pictures in them.
  private static func films(_ path: String) -> [String] {
    if !FrameSequence.pictureFiles(path).isEmpty { return [path] }
    let entries = (try? DataFolder.entries(path)) ?? []
    return entries.filter { $0.isFolder && !FrameSequence.pictureFiles($0.path).isEmpty }.map(\.path)
  }

  /// Recordings alone; nil where there may be transcripts.
  private static func untranscribed(
    _ source: DataSource, _ columns: TranscriptColumns, _ needsTranscripts: Bool
  ) throws -> RecordSource? {
    guard !needsTranscripts, columns.transcript == nil else { return nil }
    if source.isFolder {
      if (try? TranscriptLayout(recognizing: source)) != nil { return nil }
      let files =
        RecordSource.films(source.name)
        + DataFolder.files(below: source.name).filter(TranscriptListing.isSoundOrPictures)
      guard !files.isEmpty else { return nil }
      return RecordSource(
        files.map { Record(.file(DataSource($0)), origin: $0) },
        notes: [DataNote(.found, "\(files.count) recordings in \(source.name), without transcripts")])
    }
    if source.memoryName != nil { return nil }
    let format =
      try source.format ?? DataFormat(ending: DataFolder.ending(source.name)) ?? DataBytes(source).format
    guard format.isRecording, format != .inkml else { return nil }
    return RecordSource([Record(.file(source), origin: source.name)])
  }
}
