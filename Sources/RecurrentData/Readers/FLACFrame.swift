/// The head of a frame of a FLAC stream: a block of samples of all channels.
struct FLACFrame {
  /// How two channels were made one from the other.
  enum Stereo {
    /// As they are, any number of channels.
    case independent
    /// The second is the first without the difference.
    case leftSide
    /// The first is a difference, to which the second is added.
    case sideRight
    /// The mean, rounded down, and the difference.
    case midSide
  }

  /// The byte at which it begins.
  let start: Int
  /// Samples of a channel.
  let blockSize: Int
  let stereo: Stereo
  /// That of the frame, or of its first sample where sizes vary.
  let number: Int
  let isVariable: Bool

  /// Reads the head of the frame that begins at the next byte.
  init(_ bits: inout FLACBits, _ info: FLACInfo) throws(DataError) {
    start = bits.byte
    let mark = try bits.unsigned(15, "a frame")
    guard mark == 0b111_1111_1111_1100 else {
      throw .malformed(
        path: bits.path, place: .byte(start), expected: "a frame, which begins with the bits of FFF8 or FFF9",
        found: "other bytes")
    }
    isVariable = try bits.unsigned(1, "a frame") == 1
    let sizeCode = try bits.unsigned(4, "the size of a block")
    let rateCode = try bits.unsigned(4, "the rate of a frame")
    let channelCode = try bits.unsigned(4, "the channels of a frame")
    let bitsCode = try bits.unsigned(3, "the bits of a frame")
    guard try bits.unsigned(1, "the head of a frame") == 0 else {
      throw bits.malformed("a reserved bit that is 0", "1")
    }
    number = try FLACFrame.number(&bits)
    blockSize = try FLACFrame.blockSize(sizeCode, &bits)
    let rate = try FLACFrame.rate(rateCode, &bits)
    let sampleBits = [nil, 8, 12, 0, 16, 20, 24, 32][bitsCode]
    switch channelCode {
    case 0...7: stereo = .independent
    case 8: stereo = .leftSide
    case 9: stereo = .sideRight
    case 10: stereo = .midSide
    default: throw bits.malformed("channels by the codes 0 to 10", "the code \(channelCode)")
    }
    let sum = FLACChecksum.head(bits.bytes[start..<bits.byte])
    let stored = try bits.unsigned(8, "the checksum of a head")
    guard sum == stored else {
      throw .malformed(
        path: bits.path, place: .byte(start), expected: "a head of a frame with the checksum \(stored)",
        found: "\(sum)")
    }
    let channels = channelCode < 8 ? channelCode + 1 : 2
    guard rate ?? info.rate == info.rate, sampleBits ?? info.bits == info.bits, channels == info.channelCount
    else {
      throw .malformed(
        path: bits.path, place: .byte(start),
        expected:
          "a frame like the stream: \(info.channelCount) channels of \(info.bits) bits, \(info.rate) Hz",
        found: "\(channels) of \(sampleBits ?? info.bits) bits, \(rate ?? info.rate) Hz")
    }
    guard blockSize <= info.largestBlock else {
      throw .malformed(
        path: bits.path, place: .byte(start), expected: "at most \(info.largestBlock) samples in a block",
        found: "\(blockSize)")
    }
  }

  /// A number in the form of UTF-8, of up to seven bytes.
  private static func number(_ bits: inout FLACBits) throws(DataError) -> Int {
    let first = try bits.unsigned(8, "the number of a frame")
    let count = (~UInt8(first)).leadingZeroBitCount
    guard count != 1, count <= 7 else {
      throw bits.malformed("the number of a frame in the form of UTF-8", "the byte \(first)")
    }
    var number = first & (0x7F >> count)
    for _ in 0..<max(0, count - 1) {
      let byte = try bits.unsigned(8, "the number of a frame")
      guard byte >> 6 == 2 else {
        throw bits.malformed("the number of a frame in the form of UTF-8", "the byte \(byte)")
      }
      number = number << 6 | byte & 0x3F
    }
    return number
  }

  private static func blockSize(_ code: Int, _ bits: inout FLACBits) throws(DataError) -> Int {
    switch code {
    case 1: return 192
    case 2...5: return 144 << code
    case 6: return try bits.unsigned(8, "the size of a block") + 1
    case 7: return try bits.unsigned(16, "the size of a block") + 1
    case 8...15: return 1 << code
    default: throw bits.malformed("the size of a block by the codes 1 to 15", "the code \(code)")
    }
  }

  /// Samples a second; nil for those of the stream.
  private static func rate(_ code: Int, _ bits: inout FLACBits) throws(DataError) -> Int? {
    let known = [
      88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
    ]
    switch code {
    case 0: return nil
    case 1...11: return known[code - 1]
    case 12: return try bits.unsigned(8, "the rate of a frame") * 1000
    case 13: return try bits.unsigned(16, "the rate of a frame")
    case 14: return try bits.unsigned(16, "the rate of a frame") * 10
    default: throw bits.malformed("the rate of a frame by the codes 0 to 14", "the code \(code)")
    }
  }
}
