import RecurrentFormats

/// The pieces of files and folders of music, with what was found and the reason of everything that was left out.
///
/// Read are Standard MIDI Files, piano rolls of JSON, of pickles and of MATLAB, and tunes in ABC; what a file is tells its beginning, or
/// the ending of its name. The name of a folder that means a part, such as `train`, says what the files within are for; the name of another one within the
/// folder that is read, such as of a composer, is the label of its pieces.
public struct MusicFiles: Sendable {
  /// The pieces.
  public private(set) var pieces: [MusicPiece] = []
  /// What was found, and what was left out for what reason.
  public private(set) var notes: [DataNote] = []
  /// Files that were left out, with the reason.
  public private(set) var refused: [(name: String, reason: String)] = []
  /// What became of the notes of MIDI files.
  public private(set) var report = MusicGrid.Report()
  private let grid: MusicGrid
  private var warned: [(name: String, text: String)] = []
  private var fileCount = 0

  /// Endings of files in folders that are read.
  private static let endings: Set = ["mid", "midi", "rmi", "kar", "json", "pickle", "pkl", "mat", "abc"]

  /// Reads sources. A file that is named by itself must be one of music; of a folder what cannot be read is left out.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(_ data: [DataSource], grid: MusicGrid = MusicGrid()) throws {
    self.grid = grid
    var sources = MusicSources(endings: MusicFiles.endings)
    try sources.read(data) { source, part, label, refused in
      let before = (pieces.count, self.refused.count)
      try read(source, part: part, label: label)
      refused += self.refused.dropFirst(before.1)
      return pieces.count - before.0
    }
    refused = sources.refused
    describe()
  }

  private mutating func read(_ source: DataSource, part: DataPart?, label: String?) throws {
    fileCount += 1
    let first = pieces.count
    if let value = try source.value() {
      pieces += try PianoRolls.pieces(value, path: source.name)
    } else {
      try read(DataBytes(source))
    }
    for index in first..<pieces.count {
      pieces[index].part = pieces[index].part ?? part
      pieces[index].label = pieces[index].label ?? label
    }
  }

  private mutating func read(_ file: DataBytes) throws {
    let (path, ending) = (file.path, DataFolder.ending(file.path))
    enum Kind { case midi, mat, pickle, json, abc }
    let kind: Kind? = file.withBytes { bytes in
      if MIDIFile.recognizes(bytes) { return .midi }
      if MATFile.recognizes(bytes) { return .mat }
      if PickledLists.recognizes(bytes) || ["pickle", "pkl"].contains(ending) { return .pickle }
      let first = bytes.first { $0 > 0x20 }
      if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return .json }
      if ending == "abc" || ABCTunes.recognizes(bytes) { return .abc }
      return ["mid", "midi", "rmi", "kar"].contains(ending) ? .midi : nil
    }
    switch kind {
    case .midi:
      let music = try MIDIFile(file)
      for warning in music.warnings { warned.append((path, warning)) }
      let (piece, own) = try grid.piece(music, name: path)
      report.add(own)
      pieces.append(piece)
    case .mat: pieces += try PianoRolls.pieces(MATFile(bytes: file.withBytes { Array($0) }, path: path))
    case .pickle:
      pieces += try PianoRolls.pieces(
        PickledLists.read(file.withBytes { Array($0) }, path: path), path: path)
    case .json:
      pieces += try PianoRolls.pieces(file.withBytes { try JSONValue(text: $0, path: path) }, path: path)
    case .abc:
      let tunes = try ABCTunes(file, stepsPerQuarter: grid.stepsPerQuarter)
      for (name, reason) in tunes.refused { refused.append((name, reason)) }
      pieces += tunes.pieces
    case nil:
      throw DataError.malformed(
        path: path, place: .byte(0),
        expected: "music: a Standard MIDI File, piano rolls of JSON, a pickle or MATLAB, or ABC",
        found: "neither")
    }
  }

  private mutating func describe() {
    let steps = pieces.reduce(0) { $0 + $1.steps.count }
    notes.append(
      DataNote(
        .found,
        "\(pieces.count) piece\(pieces.count == 1 ? "" : "s") of \(steps) steps in \(fileCount) file\(fileCount == 1 ? "" : "s")"
      ))
    if report.noteCount > 0 {
      let (moved, far) = (report.movedCount, report.farCount)
      notes.append(
        DataNote(
          .assumed,
          "\(grid.stepsPerQuarter) steps of a quarter: \(moved) of \(report.noteCount) notes are moved, by "
            + "\(MusicFiles.hundredths(report.moves / Double(max(moved, 1)))) of a step on the mean",
          setting: "steps-per-quarter"))
      if far * 20 > report.noteCount {
        notes.append(
          DataNote(
            .warning,
            "\(far * 100 / report.noteCount) % of the notes are moved by more than a quarter of a step: try 12 "
              + "steps of a quarter for triplets", setting: "steps-per-quarter"))
      }
    }
    notes += MusicSources.leftOut(
      drumCount: report.drumCount, otherCount: report.otherCount, unisonCount: report.unisonCount)
    notes += MusicSources.notes(warned: warned, refused: refused)
  }

  private static func hundredths(_ value: Double) -> String {
    let whole = Int((value * 100).rounded())
    return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
  }
}
