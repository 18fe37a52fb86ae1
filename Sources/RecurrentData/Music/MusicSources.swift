import RecurrentFormats

/// Walks through files and folders of music. A file that is named by itself must be one of music; of a folder what cannot be read is left out.
struct MusicSources {
  /// A file that was left out, and why.
  typealias Refusal = (name: String, reason: String)
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - part: what the file is for; nil where nobody says.
  ///   - label: the folder that it is told apart by; nil where there is none.
  ///   - refused: takes what of the file is left out.
  /// - Returns: the number of pieces.
  typealias Reader = (_ source: DataSource, _ part: DataPart?, _ label: String?, _ refused: inout [Refusal])
    throws -> Int

  /// What was left out.
  private(set) var refused: [Refusal] = []
  /// Endings of files in folders that are read.
  private let endings: Set<String>
  private var pieceCount = 0

  /// - Parameter endings: of files in folders that are read, in small letters.
  init(endings: Set<String>) { self.endings = endings }

  /// Reads all sources.
  ///
  /// - Throws: ``DataError`` or a format error, also where a folder has nothing that can be read.
  mutating func read(_ data: [DataSource], _ reader: Reader) throws {
    for source in data {
      guard source.isFolder else {
        pieceCount += try reader(source, nil, nil, &refused)
        continue
      }
      let before = (pieceCount, refused.count)
      try read(folder: source.name, part: nil, label: nil, depth: 0, reader)
      guard pieceCount > before.0 else {
        throw DataError.malformed(
          path: source.name, place: .byte(0),
          expected: "a folder with music: \(endings.sorted().map { "." + $0 }.joined(separator: ", "))",
          found: refused.dropFirst(before.1).first.map { "none that can be read; \($0.name): \($0.reason)" }
            ?? "none")
      }
    }
  }

  private mutating func read(
    folder: String, part: DataPart?, label: String?, depth: Int, _ reader: Reader
  ) throws {
    for entry in try DataFolder.entries(folder) {
      if entry.isFolder {
        // links may lead in circles
        guard depth < 16 else { continue }
        let own = DataPart(word: entry.name)
        try read(
          folder: entry.path, part: own ?? part, label: own == nil ? entry.name : label, depth: depth + 1,
          reader)
      } else if endings.contains(DataFolder.ending(entry.name)) {
        do {
          pieceCount += try reader(DataSource(entry.path), part, label, &refused)
        } catch let error as DataError {
          refused.append((entry.path, MusicSources.reason("\(error)", entry.path)))
        } catch let error as FormatError {
          refused.append((entry.path, MusicSources.reason("\(error)", entry.path)))
        }
      }
    }
  }

  /// What an error says behind the path that it begins with.
  private static func reason(_ text: String, _ path: String) -> String {
    text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
  }

  // MARK: Notes

  /// Remarks and refusals that are named each by itself.
  private static let shown = 20

  /// What is to be said of notes that were left out.
  ///
  /// - Parameters:
  ///   - drumCount: those of the percussion.
  ///   - otherCount: those of instruments that were not asked for.
  ///   - unisonCount: those that begin with another one of their key.
  static func leftOut(drumCount: Int, otherCount: Int, unisonCount: Int) -> [DataNote] {
    var notes: [DataNote] = []
    if drumCount > 0 {
      notes.append(DataNote(.found, "\(drumCount) notes of percussion are left out: they have no pitch"))
    }
    if otherCount > 0 {
      notes.append(
        DataNote(.found, "\(otherCount) notes of other instruments are left out", setting: "program"))
    }
    if unisonCount > 0 {
      notes.append(
        DataNote(.found, "\(unisonCount) notes begin with another one of their key: of such ones one is left")
      )
    }
    return notes
  }

  /// What is to be said of files.
  ///
  /// - Parameters:
  ///   - warned: remarks on files that were read.
  ///   - refused: files that were left out.
  static func notes(warned: [(name: String, text: String)], refused: [Refusal]) -> [DataNote] {
    var notes = warned.prefix(shown).map { DataNote(.warning, "\($0.name): \($0.text)") }
    notes += refused.prefix(shown).map { DataNote(.warning, "\($0.name) is left out: \($0.reason)") }
    for (count, what) in [(warned.count, "remarks on files"), (refused.count, "files that are left out")]
    where count > shown {
      notes.append(DataNote(.warning, "and \(count - shown) further \(what)"))
    }
    return notes
  }
}
