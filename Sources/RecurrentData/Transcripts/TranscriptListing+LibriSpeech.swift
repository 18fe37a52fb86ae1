extension TranscriptListing {
  /// Reads folders as LibriSpeech has them: `speaker/chapter/speaker-chapter.trans.txt` with lines `id text`, and `id.flac`
  /// beside; the part is that of a folder such as `train-clean-100`.
  ///
  /// - Throws: ``DataError``.
  mutating func readLibriSpeech(_ path: String) throws {
    let isFolder = DataFolder.isFolder(path)
    let folder = isFolder ? path : DataFolder.path(".", besides: path)
    let files = isFolder ? DataFolder.files(below: path) : try DataFolder.entries(folder).map(\.path)
    let recordings = files.filter(TranscriptListing.isSoundOrPictures)
    var byName: [String: String] = [:]
    for file in recordings { byName[TranscriptListing.folder(of: file) + DataFolder.stem(file)] = file }
    let root = path.split(separator: "/").last.map(String.init) ?? ""
    for list in isFolder ? files.filter({ $0.hasSuffix(".trans.txt") }) : [path] {
      let listing = begin(list)
      let folders =
        [root] + list.dropFirst(isFolder ? path.count : 0).split(separator: "/").dropLast().map(String.init)
      let part = folders.lazy.compactMap(DataPart.init(fileName:)).first
      for (line, own) in try DataBytes(DataSource(list)).filledLines() {
        let (id, text) = TranscriptListing.cut(own)
        let place = isFolder ? TranscriptListing.folder(of: list) : folder + "/"
        try add(
          TranscriptEntry(
            id: id, content: .file(byName[place + id] ?? DataFolder.path(id + ".flac", besides: list)),
            transcript: text, listing: listing, line: line,
            group: id.split(separator: "-").first.map(String.init), part: part))
      }
    }
    noteUnlisted(recordings)
  }

  /// The folder that a file lies in, with a slash at its end.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The first word of a line, and the rest.
  static func cut(_ line: String) -> (first: String, rest: String) {
    let line = line.trimmingBlanks
    guard let end = line.firstIndex(where: { $0 == " " || $0 == "\t" }) else { return (line, "") }
    return (String(line[..<end]), String(line[end...]).trimmingBlanks)
  }
}
