extension SequenceCursor {
  /// A sequence of FASTA: a line with `>`, a name and a description, then lines of letters. Lines that begin with `;` are comments;
  /// the first line of a file may be a title of several words.
  mutating func nextOfFASTA() throws(DataError) -> SequenceEntry? {
    guard var head = nextFilled() else { return nil }
    if head.number == 1, lines.peek == UInt8(ascii: ">"), lines.bytes[head.bytes].first != UInt8(ascii: ">"),
      lines.bytes[head.bytes].contains(0x20), let next = lines.next()
    {
      head = next
    }
    guard lines.bytes[head.bytes].first == UInt8(ascii: ">") else {
      throw malformed(head.number, "the head of a sequence, a line that begins with >", lines.text(head))
    }
    let text = lines.text(head.bytes.dropFirst()).trimmingBlanks
    let name = text.prefix { $0 != " " && $0 != "\t" }
    var entry = SequenceEntry(
      name: String(name), description: String(text.dropFirst(name.count)).trimmingBlanks, line: head.number,
      offset: head.bytes.lowerBound, letters: lines.offset..<lines.offset, count: 0, firstLine: lines.number)
    while let byte = lines.peek, byte != UInt8(ascii: ">") {
      guard let line = lines.next() else { break }
      if byte == UInt8(ascii: ";") { continue }
      let count = try letters(line, allowsBlanks: true)
      let bytes = lines.bytes[line.bytes]
      guard count > 0 || !bytes.contains(where: { (0x30...0x39).contains($0) }) else {
        throw malformed(line.number, "the letters of a sequence", "numbers alone in \(lines.text(line))")
      }
      entry.count += count
      entry.letters = entry.letters.lowerBound..<line.bytes.upperBound
    }
    return entry
  }

  /// The next line that is neither blank nor a comment.
  private mutating func nextFilled() -> ByteLines.Line? {
    while let line = lines.next() {
      let bytes = lines.bytes[line.bytes]
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) || bytes.first == UInt8(ascii: ";") { continue }
      return line
    }
    return nil
  }
}
