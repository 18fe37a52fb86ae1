extension TranscriptListing {
  /// Reads a data folder of Kaldi, or folders of such by part: `text` (utterance, words), `wav.scp` (recording, path), and where
  /// they are there `segments` (utterance, recording, begin, end in seconds) and `utt2spk` (utterance, speaker).
  ///
  /// A path that ends in a pipe is a command: it is refused and never run.
  ///
  /// - Throws: ``DataError``.
  mutating func readKaldi(_ path: String) throws {
    if DataFolder.exists(path + "/wav.scp") {
      try readKaldi(folder: path, part: nil)
    } else {
      for entry in try DataFolder.entries(path) where DataFolder.exists(entry.path + "/wav.scp") {
        try readKaldi(folder: entry.path, part: TranscriptListing.part(entry.name))
      }
    }
  }

  private mutating func readKaldi(folder: String, part: DataPart?) throws {
    let recordings = try Recordings(folder)
    var segments: [String: (recording: String, range: Range<Double>, line: Int)]?
    let segmentPath = folder + "/segments"
    if DataFolder.exists(segmentPath) {
      segments = [:]
      for (line, fields) in try KaldiLines(segmentPath).fields(4) {
        let found = fields.joined(separator: " ")
        guard let begin = Double(fields[2]), var end = Double(fields[3]), begin.isFinite, begin >= 0 else {
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
        segments?[fields[0]] = (fields[1], begin..<end, line)
      }
    }
    var speakers: [String: String] = [:]
    if DataFolder.exists(folder + "/utt2spk") {
      for (_, fields) in try KaldiLines(folder + "/utt2spk").fields(2) { speakers[fields[0]] = fields[1] }
    }
    let listing = begin(folder + "/text")
    var known: Set<String> = []
    for (index, line) in try DataBytes(DataSource(folder + "/text")).lines().enumerated()
    where !line.trimmingBlanks.isEmpty {
      let (id, text) = TranscriptListing.cut(line)
      let segment = segments?[id]
      let recording = segments == nil ? id : segment?.recording
      guard let recording, let path = recordings.paths[recording] else {
        throw DataError.malformed(
          path: folder + "/text", place: .line(index + 1),
          expected: "an utterance of \(segments == nil ? recordings.list : segmentPath)",
          found: "\"\(id)\", which it does not have")
      }
      known.insert(id)
      try add(
        TranscriptEntry(
          id: id, content: .file(path), transcript: text, listing: listing, line: index + 1,
          group: speakers[id],
          part: part, segment: segment?.range))
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

  /// The recordings of `wav.scp`.
  private struct Recordings {
    let list: String
    private(set) var paths: [String: String] = [:]

    init(_ folder: String) throws(DataError) {
      list = folder + "/wav.scp"
      for (line, own) in try KaldiLines(list).filled {
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

/// Lines of a file of Kaldi.
private struct KaldiLines {
  private let path: String
  private let lines: [String]

  init(_ path: String) throws(DataError) {
    self.path = path
    do { lines = try DataBytes(DataSource(path)).lines() } catch let error as DataError { throw error } catch
    {
      throw .notFound(path: path)
    }
  }

  /// Lines that are not empty, with their numbers.
  var filled: [(line: Int, text: String)] {
    lines.enumerated().compactMap { $1.trimmingBlanks.isEmpty ? nil : ($0 + 1, $1) }
  }

  /// The fields of all lines, so many of each.
  func fields(_ count: Int) throws(DataError) -> [(line: Int, fields: [String])] {
    var rows: [(line: Int, fields: [String])] = []
    for (line, text) in filled {
      let fields = text.split { " \t\r".contains($0) }.map(String.init)
      guard fields.count == count else {
        throw .malformed(
          path: path, place: .line(line), expected: "\(count) fields", found: "\(fields.count)")
      }
      rows.append((line, fields))
    }
    return rows
  }
}
