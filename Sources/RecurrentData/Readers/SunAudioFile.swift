/// Reads the sound files of Sun and NeXT (`.au`, `.snd`): whole numbers of 8 to 32 bits, floats, mu-law and A-law; also those of
/// DEC with the lowest bytes first.
enum SunAudioFile: SampleFile {
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: ".snd\0".utf8) || bytes.count >= 8 && bytes.starts(with: "dns.".utf8) && bytes[7] == 0
  }

  static func samples(_ cursor: inout ByteCursor) throws(DataError) -> StoredSamples {
    guard recognizes(cursor.bytes) else { throw cursor.malformed("the mark .snd", "something else") }
    let isBig = cursor.bytes[0] == UInt8(ascii: ".")
    cursor.index = 4
    func number(_ what: String) throws(DataError) -> Int { try cursor.number(4, isBig: isBig, what) }
    let (start, size) = (try number("the place of the samples"), try number("the size of the samples"))
    let (code, rate) = (try number("the coding"), try number("the rate"))
    let channelCount = try number("the channels")
    let (coding, bits): (SampleFormat.Coding, Int)
    switch code {
    case 1: (coding, bits) = (.muLaw, 8)
    case 2...5: (coding, bits) = (.signed, 8 * (code - 1))
    case 6: (coding, bits) = (.float, 32)
    case 7: (coding, bits) = (.float, 64)
    case 27: (coding, bits) = (.aLaw, 8)
    default:
      throw cursor.malformed(
        "mu-law (1), whole numbers (2 to 5), floats (6, 7) or A-law (27); convert it, for example with ffmpeg",
        "the coding \(code)")
    }
    guard channelCount <= Int(UInt16.max) else {
      throw cursor.malformed("at most \(UInt16.max) channels", "\(channelCount)")
    }
    let format = try SampleFormat(
      coding, bits: bits, isBigEndian: isBig, channelCount: channelCount, rate: Double(rate), cursor)
    guard start >= 24, start <= cursor.bytes.count else {
      throw cursor.malformed("samples from byte 24 to \(cursor.bytes.count) on", "byte \(start)")
    }
    cursor.index = start
    return try StoredSamples(format, size: size, &cursor)
  }
}
