import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct MusicGridTests {
  private func file(_ notes: [(key: Int, start: Int, end: Int)], division: Int = 480) -> MIDIFile {
    MIDIFile(
      notes: notes.map { MIDIFile.Note(key: $0.key, start: $0.start, end: $0.end) },
      clock: MIDIClock(ticksPerQuarter: division))
  }

  /// Steps as texts: `60 62-` for a struck and a held key.
  private func text(_ piece: MusicPiece) -> [String] {
    piece.steps.map { $0.map { "\($0.key)" + ($0.isHeld ? "-" : "") }.joined(separator: " ") }
  }

  @Test func notesAreRoundedByWholeNumbers() throws {
    let grid = MusicGrid(stepsPerQuarter: 4)
    // 120 ticks a step: halves up, at least one step, the longer note under the shorter
    let (piece, report) = try grid.piece(
      file([(60, 0, 240), (64, 59, 61), (67, 60, 180), (72, 300, 420)]), name: "x")
    #expect(text(piece) == ["64 60", "67 60-", "", "72"])
    #expect(report.noteCount == 4 && report.movedCount == 3 && report.farCount == 3)
    #expect(abs(report.moves - (59 + 60 + 60) / 120.0) < 1e-9)
    // the third of a quarter drifts nowhere
    let thirds = (0..<3000).map { (key: 60, start: $0 * 32, end: $0 * 32 + 32) }
    let triplets = try MusicGrid(stepsPerQuarter: 3).piece(file(thirds, division: 96), name: "x")
    #expect(triplets.piece.steps.count == 3000 && triplets.report.movedCount == 0)
    #expect(triplets.piece.steps.allSatisfy { $0 == [MusicPiece.Tone(60)] })
  }

  @Test func keysThatAreStruckAgain() throws {
    let (piece, report) = try MusicGrid(stepsPerQuarter: 1).piece(
      file([(60, 0, 480 * 4), (60, 960, 1440), (60, 0, 480)]), name: "x")
    #expect(text(piece) == ["60", "60-", "60", "60-"])
    // one of the two that begin together is left
    #expect(report.noteCount == 3 && report.unisonCount == 1)
  }

  @Test func whatIsLeftOutIsCounted() throws {
    var notes = file([(60, 0, 480), (61, 0, 480), (62, 0, 480)]).notes
    notes[1].channel = 9
    notes[2].program = 40
    let music = MIDIFile(notes: notes)
    let strings = MusicGrid(stepsPerQuarter: 1, programs: [40])
    let (piece, report) = try strings.piece(music, name: "x")
    #expect(text(piece) == ["62"] && report.drumCount == 1 && report.otherCount == 1)
    #expect(throws: DataError.self) { try MusicGrid(programs: [3]).piece(music, name: "x") }
    let drums = #expect(throws: DataError.self) {
      try MusicGrid().piece(MIDIFile(notes: [notes[1]]), name: "x")
    }
    #expect("\(drums.map { "\($0)" } ?? "")".contains("percussion alone"))
    #expect(throws: DataError.self) { try MusicGrid().piece(MIDIFile(notes: []), name: "x") }
    let endless = #expect(throws: DataError.self) {
      try MusicGrid(stepsPerQuarter: 96).piece(file([(60, 0, 1 << 30)], division: 1), name: "x")
    }
    #expect("\(endless.map { "\($0)" } ?? "")".contains("262144 steps"))
    let cluster = file((0..<128).map { (key: $0, start: 0, end: 1 << 17) }, division: 1)
    let full = #expect(throws: DataError.self) { try MusicGrid(stepsPerQuarter: 1).piece(cluster, name: "x") }
    #expect("\(full.map { "\($0)" } ?? "")".contains("4194304 tones"))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 12, 96]) func piecesComeBack(_ stepsPerQuarter: Int) throws {
    let grid = MusicGrid(stepsPerQuarter: stepsPerQuarter)
    for seed in 0..<10 {
      let draws = RandomKey(seed: UInt64(seed)).integers(400, below: 6)
      var steps: [[MusicPiece.Tone]] = []
      for step in 0..<30 {
        var tones: [MusicPiece.Tone] = []
        for key in 0..<6 where draws[step * 12 + key] < 2 {
          let sounded = step > 0 && steps[step - 1].contains { $0.key == 70 - key }
          tones.append(MusicPiece.Tone(70 - key, isHeld: sounded && draws[step * 12 + 6 + key] < 4))
        }
        steps.append(tones)
      }
      steps[29] = [MusicPiece.Tone(80)]
      let piece = MusicPiece(name: "x", steps: steps)
      let back = try grid.piece(MIDIFile(DataBytes(grid.file(piece).bytes)), name: "x")
      #expect(back.piece == piece && back.report.movedCount == 0)
      // without held tones those that follow each other are one note
      let roll = MusicPiece(name: "x", keys: piece.keys)
      let joined = grid.file(roll)
      #expect(try grid.piece(joined, name: "x").piece.keys == piece.keys)
      #expect(joined.notes.count <= grid.file(piece).notes.count)
    }
  }

  @Test func transposedPiecesStayInRange() {
    let piece = MusicPiece(steps: [[.init(100), .init(60, isHeld: true), .init(48)], []])
    #expect(piece.transposed(by: -2).keys == [[98, 58, 46], []])
    #expect(piece.transposed(by: 0, within: 50...80).steps == [[.init(76), .init(60)], []])
    #expect(piece.range == 48...100 && MusicPiece(steps: [[]]).range == nil)
  }
}
