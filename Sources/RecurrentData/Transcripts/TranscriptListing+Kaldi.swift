extension TranscriptListing {
  /// Reads a data folder of Kaldi, or folders of such by part: `text` (utterance, words), `wav.scp` (recording, path), and where
  /// they are there `segments` (utterance, recording, begin, end in seconds) and `utt2spk` (utterance, speaker).
  ///
  /// A path that ends in a pipe is a command: it is refused and never run.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func readKaldi(_ path: String) throws {
    if DataFolder.exists(path + "/wav.scp") {
      try readKaldi(folder: path, part: nil)
    } else {
      for entry in try DataFolder.entries(path) where DataFolder.exists(entry.path + "/wav.scp") {
        try readKaldi(folder: entry.path, part: DataPart(fileName: entry.name))
      }
    }
  }

  private mutating func readKaldi(folder: String, part: DataPart?) throws {
    let recordings = try Recordings(folder)
    var segments: [String: (recording: String, range: Range<Double>)]?
    let segmentPath = folder + "/segments"
    if DataFolder.exists(segmentPath) {
      segments = [:]
      for (line, fields) in try TranscriptListing.rows(of: segmentPath, fieldCount: 4) {
        let found = fields.joined(separator: " ")
        guard let begin = FieldNumber.plain(fields[2]), var end = FieldNumber.plain(fields[3]),
          begin.isFinite, begin >= 0
        else {
          throw DataError.malformed(
            path: segmentPath, place: .line(line),
            expected: "an utterance, a recording, its begin and end in seconds",
            found: "\"\(found)\"")
        }
        // -1 is the end of the recording
        if end == -1 { end = .infinity }
        guard end > begin else {
          throw DataError.malformed(
            path: segmentPath, place: .line(line), expected: "an end behind the beginning",
            found: "\"\(found)\"")
        }
        guard recordings.paths[fields[1]] != nil else {
          throw DataError.malformed(
            path: segmentPath, place: .line(line), expected: "a recording of \(recordings.list)",
            found: "\"\(fields[1])\", which it does not have")
        }
        segments?[fields[0]] = (fields[1], begin..<end)
      }
    }
    var speakers: [String: String] = [:]
    if DataFolder.exists(folder + "/utt2spk") {
      for (_, fields) in try TranscriptListing.rows(of: folder + "/utt2spk", fieldCount: 2) {
        speakers[fields[0]] = fields[1]
      }
    }
    let listing = begin(folder + "/text")
    var known: Set<String> = []
    for (line, own) in try DataBytes(DataSource(folder + "/text")).filledLines() {
      let (id, text) = TranscriptListing.cut(own)
      let segment = segments?[id]
      let recording = segments == nil ? id : segment?.recording
      guard let recording, let path = recordings.paths[recording] else {
        throw DataError.malformed(
          path: folder + "/text", place: .line(line),
          expected: "an utterance of \(segments == nil ? recordings.list : segmentPath)",
          found: "\"\(id)\", which it does not have")
      }
      known.insert(id)
      try add(
        TranscriptEntry(
          id: id, content: .file(path), transcript: text, listing: listing, line: line,
          group: speakers[id], part: part, segment: segment?.range))
    }
    let others = (segments.map { Array($0.keys) } ?? Array(recordings.paths.keys)).filter {
      !known.contains($0)
    }
    if let first = others.min() {
      add(
        DataNote(
          .warning, "\(others.count) utterances of \(folder) have no transcript and are left out: \(first)"))
    }
  }

  /// The fields of a file with as many in each line that is not blank, the first of which names an utterance once.
  private static func rows(
    of path: String, fieldCount: Int
  ) throws -> [(line: Int, fields: [String])] {
    var rows: [(line: Int, fields: [String])] = []
    var names: Set<String> = []
    for (line, text) in try DataBytes(DataSource(path)).filledLines() {
      let fields = text.split { " \t\r".contains($0) }.map(String.init)
      guard fields.count == fieldCount else {
        throw DataError.malformed(
          path: path, place: .line(line), expected: "\(fieldCount) fields", found: "\(fields.count)")
      }
      guard names.insert(fields[0]).inserted else {
        throw DataError.malformed(
          path: path, place: .line(line), expected: "each utterance once", found: "\"\(fields[0])\" again")
      }
      rows.append((line, fields))
    }
    return rows
  }

  /// The recordings of `wav.scp`.
  private struct Recordings {
    let list: String
    private(set) var paths: [String: String] = [:]

    init(_ folder: String) throws {
      list = folder + "/wav.scp"
      for (line, own) in try DataBytes(DataSource(list)).filledLines() {
        let (name, path) = TranscriptListing.cut(own)
        func malformed(_ expected: String, _ found: String) -> DataError {
          .malformed(path: list, place: .line(line), expected: expected, found: found)
        }
        guard !path.hasSuffix("|"), !path.hasPrefix("|") else {
          throw malformed(
            "the path of a file for \"\(name)\"; write the sound to a file first",
            "the command \"\(path.prefix(80))\", which is never run")
        }
        guard !path.isEmpty else { throw malformed("a recording and its path", "\"\(own.prefix(80))\"") }
        // paths are those from where Kaldi was run, or from here
        let place = DataFolder.exists(path) ? path : DataFolder.path(path, besides: list)
        guard paths.updateValue(place, forKey: name) == nil else {
          throw malformed("each recording once", "\"\(name)\" again")
        }
      }
    }
  }
}
