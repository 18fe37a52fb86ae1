/// Reads FLAC files (RFC 9639) of 4 to 32 bits and up to eight channels; checksums of frames and of all samples are checked.
public enum FLACFile {
  /// Whether bytes begin as a FLAC file does, with tags of ID3 before it or without.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes[start(bytes)...].starts(with: "fLaC".utf8)
  }

  /// Where the stream begins: behind tags that some programs put before it.
  static func start(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count > 10, bytes[..<3].elementsEqual("ID3".utf8) else { return 0 }
    // seven bits of a byte count
    let size = bytes[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) } + 10
    return size < bytes.count ? size : 0
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public static func read(_ file: DataBytes) throws(DataError) -> Sound {
    try read(file) { (length) throws(DataError) in 0..<length.count }
  }

  /// Reads some samples of each channel; of a part only the frames in which it lies, and the MD5 of all is not checked.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - range: which samples they are, found by the length of the sound.
  /// - Throws: ``DataError``.
  static func read(_ file: DataBytes, _ range: SoundFile.Choice) throws(DataError) -> Sound {
    try file.withBytes { (bytes) throws(DataError) in
      var decoder = try FLACDecoder(bytes, path: file.path)
      let rate = Double(decoder.info.rate)
      guard let count = decoder.info.sampleCount else {
        let channels = try all(&decoder)
        let own = try range(SoundLength(count: channels[0].count, rate: rate))
        return Sound(rate: rate, channels: channels.map { Array($0[own]) })
      }
      let own = try range(SoundLength(count: count, rate: rate))
      let isWhole = own == 0..<count
      return Sound(rate: rate, channels: isWhole ? try all(&decoder) : try decoder.samples(own))
    }
  }

  /// The length of a sound by the head of its file; where that does not tell it, all is decoded.
  ///
  /// - Throws: ``DataError``.
  static func length(of file: DataBytes) throws(DataError) -> SoundLength {
    try file.withBytes { (bytes) throws(DataError) in
      var decoder = try FLACDecoder(bytes, path: file.path)
      let rate = Double(decoder.info.rate)
      if let count = decoder.info.sampleCount { return SoundLength(count: count, rate: rate) }
      return SoundLength(count: try all(&decoder)[0].count, rate: rate)
    }
  }

  /// Samples a second by the head of a file.
  ///
  /// - Throws: ``DataError``.
  static func rate(of file: DataBytes) throws(DataError) -> Double {
    try file.withBytes { (bytes) throws(DataError) in
      Double(try FLACInfo(ByteCursor(bytes, path: file.path)).rate)
    }
  }

  /// All samples of all channels.
  private static func all(_ decoder: inout FLACDecoder) throws(DataError) -> [[Float]] {
    let info = decoder.info
    var channels = [[Float]](repeating: [], count: info.channelCount)
    var digest = MD5()
    while info.sampleCount.map({ channels[0].count < $0 }) ?? !decoder.isAtEnd {
      guard !decoder.isAtEnd else {
        throw decoder.bits.malformed(
          "\(info.sampleCount ?? 0) samples", "the end of the file after \(channels[0].count)")
      }
      try decoder.next()
      for (channel, samples) in decoder.floats.enumerated() { channels[channel] += samples }
      if info.digest != nil { digest.update(decoder.packed) }
    }
    if let count = info.sampleCount, channels[0].count > count {
      throw decoder.bits.malformed("\(count) samples", "\(channels[0].count)")
    }
    guard !channels[0].isEmpty else { throw decoder.bits.malformed("at least one sample", "none") }
    if let expected = info.digest, digest.finish() != expected {
      throw decoder.bits.malformed("samples with the MD5 of the stream info", "another MD5")
    }
    return channels
  }
}

extension FLACDecoder {
  /// The samples of the last block in -1 ... 1, for each channel.
  var floats: [[Float]] {
    let scale = 1 / Float(1 << (info.bits - 1))
    return block.map { $0.map { Float($0) * scale } }
  }

  /// The samples of the last block as the MD5 of a stream takes them: those of all channels side by side, in whole bytes, the lowest first.
  var packed: [UInt8] {
    let width = (info.bits + 7) / 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(block[0].count * block.count * width)
    for index in block[0].indices {
      for channel in block {
        for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: channel[index] >> Int64(8 * byte))) }
      }
    }
    return bytes
  }
}
