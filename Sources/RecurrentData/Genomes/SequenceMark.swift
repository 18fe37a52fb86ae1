/// How files of sequences and of their features begin.
enum SequenceMark {
  /// The format of bytes; nil where they begin otherwise.
  static func format(_ bytes: UnsafeRawBufferPointer) -> DataFormat? {
    var lines = ByteLines(UnsafeRawBufferPointer(rebasing: bytes.prefix(1 << 16)))
    guard let first = lines.next() else { return nil }
    let text = bytes[first.bytes]
    if text.starts(with: "LOCUS       ".utf8) { return .genbank }
    if text.starts(with: "ID   ".utf8), let second = lines.next(),
      bytes[second.bytes].starts(with: "XX".utf8) || bytes[second.bytes].starts(with: "AC   ".utf8)
    {
      return .embl
    }
    if text.starts(with: "##gff-version".utf8) { return .gff }
    guard let sign = text.first, sign == UInt8(ascii: ">") || sign == UInt8(ascii: "@"), text.count > 1 else {
      return nil
    }
    guard let second = lines.next(), areLetters(bytes[second.bytes]) else { return nil }
    if sign == UInt8(ascii: ">") { return .fasta }
    // letters may go on over many lines
    while let line = lines.next() {
      if bytes[line.bytes].first == UInt8(ascii: "+") { return .fastq }
      guard areLetters(bytes[line.bytes]) else { return nil }
    }
    return nil
  }

  private static func areLetters(_ line: Slice<UnsafeRawBufferPointer>) -> Bool {
    !line.isEmpty
      && line.allSatisfy {
        (0x41...0x5A).contains($0 & 0xDF) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "-")
      }
  }
}
