import RecurrentFormats

/// The blocks of a FLAC stream, one after the other.
struct FLACDecoder {
  let info: FLACInfo
  private(set) var bits: FLACBits
  /// The samples of the last block, whole numbers for each channel.
  private(set) var block: [[Int64]]
  /// Samples of a channel that were decoded.
  private var decodedCount = 0
  private let limit: Int

  /// Bytes that samples may take for each of the file: silence takes few.
  private static let ratio = 1000

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataError) {
    info = try FLACInfo(ByteCursor(bytes, path: path))
    bits = FLACBits(bytes, path: path, byte: info.firstFrame)
    block = [[Int64]](repeating: [], count: info.channelCount)
    limit = ExpansionLimit.bytes(of: bytes.count, ratio: FLACDecoder.ratio)
  }

  /// Whether all bytes were read.
  var isAtEnd: Bool { bits.byte >= bits.bytes.count }

  /// Goes on with the frame that begins at a byte.
  mutating func move(to byte: Int) { bits = FLACBits(bits.bytes, path: bits.path, byte: byte) }

  /// Decodes the next frame into ``block``; nothing else is known where it throws.
  @discardableResult
  mutating func next() throws(DataError) -> FLACFrame {
    let frame = try FLACFrame(&bits, info)
    decodedCount += frame.blockSize
    guard decodedCount * info.channelCount * 4 <= limit else {
      throw bits.malformed("samples of at most \(limit) bytes together", "more; \(ExpansionLimit.remedy)")
    }
    for channel in block.indices {
      if block[channel].count != frame.blockSize {
        block[channel] = [Int64](repeating: 0, count: frame.blockSize)
      }
      // a difference has a bit more
      let isSide =
        switch frame.stereo {
        case .independent: false
        case .leftSide, .midSide: channel == 1
        case .sideRight: channel == 0
        }
      try bits.subframe(&block[channel], bits: info.bits + (isSide ? 1 : 0))
    }
    bits.align()
    let end = bits.byte
    let stored = try bits.unsigned(16, "the checksum of a frame")
    let sum = FLACChecksum.frame(bits.bytes[frame.start..<end])
    guard sum == stored else {
      throw .malformed(
        path: bits.path, place: .byte(frame.start), expected: "a frame with the checksum \(stored)",
        found: "\(sum)")
    }
    join(frame.stereo)
    let high = Int64(1) << Int64(info.bits - 1)
    guard block.allSatisfy({ $0.allSatisfy { (-high..<high).contains($0) } }) else {
      throw .malformed(
        path: bits.path, place: .byte(frame.start), expected: "samples of \(info.bits) bits",
        found: "larger ones")
    }
    return frame
  }

  /// Makes two channels of one and a difference.
  private mutating func join(_ stereo: FLACFrame.Stereo) {
    guard stereo != .independent else { return }
    for index in block[0].indices {
      let (first, second) = (block[0][index], block[1][index])
      switch stereo {
      case .independent: break
      case .leftSide: block[1][index] = first &- second
      case .sideRight: block[0][index] = first &+ second
      case .midSide:
        // the lowest bit of the sum is that of the difference
        let sum = first << 1 | second & 1
        (block[0][index], block[1][index]) = ((sum &+ second) >> 1, (sum &- second) >> 1)
      }
    }
  }
}
