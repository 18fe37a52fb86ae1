/// Reads WAVE files: PCM of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, mu-law and A-law, any number of channels; RIFF, RIFX
/// with the highest bytes first, and RF64 and BW64, which may be longer than 4 GB.
public enum WaveFile: SampleFile {
  /// Whether bytes begin as a WAVE file does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 12 && bytes[8..<12].elementsEqual("WAVE".utf8)
      && ["RIFF", "RIFX", "RF64", "BW64"].contains { bytes[..<4].elementsEqual($0.utf8) }
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public static func read(_ file: DataBytes) throws(DataError) -> Sound {
    try read(file) { (length) throws(DataError) in 0..<length.count }
  }

  static func samples(_ cursor: inout ByteCursor) throws(DataError) -> StoredSamples {
    guard recognizes(cursor.bytes) else {
      throw cursor.malformed("the marks RIFF, RIFX, RF64 or BW64, and WAVE", "something else")
    }
    let isBig = cursor.bytes[3] == UInt8(ascii: "X")
    cursor.index = 12
    var format: SampleFormat?
    var sizes: [String: Int] = [:]
    while cursor.left >= 8 {
      let name = try cursor.mark(4, "the name of a chunk")
      var size = try cursor.number(4, isBig: isBig, "the size of a chunk")
      if size == 0xFFFF_FFFF { size = sizes[name] ?? size }
      var part = cursor
      if name == "ds64" {
        sizes = try longSizes(&part)
      } else if name == "fmt " {
        format = try self.format(&part, size: size, isBig: isBig)
      } else if name == "data" {
        guard let format else { throw cursor.malformed("a chunk \"fmt \" before the samples", "none") }
        return try StoredSamples(format, size: size, &cursor)
      }
      // chunks begin at even bytes
      guard size + size % 2 <= cursor.left else { break }
      cursor.index += size + size % 2
    }
    throw cursor.malformed("a chunk \"data\"", "the end of the file")
  }

  /// The sizes of chunks that 32 bits cannot say, by their names.
  private static func longSizes(_ cursor: inout ByteCursor) throws(DataError) -> [String: Int] {
    func size() throws(DataError) -> Int {
      let size = try cursor.little(8, "the size of a long chunk")
      guard size >= 0 else {
        throw cursor.malformed("a size below 2^63", "\(UInt64(bitPattern: Int64(size)))")
      }
      return size
    }
    _ = try cursor.part(8, "the size of the file")
    var sizes = ["data": try size()]
    _ = try cursor.part(8, "the number of samples")
    let count = try cursor.little(4, "the number of long chunks")
    for _ in 0..<min(count, cursor.left / 12) {
      let name = try cursor.mark(4, "the name of a long chunk")
      sizes[name] = try size()
    }
    return sizes
  }

  /// Codings that are named where they are refused.
  private static let foreign = [
    2: "Microsoft's ADPCM", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x40: "G.721", 0x50: "MPEG", 0x55: "MP3",
    0xFF: "AAC",
    0x161: "WMA", 0xF1AC: "FLAC",
  ]

  private static func format(
    _ cursor: inout ByteCursor, size: Int, isBig: Bool
  ) throws(DataError) -> SampleFormat {
    guard size >= 16 else { throw cursor.malformed("a format of at least 16 bytes", "\(size)") }
    var code = try cursor.number(2, isBig: isBig, "the format")
    let channelCount = try cursor.number(2, isBig: isBig, "the channels")
    let rate = try cursor.number(4, isBig: isBig, "the rate")
    _ = try cursor.part(6, "the format")
    let bits = try cursor.number(2, isBig: isBig, "the bits of a sample")
    if code == 0xFFFE, size >= 40 {
      _ = try cursor.part(8, "the extended format")
      code = try cursor.number(4, isBig: isBig, "the extended format") & 0xFFFF
    }
    let coding: SampleFormat.Coding
    switch code {
    case 1: coding = bits == 8 ? .unsigned : .signed
    case 3: coding = .float
    case 6: coding = .aLaw
    case 7: coding = .muLaw
    default:
      throw cursor.malformed(
        "PCM (1), floats (3), A-law (6) or mu-law (7); convert it, for example with ffmpeg",
        "the format \(code)" + (foreign[code].map { ", \($0)" } ?? ""))
    }
    return try SampleFormat(
      coding, bits: bits, isBigEndian: isBig, channelCount: channelCount, rate: Double(rate), cursor)
  }
}
