/// A file of sequences of letters: FASTA, FASTQ, GenBank or EMBL. Where they begin is known; their letters are read when they are asked
/// for.
struct SequenceFile: Sendable {
  let bytes: DataBytes
  let format: DataFormat
  /// Where the sequences begin.
  private var index = RowIndex()
  /// The smallest and the largest quality of all, as they are written.
  private(set) var qualities: ClosedRange<UInt8>?
  /// The first sequence that has another number of letters than its head says, and how many there are.
  private var miscounted: (entry: SequenceEntry, count: Int)?

  /// Looks for the sequences.
  ///
  /// - Throws: ``DataError``.
  init(_ bytes: DataBytes) throws(DataError) {
    (self.bytes, format) = (bytes, bytes.format)
    var (index, qualities) = (RowIndex(), ClosedRange<UInt8>?.none)
    var miscounted: (entry: SequenceEntry, count: Int)?
    try SequenceFile.forEach(in: bytes) { entry, _ in
      index.append(offset: entry.offset, line: entry.line)
      if let stated = entry.statedCount, stated != entry.count {
        miscounted = (miscounted?.entry ?? entry, (miscounted?.count ?? 0) + 1)
      }
      if let own = entry.qualities {
        qualities =
          min(
            own.lowerBound, qualities?.lowerBound ?? own.lowerBound)...max(
            own.upperBound, qualities?.upperBound ?? own.upperBound)
      }
    }
    guard index.count > 0 else { throw .empty(path: bytes.path) }
    (self.index, self.qualities, self.miscounted) = (index, qualities, miscounted)
  }

  /// Sequences.
  var count: Int { index.count }

  /// Calls `body` with each sequence of a file in one pass, and with all bytes.
  static func forEach(
    in file: DataBytes, _ body: (SequenceEntry, UnsafeRawBufferPointer) -> Void
  ) throws(DataError) {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = SequenceCursor(bytes, format: file.format, path: file.path)
      while let entry = try cursor.next() { body(entry, bytes) }
    }
  }

  /// The head of a sequence.
  func entry(_ number: Int) throws(DataError) -> SequenceEntry {
    let (offset, line) = (index.offset(of: number), index.line(of: number))
    return try bytes.withBytes { (all) throws(DataError) in
      var cursor = SequenceCursor(all, format: format, path: bytes.path, offset: offset, line: line)
      guard let entry = try cursor.next() else { throw .empty(path: bytes.path) }
      return entry
    }
  }

  /// Some of the letters of a sequence.
  func text(_ entry: SequenceEntry, _ steps: Range<Int>? = nil) -> String {
    let steps = steps ?? 0..<entry.count
    var letters: [UInt8] = []
    letters.reserveCapacity(steps.count)
    bytes.withBytes { all in
      var place = 0
      SequenceFile.forEachPart(of: entry, in: all) { part in
        let own = steps.clamped(to: place..<place + part.count)
        if !own.isEmpty { letters += part[own.lowerBound - place..<own.upperBound - place] }
        place += part.count
        return place < steps.upperBound
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// What messages call a sequence.
  func place(_ entry: SequenceEntry) -> String {
    "\(bytes.path):\(entry.line)" + (entry.name.isEmpty ? "" : ", \(entry.name)")
  }

  /// Calls `body` with the letters of a sequence part by part, until it returns false.
  static func forEachPart(
    of entry: SequenceEntry, in bytes: UnsafeRawBufferPointer, _ body: (ArraySlice<UInt8>) -> Bool
  ) {
    var part: [UInt8] = []
    var isComment = false
    part.reserveCapacity(min(entry.count, 1 << 16))
    for offset in entry.letters {
      let byte = bytes[offset]
      if byte == 0x0A || byte == 0x0D { isComment = false }
      // of comments only those of FASTA can stand between the letters
      if byte == UInt8(ascii: ";") { isComment = true }
      // blanks, line ends, the numbers of lines
      guard byte >= 0x2A, !isComment, !(0x30...0x39).contains(byte) else { continue }
      part.append(byte)
      if part.count == 1 << 16 {
        guard body(part[...]) else { return }
        part.removeAll(keepingCapacity: true)
      }
    }
    if !part.isEmpty { _ = body(part[...]) }
  }

  /// What is said about qualities, which nothing is made of, and about sequences that are longer or shorter than their heads say.
  var notes: [DataNote] {
    if let (entry, count) = miscounted {
      let others = count > 1 ? "; \(count - 1) more are like it" : ""
      return [
        DataNote(
          .warning,
          "\(place(entry)): \(entry.count) letters, its head says \(entry.statedCount ?? 0)\(others)")
      ]
    }
    guard let qualities else { return [] }
    let form = QualityForm(qualities).map { "; by their letters they are \($0.name)" } ?? ""
    return [DataNote(.found, "the qualities of \(bytes.path) are checked and not used\(form)")]
  }
}

extension DataBytes {
  /// The sequences of a file that has some; nil for any other.
  ///
  /// - Throws: ``DataError``.
  func sequences() throws(DataError) -> SequenceFile? { format.hasSequences ? try SequenceFile(self) : nil }
}

extension DataSource {
  /// The bytes of a source of sequences of letters, by the ending of its name, or by its beginning where that says nothing; nil for
  /// any other.
  ///
  /// - Throws: ``DataError`` where it cannot be read.
  func sequenceBytes() throws(DataError) -> DataBytes? {
    guard memoryName == nil, !isFolder else { return nil }
    let known = format ?? DataFormat(ending: DataFolder.ending(name))
    if let known { return known.hasSequences ? try UTF8TextReader.bytes(self) : nil }
    // what cannot be read is told by who reads it; from a pipe it could not be read again
    guard !isPath || UTF8TextReader.isRegularFile(name) else { return nil }
    guard let bytes = try? DataBytes(self), bytes.format.hasSequences else { return nil }
    return bytes
  }

  /// What the text of sources is made of, by its beginning: nucleotides, other sequences of letters, or words.
  ///
  /// - Throws: ``DataError`` where they cannot be read.
  package static func letters(of sources: [DataSource]) throws(DataError) -> SequenceLetters {
    var (letters, left) = (SequenceLetters(), 1 << 22)
    for source in sources where left > 0 {
      guard let file = try source.sequenceBytes() else { continue }
      try SequenceFile.forEach(in: file) { entry, bytes in
        guard left > 0 else { return }
        var own: [UInt8] = []
        SequenceFile.forEachPart(of: entry, in: bytes) { part in
          own += part.prefix(left)
          left -= part.count
          return left > 0
        }
        _ = own.withUnsafeBufferPointer { letters.look(at: $0) }
      }
    }
    return letters
  }
}
