import RecurrentFormats

/// A file that holds one sequence.
public enum SequenceFile: Sendable {
  /// Sound.
  case sound(Sound)
  /// Pictures.
  case pictures(FrameSequence)
  /// Numbers.
  case series(NumericSeries)
  /// Text.
  case text(String)

  /// Reads a file by what it begins with: WAVE, GIF, NumPy, a table of numbers, text; everything else that sounds or moves
  /// through ffmpeg.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - format: how the numbers of a table are written; nil where its rows are to tell.
  /// - Throws: ``DataError`` or a format error.
  public init(path: String, format: TableFormat? = nil) throws {
    let name = path.lowercased().hasSuffix(".gz") ? String(path.lowercased().dropLast(3)) : path.lowercased()
    if FFmpeg.soundEndings.contains(where: name.hasSuffix) {
      self = .sound(try FFmpeg.sound(path))
      return
    }
    if FFmpeg.pictureEndings.contains(where: name.hasSuffix) {
      self = .pictures(try FFmpeg.pictures(path))
      return
    }
    let file = try DataBytes(path: path)
    if name.hasSuffix(".wav") || file.withBytes({ WaveFile.recognizes($0) }) {
      self = .sound(try WaveFile.read(file))
    } else if name.hasSuffix(".gif") || file.withBytes({ GIFFile.recognizes($0) }) {
      self = .pictures(try GIFFile.read(file))
    } else if name.hasSuffix(".npy") || file.withBytes({ $0.starts(with: SequenceFile.numPyMark) }) {
      self = .series(try SequenceFile.array(file))
    } else if [".csv", ".tsv", ".jsonl"].contains(where: name.hasSuffix) {
      self = .series(try SequenceFile.table(path, format))
    } else {
      self = .text(try SequenceFile.text(file))
    }
  }

  /// Whether a file is one recording, by its ending or by what it begins with: no table, no text.
  static func isRecording(_ file: DataBytes) -> Bool {
    let name = file.path.lowercased()
    let endings = FFmpeg.soundEndings + FFmpeg.pictureEndings + [".wav", ".gif", ".npy"]
    if endings.contains(where: name.hasSuffix) { return true }
    return file.withBytes {
      WaveFile.recognizes($0) || GIFFile.recognizes($0) || $0.starts(with: numPyMark)
    }
  }

  private static let numPyMark: [UInt8] = [0x93, 0x4E, 0x55, 0x4D]

  private static func array(_ file: DataBytes) throws -> NumericSeries {
    let array = try NPYFile(bytes: file.withBytes { Array($0) }, path: file.path).array
    guard array.shape.count == 1 || array.shape.count == 2, array.shape.allSatisfy({ $0 > 0 }) else {
      throw DataError.malformed(
        path: file.path, place: .byte(0),
        expected: "an array [steps] or [steps, channels] with numbers in it",
        found: "the shape \(array.shape)")
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1
    return NumericSeries(
      channels: (0..<width).map { "\($0 + 1)" }, values: try array.floats(convertsIntegers: true))
  }

  /// All columns of numbers, one row a step.
  private static func table(_ path: String, _ format: TableFormat?) throws -> NumericSeries {
    let table = try RecordTable(path: path, format: format)
    let places = table.columns.indices.filter { table.isNumeric($0) }
    guard !places.isEmpty else {
      throw DataError.malformed(
        path: path, place: .line(2), expected: "at least one column of numbers", found: "none")
    }
    var values: [Float] = []
    for row in 0..<table.count {
      let fields = try table.row(row)
      for place in places {
        values.append(try table.number(fields[place], row: row, column: place).map { Float($0) } ?? .nan)
      }
    }
    return NumericSeries(channels: places.map { table.columns[$0] }, values: values)
  }

  private static func text(_ file: DataBytes) throws(DataError) -> String {
    try file.withBytes { (bytes) throws(DataError) in
      switch checkUTF8(bytes.bindMemory(to: UInt8.self)) {
      case .complete: break
      case .incomplete(let index), .invalid(let index):
        throw .malformed(
          path: file.path, place: .byte(index),
          expected: "a sequence: WAVE, GIF, NumPy, a table, text in UTF-8, or a file that ffmpeg reads",
          found: "the byte \(bytes[index])")
      }
      return String(decoding: bytes[file.textStart(bytes)...], as: UTF8.self)
    }
  }
}
