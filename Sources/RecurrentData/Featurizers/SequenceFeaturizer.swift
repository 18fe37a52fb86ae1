import RecurrentFormats

/// From what sequences are made of to what a network reads; fitted on the training part alone.
public enum SequenceFeaturizer: Sendable, Equatable, Codable {
  /// Text.
  case text(TextFeaturizer)
  /// Sound.
  case sound(SoundFeaturizer)
  /// Pictures.
  case pictures(PictureFeaturizer)
  /// Numbers.
  case series(SeriesFeaturizer)

  /// How features are made, where the data do not decide.
  public struct Settings: Sendable, Equatable, Codable {
    /// What a token of a text stands for.
    public var unit: TextUnit
    /// The most tokens of a text.
    public var lengthLimit: Int
    /// The flag that sets it, for notes; nil where none does.
    public var lengthLimitFlag: String? = "--length-limit"
    /// Whether tokens come with what the words say about the classes.
    public var usesEvidence: Bool
    /// How channels are scaled.
    public var scaling: ChannelScaler.Method
    /// Ranges by which the values of a channel are told apart; nil for the values themselves.
    public var rangeCount: Int?
    /// Mel bands of sound.
    public var bandCount: Int
    /// Cepstral coefficients of sound; nil for the bands themselves.
    public var coefficientCount: Int?
    /// How many differences of spectra stand beside them.
    public var deltaOrder: Int
    /// What the level of sound is relative to.
    public var level = SoundLevel.loudest

    /// The defaults.
    public init(
      unit: TextUnit = .word, lengthLimit: Int = 400, usesEvidence: Bool = true,
      scaling: ChannelScaler.Method = .standard, bandCount: Int = 40, coefficientCount: Int? = nil,
      deltaOrder: Int = 1
    ) {
      self.unit = unit
      self.lengthLimit = lengthLimit
      self.usesEvidence = usesEvidence
      self.scaling = scaling
      self.bandCount = bandCount
      self.coefficientCount = coefficientCount
      self.deltaOrder = deltaOrder
    }
  }

  /// What the sequences are.
  public var kind: LabelledRecords.Kind {
    switch self {
    case .text: .text
    case .sound: .sound
    case .pictures: .pictures
    case .series: .series
    }
  }

  /// Numbers of a step.
  public var featureCount: Int {
    switch self {
    case .text(let own): own.featureCount
    case .sound(let own): own.featureCount
    case .pictures(let own): own.featureCount
    case .series(let own): own.featureCount
    }
  }

  /// Tokens; nil where there are none.
  public var vocabularySize: Int? {
    if case .text(let own) = self { own.vocabulary.count } else { nil }
  }

  /// Fits a featurizer to the training part.
  ///
  /// - Parameters:
  ///   - records: the training part.
  ///   - labels: the class of each; nil where there are none.
  ///   - classCount: classes.
  ///   - settings: how.
  ///   - progress: hears the share that is done.
  /// - Returns: the featurizer, the features of the training part, and what is remarkable.
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: [SequenceRecord], labels: [Int]?, classCount: Int, settings: Settings = Settings(),
    progress: (Double) -> Void = { _ in }
  ) throws -> (featurizer: SequenceFeaturizer, features: [FeatureSequence], notes: [DataNote]) {
    let contents = try records.enumerated().map { index, record in
      progress(Double(index) / Double(records.count))
      return try SequenceContent(record)
    }
    guard let first = contents.first else { throw DataError.noText }
    switch first {
    case .text:
      let texts = try zip(contents, records).map { try $0.text($1) }
      let (own, features) = try TextFeaturizer.fit(
        texts, labels: settings.usesEvidence && classCount > 1 && classCount <= 20 ? labels : nil,
        classCount: classCount, unit: settings.unit, lengthLimit: settings.lengthLimit)
      let cut = features.count { $0.stepCount == settings.lengthLimit }
      let note = DataNote(
        .warning, "\(cut) texts are cut behind \(settings.lengthLimit) tokens", flag: settings.lengthLimitFlag
      )
      return (.text(own), features, cut > 0 ? [note] : [])
    case .words:
      let sentences = try zip(contents, records).map { try $0.words($1) }
      let (own, features) = try TextFeaturizer.fit(sentences: sentences, lengthLimit: settings.lengthLimit)
      return (.text(own), features, [])
    case .sound(let sound):
      let sounds = try zip(contents, records).map { try $0.sound($1, rate: sound.rate) }
      let rates = Set(sounds.map(\.rate))
      let spectrum = SpectralFeaturizer(
        rate: sound.rate, bandCount: settings.bandCount, coefficientCount: settings.coefficientCount,
        deltaOrder: settings.deltaOrder, level: settings.level)
      let (own, features) = SoundFeaturizer.fit(sounds, spectrum: spectrum)
      var notes = [
        DataNote(
          .found,
          "sound at \(Int(sound.rate)) Hz; windows of \(spectrum.windowSize) samples every \(spectrum.hop), "
            + "\(settings.bandCount) mel bands")
      ]
      if rates.count > 1 {
        notes.append(
          DataNote(.warning, "the sounds have \(rates.count) rates; all are brought to \(Int(sound.rate)) Hz")
        )
      }
      return (.sound(own), features, notes)
    case .pictures(let pictures):
      var own = PictureFeaturizer(fitting: pictures)
      let features = try zip(contents, records).map { own(try $0.pictures($1)) }
      own.fit(features)
      return (
        .pictures(own), features,
        [
          DataNote(
            .found,
            "pictures of \(pictures.width) x \(pictures.height), read as \(own.width) x \(own.height) in grey"
          )
        ]
      )
    case .series(let one):
      let series = try zip(contents, records).map { try $0.series($1, channels: one.channelCount) }
      let (own, notes) = SeriesFeaturizer.fit(
        series, method: settings.scaling, rangeCount: settings.rangeCount)
      let features = try zip(series, records).map { try own($0, origin: $1.place) }
      return (.series(own), features, notes)
    }
  }

  /// The beginning of a sequence that comes step by step; nil for pictures, and for sound by its loudest moment.
  ///
  /// - Parameter readsTimes: whether a time beside numbers says how long nothing was seen; else steps are counted.
  public func stream(readsTimes: Bool = true) -> FeatureStream? {
    switch self {
    case .text(let own): FeatureStream(TextStream(own))
    case .series(let own): FeatureStream(SeriesStream(own, readsTimes: readsTimes))
    case .sound(let own): own.stream
    case .pictures: nil
    }
  }

  /// The features of a sequence.
  ///
  /// - Throws: ``DataError`` or a format error, also where it is of another kind than those of the training.
  public func callAsFunction(_ record: SequenceRecord) throws -> FeatureSequence {
    let content = try SequenceContent(record)
    switch self {
    case .text(let own):
      return own.readsWords ? own(words: try content.words(record)) : own(try content.text(record))
    case .sound(let own): return own(try content.sound(record, rate: own.spectrum.rate))
    case .pictures(let own): return own(try content.pictures(record))
    case .series(let own):
      return try own(content.series(record, channels: own.channels.count), origin: record.place)
    }
  }
}

