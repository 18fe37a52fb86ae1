/// Recordings with transcripts: only names and texts are kept.
struct TranscriptRecords: RecordStorage {
  private let paths: [String]
  private let entries: [TranscriptEntry]
  private let objects: [Int: JSONLinesFile]
  private let words: WordTimes?

  init(_ listing: TranscriptListing) {
    (paths, entries, objects, words) = (listing.paths, listing.entries, listing.objects, listing.words)
  }

  var count: Int { entries.count }
  func name(_ index: Int) -> String { "\(paths[entries[index].listing]):\(entries[index].line)" }
  func transcript(_ index: Int) -> String? { entries[index].transcript }
  func group(_ index: Int) -> String? { entries[index].group }
  func part(_ index: Int) -> DataPart? { entries[index].part }

  func events(_ index: Int) -> [LabelledEvent]? { try? events(entries[index]) }

  private func events(_ entry: TranscriptEntry) throws -> [LabelledEvent]? {
    guard let words, let name = entry.wordsName, case .file(let path) = entry.content else {
      return entry.words
    }
    return try words.events(of: name, in: DataSource(path)) ?? entry.words
  }

  func record(_ index: Int) throws -> Record {
    let entry = entries[index]
    let content: Record.Content =
      switch entry.content {
      case .file(let path): .file(DataSource(path))
      case .object(let listing, let number): .strokes(try strokes(listing, number))
      }
    return Record(
      content, events: try events(entry), group: entry.group, part: entry.part, origin: name(index),
      transcript: entry.transcript, segment: entry.segment)
  }

  private func strokes(_ listing: Int, _ number: Int) throws(DataError) -> StrokeSequence {
    guard let file = objects[listing] else { throw .empty(path: paths[listing]) }
    return try StrokeSequence(try file.object(number)) {
      .malformed(path: file.path, place: .line(file.line(of: number)), expected: $0, found: $1)
    }
  }
}
