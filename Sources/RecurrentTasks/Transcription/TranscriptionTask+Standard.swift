extension TranscriptionTask {
  /// How features are made.
  static func featureSettings(_ settings: Settings) -> FeatureSettings {
    var own = FeatureSettings(settings)
    own.deltaOrder = settings[.deltas] ?? 0
    own.strokes = StrokeSettings(
      scale: settings[.causal] ?? false ? .running : .line, spacing: settings.value(.pointSpacing))
    return own
  }

  /// A network that works at the first try.
  static func standardNetwork(
    _ featurizer: SequenceFeaturizer, _ settings: Settings
  ) throws(DataError) -> SequenceNetworkConfiguration {
    let isCausal = settings[.causal] ?? false
    var network = SequenceNetworkConfiguration(
      featureCount: featurizer.featureCount, convolutions: standardConvolutions(featurizer.modality),
      hiddenSize: isCausal ? 192 : 128, dropoutRate: featurizer.modality == .pictures ? 0.4 : 0.3)
    try network.apply(settings, reading: featurizer)
    network.layerCount = settings[.layers] ?? (isCausal ? 3 : 2)
    if let lookahead = settings[.lookahead], lookahead > 0 {
      let size = network.convolutions.last?.size ?? network.hiddenSize
      network.convolutions.append(
        ConvolutionConfiguration(size: size, width: lookahead + 1, lookahead: lookahead))
    }
    return network
  }

  /// Sound and points of a pen come in more frames than a text needs: two become one.
  private static func standardConvolutions(_ modality: Modality) -> [ConvolutionConfiguration] {
    switch modality {
    case .sound: [ConvolutionConfiguration(size: 128, width: 5, stride: 2)]
    case .strokes: [ConvolutionConfiguration(size: 128, width: 5, stride: 2)]
    case .pictures: [ConvolutionConfiguration(size: 128, width: 3)]
    case .series, .text: [ConvolutionConfiguration(size: 64, width: 5)]
    }
  }

  /// Changes of training examples that leave their text.
  static func standardAugmentation(_ modality: Modality) -> Augmentation {
    switch modality {
    case .sound: Augmentation(noise: 0.05, stretch: 0.1, timeMasks: 2, featureMasks: 1)
    case .pictures: Augmentation(noise: 0.02, stretch: 0.1, shift: 2, flips: true)
    case .strokes: Augmentation(noise: 0.05, stretch: 0.1, scale: 0.15, timeMasks: 2, slant: 0.4)
    case .series, .text: Augmentation(noise: 0.05, scale: 0.1)
    }
  }

  /// A course of training for so many recordings: small sets are read more often.
  static func standardSettings(_ count: Int) -> TaskSettings {
    let batchSize = count < 64 ? 4 : 16
    let stepsInEpoch = max(1, (count + batchSize - 1) / batchSize)
    return TaskSettings(
      batchSize: batchSize, optimizer: .adam, learningRate: count < 64 ? 2e-3 : 1e-3, weightDecay: 0,
      training: TrainerSettings(
        epochs: min(120, max(8, 4000 / stepsInEpoch)),
        schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 50), clipNorm: 1,
        averageDecay: 0.99))
  }

  /// The clock of the features of a recording, by the first one.
  static func clock(
    _ featurizer: SequenceFeaturizer, _ record: Record
  ) throws -> (rate: Double, unit: StepClock.Unit?) {
    switch featurizer {
    case .sound(let own): return (own.stepRate, nil)
    case .pictures:
      guard case .pictures(let frames) = try record.read() else { break }
      let total = frames.durations.reduce(0, +)
      if total > 0, !frames.frames.isEmpty { return (Double(frames.frames.count) / total, nil) }
    default: break
    }
    if let clock = record.clock { return (clock.rate, clock.unit == .seconds ? nil : clock.unit) }
    return (1, .counts("step"))
  }
}
