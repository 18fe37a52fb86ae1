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
  func alternatives(_ index: Int) -> [String] { entries[index].alternatives }
  func group(_ index: Int) -> String? { entries[index].group }
  func part(_ index: Int) -> DataPart? { entries[index].part }

  func events(_ index: Int) -> [LabelledEvent]? { try? events(entries[index]) }

  private func events(_ entry: TranscriptEntry) throws -> [LabelledEvent]? {
    var events = entry.words
    if let words, let name = entry.wordsName, case .file(let path) = entry.content {
      events = try words.events(of: name, in: DataSource(path)) ?? events
    }
    guard let segment = entry.segment else { return events }
    return events?.compactMap { $0.part(of: segment) }
  }

  func record(_ index: Int) throws -> Record {
    let entry = entries[index]
    let content: Record.Content =
      switch entry.content {
      case .file(let path): .file(DataSource(path))
      case .object(let listing, let number): .strokes(try strokes(listing, number))
      }
    var record = Record(
      content, events: try events(entry), group: entry.group, part: entry.part, origin: name(index),
      transcript: entry.transcript, segment: entry.segment)
    record.alternatives = entry.alternatives
    return record
  }

  private func strokes(_ listing: Int, _ number: Int) throws(DataError) -> StrokeSequence {
    guard let file = objects[listing] else { throw .empty(path: paths[listing]) }
    return try StrokeSequence(try file.object(number)) {
      .malformed(path: file.path, place: .line(file.line(of: number)), expected: $0, found: $1)
    }
  }
}

extension LabelledEvent {
  /// What a segment of the file, in seconds, has of the event, in seconds from the beginning of the segment; nil where the middle
  /// of the event lies outside.
  fileprivate func part(of segment: Range<Double>) -> LabelledEvent? {
    guard segment.contains((start + end) / 2) else { return nil }
    let begin = segment.lowerBound
    return LabelledEvent(
      label: label, start: max(start, begin) - begin, end: min(end, segment.upperBound) - begin)
  }
}
