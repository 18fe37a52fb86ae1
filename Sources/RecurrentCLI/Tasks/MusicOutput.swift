import ArgumentParser
import Recurrent

/// The files that music is written to: of each piece one of MIDI, and its drawing beside it.
struct MusicOutput {
  private let path: String
  private let count: Int
  private let inputs: [String]

  /// A piece that is written.
  struct Piece {
    /// Its number from 0.
    let index: Int
    /// The file of MIDI and its drawing.
    let file, drawing: String
    /// The random numbers of the piece.
    let key: RandomKey

    /// Writes both.
    func write(_ music: MIDIFile, drawn: (_ title: String) -> String) throws {
      try AtomicFile.write(music.bytes, to: file)
      let title = file.split(separator: "/").last.map(String.init) ?? file
      try AtomicFile.write(Array(drawn(title).utf8), to: drawing)
    }
  }

  /// - Parameters:
  ///   - path: what `--output` gives.
  ///   - count: pieces; of several the names are numbered.
  ///   - inputs: files that are read, which are not to be written over.
  /// - Throws: where no path is given.
  init(_ path: String?, count: Int, apartFrom inputs: [String]) throws {
    guard let path else {
      throw ValidationError("--output is missing, expected the path of a MIDI file")
    }
    (self.path, self.count, self.inputs) = (path, count, inputs)
  }

  /// Writes one piece after the other, until an interruption.
  func forEach(seed: UInt64, _ write: (Piece) throws -> Void) throws {
    for index in 0..<count {
      let (file, drawing) = names(index)
      guard file != drawing else {
        throw ValidationError("--output is \(file), expected a MIDI file: the drawing has that name")
      }
      for own in [file, drawing] { try OutputFile.check(own, flag: "--output", apartFrom: inputs) }
      try write(
        Piece(index: index, file: file, drawing: drawing, key: RandomKey(seed: seed).child(index)))
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
  }

  /// The files of one of several pieces: `new-2.mid` and `new-2.svg`.
  private func names(_ index: Int) -> (file: String, drawing: String) {
    let name = path.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    let ending = dot == name.startIndex ? "" : String(name[dot...])
    let stem = String(path.dropLast(ending.count)) + (count > 1 ? "-\(index + 1)" : "")
    return (stem + (ending.isEmpty ? ".mid" : ending), stem + ".svg")
  }
}
