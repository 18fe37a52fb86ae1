/// Tunes in ABC notation 2.1: one voice, without ornaments, played once as it is written (repeats are not).
///
/// Keys with their modes, accidentals to the end of the bar, lengths, broken rhythms, triplets and ties are read; chords in brackets
/// sound together; grace notes, decorations, chord names and words are passed over.
struct ABCTunes {
  /// The tunes.
  private(set) var pieces: [MusicPiece] = []
  /// Those that were left out, with the reason.
  private(set) var refused: [(name: String, reason: String)] = []

  /// Whether bytes begin with the number of a tune.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while rest.first == UInt8(ascii: "%") { rest = rest.drop { $0 != 0x0A }.dropFirst() }
    let head = rest.prefix(8).drop { $0 <= 0x20 }
    return head.starts(with: Array("X:".utf8))
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError`` where it has no tune that can be read.
  init(_ file: DataBytes, stepsPerQuarter: Int) throws(DataError) {
    let text = try file.withBytes { (bytes) throws(DataError) in
      try file.requireUTF8(bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    var tune: [Substring] = []
    var number = ""
    func finish(_ tunes: inout ABCTunes) {
      guard !number.isEmpty else { return }
      let name = "\(file.path), tune \(number)"
      do throws(ABCTuneReader.Issue) {
        let notes = try ABCTuneReader(tune).notes
        let grid = MusicGrid(stepsPerQuarter: stepsPerQuarter)
        let clock = MIDIClock(ticksPerQuarter: ABCTuneReader.ticksPerQuarter)
        do throws(DataError) {
          tunes.pieces.append(try grid.piece(MIDIFile(notes: notes, clock: clock), name: name).piece)
        } catch { throw ABCTuneReader.Issue("it has no notes, or too many") }
      } catch { tunes.refused.append((name, error.reason)) }
    }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      // a tune ends at an empty line; what is written between tunes is none
      let isEmpty = line.allSatisfy(\.isWhitespace)
      if isEmpty || line.hasPrefix("X:") {
        finish(&self)
        (tune, number) = ([], isEmpty ? "" : line.dropFirst(2).filter { !$0.isWhitespace })
      }
      if !number.isEmpty { tune.append(line) }
    }
    finish(&self)
    guard !pieces.isEmpty else {
      throw .malformed(
        path: file.path, place: .line(1), expected: "tunes in ABC, each beginning with \"X:\"",
        found: refused.first.map { "none that can be read: \($0.reason)" } ?? "none")
    }
  }
}
