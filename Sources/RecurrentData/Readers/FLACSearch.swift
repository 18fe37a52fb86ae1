extension FLACDecoder {
  /// Frames that look like one and are none before a part of a file counts as without any.
  private static let attempts = 8

  /// Some samples of each channel in -1 ... 1.
  ///
  /// - Throws: ``DataError``, also where the file ends before them.
  mutating func samples(_ range: Range<Int>) throws(DataError) -> [[Float]] {
    var (frame, position) = try find(range.lowerBound)
    var channels = [[Float]](repeating: [], count: info.channelCount)
    while true {
      let wanted = range.clamped(to: position..<position + frame.blockSize)
      for (channel, samples) in floats.enumerated() {
        channels[channel] += samples[(wanted.lowerBound - position)..<(wanted.upperBound - position)]
      }
      position += frame.blockSize
      guard position < range.upperBound else { return channels }
      guard !isAtEnd else {
        throw bits.malformed("\(info.sampleCount ?? 0) samples", "the end of the file after \(position)")
      }
      frame = try next()
    }
  }

  /// Decodes the frame with a sample, or one before it: numbers of frames tell which half of a file it is in.
  ///
  /// - Returns: the frame, and its first sample.
  private mutating func find(_ sample: Int) throws(DataError) -> (frame: FLACFrame, position: Int) {
    let first = try next()
    var (low, position) = (first.start, 0)
    var high = bits.bytes.count
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if let frame = frame(in: middle..<high), let own = self.position(of: frame, after: first), own <= sample
      {
        (low, position) = (frame.start, own)
      } else {
        high = middle
      }
    }
    move(to: low)
    return (try next(), position)
  }

  /// The first sample of a frame; nil where that is impossible.
  private func position(of frame: FLACFrame, after first: FLACFrame) -> Int? {
    let steps = frame.number - first.number
    guard frame.isVariable == first.isVariable, steps > 0 else { return nil }
    return first.isVariable ? steps : steps * first.blockSize
  }

  /// The first whole frame that begins in a part of the file.
  private mutating func frame(in range: Range<Int>) -> FLACFrame? {
    var failures = 0
    for byte in range where bits.bytes[byte] == 0xFF && byte + 1 < bits.bytes.count {
      guard bits.bytes[byte + 1] & 0xFE == 0xF8 else { continue }
      move(to: byte)
      var head = bits
      guard (try? FLACFrame(&head, info)) != nil else { continue }
      if let frame = try? next() { return frame }
      failures += 1
      if failures == FLACDecoder.attempts { return nil }
    }
    return nil
  }
}
