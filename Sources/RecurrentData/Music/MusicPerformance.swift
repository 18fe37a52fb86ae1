/// Music as it was played: notes at times in hundredths of a second, and how hard they were struck.
public struct MusicPerformance: Sendable, Equatable {
  /// A note.
  public struct Note: Sendable, Hashable {
    /// The number of the key, 0 to 127; 60 is the middle C.
    public var key: Int
    /// How hard it is struck, 1 to 127.
    public var velocity: Int
    /// When it begins, in hundredths of a second.
    public var start: Int
    /// When it ends, after its beginning.
    public var end: Int

    /// A note.
    public init(key: Int, velocity: Int = 80, start: Int, end: Int) {
      (self.key, self.velocity, self.start, self.end) = (key, velocity, start, end)
    }
  }

  /// Where it comes from.
  public var name: String
  /// By beginning and key; notes of one key do not overlap. The first begins at 0.
  public private(set) var notes: [Note]
  /// What it is for; nil where nobody says.
  public var part: DataPart?

  /// A performance of notes in any order, moved so that the first begins at 0. A note has at least a hundredth of a second, and one whose key is struck
  /// again ends there.
  public init(name: String = "", notes: [Note], part: DataPart? = nil) {
    (self.name, self.part) = (name, part)
    let first = notes.map(\.start).min() ?? 0
    var result: [Note] = []
    // of each key the place of its last note
    var last = [Int](repeating: -1, count: 128)
    for note in notes.sorted(by: { ($0.start, $0.key, $0.end) < ($1.start, $1.key, $1.end) }) {
      var own = note
      own.start -= first
      own.end = max(own.start + 1, own.end - first)
      let before = last[own.key]
      if before >= 0, result[before].start == own.start {
        result[before].end = max(result[before].end, own.end)
        result[before].velocity = max(result[before].velocity, own.velocity)
        continue
      }
      if before >= 0 { result[before].end = min(result[before].end, own.start) }
      last[own.key] = result.count
      result.append(own)
    }
    self.notes = result
  }

  /// When the last note ends, in hundredths of a second.
  public var length: Int { notes.map(\.end).max() ?? 0 }

  /// The range of its keys; nil where nothing sounds.
  public var range: ClosedRange<Int>? {
    guard let low = notes.map(\.key).min(), let high = notes.map(\.key).max() else { return nil }
    return low...high
  }

  // MARK: Files

  /// The longest performance: more than eleven hours.
  static let lengthLimit = 1 << 22

  /// Which notes of a file were left out.
  public struct Report: Sendable, Equatable {
    /// Notes of the percussion.
    public var drumCount = 0
    /// Notes of other instruments than those that were asked for.
    public var otherCount = 0
    /// Notes that begin with another one of their key, of which one is left.
    public var unisonCount = 0

    /// No note was left out.
    public init() {}
  }

  /// The notes of a file, at the times that its tempi give.
  ///
  /// - Parameters:
  ///   - file: with notes that have a pitch.
  ///   - name: what errors call it.
  ///   - programs: the instruments that are read; nil for all.
  ///   - usesPedal: whether notes go on while the sustain pedal is down.
  /// - Throws: ``DataError`` where no note is left, or the last one ends after more than eleven hours.
  public static func read(
    _ file: MIDIFile, name: String, programs: [Int]? = nil, usesPedal: Bool = true
  ) throws(DataError) -> (performance: MusicPerformance, report: Report) {
    let own = try PitchedNotes(file, programs: programs, usesPedal: usesPedal, name: name)
    var notes: [Note] = []
    for note in own.notes {
      let (start, end) = (file.clock.microseconds(at: note.start), file.clock.microseconds(at: note.end))
      guard end <= lengthLimit * 10_000 else {
        throw .malformed(
          path: name, place: .byte(0), expected: "at most \(lengthLimit / 360_000) hours of music",
          found: "a note that ends after \(end / 3_600_000_000)")
      }
      notes.append(
        Note(
          key: note.key, velocity: note.velocity, start: (start + 5_000) / 10_000, end: (end + 5_000) / 10_000
        ))
    }
    var report = Report()
    (report.drumCount, report.otherCount) = (own.drumCount, own.otherCount)
    let performance = MusicPerformance(name: name, notes: notes)
    report.unisonCount = notes.count - performance.notes.count
    return (performance, report)
  }

  /// The performance as a file: a tick is a hundredth of a second.
  ///
  /// - Parameter program: the instrument, 0 to 127.
  public func file(program: Int = 0) -> MIDIFile {
    MIDIFile(
      notes: notes.map {
        MIDIFile.Note(
          key: $0.key, velocity: $0.velocity, start: $0.start, end: $0.end, program: program)
      }, clock: MIDIClock(ticksPerQuarter: MIDIClock.standardQuarter / 10_000))
  }
}
