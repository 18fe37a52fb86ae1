/// The text of what is said, signed or written in a recording: of sound, of a mouth, of a pen, of sensors.
///
/// The network says at each frame how likely each unit of text is and that there is none, the blank; it learns by
/// connectionist temporal classification, ``ctcLoss(_:_:lengths:blank:)``, which needs no times. ``CTCSearch`` finds the text.
public struct TranscriptionTask: FeatureTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "transcription"

  /// From recordings to features.
  public var featurizer: SequenceFeaturizer
  /// What the outputs stand for.
  public var units: TranscriptUnits { didSet { cache = SearchCache<CTCSearch>() } }
  /// The network.
  public var network: SequenceNetworkConfiguration
  /// Frames that each step of the network gives.
  public var upsampling: Int
  /// Steps of the features in a unit of time.
  public var rate: Double
  /// What times count; nil for seconds.
  public var timeUnit: StepClock.Unit?
  /// How texts are found.
  public var search: TranscriptSearch { didSet { cache = SearchCache<CTCSearch>() } }
  /// What the search knows of texts beside the network.
  public var language: SearchLanguage { didSet { cache = SearchCache<CTCSearch>() } }
  /// How times of words are found.
  public var timing: SpikeTiming
  /// The columns that were named in training: further data are read alike.
  public var columns: TranscriptColumns?
  /// How training examples are changed.
  public var augmentation: Augmentation
  /// What a training learns beside the transcripts from the times of their words; nil for nothing.
  public var wordTimes: WordTimeLoss?
  /// The texts that the training read; nil where nobody knows.
  public var knownTexts: KnownTexts?
  /// The search, made once.
  var cache = SearchCache<CTCSearch>()

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, units: TranscriptUnits, network: SequenceNetworkConfiguration,
    upsampling: Int = 1, rate: Double, timeUnit: StepClock.Unit? = nil,
    search: TranscriptSearch = TranscriptSearch(), language: SearchLanguage = SearchLanguage(),
    timing: SpikeTiming = SpikeTiming(),
    augmentation: Augmentation = Augmentation()
  ) {
    (self.featurizer, self.units, self.network) = (featurizer, units, network)
    (self.upsampling, self.rate, self.timeUnit) = (upsampling, rate, timeUnit)
    (self.search, self.language) = (search, language)
    (self.timing, self.augmentation) = (timing, augmentation)
  }

  /// A recording with its transcript.
  public struct Example: FeatureExample, Equatable {
    /// What is read.
    public var features: FeatureSequence
    /// The outputs that spell the transcript; empty where there is none.
    public var targets: [Int32]
    /// What is said; nil where nobody tells.
    public var transcript: String?
    /// Who says it; nil where nobody tells.
    public var group: String?
    /// The words with their times; nil where nobody tells.
    public var words: [LabelledEvent]?
    /// How long the recording is, in units of time.
    public var duration: Double
    /// The recording itself, to be drawn; nil where nothing is drawn.
    public var record: Record?

    /// An example.
    public init(
      features: FeatureSequence, targets: [Int32], transcript: String? = nil, group: String? = nil,
      words: [LabelledEvent]? = nil, duration: Double = 0, record: Record? = nil
    ) {
      (self.features, self.targets, self.transcript) = (features, targets, transcript)
      (self.group, self.words, self.duration, self.record) = (group, words, duration, record)
    }
  }

  /// What was read in a recording.
  public struct Prediction: Sendable, Equatable {
    /// The hypotheses, the best first; there is always one.
    public var hypotheses: [DecodedHypothesis]

    /// The best hypothesis.
    public var best: DecodedHypothesis { hypotheses[0] }
  }

  enum CodingKeys: CodingKey {
    case featurizer, units, network, upsampling, rate, timeUnit, search, language, timing, columns,
      augmentation, wordTimes, knownTexts
  }

  // MARK: Frames

  /// Frames of the outputs in a unit of time.
  public var frameRate: Double { rate / Double(network.stride) * Double(upsampling) }

  /// Frames of the outputs for so many steps of the features.
  public func frameCount(steps: Int) -> Int { network.outputCount(steps: steps) * upsampling }

  /// Whether the frames of an example are enough for its targets.
  func isFeasible(_ example: Example) -> Bool {
    CTCAlignment.isFeasible(example.targets, frames: frameCount(steps: example.features.stepCount))
  }

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> SequenceTagger {
    SequenceTagger(
      network, labelCount: units.count * upsampling, usesCRF: false,
      auxiliaryCount: wordTimes?.outputCount ?? 0,
      key: key)
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { countParameters { makeModel(key: RandomKey(seed: 0)) } }

  /// The bytes of features and targets.
  public func memory(of example: Example) -> Int { example.features.byteCount + 4 * example.targets.count }

  /// The transcript and the times alone.
  public func withoutInput(_ example: Example) -> Example {
    var copy = example
    (copy.features, copy.record) = (FeatureSequence(tokens: []), nil)
    return copy
  }

  /// An example changed as the augmentation says; as it is where the change leaves too few frames for its targets.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    let copy = changed(example, key: key)
    return isFeasible(copy) ? copy : example
  }
}

extension SequenceNetworkConfiguration {
  /// Steps that come out of so many: each convolution keeps them, but for its stride.
  func outputCount(steps: Int) -> Int {
    convolutions.reduce(steps) { ($0 + $1.stride - 1) / $1.stride }
  }
}
