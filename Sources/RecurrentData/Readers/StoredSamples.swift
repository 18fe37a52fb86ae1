/// The samples of a file that does not compress them.
struct StoredSamples {
  let format: SampleFormat
  /// The samples of all channels.
  let bytes: UnsafeRawBufferPointer
  /// Where errors of the samples are.
  private let cursor: ByteCursor

  /// Samples from the place of a cursor on.
  ///
  /// - Parameters:
  ///   - format: how they are written.
  ///   - size: their bytes by the head of the file; nil where it does not say.
  init(_ format: SampleFormat, size: Int?, _ cursor: inout ByteCursor) throws(DataError) {
    // what was being recorded when the program ended says too much, or nothing
    let count = size.map { $0 <= 0 || $0 > cursor.left ? cursor.left : $0 } ?? cursor.left
    bytes = try cursor.part(count, "samples")
    (self.format, self.cursor) = (format, cursor)
  }

  /// How long they sound.
  var length: SoundLength { SoundLength(count: bytes.count / format.frameSize, rate: format.rate) }

  /// Some samples of each channel.
  ///
  /// - Throws: ``DataError`` where there are none, or some are no numbers.
  func read(_ range: SoundFile.Choice) throws(DataError) -> Sound {
    let own = try range(length)
    guard !own.isEmpty else { throw cursor.malformed("at least one sample", "none") }
    let channels = (0..<format.channelCount).map { channel in
      own.map { format.value(bytes, $0 * format.frameSize + channel * format.width) }
    }
    guard channels.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw cursor.malformed("samples that are numbers", "NaN or infinity")
    }
    return Sound(rate: format.rate, channels: channels)
  }
}

/// A kind of file in which samples stand as they are, behind a head that says how.
protocol SampleFile {
  /// Whether bytes begin as such a file does.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool

  /// The samples of a file.
  static func samples(_ cursor: inout ByteCursor) throws(DataError) -> StoredSamples
}

extension SampleFile {
  /// Reads some samples of each channel, which are found by the length of the sound; all where nothing is said.
  ///
  /// - Throws: ``DataError``.
  static func read(
    _ file: DataBytes, _ range: SoundFile.Choice = { (length) throws(DataError) in 0..<length.count }
  ) throws(DataError) -> Sound {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      return try samples(&cursor).read(range)
    }
  }

  /// The length of a sound by the head of its file.
  ///
  /// - Throws: ``DataError``.
  static func length(of file: DataBytes) throws(DataError) -> SoundLength {
    try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      return try samples(&cursor).length
    }
  }
}

/// Samples without a head: whole numbers of 16 bits or floats of 32, the lowest byte first, one channel.
enum HeadlessSamples {
  /// Reads them.
  ///
  /// - Throws: ``DataError``, also where nobody says the rate.
  static func read(_ file: DataBytes, bits: Int) throws(DataError) -> Sound {
    let rate = try file.requireRate()
    return try file.withBytes { (bytes) throws(DataError) in
      var cursor = ByteCursor(bytes, path: file.path)
      let format = try SampleFormat(
        bits == 32 ? .float : .signed, bits: bits, isBigEndian: false, channelCount: 1, rate: rate, cursor)
      return try StoredSamples(format, size: nil, &cursor).read { (length) throws(DataError) in
        0..<length.count
      }
    }
  }
}
