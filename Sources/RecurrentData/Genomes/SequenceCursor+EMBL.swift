extension SequenceCursor {
  /// A record of EMBL, also one of UniProt: from `ID` to `//`, with the table of features in lines of `FT` and the letters behind
  /// `SQ`.
  mutating func nextOfEMBL() throws(DataError) -> SequenceEntry? {
    guard var entry = try headOfEMBL() else { return nil }
    while true {
      let start = (offset: lines.offset, line: lines.number)
      guard let line = lines.next() else { break }
      let text = lines.text(line.bytes)
      switch text.prefix(2) {
      case "DE": entry.description += (entry.description.isEmpty ? "" : " ") + text.dropFirst(5)
      case "AC", "SV":
        for name in text.dropFirst(5).split(whereSeparator: { $0 == " " || $0 == ";" }).prefix(4) {
          add(String(name), to: &entry)
        }
      case "FT":
        let (bytes, number) = entry.features ?? (start.offset..<start.offset, start.line)
        entry.features = (bytes.lowerBound..<lines.offset, number)
      case "SQ":
        (entry.letters, entry.firstLine) = (lines.offset..<lines.offset, lines.number)
        try readLetters(&entry)
        return entry
      case "//":
        throw malformed(line.number, "SQ with the letters of \"\(entry.name)\"", "the end of the record")
      default: break
      }
    }
    throw malformed(lines.number, "SQ with the letters of \"\(entry.name)\"", "the end")
  }

  /// `ID   X56734; SV 1; linear; mRNA; STD; PLN; 1859 BP.`, or before 2006 `ID   AA03518    standard; DNA; FUN; 237 BP.`
  private mutating func headOfEMBL() throws(DataError) -> SequenceEntry? {
    while let line = lines.next() {
      let text = lines.text(line.bytes).trimmingBlanks
      if text.isEmpty { continue }
      let words = text.dropFirst(5).split { $0 == " " || $0 == ";" }
      guard text.hasPrefix("ID   "), let name = words.first else {
        throw malformed(line.number, "ID and a name", lines.text(line))
      }
      var entry = SequenceEntry(
        name: String(name), line: line.number, offset: line.bytes.lowerBound, letters: 0..<0, count: 0)
      if let unit = words.lastIndex(where: { ["BP.", "BP", "AA.", "AA"].contains($0) }), unit > 1 {
        entry.statedCount = Int(words[unit - 1])
      }
      entry.isCircular = words.contains("circular")
      if let version = words.firstIndex(of: "SV"), version + 1 < words.count {
        add("\(name).\(words[version + 1])", to: &entry)
      }
      return entry
    }
    return nil
  }

  private func add(_ name: String, to entry: inout SequenceEntry) {
    if name != entry.name, !entry.otherNames.contains(name) { entry.otherNames.append(name) }
  }
}
