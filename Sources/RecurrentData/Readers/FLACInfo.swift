/// What the head of a FLAC stream says.
struct FLACInfo {
  /// Samples of a channel in the largest block.
  let largestBlock: Int
  /// Samples a second.
  let rate: Int
  let channelCount: Int
  /// Bits of a sample.
  let bits: Int
  /// Samples of a channel; nil where the encoder did not know.
  let sampleCount: Int?
  /// MD5 of the samples; nil where the encoder did not compute it.
  let digest: [UInt8]?
  /// The byte at which the first frame begins.
  let firstFrame: Int

  /// Reads the marks and the blocks before the frames.
  init(_ cursor: ByteCursor) throws(DataError) {
    var cursor = cursor
    cursor.index = FLACFile.start(cursor.bytes)
    guard try cursor.mark(4, "the mark fLaC") == "fLaC" else {
      cursor.index -= 4
      throw cursor.malformed("the mark fLaC", "something else")
    }
    var isLast = try FLACInfo.block(&cursor, isInfo: true).isLast
    _ = try cursor.big(2, "the smallest block")
    largestBlock = try cursor.big(2, "the largest block")
    _ = try cursor.part(6, "the sizes of frames")
    let packed = UInt64(try cursor.big(4, "the rate")) << 32 | UInt64(try cursor.big(4, "the samples"))
    rate = Int(packed >> 44)
    channelCount = Int(packed >> 41 & 7) + 1
    bits = Int(packed >> 36 & 31) + 1
    let count = Int(packed & (1 << 36 - 1))
    sampleCount = count == 0 ? nil : count
    let digest = Array(try cursor.part(16, "the MD5 of the samples"))
    self.digest = digest.allSatisfy { $0 == 0 } ? nil : digest
    guard largestBlock >= 16 else {
      throw cursor.malformed("blocks of at least 16 samples", "\(largestBlock)")
    }
    guard SoundFile.rates.contains(rate), bits >= 4 else {
      throw cursor.malformed(
        "sound of 4 to 32 bits at \(SoundFile.rates.lowerBound) Hz or more", "\(bits) bits at \(rate) Hz")
    }
    while !isLast {
      let block = try FLACInfo.block(&cursor, isInfo: false)
      _ = try cursor.part(block.size, "a block of metadata")
      isLast = block.isLast
    }
    firstFrame = cursor.index
  }

  /// The head of a block of metadata: what the first one must be, and others must not.
  private static func block(
    _ cursor: inout ByteCursor, isInfo: Bool
  ) throws(DataError) -> (isLast: Bool, size: Int) {
    let kind = try cursor.byte("the kind of a block of metadata")
    let size = try cursor.big(3, "the size of a block of metadata")
    if isInfo {
      guard kind & 0x7F == 0, size == 34 else {
        throw cursor.malformed(
          "the stream info (0) of 34 bytes as the first block", "a block \(kind & 0x7F) of \(size) bytes")
      }
    } else {
      guard (1..<127).contains(kind & 0x7F) else {
        throw cursor.malformed("a block of metadata of the kinds 1 to 126", "the kind \(kind & 0x7F)")
      }
    }
    return (kind & 0x80 != 0, size)
  }
}
