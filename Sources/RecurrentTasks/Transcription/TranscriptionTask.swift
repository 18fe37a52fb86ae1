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
  public var units: TranscriptUnits { didSet { cache = SearchCache() } }
  /// The network.
  public var network: SequenceNetworkConfiguration
  /// Frames that each step of the network gives.
  public var upsampling: Int
  /// Steps of the features in a unit of time.
  public var rate: Double
  /// What times count; nil for seconds.
  public var timeUnit: StepClock.Unit?
  /// How texts are found.
  public var search: TranscriptSearch { didSet { cache = SearchCache() } }
  /// What the search knows of texts beside the network.
  public var language: SearchLanguage { didSet { cache = SearchCache() } }
  /// How times of words are found.
  public var timing: SpikeTiming
  /// The columns that were named in training: further data are read alike.
  public var columns: TranscriptColumns?
  /// How training examples are changed.
  public var augmentation: Augmentation
  /// The search, made once.
  var cache = SearchCache()

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
    /// The readings, the best first; there is always one.
    public var readings: [DecodedHypothesis]

    /// The best reading.
    public var best: DecodedHypothesis { readings[0] }
  }

  enum CodingKeys: CodingKey {
    case featurizer, units, network, upsampling, rate, timeUnit, search, language, timing, columns,
      augmentation
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
    SequenceTagger(network, labelCount: units.count * upsampling, usesCRF: false, key: key)
  }

  /// The number of parameters of network and head, by their sizes alone.
  public var parameterCount: Int {
    network.parameterCount + units.count * upsampling * (network.outputSize + 1)
  }

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
    guard augmentation.isOn else { return example }
    var copy = example
    copy.features = augmentation(
      example.features, picture: network.picture, frames: featurizer.framesOfStep, key: key)
    return isFeasible(copy) ? copy : example
  }

  /// The logits of all frames, `[T', B, V]`, and the frames of each row.
  func logits(_ model: SequenceTagger, _ examples: [Example], mode: Mode = .inference) -> (
    values: Tensor, lengths: [Int]
  ) {
    let (scores, lengths) = model(FeatureBatch(examples.map(\.features)), mode: mode)
    guard upsampling > 1 else { return (scores, lengths) }
    let (steps, rows) = (scores.shape[0], scores.shape[1])
    let frames = scores.reshaped(to: [steps, rows, upsampling, units.count]).permuted([0, 2, 1, 3])
    return (
      frames.reshaped(to: [steps * upsampling, rows, units.count]), lengths.map { $0 * upsampling }
    )
  }

  /// The mean negative log-likelihood of the transcripts, in nats, of the examples with frames enough; these count the same
  /// whatever their lengths are.
  public func loss(
    _ model: SequenceTagger, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let own = examples.filter(isFeasible)
    guard !own.isEmpty else { return (logits(model, examples, mode: mode).values.sum() * 0, 0) }
    let (values, lengths) = logits(model, own, mode: mode)
    let loss = ctcLoss(values, own.map(\.targets), lengths: lengths, blank: Int32(units.blank))
    return (loss, Double(own.count))
  }
}

extension SequenceNetworkConfiguration {
  /// Steps that come out of so many: each convolution keeps them, but for its stride.
  func outputCount(steps: Int) -> Int {
    convolutions.reduce(steps) { ($0 + $1.stride - 1) / $1.stride }
  }
}
