/// The notes of a file that have a pitch and are of the instruments that were asked for.
struct PitchedNotes {
  /// In the order of the file; at least one.
  private(set) var notes: [MIDIFile.Note] = []
  /// Notes of the percussion, which are left out.
  private(set) var drumCount = 0
  /// Notes of other instruments, which are left out.
  private(set) var otherCount = 0

  /// Chooses among the notes of a file.
  ///
  /// - Parameters:
  ///   - programs: the instruments; nil for all.
  ///   - usesPedal: whether notes go on while the sustain pedal is down.
  ///   - name: what errors call the file.
  /// - Throws: ``DataError`` where no note is left.
  init(_ file: MIDIFile, programs: [Int]?, usesPedal: Bool, name: String) throws(DataError) {
    for note in usesPedal ? file.sustained : file.notes {
      if note.isDrum {
        drumCount += 1
      } else if let programs, !programs.contains(note.program) {
        otherCount += 1
      } else {
        notes.append(note)
      }
    }
    guard notes.isEmpty else { return }
    let found =
      drumCount > 0 && otherCount == 0
      ? "percussion alone" : otherCount > 0 ? "other instruments alone" : "none"
    throw .malformed(path: name, place: .byte(0), expected: "notes with a pitch", found: found)
  }
}
