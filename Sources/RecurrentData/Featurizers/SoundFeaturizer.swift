/// Sound as spectra on a common scale.
public struct SoundFeaturizer: Featurizer {
  /// What it reads: sound.
  public static let modality = Modality.sound

  /// How spectra are made.
  public var spectrum: SpectralFeaturizer
  /// The scale of each band.
  public var scaler: ChannelScaler

  /// Numbers of a step.
  public var featureCount: Int { spectrum.featureCount }

  /// Fits the scales; the rate is that of the first sound.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: SoundFeaturizer, notes: [DataNote]) {
    guard case .sound(let first) = try records.first().read() else { throw DataError.noText }
    let rate = first.rate
    let spectrum = SpectralFeaturizer(
      rate: rate, bandCount: settings.bandCount, coefficientCount: settings.coefficientCount,
      deltaOrder: settings.deltaOrder, level: settings.level)
    var rates: Set<Double> = []
    var isFirst = true
    var passes = RecordPasses(records) { record in
      let sound = try record.sound(rate: rate)
      let frames = SoundFeaturizer.frames(sound, spectrum)
      return ((frames: frames, rate: sound.rate), frames.count)
    }
    let width = spectrum.featureCount
    let scaler = try ChannelScaler(method: .standard, channels: width) { add in
      try passes.run { index, sound in
        if isFirst { progress(Double(index) / Double(records.count)) }
        rates.insert(sound.rate)
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
    if rates.count > 1 {
      notes.append(
        DataNote(.warning, "the sounds have \(rates.count) rates; all are brought to \(Int(rate)) Hz"))
    }
    return (SoundFeaturizer(spectrum: spectrum, scaler: scaler), notes)
  }

  /// The spectra of a sound, `[frame * featureCount + feature]`.
  private static func frames(_ sound: Sound, _ spectrum: SpectralFeaturizer) -> [Float] {
    spectrum(Resampler.resampled(sound.mono, from: sound.rate, to: spectrum.rate)).flatMap { $0 }
  }

  /// The features of a sound.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let sound = try record.sound(rate: spectrum.rate)
    let width = featureCount
    return FeatureSequence(
      featureCount: width,
      values: SoundFeaturizer.frames(sound, spectrum).enumerated().map {
        scaler.scaled($0.element, channel: $0.offset % width)
      })
  }

  /// Windows, of a WAVE file by its head.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func stepCount(_ record: Record) throws -> Int {
    let sound = try record.soundLength(rate: spectrum.rate)
    return spectrum.frameCount(
      samples: Resampler.count(of: sound.count, from: sound.rate, to: spectrum.rate))
  }
}
