/// Music as a Standard MIDI File has it (MIDI Manufacturers Association 1996): notes with the ticks at which they begin and end,
/// and what says how long a tick is.
///
///     let file = try MIDIFile(DataBytes(DataSource("fugue.mid")))
///     let seconds = file.clock.seconds(at: file.endTick)
///     try AtomicFile.write(file.bytes, to: "copy.mid")
///
/// What a reader can make sense of is kept, and what is odd is said in ``warnings``.
public struct MIDIFile: Sendable, Equatable {
  /// A note.
  public struct Note: Sendable, Hashable {
    /// The number of the key, 0 to 127; 60 is the middle C.
    public var key: Int
    /// How hard it is struck, 1 to 127.
    public var velocity: Int
    /// The tick at which it begins.
    public var start: Int
    /// The tick at which it ends, not before its beginning.
    public var end: Int
    /// The channel, 0 to 15.
    public var channel: Int
    /// The track, from 0.
    public var track: Int
    /// The instrument, 0 to 127.
    public var program: Int

    /// A note.
    public init(
      key: Int, velocity: Int = 80, start: Int, end: Int, channel: Int = 0, track: Int = 0, program: Int = 0
    ) {
      (self.key, self.velocity, self.start, self.end) = (key, velocity, start, end)
      (self.channel, self.track, self.program) = (channel, track, program)
    }

    /// Whether it is one of the percussion, whose keys are no pitches.
    public var isDrum: Bool { channel == 9 }
  }

  /// The time signature from a tick on.
  public struct Metre: Sendable, Hashable {
    /// The tick.
    public var tick: Int
    /// Beats of a bar.
    public var beats: Int
    /// What a beat is, as the part of a whole note: 4 for a quarter.
    public var unit: Int

    /// A time signature.
    public init(tick: Int, beats: Int, unit: Int) { (self.tick, self.beats, self.unit) = (tick, beats, unit) }
  }

  /// The sustain pedal of a channel from a tick on.
  public struct Pedal: Sendable, Hashable {
    /// The tick.
    public var tick: Int
    /// The channel, 0 to 15.
    public var channel: Int
    /// Whether it is held down.
    public var isDown: Bool

    /// The state of a pedal.
    public init(tick: Int, channel: Int, isDown: Bool) {
      (self.tick, self.channel, self.isDown) = (tick, channel, isDown)
    }
  }

  /// 0 for one track, 1 for several that are played together.
  public var format: Int
  /// The number of tracks that were read.
  public var trackCount: Int
  /// How long ticks are.
  public var clock: MIDIClock
  /// The notes by beginning, track, channel and key.
  public var notes: [Note]
  /// The time signatures by their ticks; 4/4 before the first.
  public var metres: [Metre]
  /// What the sustain pedals do, by ticks.
  public var pedals: [Pedal]
  /// The tick of the last event of any track.
  public var endTick: Int
  /// What was odd about the file, each a sentence.
  public internal(set) var warnings: [String] = []

  /// Music of notes, for writing; it ends with the last of them.
  public init(
    notes: [Note], clock: MIDIClock = MIDIClock(ticksPerQuarter: 480), metres: [Metre] = [],
    pedals: [Pedal] = []
  ) {
    format = 1
    self.clock = clock
    (self.notes, self.metres, self.pedals) = (notes.sorted(by: MIDIFile.precedes), metres, pedals)
    trackCount = (notes.map(\.track).max() ?? 0) + 1
    endTick = notes.map(\.end).max() ?? 0
  }

  /// The order of notes.
  static func precedes(_ a: Note, _ b: Note) -> Bool {
    (a.start, a.track, a.channel, a.key, a.end) < (b.start, b.track, b.channel, b.key, b.end)
  }

  /// The length in seconds.
  public var seconds: Double { clock.seconds(at: endTick) }

  /// The notes as they sound: those that end while the pedal of their channel is down go on until it is released, or until their
  /// key is struck again. Percussion stays as it is.
  public var sustained: [Note] {
    var result = notes
    for channel in 0..<16 where channel != 9 {
      let pedals = pedals.filter { $0.channel == channel }
      guard pedals.contains(where: \.isDown) else { continue }
      let releases = pedals.filter { !$0.isDown }.map(\.tick)
      var onsets = [[Int]](repeating: [], count: 128)
      for note in notes where note.channel == channel { onsets[note.key].append(note.start) }
      for index in result.indices where result[index].channel == channel {
        let note = result[index]
        // the pedal as it is at the end of the note, and when it is released after that
        let past = pedals.partitioned { $0.tick > note.end }
        guard past > 0, pedals[past - 1].isDown else { continue }
        let later = releases.partitioned { $0 > note.end }
        let release = later < releases.count ? releases[later] : endTick
        let own = onsets[note.key]
        let next = own.partitioned { $0 > note.start }
        result[index].end = max(note.end, min(release, next < own.count ? own[next] : .max))
      }
    }
    return result
  }
}

extension Array {
  /// The place of the first element for which `isBehind` holds, where it holds for all that follow; the count where for none.
  func partitioned(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
