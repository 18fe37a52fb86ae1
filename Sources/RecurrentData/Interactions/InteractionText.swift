/// A text of interactions or of items as a table that others of the library read: what MovieLens separates by `::` and what
/// SASRec separates by blanks gets tabs, and what is no UTF-8 is read as Latin-1.
enum InteractionText {
  private static let colon = UInt8(ascii: ":")
  private static let tab = UInt8(ascii: "\t")
  private static let lineFeed = UInt8(ascii: "\n")

  /// The source as a table is read from it.
  ///
  /// - Parameter notes: gets what was assumed.
  /// - Throws: ``DataError`` or a format error where it cannot be read.
  static func table(_ source: DataSource, notes: inout [DataNote]) throws -> DataSource {
    guard try isText(source) else { return source }
    let file = try DataBytes(source)
    if file.beginsWithBrace { return source }
    let (replaced, isLatin) = file.withBytes { bytes -> (text: [UInt8]?, isLatin: Bool) in
      let isUTF8: Bool
      if case .complete = checkUTF8(bytes.bindMemory(to: UInt8.self)) {
        isUTF8 = true
      } else {
        isUTF8 = false
      }
      let lines = head(bytes)
      let text: [UInt8]?
      if !lines.isEmpty, lines.allSatisfy({ fields(of: $0) > 1 }) {
        text = replacing(bytes) { place in
          bytes[place] == colon && place + 1 < bytes.count && bytes[place + 1] == colon ? 2 : 0
        }
      } else if isSeparatedByBlanks(lines) {
        text = replacing(bytes) { place in
          var end = place
          while end < bytes.count, bytes[end] == 0x20 { end += 1 }
          return end - place
        }
      } else {
        text = nil
      }
      guard !isUTF8 else { return (text, false) }
      return ((text ?? Array(bytes)).flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }, true)
    }
    if isLatin { notes.append(DataNote(.assumed, "\(source.name) is no UTF-8 and was read as Latin-1")) }
    guard let replaced else { return source }
    return DataSource(bytes: replaced, name: source.name, format: .csv)
  }

  private static func isText(_ source: DataSource) throws -> Bool {
    switch source.storage {
    case .value, .columns, .records: return false
    case .path, .bytes:
      return source.format != .json && source.format != .jsonl
        && !["json", "jsonl", "ndjson"].contains(DataFolder.ending(source.name))
    }
  }

  /// The first lines.
  private static func head(_ bytes: UnsafeRawBufferPointer) -> [Slice<UnsafeRawBufferPointer>] {
    bytes.prefix(1 << 14).split(separator: lineFeed).prefix(20).dropLast(bytes.count > 1 << 14 ? 1 : 0)
      .map { $0 }
  }

  /// How many fields stand between double colons.
  private static func fields(of line: Slice<UnsafeRawBufferPointer>) -> Int {
    var (count, place) = (1, line.startIndex)
    while place + 1 < line.endIndex {
      let isMark = line[place] == colon && line[place + 1] == colon
      count += isMark ? 1 : 0
      place += isMark ? 2 : 1
    }
    return count
  }

  /// Whether lines have the same two to four words each, and nothing else that could be between them.
  private static func isSeparatedByBlanks(_ lines: [Slice<UnsafeRawBufferPointer>]) -> Bool {
    guard let first = lines.first else { return false }
    let isOther = lines.contains { line in
      line.contains { [tab, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")].contains($0) }
    }
    func words(_ line: Slice<UnsafeRawBufferPointer>) -> Int {
      line.split { $0 == 0x20 || $0 == 0x0D }.count
    }
    return !isOther && (2...4).contains(words(first)) && lines.allSatisfy { words($0) == words(first) }
  }

  /// The bytes with a tab for each mark; `length` is that of the mark at a place, 0 for none.
  private static func replacing(_ bytes: UnsafeRawBufferPointer, length: (Int) -> Int) -> [UInt8] {
    var (text, place) = ([UInt8](), 0)
    text.reserveCapacity(bytes.count)
    while place < bytes.count {
      let mark = length(place)
      if mark > 0 {
        let atEdge =
          text.isEmpty || text.last == lineFeed || place + mark >= bytes.count
          || [lineFeed, 0x0D].contains(bytes[place + mark])
        // blanks around a line are no fields
        if bytes[place] == colon || !atEdge { text.append(tab) }
        place += mark
      } else {
        text.append(bytes[place])
        place += 1
      }
    }
    return text
  }
}
