/// The performances of Standard MIDI Files and folders of them, with what was found and the reason of everything that was left out.
public struct MusicPerformances: Sendable {
  /// The performances.
  public private(set) var performances: [MusicPerformance] = []
  /// What was found, and what was left out for what reason.
  public private(set) var notes: [DataNote] = []

  /// Reads sources. A file that is named by itself must be one of music; of a folder what cannot be read is left out.
  ///
  /// - Parameters:
  ///   - data: files and folders.
  ///   - programs: the instruments that are read; nil for all.
  ///   - usesPedal: whether notes go on while the sustain pedal is down.
  /// - Throws: ``DataError`` or a format error.
  public init(_ data: [DataSource], programs: [Int]? = nil, usesPedal: Bool = true) throws {
    var sources = MusicSources(endings: ["mid", "midi", "rmi", "kar"])
    var warned: [(name: String, text: String)] = []
    var total = MusicPerformance.Report()
    try sources.read(data) { source, part, _, _ in
      let file = try MIDIFile(DataBytes(source))
      var (own, report) = try MusicPerformance.read(
        file, name: source.name, programs: programs, usesPedal: usesPedal)
      warned += file.warnings.map { (source.name, $0) }
      own.part = part
      performances.append(own)
      total.drumCount += report.drumCount
      total.otherCount += report.otherCount
      total.unisonCount += report.unisonCount
      return 1
    }
    let seconds = (performances.reduce(0) { $0 + $1.length } + 50) / 100
    let noteCount = performances.reduce(0) { $0 + $1.notes.count }
    notes.append(
      DataNote(
        .found,
        "\(performances.count) performance\(performances.count == 1 ? "" : "s") of \(noteCount) notes, "
          + "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) minutes"))
    notes += MusicSources.leftOut(
      drumCount: total.drumCount, otherCount: total.otherCount, unisonCount: total.unisonCount)
    notes += MusicSources.notes(warned: warned, refused: sources.refused)
  }
}
