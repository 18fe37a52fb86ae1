/// Reads the events of one track of a ``MIDIFile``; where it does not go on, what came before is kept with a warning.
struct MIDITrackReader {
  private let bytes: UnsafeRawBufferPointer
  private let number: Int
  private var index = 0
  /// The last status of a channel.
  private var status = 0
  /// Whether something stood in between that ends a running status.
  private var isInterrupted = false
  private var programs = [Int](repeating: 0, count: 16)
  /// Notes that sound, by channel and key.
  private var open: [Int: SoundingNotes] = [:]
  private var counts = (endsWithout: 0, resumed: 0, clipped: 0)

  /// The tick of the last event.
  private(set) var tick = 0
  private(set) var notes: [MIDIFile.Note] = []
  private(set) var tempi: [MIDIClock.Tempo] = []
  private(set) var metres: [MIDIFile.Metre] = []
  private(set) var pedals: [MIDIFile.Pedal] = []
  private(set) var warnings: [String] = []

  /// The places in the notes of those of a key that sound, the first struck first. What has ended stays until all have, so that an end
  /// takes the same time among many notes.
  private struct SoundingNotes {
    private var places: [Int] = []
    private var first = 0

    var rest: ArraySlice<Int> { places[first...] }

    mutating func append(_ place: Int) { places.append(place) }

    /// The note that ends next; nil where none sounds.
    mutating func next() -> Int? {
      guard first < places.count else { return nil }
      defer {
        first += 1
        if first == places.count {
          places.removeAll(keepingCapacity: true)
          first = 0
        }
      }
      return places[first]
    }
  }

  /// Why a track does not go on.
  private enum Stop: Error {
    case end
    case damaged(String)
  }

  /// The track with a number, from 0, whose events are `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, number: Int) { (self.bytes, self.number) = (bytes, number) }

  /// Reads all events.
  mutating func read() {
    do throws(Stop) {
      // a track without its end ends here
      while index < bytes.count { try event() }
    } catch {
      if case .damaged(let reason) = error {
        warnings.append("track \(number + 1) is kept up to byte \(index) of \(bytes.count): \(reason)")
      }
    }
    let unended = open.values.reduce(0) { $0 + $1.rest.count }
    for own in open.values { for place in own.rest { notes[place].end = tick } }
    func warn(_ count: Int, _ text: String) {
      if count > 0 { warnings.append("track \(number + 1): \(count) " + text) }
    }
    warn(unended, "notes without an end last until that of the track")
    warn(counts.endsWithout, "ends without a note count for nothing")
    warn(counts.resumed, "events go on with a status that another event had ended")
    warn(counts.clipped, "numbers above 127 are taken for 127")
  }

  private mutating func byte() throws(Stop) -> Int {
    guard index < bytes.count else { throw .damaged("an event is cut") }
    defer { index += 1 }
    return Int(bytes[index])
  }

  /// A number of one to four bytes of 7 bits, the most significant first.
  private mutating func length() throws(Stop) -> Int {
    var value = 0
    for _ in 0..<4 {
      let byte = try byte()
      value = value << 7 | byte & 0x7F
      if byte < 0x80 { return value }
    }
    throw .damaged("a number has more than 4 bytes")
  }

  /// A number of an event, 0 to 127.
  private mutating func data() throws(Stop) -> Int {
    let byte = try byte()
    if byte > 127 { counts.clipped += 1 }
    return min(byte, 127)
  }

  private mutating func event() throws(Stop) {
    let delta = try length()
    guard index < bytes.count else { throw .damaged("an event is cut") }
    guard tick + delta <= MIDIClock.lastTick else { throw .damaged("a tick is beyond \(MIDIClock.lastTick)") }
    let first = Int(bytes[index])
    switch first {
    case 0xFF:
      index += 1
      isInterrupted = true
      try meta(at: tick + delta)
    case 0xF0, 0xF7:
      index += 1
      isInterrupted = true
      try skip(try length())
    case 0xF1...0xFE: throw .damaged("0x\(String(first, radix: 16)) is no event of a file")
    default:
      if first >= 0x80 {
        (status, isInterrupted) = (first, false)
        index += 1
      } else if status == 0 {
        throw .damaged("an event has no status")
      } else if isInterrupted {
        counts.resumed += 1
        isInterrupted = false
      }
      try message(at: tick + delta)
    }
    tick += delta
  }

  private mutating func skip(_ count: Int) throws(Stop) {
    guard count <= bytes.count - index else {
      index = bytes.count
      throw .damaged("an event is cut")
    }
    index += count
  }

  private mutating func meta(at tick: Int) throws(Stop) {
    let kind = try byte()
    let count = try length()
    let start = index
    try skip(count)
    switch kind {
    case 0x2F:
      self.tick = tick
      throw .end
    case 0x51 where count == 3:
      let quarter = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      if quarter > 0 {
        tempi.append(MIDIClock.Tempo(tick: tick, quarter: quarter))
      } else {
        warnings.append("track \(number + 1): a tempo without a length counts for nothing")
      }
    case 0x58 where count >= 2 && bytes[start] > 0 && bytes[start + 1] < 8:
      metres.append(MIDIFile.Metre(tick: tick, beats: Int(bytes[start]), unit: 1 << Int(bytes[start + 1])))
    default: break  // texts, keys, and what a device makes of them
    }
  }

  private mutating func message(at tick: Int) throws(Stop) {
    let channel = status & 15
    let first = try data()
    let kind = status >> 4
    let second = [0xC, 0xD].contains(kind) ? 0 : try data()
    let place = channel << 7 | first
    switch kind {
    case 9 where second > 0:
      open[place, default: SoundingNotes()].append(notes.count)
      notes.append(
        MIDIFile.Note(
          key: first, velocity: second, start: tick, end: tick, channel: channel, track: number,
          program: programs[channel]))
    case 8, 9:
      guard let ended = open[place]?.next() else {
        counts.endsWithout += 1
        return
      }
      notes[ended].end = tick
    case 0xB where first == 64:
      pedals.append(MIDIFile.Pedal(tick: tick, channel: channel, isDown: second >= 64))
    case 0xC: programs[channel] = first
    default: break  // pressure, bends and other controllers
    }
  }
}
