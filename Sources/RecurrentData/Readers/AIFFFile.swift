/// Reads AIFF and AIFF-C files: whole numbers of up to 32 bits with the highest or the lowest byte first, floats, mu-law and A-law.
enum AIFFFile: SampleFile {
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 12 && bytes[..<4].elementsEqual("FORM".utf8)
      && (bytes[8..<12].elementsEqual("AIFF".utf8) || bytes[8..<12].elementsEqual("AIFC".utf8))
  }

  static func samples(_ cursor: inout ByteCursor) throws(DataError) -> StoredSamples {
    guard recognizes(cursor.bytes) else {
      throw cursor.malformed("the marks FORM, and AIFF or AIFC", "something else")
    }
    let isCompact = cursor.bytes[11] == UInt8(ascii: "C")
    cursor.index = 12
    var head: (format: SampleFormat, count: Int)?
    var place: (cursor: ByteCursor, size: Int)?
    // the samples may come before what says how they are written
    while cursor.left >= 8, head == nil || place == nil {
      let name = try cursor.mark(4, "the name of a chunk")
      let size = try cursor.big(4, "the size of a chunk")
      var part = cursor
      if name == "COMM" {
        head = try common(&part, size: size, isCompact: isCompact)
      } else if name == "SSND" {
        let offset = try part.big(4, "the offset of the samples")
        _ = try part.part(4, "the size of blocks")
        _ = try part.part(offset, "the offset of the samples")
        place = (part, size - 8 - offset)
      }
      guard size + size % 2 <= cursor.left else { break }
      cursor.index += size + size % 2
    }
    guard let head else { throw cursor.malformed("a chunk \"COMM\"", "the end of the file") }
    guard var place else { throw cursor.malformed("a chunk \"SSND\"", "the end of the file") }
    let (size, isOverflow) = head.count.multipliedReportingOverflow(by: head.format.frameSize)
    let own = head.count == 0 || isOverflow ? place.size : place.size > 0 ? min(size, place.size) : size
    return try StoredSamples(head.format, size: own, &place.cursor)
  }

  /// How samples are written, and how many there are of a channel.
  private static func common(
    _ cursor: inout ByteCursor, size: Int, isCompact: Bool
  ) throws(DataError) -> (SampleFormat, count: Int) {
    guard size >= (isCompact ? 22 : 18) else {
      throw cursor.malformed("a format of at least \(isCompact ? 22 : 18) bytes", "\(size)")
    }
    let channelCount = try cursor.big(2, "the channels")
    let count = try cursor.big(4, "the number of samples")
    let bits = try cursor.big(2, "the bits of a sample")
    let rate = try extended(&cursor)
    let kind = isCompact ? try cursor.mark(4, "the coding") : "NONE"
    // samples of 12 bits stand in the upper bits of two bytes
    let whole = (bits + 7) / 8 * 8
    let (coding, size, isBig): (SampleFormat.Coding, Int, Bool)
    switch kind {
    case "NONE", "twos": (coding, size, isBig) = (.signed, whole, true)
    case "sowt": (coding, size, isBig) = (.signed, whole, false)
    case "raw ": (coding, size, isBig) = (.unsigned, whole, true)
    case "in24": (coding, size, isBig) = (.signed, 24, true)
    case "in32": (coding, size, isBig) = (.signed, 32, true)
    case "42ni", "42n1": (coding, size, isBig) = (.signed, 24, false)
    case "23ni": (coding, size, isBig) = (.signed, 32, false)
    case "fl32", "FL32": (coding, size, isBig) = (.float, 32, true)
    case "fl64", "FL64": (coding, size, isBig) = (.float, 64, true)
    case "ulaw", "ULAW": (coding, size, isBig) = (.muLaw, 8, true)
    case "alaw", "ALAW": (coding, size, isBig) = (.aLaw, 8, true)
    default:
      throw cursor.malformed(
        "whole numbers (NONE, twos, sowt, raw, in24, in32), floats (fl32, fl64), ulaw or alaw; convert it, for "
          + "example with ffmpeg", "the coding \"\(kind)\"")
    }
    let format = try SampleFormat(
      coding, bits: size, isBigEndian: isBig, channelCount: channelCount, rate: rate, cursor)
    return (format, count)
  }

  /// A number of 80 bits: a sign, 15 bits of an exponent, 64 of a fraction with its leading one.
  private static func extended(_ cursor: inout ByteCursor) throws(DataError) -> Double {
    let head = try cursor.big(2, "the rate")
    let fraction = UInt64(bitPattern: Int64(try cursor.big(8, "the rate")))
    let size = Double(sign: .plus, exponent: (head & 0x7FFF) - 16_383 - 63, significand: Double(fraction))
    return head & 0x8000 == 0 ? size : -size
  }
}
