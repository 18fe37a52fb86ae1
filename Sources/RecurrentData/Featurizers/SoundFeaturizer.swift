/// Sound as spectra on a common scale.
public struct SoundFeaturizer: Sendable, Equatable, Codable {
  /// How spectra are made.
  public var spectrum: SpectralFeaturizer
  /// The scale of each band.
  public var scaler: ChannelScaler

  /// Numbers of a step.
  public var featureCount: Int { spectrum.featureCount }

  /// Fits the scales.
  ///
  /// - Returns: the featurizer and the features of the sounds.
  public static func fit(
    _ sounds: [Sound], spectrum: SpectralFeaturizer
  ) -> (featurizer: SoundFeaturizer, features: [FeatureSequence]) {
    let frames = sounds.map { spectrum(SoundFeaturizer.samples($0, spectrum)) }
    let columns = (0..<spectrum.featureCount).map { feature in frames.flatMap { $0.map { $0[feature] } } }
    let featurizer = SoundFeaturizer(
      spectrum: spectrum, scaler: ChannelScaler(method: .standard, fitting: columns))
    return (featurizer, frames.map(featurizer.scaled))
  }

  private static func samples(_ sound: Sound, _ spectrum: SpectralFeaturizer) -> [Float] {
    Resampler.resampled(sound.mono, from: sound.rate, to: spectrum.rate)
  }

  private func scaled(_ frames: [[Float]]) -> FeatureSequence {
    FeatureSequence(
      featureCount: featureCount,
      values: frames.flatMap { frame in
        frame.enumerated().map { scaler.scaled($0.element, channel: $0.offset) }
      })
  }

  /// The features of a sound.
  public func callAsFunction(_ sound: Sound) -> FeatureSequence {
    scaled(spectrum(SoundFeaturizer.samples(sound, spectrum)))
  }
}
