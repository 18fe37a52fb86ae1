extension TranscriptListing {
  /// Reads a source of a layout.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func read(_ source: DataSource, _ layout: TranscriptLayout) throws {
    switch layout {
    case .table, .deepSpeech, .commonVoice, .strokeLines:
      if source.isFolder { return try readTables(of: source.name) }
      try readTable(source, part: nil)
      if source.isPath {
        // other tables beside it may be anything
        let names = ["words", "events"].flatMap { ["\($0).csv", "\($0).tsv"] }
        findWords(names.map { DataFolder.path($0, besides: source.name) }.filter { $0 != source.name })
      }
    case .ljSpeech: try readLJSpeech(source)
    case .libriSpeech: try readLibriSpeech(source.name)
    case .kaldi: try readKaldi(source.name)
    case .alignments: try readAlignments(source.name)
    case .inkML: try readInkML(source)
    }
  }

  /// The tables of a folder that list recordings.
  static func tables(in folder: String) throws -> [(path: String, layout: TranscriptLayout)] {
    var tables: [(path: String, layout: TranscriptLayout)] = []
    for entry in try DataFolder.entries(folder) where !entry.isFolder {
      guard DataFormat(ending: DataFolder.ending(entry.path))?.isTable ?? false else { continue }
      if let layout = try? TranscriptLayout(recognizing: DataSource(entry.path)), layout != .ljSpeech {
        tables.append((entry.path, layout))
      }
    }
    // validated.tsv and others of Common Voice repeat what its parts have
    let named = tables.filter { DataPart(fileName: DataFolder.stem($0.path)) != nil }
    return named.isEmpty || named.allSatisfy({ $0.layout == .strokeLines }) ? tables : named
  }

  /// Reads the tables of a folder, with a table of words where there is one, and names recordings that none of them lists.
  private mutating func readTables(of folder: String) throws {
    let tables = try TranscriptListing.tables(in: folder)
    for (path, _) in tables {
      try readTable(DataSource(path), part: DataPart(fileName: DataFolder.stem(path)))
    }
    let listed = Set(tables.map(\.path))
    findWords(try DataFolder.entries(folder).filter { !$0.isFolder && !listed.contains($0.path) }.map(\.path))
    noteUnlisted(DataFolder.files(below: folder).filter(TranscriptListing.isSoundOrPictures))
  }

  /// Takes the first of some files that is a table of when the words of the recordings are said.
  private mutating func findWords(_ paths: [String]) {
    for path in paths where DataFolder.exists(path) {
      guard DataFormat(ending: DataFolder.ending(path))?.isTable ?? false,
        let table = try? TranscriptColumns.table(DataSource(path)), EventTable.hasTimes(table.columns)
      else { continue }
      var found: [DataNote] = []
      guard let times = try? WordTimes(DataSource(path), &found) else { continue }
      let known = entries.count { $0.wordsName.map(times.contains) ?? false }
      guard known > 0 else { continue }
      words = times
      add(
        DataNote(
          .assumed, "\(path) says when the words of \(known) recordings are said", setting: "word-times"
        ))
      break
    }
  }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - source: a file, bytes, or a value of JSON.
  ///   - named: the part that its name says.
  private mutating func readTable(_ source: DataSource, part named: DataPart?) throws {
    if try isStrokes(source) { return try readStrokeLines(source, part: named) }
    let table = try TranscriptColumns.table(source)
    guard let places = try TranscriptColumns.Places(table, columns, needsTranscripts: needsTranscripts) else {
      throw TranscriptColumns.unknown(table)
    }
    func note(_ what: String, _ column: Int?, _ asked: String?, _ setting: String) {
      guard let column, asked == nil else { return }
      add(DataNote(.assumed, "\(what) is the column \"\(table.columns[column])\"", setting: setting))
    }
    note("the recording", places.input, columns.input, "input-column")
    note("the transcript", places.transcript, columns.transcript, "transcript-column")
    note("who speaks or writes", places.group, columns.group, "group-column")
    if let start = places.start {
      add(DataNote(.assumed, "a recording begins in its file at \"\(table.columns[start])\", in seconds"))
    }
    let roles = [
      ("input", [places.input]), ("transcript", [places.transcript].compactMap { $0 } + places.alternatives),
      ("group", [places.group].compactMap { $0 }), ("split", [places.split].compactMap { $0 }),
    ]
    columnsByRole =
      columnsByRole
      ?? Dictionary(
        uniqueKeysWithValues: roles.filter { !$1.isEmpty }.map { ($0, $1.map { table.columns[$0] }) })
    let listing = begin(source.name)
    for row in 0..<table.count {
      let fields = try table.row(row)
      let name = fields[places.input].trimmingBlanks
      let line = table.line(of: row)
      guard !name.isEmpty else {
        throw table.malformed(row, places.input, "the file of a recording", "nothing")
      }
      let segment = try places.segment(fields, table, row)
      var part = named
      if let split = places.split, !fields[split].trimmingBlanks.isEmpty {
        part = DataPart(word: fields[split].trimmingBlanks)
        guard part != nil else {
          throw table.malformed(row, split, "train, valid or test", "\"\(fields[split].prefix(40))\"")
        }
      }
      let path =
        TranscriptListing.file(name, besides: source.name)
        // Common Voice once named its clips without their ending
        ?? TranscriptListing.file(name + ".mp3", besides: source.name)
        ?? DataFolder.path(name, besides: source.name)
      let group = places.group.map { fields[$0].trimmingBlanks }
      var entry = TranscriptEntry(
        id: path + (segment.map { " \($0.lowerBound) s to \($0.upperBound) s" } ?? ""),
        content: .file(path), transcript: places.transcript.map { fields[$0] }, listing: listing, line: line,
        group: group.flatMap { $0.isEmpty ? nil : $0 }, part: part, segment: segment, wordsName: name)
      entry.alternatives = places.alternatives.map { fields[$0] }
      try add(entry)
    }
  }
}
