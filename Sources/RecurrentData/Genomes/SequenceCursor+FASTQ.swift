extension SequenceCursor {
  /// A sequence of FASTQ: a line with `@` and a name, lines of letters, a line with `+`, and as many qualities as letters, on
  /// lines that may begin with either sign.
  mutating func nextOfFASTQ() throws(DataError) -> SequenceEntry? {
    guard let head = nextOfRecord() else { return nil }
    guard lines.bytes[head.bytes].first == UInt8(ascii: "@") else {
      throw malformed(head.number, "the head of a read, a line that begins with @", lines.text(head))
    }
    let text = lines.text(head.bytes.dropFirst())
    let name = text.prefix { $0 != " " && $0 != "\t" }
    var entry = SequenceEntry(
      name: String(name), description: String(text.dropFirst(name.count)).trimmingBlanks, line: head.number,
      offset: head.bytes.lowerBound, letters: lines.offset..<lines.offset, count: 0, firstLine: lines.number)
    while let byte = lines.peek, byte != UInt8(ascii: "+"), let line = lines.next() {
      entry.count += try letters(line, allowsBlanks: false)
      entry.letters = entry.letters.lowerBound..<line.bytes.upperBound
    }
    guard let sign = lines.next() else {
      throw malformed(lines.number, "a line that begins with +, between letters and qualities", "the end")
    }
    let again = lines.text(sign.bytes.dropFirst())
    guard again.isEmpty || again == text else {
      throw malformed(sign.number, "+ alone, or with \"\(text.prefix(40))\"", lines.text(sign))
    }
    try readQualities(&entry)
    return entry
  }

  private mutating func readQualities(_ entry: inout SequenceEntry) throws(DataError) {
    var (count, least, most) = (0, UInt8.max, UInt8.min)
    var last = lines.number
    while count < entry.count {
      guard let line = lines.next() else {
        throw malformed(last, "\(entry.count) qualities of the read \"\(entry.name.prefix(40))\"", "\(count)")
      }
      last = line.number
      for byte in lines.bytes[line.bytes] {
        guard (0x21...0x7E).contains(byte) else {
          throw malformed(line.number, "qualities, letters from ! to ~", lines.text(line, byte: byte))
        }
        (least, most) = (min(least, byte), max(most, byte))
      }
      count += line.bytes.count
    }
    guard count == entry.count else {
      throw malformed(last, "\(entry.count) qualities of the read \"\(entry.name.prefix(40))\"", "\(count)")
    }
    if count > 0 { entry.qualities = least...most }
  }

  /// The next line that is not empty.
  private mutating func nextOfRecord() -> ByteLines.Line? {
    while let line = lines.next() { if !line.isEmpty { return line } }
    return nil
  }
}

/// How qualities of reads are written: as letters, the further behind the less likely an error is.
public enum QualityForm: String, Sendable, CaseIterable {
  /// Sanger's, and Illumina's from 1.8 on: `!` is 0.
  case sanger
  /// Solexa's: `;` is -5, `@` is 0, and odds stand for probabilities.
  case solexa
  /// Illumina's from 1.3 to 1.7: `@` is 0.
  case illumina

  /// The form by the smallest and the largest letter of a file; nil where two are possible.
  init?(_ letters: ClosedRange<UInt8>) {
    if letters.lowerBound < UInt8(ascii: ";") {
      self = .sanger
    } else if letters.upperBound <= UInt8(ascii: "J") {
      return nil
    } else {
      self = letters.lowerBound < UInt8(ascii: "@") ? .solexa : .illumina
    }
  }

  /// In words.
  var name: String {
    switch self {
    case .sanger: "those of Sanger and of Illumina from 1.8 on"
    case .solexa: "those of Solexa"
    case .illumina: "those of Illumina before 1.8"
    }
  }
}
