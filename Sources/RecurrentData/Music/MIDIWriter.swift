extension MIDIFile {
  /// The file: of format 1, a track with tempi and time signatures before those of the notes; of one tick notes end before
  /// others begin.
  ///
  /// Traps where ticks, tempi, keys, velocities, channels or programs are out of range.
  public var bytes: [UInt8] {
    let word: Int
    switch clock.division {
    case .quarter(let ticks):
      trapUnless(
        (1..<1 << 15).contains(ticks), "MIDIFile.bytes: \(ticks) ticks of a quarter do not fit 15 bits")
      word = ticks
    case .frame(let ticks, let rate): word = (256 - rate) << 8 | ticks
    }
    for tempo in clock.tempi {
      trapUnless(
        (1..<1 << 24).contains(tempo.quarter) && (0...MIDIClock.lastTick).contains(tempo.tick),
        "MIDIFile.bytes: the tempo \(tempo) cannot be written")
    }
    var first = TrackWriter()
    var marks: [(tick: Int, bytes: [UInt8])] = metres.map {
      ($0.tick, [0xFF, 0x58, 4, UInt8(clamping: $0.beats), UInt8($0.unit.trailingZeroBitCount), 24, 8])
    }
    marks += clock.tempi.map { (tick: $0.tick, bytes: [0xFF, 0x51, 3] + MIDIFile.big($0.quarter, 3)) }
    for mark in marks.sorted(by: { $0.tick < $1.tick }) { first.write(mark.bytes, at: mark.tick) }
    var tracks = [first.finished(at: 0)]
    for number in 0..<trackCount { tracks.append(track(number)) }
    let head = MIDIFile.big(1, 2) + MIDIFile.big(tracks.count, 2) + MIDIFile.big(word, 2)
    return Array("MThd".utf8) + MIDIFile.big(6, 4) + head
      + tracks.flatMap { Array("MTrk".utf8) + MIDIFile.big($0.count, 4) + $0 }
  }

  private static func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  /// The events of a track of notes.
  private func track(_ number: Int) -> [UInt8] {
    // ends first, then what pedals do, then beginnings, each behind its instrument; but a note of no length begins before it ends
    var events: [(tick: Int, rank: Int, order: Int, bytes: [UInt8])] = []
    var programs: [Int: Int] = [:]
    for (order, note) in notes.enumerated() where note.track == number {
      trapUnless(
        (0..<128).contains(note.key) && (1..<128).contains(note.velocity) && (0..<16).contains(note.channel)
          && (0..<128).contains(note.program) && note.start >= 0 && note.end >= note.start
          && note.end <= MIDIClock.lastTick, "MIDIFile.bytes: the note \(note) cannot be written")
      let (channel, key) = (UInt8(note.channel), UInt8(note.key))
      var beginning = [0x90 | channel, key, UInt8(note.velocity)]
      if programs[note.channel] ?? 0 != note.program {
        beginning = [0xC0 | channel, UInt8(note.program), 0] + beginning
        programs[note.channel] = note.program
      }
      events.append((note.start, 2, order, beginning))
      events.append((note.end, note.end == note.start ? 3 : 0, order, [0x80 | channel, key, 0]))
    }
    let channels = Set(notes.lazy.filter { $0.track == number }.map(\.channel))
    for (order, pedal) in pedals.enumerated() where channels.contains(pedal.channel) {
      events.append((pedal.tick, 1, order, [0xB0 | UInt8(pedal.channel), 64, pedal.isDown ? 127 : 0]))
    }
    var writer = TrackWriter()
    for event in events.sorted(by: { ($0.tick, $0.rank, $0.order) < ($1.tick, $1.rank, $1.order) }) {
      writer.write(event.bytes, at: event.tick)
    }
    return writer.finished(at: endTick)
  }

  /// The bytes of a track.
  private struct TrackWriter {
    private var bytes: [UInt8] = []
    private var tick = 0

    mutating func write(_ event: [UInt8], at tick: Int) {
      var delta = tick - self.tick
      // longer rests than 28 bits are made of texts without letters
      while delta >= 1 << 28 {
        bytes += [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 1, 0]
        delta -= 1 << 28 - 1
      }
      for shift in [21, 14, 7] where delta >> shift > 0 { bytes.append(UInt8(delta >> shift & 0x7F) | 0x80) }
      bytes += [UInt8(delta & 0x7F)] + event
      self.tick = tick
    }

    func finished(at end: Int) -> [UInt8] {
      var copy = self
      copy.write([0xFF, 0x2F, 0], at: max(end, tick))
      return copy.bytes
    }
  }
}
