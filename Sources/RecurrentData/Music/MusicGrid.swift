/// How the notes of a ``MIDIFile`` are laid on a grid of equal steps, and back.
///
/// Times are rounded from ticks by whole numbers, halves up, and never go through seconds: no step drifts. A note has at least one
/// step.
public struct MusicGrid: Sendable, Equatable, Codable {
  /// Steps of a quarter: 4 for sixteenths.
  public var stepsPerQuarter: Int
  /// The instruments that are read; nil for all.
  public var programs: [Int]?
  /// Whether notes go on while the sustain pedal is down.
  public var usesPedal: Bool

  /// A grid.
  public init(stepsPerQuarter: Int = 4, programs: [Int]? = nil, usesPedal: Bool = false) {
    (self.stepsPerQuarter, self.programs, self.usesPedal) = (stepsPerQuarter, programs, usesPedal)
  }

  /// The most steps of a piece.
  static let stepLimit = 1 << 18
  /// The most tones of all steps of a piece: a few long notes must not take all memory.
  static let toneLimit = 1 << 22

  /// What became of notes on the grid.
  public struct Report: Sendable, Equatable {
    /// Notes on the grid.
    public var noteCount = 0
    /// Those whose beginning was moved.
    public var movedCount = 0
    /// Those whose beginning was moved by more than a quarter of a step.
    public var farCount = 0
    /// The sum of the moves, in steps.
    public var moves = 0.0
    /// Notes of the percussion, which are left out.
    public var drumCount = 0
    /// Notes of other instruments than those that were asked for, which are left out.
    public var otherCount = 0
    /// Notes that begin at the step of another one of their key, of which one is left.
    public var unisonCount = 0

    /// Nothing yet.
    public init() {}

    /// Adds what became of the notes of another piece.
    public mutating func add(_ other: Report) {
      noteCount += other.noteCount
      movedCount += other.movedCount
      farCount += other.farCount
      moves += other.moves
      drumCount += other.drumCount
      otherCount += other.otherCount
      unisonCount += other.unisonCount
    }
  }

  /// The step of a tick, halves up.
  private func step(_ tick: Int, _ quarter: Int) -> Int {
    (2 * tick * stepsPerQuarter + quarter) / (2 * quarter)
  }

  /// A file on the grid.
  ///
  /// - Throws: ``DataError`` where no note is left, or there are more than 262,144 steps or 4,194,304 tones.
  public func piece(_ file: MIDIFile, name: String) throws(DataError) -> (piece: MusicPiece, report: Report) {
    var report = Report()
    let quarter = file.clock.ticksPerQuarter
    var notes: [(start: Int, end: Int, key: Int)] = []
    let own = try PitchedNotes(file, programs: programs, usesPedal: usesPedal, name: name)
    (report.drumCount, report.otherCount) = (own.drumCount, own.otherCount)
    for note in own.notes {
      let start = step(note.start, quarter)
      notes.append((start, max(start + 1, step(note.end, quarter)), note.key))
      let distance = abs(Double(note.start * stepsPerQuarter) / Double(quarter) - Double(start))
      report.noteCount += 1
      report.moves += distance
      report.movedCount += distance > 0 ? 1 : 0
      report.farCount += distance > 0.25 ? 1 : 0
    }
    let length = notes.map(\.end).max() ?? 0
    guard length <= MusicGrid.stepLimit else {
      throw .malformed(
        path: name, place: .byte(0), expected: "at most \(MusicGrid.stepLimit) steps", found: "\(length)")
    }
    let steps = try steps(notes, count: length, name: name)
    report.unisonCount = notes.count - steps.reduce(0) { $0 + $1.count { !$0.isHeld } }
    return (MusicPiece(name: name, steps: steps), report)
  }

  /// What sounds at each of `count` steps, the highest key first.
  private func steps(
    _ notes: [(start: Int, end: Int, key: Int)], count: Int, name: String
  ) throws(DataError) -> [[MusicPiece.Tone]] {
    let notes = notes.sorted { ($1.key, $0.start, $0.end) < ($0.key, $1.start, $1.end) }
    // of each note the steps at which its key does not sound yet
    var fresh: [Range<Int>] = []
    var (key, end, toneCount) = (128, 0, 0)
    for note in notes {
      if note.key != key { (key, end) = (note.key, 0) }
      fresh.append(max(note.start, end)..<max(note.end, end))
      end = max(note.end, end)
      toneCount += fresh[fresh.count - 1].count
    }
    guard toneCount <= MusicGrid.toneLimit else {
      throw .malformed(
        path: name, place: .byte(0), expected: "at most \(MusicGrid.toneLimit) tones at all steps",
        found: "\(toneCount)")
    }
    var steps = [[MusicPiece.Tone]](repeating: [], count: count)
    for (note, fresh) in zip(notes, fresh) {
      // a note that is struck while its key sounds ends the one before
      if note.start < fresh.lowerBound { steps[note.start][steps[note.start].count - 1].isHeld = false }
      for step in fresh { steps[step].append(MusicPiece.Tone(note.key, isHeld: step > note.start)) }
    }
    return steps
  }

  /// A piece as a file: held tones make notes longer; where a piece does not tell them, tones that follow each other are held.
  ///
  /// - Parameters:
  ///   - piece: on this grid.
  ///   - quarter: microseconds of a quarter.
  ///   - program: the instrument, 0 to 127.
  ///   - velocity: how hard all notes are struck.
  public func file(
    _ piece: MusicPiece, quarter: Int = MIDIClock.standardQuarter, program: Int = 0, velocity: Int = 80
  ) -> MIDIFile {
    // a division that has whole steps
    let ticks = 480 % stepsPerQuarter == 0 ? 480 / stepsPerQuarter : max(1, 480 / stepsPerQuarter)
    var notes: [MIDIFile.Note] = []
    var open: [Int: Int] = [:]
    for (step, tones) in piece.steps.enumerated() {
      var next: [Int: Int] = [:]
      for tone in tones {
        let goesOn = tone.isHeld || !piece.tellsHeld
        if goesOn, let place = open[tone.key] {
          notes[place].end = (step + 1) * ticks
          next[tone.key] = place
        } else {
          next[tone.key] = notes.count
          notes.append(
            MIDIFile.Note(
              key: tone.key, velocity: velocity, start: step * ticks, end: (step + 1) * ticks,
              program: program))
        }
      }
      open = next
    }
    var file = MIDIFile(
      notes: notes, clock: MIDIClock(ticksPerQuarter: ticks * stepsPerQuarter, quarter: quarter))
    file.endTick = max(file.endTick, piece.steps.count * ticks)
    return file
  }
}