/// The content of a record, with its file read.
private enum SequenceContent {
  case text(String)
  case words([String])
  case sound(Sound)
  case pictures(FrameSequence)
  case series(NumericSeries)

  init(_ record: SequenceRecord) throws {
    switch record.content {
    case .text(let text): self = .text(text)
    case .words(let words): self = .words(words)
    case .series(let series): self = .series(series)
    case .file(let path):
      switch try SequenceFile(path: path, format: record.format) {
      case .text(let text): self = .text(text)
      case .sound(let sound): self = .sound(sound)
      case .pictures(let pictures): self = .pictures(pictures)
      case .series(let series): self = .series(series)
      }
    }
  }

  private var name: String {
    switch self {
    case .text: "text"
    case .words: "words that were split already"
    case .sound: "sound"
    case .pictures: "pictures"
    case .series: "numbers"
    }
  }

  private func other(_ record: SequenceRecord, _ expected: String) -> DataError {
    .malformed(path: record.place, place: .byte(0), expected: expected, found: name)
  }

  func text(_ record: SequenceRecord) throws(DataError) -> String {
    guard case .text(let text) = self else { throw other(record, "text") }
    return text
  }

  func words(_ record: SequenceRecord) throws(DataError) -> [String] {
    guard case .words(let words) = self else { throw other(record, "words that were split already") }
    return words
  }

  /// Sound that can be brought to a rate: from a fraction of it a damaged file would take all memory.
  func sound(_ record: SequenceRecord, rate: Double) throws(DataError) -> Sound {
    guard case .sound(let sound) = self else { throw other(record, "sound") }
    let becomes = Double(sound.count) * rate / sound.rate
    guard sound.rate * 32 >= rate, becomes <= Double(max(sound.count, ExpansionLimit.scaled(1 << 25))) else {
      throw .malformed(
        path: record.place, place: .byte(0), expected: "sound at \(Int(rate)) Hz or a rate near it",
        found: "\(Int(sound.rate)) Hz, \(sound.count) samples")
    }
    // windows every 10 ms are many for few samples where the rate is low
    let windows = becomes / max(1, (0.01 * rate).rounded())
    guard windows <= max(becomes / 80, Double(ExpansionLimit.scaled(1 << 19))) else {
      throw .malformed(
        path: record.place, place: .byte(0),
        expected: "at most \(ExpansionLimit.scaled(1 << 19)) windows of 10 ms of a rate below 8000 Hz; "
          + ExpansionLimit.remedy,
        found: "\(sound.count) samples at \(Int(sound.rate)) Hz")
    }
    return sound
  }

  func pictures(_ record: SequenceRecord) throws(DataError) -> FrameSequence {
    guard case .pictures(let pictures) = self else { throw other(record, "pictures") }
    return pictures
  }

  func series(_ record: SequenceRecord, channels: Int) throws(DataError) -> NumericSeries {
    guard case .series(let series) = self else { throw other(record, "numbers") }
    guard series.channelCount == channels, series.stepCount > 0 else {
      throw .malformed(
        path: record.place, place: .byte(0), expected: "steps of \(channels) channels",
        found: "\(series.stepCount) of \(series.channelCount)")
    }
    return series
  }
}
