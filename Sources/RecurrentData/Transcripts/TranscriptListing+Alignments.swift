extension TranscriptListing {
  /// A second of alignments of GRID, which count samples at 25 kHz.
  private static let alignmentRate = 25_000.0
  /// What stands for no word.
  private static let silences: Set<String> = ["sil", "sp"]

  /// Reads files `.align` of the GRID corpus: a word a line with its beginning and end, and the clip of the same name anywhere
  /// in the folder.
  ///
  /// - Throws: ``DataError``.
  mutating func readAlignments(_ path: String) throws {
    let isFolder = DataFolder.isFolder(path)
    let folder = isFolder ? path : TranscriptListing.folder(of: path)
    let files = DataFolder.files(below: folder.isEmpty ? "." : folder)
    let recordings = files.filter(TranscriptListing.isSoundOrPictures)
    var byName: [String: [String]] = [:]
    for file in recordings { byName[DataFolder.stem(file), default: []].append(file) }
    for list in isFolder ? files.filter({ DataFolder.ending($0) == "align" }) : [path] {
      let listing = begin(list)
      var events: [LabelledEvent] = []
      for (line, text) in try DataBytes(DataSource(list)).filledLines() {
        let fields = text.split { " \t\r".contains($0) }.map(String.init)
        guard fields.count == 3, let begin = FieldNumber.plain(fields[0]),
          let end = FieldNumber.plain(fields[1]), begin >= 0, end >= begin, end < 1e12,
          begin >= (events.last?.start ?? 0) * TranscriptListing.alignmentRate - 0.5
        else {
          throw DataError.malformed(
            path: list, place: .line(line),
            expected: "the beginning and end of a word and the word, by time",
            found: "\"\(text.prefix(40))\"")
        }
        guard !TranscriptListing.silences.contains(fields[2]) else { continue }
        events.append(
          LabelledEvent(
            label: fields[2], start: begin / TranscriptListing.alignmentRate,
            end: end / TranscriptListing.alignmentRate))
      }
      let name = DataFolder.stem(list)
      let places = byName[name] ?? []
      // speakers often have clips of one name, each in a folder of its own
      let near = places.filter { TranscriptListing.folder(of: $0) == TranscriptListing.folder(of: list) }
      guard let place = near.first ?? (places.count == 1 ? places[0] : nil) else {
        throw DataError.malformed(
          path: list, place: .line(1),
          expected: "one clip \(name), such as \(name).mpg or \(name).wav, in \(folder)",
          found: places.isEmpty ? "none" : "\(places.count), such as \(places[0])")
      }
      let own = list.dropFirst(isFolder ? path.count : 0).split(separator: "/").dropLast().map(String.init)
      try add(
        TranscriptEntry(
          id: place, content: .file(place), transcript: events.map(\.label).joined(separator: " "),
          listing: listing,
          line: 1, part: own.lazy.compactMap(DataPart.init(fileName:)).first, words: events))
    }
    noteUnlisted(recordings)
  }
}
