extension ClassificationTask {
  /// What decides the sizes of a model, where nobody says otherwise.
  struct Shape {
    var kind: Modality
    /// Training examples.
    var count: Int
    /// The mean of their steps.
    var meanLength: Double
    var featureCount: Int
    var classCount: Int
    /// Different tokens of texts.
    var vocabularySize = 0
    /// Whether the steps are the rows of one picture.
    var arePictureRows = false
    /// Whether the steps are bases of nucleotide sequences.
    var areBases = false

    /// So few curves of one channel that much has to be changed about them, lest they be learnt by heart.
    var isFewCurves: Bool { kind == .series && featureCount == 1 && count < 400 }

    /// Texts whose words are all seen often, so that their order can be learnt besides what each of them says.
    var areWordsFrequent: Bool {
      kind == .text && vocabularySize > 0 && Double(count) * meanLength >= 40 * Double(vocabularySize)
    }
  }

  /// A classifier that works at the first try, from what the data are.
  static func standardNetwork(
    _ shape: Shape, featurizer: SequenceFeaturizer, _ settings: Settings
  ) throws(DataError) -> PooledNetworkConfiguration {
    let isSmall = shape.count < 400
    // few texts fill a large network with themselves
    let textSize = min(128, max(shape.areWordsFrequent ? 48 : 16, shape.count / 600))
    let areWords = shape.kind == .text && !shape.areBases
    let standardSize = areWords ? textSize : isSmall ? 48 : 96
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, embeddingSize: shape.areBases ? 16 : textSize,
      featureCount: shape.featureCount,
      convolutions: standardConvolutions(shape), hiddenSize: standardSize,
      inputDropoutRate: Float(
        settings[.featureDropout] ?? (areWords ? shape.areWordsFrequent ? 0.1 : 0.5 : 0)),
      dropoutRate: areWords ? shape.areWordsFrequent ? 0.2 : 0.5 : 0.3)
    try network.apply(settings, reading: featurizer)
    var poolings: [SequencePooling] = shape.isFewCurves ? [.max] : [.mean, .max]
    if let words = settings[.pooling] {
      poolings = words.compactMap { SequencePooling(rawValue: $0) }
      guard poolings.count == words.count, Set(words).count == words.count else {
        throw .invalidSetting(
          name: "pooling",
          expected: "different ones of " + SequencePooling.allCases.map(\.rawValue).joined(separator: ", "),
          found: words.joined(separator: ","))
      }
    }
    let classifier = PooledNetworkConfiguration(
      network: network, poolings: poolings, poolsInputs: settings[.poolInputs] ?? (shape.kind != .pictures),
      sumsFeatures: shape.kind == .text && shape.featureCount > 0,
      classCount: shape.classCount)
    if let issue = classifier.issue {
      throw .invalidSetting(name: "the model", expected: "one that can be made", found: issue)
    }
    return classifier
  }

  /// Convolutions that bring a long sequence to about a hundred steps.
  private static func standardConvolutions(_ shape: Shape) -> [ConvolutionConfiguration] {
    if shape.kind == .text, !shape.areBases { return [] }
    if shape.kind == .pictures { return [ConvolutionConfiguration(size: 64, width: 3)] }
    let size = shape.count < 400 ? 48 : 64
    var convolutions: [ConvolutionConfiguration] = []
    var length = shape.meanLength
    while length > 130, convolutions.count < 6 {
      convolutions.append(ConvolutionConfiguration(size: size, width: 7, stride: 2))
      length /= 2
    }
    let width = length > 40 ? 5 : 3
    while convolutions.count < 2 { convolutions.append(ConvolutionConfiguration(size: size, width: width)) }
    return convolutions
  }

  /// Variations of the training examples that suit the kind of data.
  static func standardAugmentation(_ shape: Shape) -> Augmentation {
    var own = Augmentation()
    switch shape.kind {
    case .text where shape.areBases: own.wordDropout = 0.05
    case .text: own.wordDropout = shape.areWordsFrequent ? 0.05 : 0.2
    case .sound:
      (own.noise, own.stretch, own.scale, own.timeMasks, own.featureMasks) = (0.1, 0.2, 0.1, 2, 2)
    case .pictures: (own.noise, own.crop, own.shift, own.stretch) = (0.02, 0.1, 3, 0.15)
    case .series where shape.isFewCurves:
      (own.noise, own.scale, own.stretch, own.crop) = (0.2, 0.3, 0.2, 0.1)
    case .strokes: (own.noise, own.slant, own.rotation) = (0.05, 0.25, 0.2)
    case .series:
      (own.noise, own.scale) = (0.05, 0.1)
      if shape.arePictureRows { own.shift = 2 }
    }
    return own
  }

  /// A course of training that suits the number of examples: small sets are read more often.
  static func standardSettings(_ shape: Shape, hasValidation: Bool) -> TaskSettings {
    let isPictures = shape.kind == .pictures
    let batchSize = isPictures && shape.count < 4000 ? 8 : shape.count < 400 ? 16 : 50
    let steps = isPictures || shape.count >= 400 ? 3000 : 1500
    let stepsInEpoch = max(1, (shape.count + batchSize - 1) / batchSize)
    let epochs = min(
      300, max(6, (shape.kind == .text ? 1600 : shape.isFewCurves ? 2100 : steps) / stepsInEpoch))
    // what a rare word says is learnt in the few steps that meet it: by long ones, before the texts are learnt by heart
    return TaskSettings(
      batchSize: batchSize, optimizer: .adamw,
      learningRate: shape.areWordsFrequent || shape.kind != .text ? 2e-3 : shape.areBases ? 1e-3 : 1e-2,
      weightDecay: 1e-2,
      training: TrainerSettings(
        epochs: epochs, schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 20), clipNorm: 1,
        averageDecay: shape.isFewCurves ? 0.998 : 0.99))
  }
}
