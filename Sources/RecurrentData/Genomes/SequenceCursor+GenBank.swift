extension SequenceCursor {
  /// A record of GenBank: from `LOCUS` to `//`, with the table of features behind `FEATURES` and the letters behind `ORIGIN`.
  mutating func nextOfGenBank() throws(DataError) -> SequenceEntry? {
    guard var entry = try headOfGenBank() else { return nil }
    var definition = ""
    while let line = lines.next() {
      switch keyword(line) {
      case "DEFINITION": definition = value(line)
      case "ACCESSION", "VERSION":
        // a record may have several accessions
        for name in value(line).split(separator: " ").prefix(4) where name != entry.name {
          entry.otherNames.append(String(name))
        }
      case "FEATURES":
        let start = (offset: lines.offset, line: lines.number)
        // the table is indented
        while lines.peek == 0x20, lines.next() != nil {}
        entry.features = (start.offset..<lines.offset, start.line)
      case "ORIGIN":
        entry.description = definition
        (entry.letters, entry.firstLine) = (lines.offset..<lines.offset, lines.number)
        try readLetters(&entry)
        return entry
      case "//":
        throw malformed(line.number, "ORIGIN with the letters of \"\(entry.name)\"", "the end of the record")
      default: break
      }
    }
    throw malformed(lines.number, "ORIGIN with the letters of \"\(entry.name)\"", "the end")
  }

  private mutating func headOfGenBank() throws(DataError) -> SequenceEntry? {
    while let line = lines.next() {
      if lines.bytes[line.bytes].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      guard keyword(line) == "LOCUS", let name = value(line).split(separator: " ").first else {
        throw malformed(line.number, "LOCUS and a name", lines.text(line))
      }
      var entry = SequenceEntry(
        name: String(name), line: line.number, offset: line.bytes.lowerBound, letters: 0..<0, count: 0)
      let words = value(line).split(separator: " ")
      entry.statedCount = words.firstIndex(of: "bp").flatMap { $0 > 1 ? Int(words[$0 - 1]) : nil }
      entry.isCircular = words.contains("circular")
      return entry
    }
    return nil
  }

  /// The letters of a record of GenBank or EMBL, up to `//`; numbers stand before or behind them.
  mutating func readLetters(_ entry: inout SequenceEntry) throws(DataError) {
    while let line = lines.next() {
      if keyword(line) == "//" { return }
      entry.count += try letters(line, allowsBlanks: true)
      entry.letters = entry.letters.lowerBound..<line.bytes.upperBound
    }
    throw malformed(lines.number, "// behind the letters of \"\(entry.name)\"", "the end")
  }

  /// What a line begins with; empty where it goes on with the one before.
  private func keyword(_ line: ByteLines.Line) -> String {
    lines.text(line.bytes.prefix(12).prefix { lines.bytes[$0] != 0x20 })
  }

  private func value(_ line: ByteLines.Line) -> String { lines.text(line.bytes.dropFirst(12)).trimmingBlanks }
}
