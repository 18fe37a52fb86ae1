/// Sound as spectra on a common scale, each a step or several of them together.
public struct SoundFeaturizer: Featurizer {
  /// What it reads: sound.
  public static let modality = Modality.sound

  /// How spectra are made.
  public var spectrum: SpectralFeaturizer
  /// The scale of each band.
  public var scaler: ChannelScaler
  /// How sound at other rates is brought to that of the spectra.
  public var resampling: ResamplingKernel
  /// How frames become steps; nil where each is one.
  public var stack: FrameStack?

  /// A featurizer of spectra.
  public init(
    spectrum: SpectralFeaturizer, scaler: ChannelScaler, resampling: ResamplingKernel = .kaiser,
    stack: FrameStack? = nil
  ) {
    (self.spectrum, self.scaler, self.resampling, self.stack) = (spectrum, scaler, resampling, stack)
  }

  private enum CodingKeys: String, CodingKey { case spectrum, scaler, resampling, stack }

  /// Reads what `encode(to:)` wrote, also in bundles of before there was a choice of how sound is resampled.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    spectrum = try container.decode(SpectralFeaturizer.self, forKey: .spectrum)
    scaler = try container.decode(ChannelScaler.self, forKey: .scaler)
    resampling = try container.decodeIfPresent(ResamplingKernel.self, forKey: .resampling) ?? .hann
    stack = try container.decodeIfPresent(FrameStack.self, forKey: .stack)
  }

  /// Numbers of a step.
  public var featureCount: Int { spectrum.featureCount * (stack?.size ?? 1) }

  /// Steps a second.
  public var stepRate: Double { spectrum.rate / Double(spectrum.hop * (stack?.stride ?? 1)) }

  /// Fits the scales. The rate is the commonest of the sounds, unless it is set.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: SoundFeaturizer, notes: [DataNote]) {
    guard case .sound(let first) = try records.first().read() else { throw DataError.noText }
    let rate = try settings.sampleRate ?? SoundRates(headsOf: records).commonest ?? first.rate
    let spectrum = SpectralFeaturizer(
      rate: rate, bandCount: settings.bandCount, coefficientCount: settings.coefficientCount,
      deltaOrder: settings.deltaOrder, level: settings.level)
    var rates = SoundRates()
    var isFirst = true
    var passes = RecordPasses(records) { record in
      let sound = try record.sound(rate: rate)
      let frames = SoundFeaturizer.frames(sound, spectrum, .kaiser)
      return ((frames: frames, rate: sound.rate), frames.count)
    }
    let width = spectrum.featureCount
    let scaler = try ChannelScaler(method: .standard, channels: width) { add in
      try passes.run { index, sound in
        if isFirst {
          progress(Double(index) / Double(records.count))
          rates.add(sound.rate)
        }
        for (place, value) in sound.frames.enumerated() { add(value, place % width) }
      }
      isFirst = false
    }
    var notes = [
      DataNote(
        .found,
        "sound at \(Int(rate)) Hz; windows of \(spectrum.windowSize) samples every \(spectrum.hop), "
          + "\(settings.bandCount) mel bands")
    ]
    if let note = rates.note(target: rate) { notes.append(note) }
    let featurizer = SoundFeaturizer(spectrum: spectrum, scaler: scaler, stack: settings.stack)
    if let stack = featurizer.stack {
      notes.append(
        DataNote(
          .found,
          "\(stack.size) frames are one step, every \(stack.stride) of them; "
            + "\(SoundRates.text(featurizer.stepRate)) steps a second", setting: "stack"))
    }
    return (featurizer, notes)
  }

  /// The spectra of a sound, `[frame * featureCount + feature]`.
  private static func frames(
    _ sound: Sound, _ spectrum: SpectralFeaturizer, _ kernel: ResamplingKernel
  ) -> [Float] {
    let samples = sound.mono
    let isOther = sound.rate != spectrum.rate
    return spectrum(
      isOther ? Resampler(from: sound.rate, to: spectrum.rate, kernel: kernel)(samples) : samples
    ).flatMap { $0 }
  }

  /// The features of a sound.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let sound = try record.sound(rate: spectrum.rate)
    let width = spectrum.featureCount
    let values = SoundFeaturizer.frames(sound, spectrum, resampling).enumerated().map {
      scaler.scaled($0.element, channel: $0.offset % width)
    }
    return FeatureSequence(featureCount: featureCount, values: stack?(values, width: width) ?? values)
  }

  /// Windows, of a file that is decoded here by its head.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int {
    let sound = try record.soundLength(rate: spectrum.rate)
    let frames = spectrum.frameCount(
      samples: Resampler.count(of: sound.count, from: sound.rate, to: spectrum.rate))
    return stack?.stepCount(frames: frames) ?? frames
  }

  /// What is remarkable about sounds to be read: rates that are not that of the model.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func notes(on records: RecordSource) throws -> [DataNote] {
    try SoundRates(headsOf: records).note(target: spectrum.rate).map { [$0] } ?? []
  }
}
