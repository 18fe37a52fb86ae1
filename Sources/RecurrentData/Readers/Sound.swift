/// Sound: samples in -1 ... 1 at a rate.
public struct Sound: Sendable, Equatable {
  /// Samples a second.
  public var rate: Double
  /// For each channel its samples.
  public var channels: [[Float]]

  /// Sound of channels that are equally long.
  public init(rate: Double, channels: [[Float]]) {
    self.rate = rate
    self.channels = channels
  }

  /// The number of samples of a channel.
  public var count: Int { channels.first?.count ?? 0 }

  /// All channels as one: their mean.
  public var mono: [Float] {
    guard let first = channels.first, channels.count > 1 else { return channels.first ?? [] }
    let share = 1 / Float(channels.count)
    return first.indices.map { place in channels.reduce(0) { $0 + $1[place] } * share }
  }
}

/// How long a sound is.
struct SoundLength {
  /// Samples of a channel.
  var count: Int
  /// Samples a second.
  var rate: Double
}

/// Sound in a file of a kind that is decoded here, recognised by its content.
enum SoundFile {
  /// Which samples of a sound are wanted, found by its length.
  typealias Choice = (SoundLength) throws(DataError) -> Range<Int>

  /// Beyond these a number is damaged, and windows of milliseconds would need no samples or all memory.
  static let rates = 50...10_000_000

  /// The reader of files of a format that do not compress samples; nil for all others.
  private static func reader(_ format: DataFormat) -> (any SampleFile.Type)? {
    switch format {
    case .wav: WaveFile.self
    case .aiff: AIFFFile.self
    case .au: SunAudioFile.self
    case .sphere: SphereFile.self
    default: nil
    }
  }

  /// Whether files of a format have a head that tells the length, and samples that are decoded here.
  static func reads(_ format: DataFormat) -> Bool { format == .flac || reader(format) != nil }

  /// Whether a source is worth being opened to see whether it is such a file.
  static func isLikely(_ source: DataSource) -> Bool {
    guard source.isPath else { return true }
    return DataFormat(ending: DataFolder.ending(source.name)).map(reads) ?? false
  }

  /// Reads some samples of each channel of a file for whose format ``reads(_:)`` holds.
  ///
  /// - Throws: ``DataError``.
  static func read(
    _ file: DataBytes, _ range: Choice = { (length) throws(DataError) in 0..<length.count }
  ) throws(DataError) -> Sound {
    guard let reader = reader(file.format) else { return try FLACFile.read(file, range) }
    return try reader.read(file, range)
  }

  /// Samples a second of a file for whose format ``reads(_:)`` holds.
  ///
  /// - Throws: ``DataError``.
  static func rate(of file: DataBytes) throws(DataError) -> Double {
    guard let reader = reader(file.format) else { return try FLACFile.rate(of: file) }
    return try reader.length(of: file).rate
  }

  /// The length of the sound of a file for whose format ``reads(_:)`` holds, by its head where that tells it.
  ///
  /// - Throws: ``DataError``.
  static func length(of file: DataBytes) throws(DataError) -> SoundLength {
    guard let reader = reader(file.format) else { return try FLACFile.length(of: file) }
    return try reader.length(of: file)
  }
}
