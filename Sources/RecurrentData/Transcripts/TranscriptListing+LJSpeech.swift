/// A line `id|text|normalised text` of LJSpeech, in which a quote is a character.
struct LJSpeechLine {
  let id: String
  /// The normalised text, where there is one.
  let text: String

  /// Nil for a line that is none.
  init?(_ line: String) {
    let fields = line.split(separator: "|", omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), !fields[0].isEmpty else { return nil }
    (id, text) = (String(fields[0]), String(fields[fields.count - 1]))
  }

  /// Whether a file has such lines and no header, which is known by recordings of these names.
  static func recognizes(_ file: DataBytes) -> Bool {
    let head = file.withBytes { Array($0.prefix(4096).prefix { $0 != 0x0A }) }
    guard head.contains(UInt8(ascii: "|")),
      let line = LJSpeechLine(String(decoding: head, as: UTF8.self).trimmingBlanks)
    else { return false }
    if recording(line.id, besides: file.path) != nil { return true }
    // numbers of recordings that are missing are no names of columns
    return DataFolder.stem(file.path) == "metadata" && line.id.contains { $0.isNumber }
  }

  /// The recording of a name; nil where there is none.
  static func recording(_ id: String, besides list: String) -> String? {
    ["", ".wav", ".flac"].lazy.compactMap { TranscriptListing.file(id + $0, besides: list) }.first
  }
}

extension TranscriptListing {
  /// Reads `metadata.csv` of LJSpeech, whose recordings lie in the folder `wavs` beside it.
  ///
  /// - Throws: ``DataError`` or a format error.
  mutating func readLJSpeech(_ source: DataSource) throws {
    let list = source.isFolder ? DataSource(source.name + "/metadata.csv") : source
    let listing = begin(list.name)
    for (line, text) in try DataBytes(list).filledLines() {
      guard let own = LJSpeechLine(text) else {
        throw DataError.malformed(
          path: list.name, place: .line(line), expected: "id|text or id|text|normalised text",
          found: "\(text.count { $0 == "|" } + 1) fields")
      }
      let path =
        LJSpeechLine.recording(own.id, besides: list.name)
        ?? DataFolder.path("wavs/\(own.id).wav", besides: list.name)
      try add(
        TranscriptEntry(
          id: own.id, content: .file(path), transcript: own.text, listing: listing, line: line))
    }
    if source.isFolder {
      noteUnlisted(DataFolder.files(below: source.name).filter(TranscriptListing.isSoundOrPictures))
    }
  }
}
