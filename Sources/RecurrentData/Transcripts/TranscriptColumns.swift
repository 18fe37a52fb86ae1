/// Which columns of a table say what about recordings and their transcripts; nil where the names and values of the columns are
/// to tell.
public struct TranscriptColumns: Sendable, Equatable, Codable {
  /// The path of a file.
  public var input: String?
  /// What is said, written or signed in it.
  public var transcript: String?
  /// Further columns with texts that are as right; nil for none.
  public var alternatives: [String]?
  /// Who says, writes or signs it.
  public var group: String?
  /// The part: train, valid or test.
  public var split: String?

  /// The names of columns; without any, the table is to tell all of them.
  public init(
    input: String? = nil, transcript: String? = nil, alternatives: [String]? = nil, group: String? = nil,
    split: String? = nil
  ) {
    (self.input, self.transcript, self.group, self.split) = (input, transcript, group, split)
    self.alternatives = alternatives
  }

  static let inputNames = [
    "file", "filename", "file_name", "wav_filename", "audio_filepath", "audio_file", "audio_path", "path",
    "audio",
    "wav", "clip", "video", "sound", "input",
  ]
  static let transcriptNames = [
    "transcript", "transcription", "sentence", "text", "normalized_text", "caption", "utterance", "words",
    "word",
    "label",
  ]
  static let groupNames = [
    "client_id", "speaker", "speaker_id", "writer", "writer_id", "signer", "subject", "user", "group",
  ]
  static let startNames = ["start", "start_s", "begin", "begin_s", "onset", "segment_start", "offset"]
  static let endNames = ["end", "end_s", "stop", "segment_end"]
  static let durationNames = ["duration", "duration_s"]
  /// Names of transcripts that also mean a single word, so that rows with times are words.
  private static let wordNames = ["word", "words", "label"]

  /// The table of a source; numbers among transcripts are texts.
  static func table(_ source: DataSource) throws -> RecordTable {
    // a row that names a file is not the head of the table
    try RecordTable(source, format: TableFormat(decimal: .point)) { fields in
      fields.contains { TranscriptListing.recording($0, besides: source.name) != nil }
    }
  }

  /// The error for a table without such columns.
  static func unknown(_ table: RecordTable) -> DataError {
    .invalidSetting(
      name: "transcript-column",
      expected:
        "the column with the transcript, and `input-column` that with the file, for no name or content in "
        + "\(table.path) tells which they are",
      found: "none; the columns are \(table.columns.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))")
  }

  /// The columns of a table that were found.
  struct Places {
    var input: Int
    var transcript: Int?
    var alternatives: [Int] = []
    var group: Int?
    var split: Int?
    var start: Int?
    var end: Int?
    var duration: Int?

    /// Nil where there is no file and transcript in each row.
    init?(_ table: RecordTable, _ asked: TranscriptColumns, needsTranscripts: Bool = true) throws {
      func place(_ name: String?, _ names: [String]) throws(DataError) -> Int? {
        if let name { return try table.column(name) }
        return RecordColumns.first(names, in: table.columns)
      }
      let numeric = { (column: Int) in table.isNumeric(column) }
      start = try place(nil, TranscriptColumns.startNames).flatMap { numeric($0) ? $0 : nil }
      end = try place(nil, TranscriptColumns.endNames).flatMap { numeric($0) ? $0 : nil }
      duration = try place(nil, TranscriptColumns.durationNames).flatMap { numeric($0) ? $0 : nil }
      if end == nil && duration == nil { start = nil }
      if start == nil { (end, duration) = (nil, nil) }
      let head = try table.head(20)
      func namesRecordings(_ column: Int) -> Bool {
        head.contains { TranscriptListing.recording($0[column], besides: table.path) != nil }
      }
      let byName = try place(asked.input, TranscriptColumns.inputNames)
      guard let input = byName ?? table.columns.indices.first(where: namesRecordings) else { return nil }
      self.input = input
      group = try place(asked.group, TranscriptColumns.groupNames)
      split = try place(asked.split, RecordColumns.splitNames)
      transcript = try place(asked.transcript, TranscriptColumns.transcriptNames)
      for name in asked.alternatives ?? [] { alternatives.append(try table.column(name)) }
      if transcript == input { transcript = nil }
      if transcript == nil {
        // of a table without a header the longest texts
        let free = table.columns.indices.filter { $0 != input && $0 != group && $0 != split && !numeric($0) }
        func length(_ column: Int) -> Int { head.reduce(0) { $0 + $1[column].utf8.count } }
        if table.columns.allSatisfy({ Int($0) != nil }) { transcript = free.max { length($0) < length($1) } }
      }
      guard let transcript else {
        if needsTranscripts { return nil }
        return
      }
      let hasTimes = start != nil || EventTable.hasTimes(table.columns)
      if asked.transcript == nil, hasTimes,
        TranscriptColumns.wordNames.contains(table.columns[transcript].lowercased())
      {
        return nil
      }
    }

    /// The layout that the names of the columns tell.
    func layout(_ table: RecordTable) -> TranscriptLayout {
      let names = Set(table.columns.map { $0.lowercased() })
      if names.isSuperset(of: ["wav_filename", "transcript"]) { return .deepSpeech }
      return names.isSuperset(of: ["client_id", "path", "sentence"]) ? .commonVoice : .table
    }

    /// The part of its file that a row is, in seconds; nil for the whole, where all of the fields are empty.
    func segment(_ fields: [String], _ table: RecordTable, _ row: Int) throws(DataError) -> Range<Double>? {
      func number(_ column: Int?) throws(DataError) -> Double? {
        guard let column else { return nil }
        return try table.number(fields[column], row: row, column: column)
      }
      guard let start else { return nil }
      let (first, given, length) = (try number(start), try number(end), try number(duration))
      if first == nil, given == nil, length == nil { return nil }
      guard let begin = first else {
        throw table.malformed(row, start, "the beginning of a segment, in seconds", "nothing")
      }
      guard let last = given ?? length.map({ begin + $0 }) else {
        throw table.malformed(row, start, "an end or a duration beside the beginning of a segment", "neither")
      }
      guard begin >= 0, last > begin else {
        throw table.malformed(row, start, "a segment of some length", "\(begin) s to \(last) s")
      }
      return begin..<last
    }
  }
}

extension EventTable {
  /// Whether columns have the beginnings and ends of events.
  static func hasTimes(_ columns: [String]) -> Bool {
    let names = columns.map { $0.lowercased() }
    return names.contains { $0.hasPrefix("start") || $0.hasPrefix("begin") || $0.hasPrefix("onset") }
      && names.contains { $0.hasPrefix("end") || $0.hasPrefix("stop") || $0.hasPrefix("offset") }
  }
}
