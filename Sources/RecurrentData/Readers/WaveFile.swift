/// Reads RIFF WAVE files: PCM of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, any number of channels.
public enum WaveFile {
  /// Whether bytes begin as a WAVE file does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 12 && bytes[..<4].elementsEqual("RIFF".utf8) && bytes[8..<12].elementsEqual("WAVE".utf8)
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public static func read(_ file: DataBytes) throws(DataError) -> Sound {
    try read(file) { (length) throws(DataError) in 0..<length.count }
  }

  /// Reads some samples of each channel.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - range: which samples they are, found by the length of the sound.
  /// - Throws: ``DataError``.
  static func read(_ file: DataBytes, _ range: SoundFile.Choice) throws(DataError) -> Sound {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      let (format, samples) = try samples(&cursor)
      let own = try range(SoundLength(count: format.count(samples), rate: Double(format.rate)))
      let size = format.bits / 8 * format.channelCount
      let part = samples[own.lowerBound * size..<own.upperBound * size]
      return try format.samples(UnsafeRawBufferPointer(rebasing: part), cursor)
    }
  }

  /// The length of a sound by the head of its file.
  ///
  /// - Throws: ``DataError``.
  static func length(of file: DataBytes) throws(DataError) -> SoundLength {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      let (format, samples) = try samples(&cursor)
      return SoundLength(count: format.count(samples), rate: Double(format.rate))
    }
  }

  /// Reads samples without a head: whole numbers of 16 bits or floats of 32, one channel.
  ///
  /// - Throws: ``DataError``.
  static func readSamples(of file: DataBytes, bits: Int) throws(DataError) -> Sound {
    let format = Format(isFloat: bits == 32, channelCount: 1, rate: Int(try file.requireRate()), bits: bits)
    return try file.withBytes { (bytes) throws(DataError) in
      try format.samples(bytes, ByteCursor(bytes, path: file.path))
    }
  }

  /// The format of a file, and the bytes of its samples.
  private static func samples(
    _ cursor: inout ByteCursor
  ) throws(DataError) -> (format: Format, samples: UnsafeRawBufferPointer) {
    guard recognizes(cursor.bytes) else {
      throw cursor.malformed("the marks RIFF and WAVE", "something else")
    }
    cursor.index = 12
    var format: Format?
    while cursor.left >= 8 {
      let name = try cursor.mark(4, "the name of a chunk")
      let size = try cursor.little(4, "the size of a chunk")
      if name == "fmt " {
        var part = cursor
        format = try Format(&part, size: size)
      } else if name == "data" {
        guard let format else { throw cursor.malformed("a chunk \"fmt \" before the samples", "none") }
        // what was being recorded when the program ended says too much, or nothing
        let count = size == 0 || size == 0xFFFF_FFFF || size > cursor.left ? cursor.left : size
        return (format, try cursor.part(count, "samples"))
      }
      // chunks begin at even bytes
      let next = cursor.index + size + size % 2
      guard next <= cursor.bytes.count else { break }
      cursor.index = next
    }
    throw cursor.malformed("a chunk \"data\"", "the end of the file")
  }

  private struct Format {
    let isFloat: Bool
    let channelCount: Int
    let rate: Int
    let bits: Int

    init(isFloat: Bool, channelCount: Int, rate: Int, bits: Int) {
      (self.isFloat, self.channelCount, self.rate, self.bits) = (isFloat, channelCount, rate, bits)
    }

    init(_ cursor: inout ByteCursor, size: Int) throws(DataError) {
      guard size >= 16 else { throw cursor.malformed("a format of at least 16 bytes", "\(size)") }
      var code = try cursor.little(2, "the format")
      channelCount = try cursor.little(2, "the channels")
      rate = try cursor.little(4, "the rate")
      _ = try cursor.part(6, "the format")
      bits = try cursor.little(2, "the bits of a sample")
      if code == 0xFFFE, size >= 40 {
        _ = try cursor.part(8, "the extended format")
        code = try cursor.little(2, "the extended format")
      }
      guard code == 1 || code == 3 else {
        throw cursor.malformed(
          "PCM (1) or floats (3); convert it, for example with ffmpeg", "the format \(code)")
      }
      isFloat = code == 3
      guard isFloat ? [32, 64].contains(bits) : [8, 16, 24, 32].contains(bits) else {
        throw cursor.malformed("samples of 8, 16, 24 or 32 bits, or floats of 32 or 64", "\(bits) bits")
      }
      guard channelCount >= 1, SoundFile.rates.contains(rate) else {
        throw cursor.malformed(
          "a channel or more at \(SoundFile.rates.lowerBound) to \(SoundFile.rates.upperBound) Hz",
          "\(channelCount) channels at \(rate) Hz")
      }
    }

    /// The samples of a channel.
    func count(_ bytes: UnsafeRawBufferPointer) -> Int { bytes.count / (bits / 8 * channelCount) }

    func samples(_ bytes: UnsafeRawBufferPointer, _ cursor: ByteCursor) throws(DataError) -> Sound {
      let (size, count) = (bits / 8, count(bytes))
      guard count > 0 else { throw cursor.malformed("at least one sample", "none") }
      let channels = (0..<channelCount).map { channel in
        (0..<count).map { place in value(bytes, (place * channelCount + channel) * size) }
      }
      guard channels.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
        throw cursor.malformed("samples that are numbers", "NaN or infinity")
      }
      return Sound(rate: Double(rate), channels: channels)
    }

    private func value(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Float {
      switch (isFloat, bits) {
      case (true, 32):
        return Float(
          bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
      case (true, _):
        return Float(
          Double(
            bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))))
      case (_, 8): return (Float(bytes[place]) - 128) / 128
      case (_, 16):
        return Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self))) / 32_768
      case (_, 24):
        let unsigned = Int32(bytes[place]) | Int32(bytes[place + 1]) << 8 | Int32(bytes[place + 2]) << 16
        return Float((unsigned << 8) >> 8) / 8_388_608
      default:
        return Float(
          Double(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
            / 2_147_483_648)
      }
    }
  }
}
