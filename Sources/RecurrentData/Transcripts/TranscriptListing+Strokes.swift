import RecurrentFormats

extension TranscriptListing {
  /// Whether the first object of a source has strokes.
  func isStrokes(_ source: DataSource) throws -> Bool {
    if source.memoryName != nil { return try source.objects?.first.map(StrokeSequence.recognizes) ?? false }
    let file = try DataBytes(source)
    guard file.beginsWithBrace else { return false }
    return StrokeSequence.recognizes(try JSONLinesFile(file).object(0))
  }

  private static let idKeys = ["id", "key_id", "name"]

  /// Reads lines of JSON with strokes and transcripts.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func readStrokeLines(_ source: DataSource, part named: DataPart?) throws {
    let file: JSONLinesFile
    if source.memoryName != nil {
      file = try JSONLinesFile(try source.objects?.map { .object($0) } ?? [], path: source.name)
    } else {
      file = try JSONLinesFile(DataBytes(source))
    }
    let listing = begin(source.name, objects: file)
    for index in 0..<file.count {
      let (members, line) = (try file.object(index), file.line(of: index))
      func malformed(_ expected: String, _ found: String) -> DataError {
        .malformed(path: source.name, place: .line(line), expected: expected, found: found)
      }
      /// A text, or a number as one; nil where there is none.
      func text(_ asked: String?, _ keys: [String]) throws(DataError) -> String? {
        let names = asked.map { [$0] } ?? keys
        guard let key = names.first(where: { members[$0] != nil }), let value = members[key] else {
          if let asked { throw malformed("the key \"\(asked)\"", "none") }
          return nil
        }
        if value == .null { return nil }
        guard let field = value.field else { throw malformed("a text for \"\(key)\"", "a list or an object") }
        return field
      }
      // what is damaged is to be known before a training, and not in the midst of it
      _ = try StrokeSequence(members, malformed: malformed)
      var part = named
      if let word = try text(columns.split, RecordColumns.splitNames), !word.isEmpty {
        part = DataPart(word: word)
        guard part != nil else { throw malformed("train, valid or test", "\"\(word.prefix(40))\"") }
      }
      let transcript = try text(columns.transcript, TranscriptColumns.transcriptNames)
      if transcript == nil, needsTranscripts {
        let keys = members.keys.sorted().prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
        throw malformed("a transcript, such as \"text\" or \"label\"", "none among \(keys)")
      }
      try add(
        TranscriptEntry(
          id: try text(nil, TranscriptListing.idKeys), content: .object(listing: listing, index),
          transcript: transcript, listing: listing, line: line,
          group: try text(columns.group, TranscriptColumns.groupNames), part: part))
    }
  }

  /// Reads a file of InkML, or those of a folder.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func readInkML(_ source: DataSource) throws {
    let files =
      source.isFolder
      ? DataFolder.files(below: source.name).filter { DataFolder.ending($0) == "inkml" } : [source.name]
    for path in files {
      let file = try InkMLFile(DataBytes(source.isFolder ? DataSource(path) : source))
      let listing = begin(path)
      guard file.transcript != nil || !needsTranscripts else {
        throw DataError.malformed(
          path: path, place: .line(1),
          expected: "an annotation of the type \"transcription\" or \"truth\" of the whole", found: "none")
      }
      let folders = path.dropFirst(source.isFolder ? source.name.count : 0).split(separator: "/").dropLast()
      try add(
        TranscriptEntry(
          id: path, content: .file(path), transcript: file.transcript, listing: listing,
          line: file.transcriptLine, group: file.writer,
          part: folders.lazy.compactMap { DataPart(fileName: String($0)) }.first))
    }
  }
}
