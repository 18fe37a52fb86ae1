/// The course of the reading of recordings with transcripts: what was found so far.
struct TranscriptListing {
  /// The paths of the files that list recordings.
  private(set) var paths: [String] = []
  private(set) var entries: [TranscriptEntry] = []
  private(set) var notes: [DataNote] = []
  /// Lines of JSON with strokes, by the number of their listing.
  private(set) var objects: [Int: JSONLinesFile] = [:]
  /// When words are said.
  var words: WordTimes?
  /// The columns of the first table, by what they were taken for.
  var columnsByRole: [String: [String]]?
  let columns: TranscriptColumns
  let needsTranscripts: Bool
  /// Whether a recording may be named again with another text that is as right.
  let takesAlternatives: Bool

  private var places: [String: Int] = [:]
  /// Recordings that a further listing of a folder names again.
  private var repetitions: (count: Int, listing: Int)?

  init(columns: TranscriptColumns, needsTranscripts: Bool, takesAlternatives: Bool = false) {
    (self.columns, self.needsTranscripts) = (columns, needsTranscripts)
    self.takesAlternatives = takesAlternatives
  }

  /// Begins with a file that lists recordings.
  ///
  /// - Returns: its number.
  mutating func begin(_ path: String, objects file: JSONLinesFile? = nil) -> Int {
    paths.append(path)
    objects[paths.count - 1] = file
    return paths.count - 1
  }

  mutating func add(_ note: DataNote) { if !notes.contains(note) { notes.append(note) } }

  func malformed(_ entry: TranscriptEntry, _ expected: String, _ found: String) -> DataError {
    .malformed(path: paths[entry.listing], place: .line(entry.line), expected: expected, found: found)
  }

  /// Adds a recording.
  ///
  /// - Throws: ``DataError`` for one that has been named before, unless with another text where there may be several, and control
  ///   characters in a transcript.
  mutating func add(_ entry: TranscriptEntry) throws(DataError) {
    var entry = entry
    if let text = entry.transcript { entry.transcript = try line(text, entry) }
    var alternatives: [String] = []
    for text in entry.alternatives {
      let own = try line(text, entry)
      if !own.isEmpty { alternatives.append(own) }
    }
    entry.alternatives = alternatives
    if let id = entry.id {
      if let place = places[id] {
        let first = entries[place]
        let texts = ([entry.transcript].compactMap { $0 } + entry.alternatives).filter { !$0.isEmpty }
        let isKnown =
          takesAlternatives
          ? texts.allSatisfy { first.transcript == $0 || first.alternatives.contains($0) }
          : first.transcript == entry.transcript
        // tables of one folder often overlap, such as a sample beside the whole
        if first.listing != entry.listing, isKnown {
          repetitions = ((repetitions?.count ?? 0) + 1, entry.listing)
          return
        }
        guard takesAlternatives else {
          throw malformed(
            entry, "each recording once",
            "\"\(id.suffix(80))\" again, which line \(first.line) of \(paths[first.listing]) has")
        }
        guard first.part == entry.part else {
          throw malformed(
            entry, "all texts of a recording in one part",
            "\"\(id.suffix(80))\" in another than on line \(first.line) of \(paths[first.listing])")
        }
        entries[place].alternatives += texts
        return
      }
      places[id] = entries.count
    }
    entries.append(entry)
  }

  /// A text on one line.
  ///
  /// - Throws: ``DataError`` for control characters.
  private func line(_ text: String, _ entry: TranscriptEntry) throws(DataError) -> String {
    let line = TranscriptListing.line(text)
    if let odd = line.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) {
      throw malformed(
        entry, "a transcript without control characters", "U+\(String(odd.value, radix: 16, uppercase: true))"
      )
    }
    return line
  }

  /// A text with blanks in place of line ends.
  private static func line(_ text: String) -> String {
    let blanks: Set<Unicode.Scalar> = ["\t", "\r", "\n"]
    guard text.unicodeScalars.contains(where: blanks.contains) else { return text.trimmingBlanks }
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { line.append(blanks.contains(scalar) ? " " : scalar) }
    return String(line).trimmingBlanks
  }

  /// Where the file of a name is: from where a listing is, or in one of the folders that usually stand beside it.
  static func file(_ name: String, besides listing: String) -> String? {
    let name = name.trimmingBlanks
    guard !name.isEmpty, name.utf8.count < 4096 else { return nil }
    for folder in ["", "clips/", "wavs/", "wav/", "audio/"] {
      let path = DataFolder.path(folder + name, besides: listing)
      if DataFolder.exists(path), !DataFolder.isFolder(path) { return path }
    }
    return nil
  }

  /// Where the recording of a name is; nil for a name whose ending is not that of a recording.
  static func recording(_ name: String, besides listing: String) -> String? {
    let format = DataFormat(ending: DataFolder.ending(name.trimmingBlanks))
    return format?.isRecording ?? false ? file(name, besides: listing) : nil
  }

  /// Sees to it that there are recordings, and that each has its file and its transcript.
  ///
  /// - Throws: ``DataError``.
  mutating func check() throws(DataError) {
    var missing: (first: TranscriptEntry, path: String, count: Int)?
    for entry in entries {
      guard case .file(let path) = entry.content, !DataFolder.exists(path) else { continue }
      missing = (missing?.first ?? entry, missing?.path ?? path, (missing?.count ?? 0) + 1)
    }
    if let missing {
      throw malformed(
        missing.first, "the recording \(missing.path) of this transcript",
        "no such file" + (missing.count > 1 ? " (\(missing.count) of \(entries.count) are missing)" : ""))
    }
    if needsTranscripts, let entry = entries.first(where: { $0.transcript == nil }) {
      throw malformed(entry, "a transcript", "none")
    }
    let silent = entries.filter { $0.transcript?.isEmpty ?? false }
    if let first = silent.first {
      add(
        DataNote(
          .warning,
          "\(silent.count) of \(entries.count) transcripts are empty, the first on line \(first.line) of "
            + "\(paths[first.listing]): nothing is said there"))
    }
    if let repetitions {
      add(
        DataNote(
          .found,
          "\(repetitions.count) recordings of \(paths[repetitions.listing]) are named before it and read once"
        ))
    }
    noteSharedGroups()
  }

  /// Warns of groups in more than one part.
  private mutating func noteSharedGroups() {
    var parts: [String: Set<DataPart>] = [:]
    for entry in entries {
      if let group = entry.group, let part = entry.part { parts[group, default: []].insert(part) }
    }
    let shared = parts.filter { $0.value.count > 1 }.keys.sorted()
    guard let first = shared.first else { return }
    add(
      DataNote(
        .warning,
        "\(shared.count) of \(parts.count) speakers or writers are in more than one part, \"\(first.prefix(40))\" "
          + "among them: results hold for known ones alone", setting: "group-column"))
  }

  /// Warns of recordings that no listing names.
  ///
  /// - Parameter files: the recordings there are.
  mutating func noteUnlisted(_ files: [String]) {
    let known = Set(
      entries.compactMap { if case .file(let path) = $0.content { path } else { nil } })
    let others = files.filter { !known.contains($0) }
    guard let first = others.first else { return }
    add(
      DataNote(
        .warning, "\(others.count) of \(files.count) recordings have no transcript and are left out: \(first)"
      ))
  }

  /// Whether a file has sound or pictures, by its ending.
  static func isSoundOrPictures(_ path: String) -> Bool {
    DataFormat(ending: DataFolder.ending(path)).map {
      SoundFile.reads($0) || [.gif, .audio, .video].contains($0)
    }
      ?? false
  }
}
