extension MIDIFile {
  /// Whether bytes begin as such a file does, by itself or within RIFF.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: Array("MThd".utf8))
      || bytes.count >= 12 && bytes.starts(with: Array("RIFF".utf8))
        && bytes[8..<12].elementsEqual(Array("RMID".utf8))
  }

  /// Reads a file of format 0 or 1, or such a file within RIFF (`.rmi`).
  ///
  /// Chunks of other kinds are passed over. Of a track that is cut or damaged what stands before is kept, with a warning.
  ///
  /// - Throws: ``DataError`` where it is none, has no track, or is of format 2, whose tracks are pieces of their own.
  public init(_ file: DataBytes) throws(DataError) {
    self = try file.withBytes { (bytes) throws(DataError) in
      try MIDIFile(ByteCursor(MIDIFile.unwrapped(bytes, file.path), path: file.path))
    }
  }

  /// What stands within RIFF; other bytes as they are.
  private static func unwrapped(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws(DataError) -> UnsafeRawBufferPointer {
    guard bytes.starts(with: Array("RIFF".utf8)) else { return bytes }
    var cursor = ByteCursor(bytes, path: path)
    _ = try cursor.part(8, "the head of RIFF")
    let kind = try cursor.mark(4, "the head of RIFF")
    guard kind == "RMID" else { throw cursor.malformed("RIFF with music, \"RMID\"", "\"\(kind)\"") }
    while true {
      let name = try cursor.mark(4, "a chunk of RIFF")
      let length = try cursor.little(4, "a chunk of RIFF")
      if name == "data" { return try cursor.part(min(length, cursor.left), "a chunk of RIFF") }
      // chunks have an even length
      _ = try cursor.part(length + length % 2, "a chunk of RIFF")
    }
  }

  private init(_ start: ByteCursor) throws(DataError) {
    var cursor = start
    let mark = try cursor.mark(4, "the head")
    guard mark == "MThd" else {
      cursor.index = 0
      throw cursor.malformed("a Standard MIDI File, which begins with \"MThd\"", "\"\(mark)\"")
    }
    let length = try cursor.big(4, "the head")
    guard length >= 6 else { throw cursor.malformed("a head of 6 bytes or more", "\(length)") }
    let (format, announced) = (try cursor.big(2, "the head"), try cursor.big(2, "the head"))
    guard format < 2 else {
      throw cursor.malformed(
        "format 0 or 1",
        "format \(format)"
          + (format == 2 ? ", whose tracks are pieces of their own; write each to a file" : ""))
    }
    let division = try MIDIFile.division(&cursor)
    _ = try cursor.part(length - 6, "the head")
    var tracks: [MIDITrackReader] = []
    var warnings: [String] = []
    while cursor.left >= 8 {
      let name = try cursor.mark(4, "a chunk")
      let length = try cursor.big(4, "a chunk")
      if length > cursor.left {
        warnings.append(
          "the last chunk is cut: it has \(cursor.left) of its \(length) bytes; what is whole is kept")
      }
      let part = try cursor.part(min(length, cursor.left), "a chunk")
      guard name == "MTrk" else {
        if length <= part.count { warnings.append("a chunk that is no track is passed over") }
        continue
      }
      // the head counts tracks in 16 bits; empty ones must not take all memory
      guard tracks.count < 1 << 16 - 1 else { throw cursor.malformed("at most 65,535 tracks", "more") }
      var track = MIDITrackReader(part, number: tracks.count)
      track.read()
      tracks.append(track)
    }
    guard !tracks.isEmpty else { throw cursor.malformed("a track, \"MTrk\"", "none") }
    if tracks.count != announced {
      warnings.append("the head announces \(announced) tracks, there are \(tracks.count)")
    }
    self.format = format
    trackCount = tracks.count
    clock = MIDIClock(division: division, tempi: tracks.flatMap(\.tempi))
    notes = tracks.flatMap(\.notes).sorted(by: MIDIFile.precedes)
    metres = tracks.flatMap(\.metres).sorted { $0.tick < $1.tick }
    pedals = tracks.flatMap(\.pedals).sorted { $0.tick < $1.tick }
    endTick = tracks.map(\.tick).max() ?? 0
    self.warnings = warnings + tracks.flatMap(\.warnings)
  }

  private static func division(_ cursor: inout ByteCursor) throws(DataError) -> MIDIClock.Division {
    let word = try cursor.big(2, "the head")
    guard word & 0x8000 != 0 else {
      guard word > 0 else { throw cursor.malformed("ticks of a quarter", "0") }
      return .quarter(word)
    }
    let (rate, ticks) = (256 - word >> 8, word & 0xFF)
    guard [24, 25, 29, 30].contains(rate), ticks > 0 else {
      throw cursor.malformed(
        "24, 25, 29 or 30 frames a second of 1 tick or more", "\(rate) frames of \(ticks) ticks")
    }
    return .frame(ticks: ticks, rate: rate)
  }
}
