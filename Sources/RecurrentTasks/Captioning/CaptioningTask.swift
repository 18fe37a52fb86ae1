import RecurrentReports

/// A sentence about a recording: frames of a film, features of its pictures, sound, sensors.
///
/// A network reads the recording in both directions and writes the tokens of the sentence while it looks at it, see
/// ``CaptionModel``; ``BeamSearch`` finds likely sentences. Where a recording has several sentences, each step of a training takes one
/// of them, and an evaluation compares with all.
public struct CaptioningTask: FeatureTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "captioning"

  /// From recordings to features.
  public var featurizer: SequenceFeaturizer
  /// The tokens.
  public var units: TextTokens
  /// The network that reads.
  public var network: SequenceNetworkConfiguration
  /// The network that writes.
  public var writer: TextDecoder.Configuration
  /// How sentences are found.
  public var search: BeamSearchSettings
  /// Steps of the features in a unit of time.
  public var rate: Double
  /// What times count; nil for seconds.
  public var timeUnit: StepClock.Unit?
  /// The columns that were named in training: further data are read alike.
  public var columns: TranscriptColumns?
  /// How training examples are changed.
  public var augmentation: Augmentation
  /// What a training learns beside the sentences from the times of their words; nil for nothing.
  public var wordTimes: WordTimeLoss?

  /// A task.
  public init(
    featurizer: SequenceFeaturizer, units: TextTokens, network: SequenceNetworkConfiguration,
    writer: TextDecoder.Configuration, search: BeamSearchSettings = BeamSearchSettings(), rate: Double,
    timeUnit: StepClock.Unit? = nil, augmentation: Augmentation = Augmentation()
  ) {
    (self.featurizer, self.units, self.network, self.writer) = (featurizer, units, network, writer)
    (self.search, self.rate, self.timeUnit, self.augmentation) = (search, rate, timeUnit, augmentation)
  }

  /// A recording with sentences about it.
  public struct Example: FeatureExample, Equatable {
    /// What is read.
    public var features: FeatureSequence
    /// The tokens of each sentence, without their ends; empty where there is none.
    public var targets: [[Int32]]
    /// The sentences; empty where nobody tells.
    public var references: [String]
    /// Who is seen or heard; nil where nobody tells.
    public var group: String?
    /// The words with their times; nil where nobody tells.
    public var words: [LabelledEvent]?
    /// How long the recording is, in units of time.
    public var duration: Double
    /// The recording itself, to be drawn; nil where nothing is drawn.
    public var record: Record?

    /// An example.
    public init(
      features: FeatureSequence, targets: [[Int32]] = [], references: [String] = [], group: String? = nil,
      words: [LabelledEvent]? = nil, duration: Double = 0, record: Record? = nil
    ) {
      (self.features, self.targets, self.references) = (features, targets, references)
      (self.group, self.words, self.duration, self.record) = (group, words, duration, record)
    }
  }

  /// What may be written about a recording.
  public typealias Prediction = TextHypotheses

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> CaptionModel {
    CaptionModel(
      network, writer, vocabularySize: units.count, auxiliaryCount: wordTimes?.outputCount ?? 0, key: key)
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { countParameters { makeModel(key: RandomKey(seed: 0)) } }

  /// The bytes of features and targets.
  public func memory(of example: Example) -> Int {
    example.features.byteCount + example.targets.reduce(0) { $0 + 4 * $1.count }
  }

  /// The sentences and the times alone.
  public func withoutInput(_ example: Example) -> Example {
    var copy = example
    (copy.features, copy.targets, copy.record) = (FeatureSequence(tokens: []), [], nil)
    return copy
  }

  /// An example changed as the augmentation says, with one of its sentences.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    var copy = changed(example, key: key)
    if copy.targets.count > 1 {
      let count = copy.targets.count
      let pick = Int(key.child(1 << 10).uniforms(1)[0] * Float(count))
      copy.targets = [copy.targets[min(pick, count - 1)]]
    }
    return copy
  }

  /// The mean negative log-likelihood of the tokens of all sentences, their ends among them; in a training with ``wordTimes`` plus
  /// their loss.
  public func loss(
    _ model: CaptionModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let (memory, outputs) = model.memory(FeatureBatch(examples.map(\.features)), mode: mode)
    // gradients ask for a row of the memory for each sentence
    let rows = examples.indices.flatMap { [Int](repeating: $0, count: examples[$0].targets.count) }
    guard !rows.isEmpty else { return (memory.values.sum() * 0, 0) }
    let targets = examples.flatMap(\.targets)
    var loss = model.writer.loss(targets, over: memory.rows(rows), end: units.end, mode: mode)
    if case .training = mode, let wordTimes, let head = model.auxiliaryHead,
      let times = wordTimes.loss(
        head, outputs, memory.lengths, examples.map { ($0.words, $0.duration) }, weight: wordTimes.weight)
    {
      loss = loss + times
    }
    return (loss, Double(targets.reduce(0) { $0 + $1.count + 1 }))
  }

  /// Perplexity.
  public func terms(of loss: Double) -> String? { "perplexity \(rounded(perplexityOfNats(loss), 2))" }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: CaptionModel, on source: ExampleSource<Example>) {}

  /// What is impossible about the task, as a sentence with the key; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      try units.check()
      try network.check(beside: featurizer)
      try writer.check("writer")
      try ValueIssue.check(
        "writer.memorySize", writer.memorySize, equals: network.outputSize, "as the network gives")
      try ValueIssue.check(!network.isCausal, "network.isCausal is true, expected false")
      try search.check("search")
      try ValueIssue.check("rate", rate, in: 1e-9...1e9)
      try augmentation.check()
      try wordTimes?.check()
    }
  }
}
