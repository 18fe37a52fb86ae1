/// A label at each step of a sequence, or events in it.
public struct TaggingTask: FeatureTask, PartedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "tagging"

  /// From records to features.
  public var featurizer: SequenceFeaturizer
  /// The labels in the order of the scores; of events the background first.
  public var labels: [String]
  /// The network.
  public var network: SequenceNetworkConfiguration
  /// Whether labels that follow each other are scored together.
  public var usesCRF: Bool
  /// How events are made of probabilities; nil where steps have labels.
  public var picker: EventPicker?
  /// Steps of the features in a second.
  public var rate: Double
  /// By how many steps of the features the labels are delayed: so far a causal network may look ahead.
  public var delay: Int
  /// How far from a known event a found one may be, in seconds, or what else times count.
  public var tolerance: Double
  /// What times count; nil for seconds.
  public var timeUnit: StepClock.Unit?
  /// The columns that were named in training: further data are read alike.
  public var columns: RecordingColumns?
  /// How training examples are augmented.
  public var augmentation: Augmentation
  /// How much each label counts in training; nil for all the same.
  public var labelWeights: [Float]?
  /// From scores to probabilities.
  public var scaling = TemperatureScaling()
  /// The column of the words, where the training data were a table with a word in each row.
  public var wordColumn: String?
  /// How dates and numbers of the training tables are written, where that was a question.
  public var format: TableFormat?
  /// What found events are compared by with known ones; nil for their beginnings.
  public var score: EventScore?

  /// A task that was not calibrated yet.
  public init(
    featurizer: SequenceFeaturizer, labels: [String], network: SequenceNetworkConfiguration,
    usesCRF: Bool = false,
    picker: EventPicker? = nil, rate: Double, delay: Int = 0, tolerance: Double = 0,
    augmentation: Augmentation = Augmentation(), labelWeights: [Float]? = nil,
    timeUnit: StepClock.Unit? = nil
  ) {
    (self.featurizer, self.labels, self.network, self.usesCRF) = (featurizer, labels, network, usesCRF)
    (self.picker, self.rate, self.delay, self.tolerance) = (picker, rate, delay, tolerance)
    (self.augmentation, self.labelWeights, self.timeUnit) = (augmentation, labelWeights, timeUnit)
  }

  /// A recording, or a part of one, with what happens in it.
  public struct Example: FeatureExample, Equatable, Codable {
    /// What is read; it is not written down.
    public var features = FeatureSequence(tokens: [])
    /// The number of the label of each step of the features; -100 where it is unknown.
    public var labels: [Int32]
    /// What happens; nil where steps have labels.
    public var events: [LabelledEvent]?
    /// The time of the first step.
    public var start: Double
    /// When the steps are, where they are not at the distance of those of the training; nil where they are.
    public var clock: StepClock?
    /// What times count.
    public var unit: StepClock.Unit

    private enum CodingKeys: CodingKey { case labels, events, start, clock, unit }

    /// An example.
    public init(
      features: FeatureSequence, labels: [Int32], events: [LabelledEvent]?, start: Double = 0,
      clock: StepClock? = nil, unit: StepClock.Unit = .seconds
    ) {
      (self.features, self.labels, self.events) = (features, labels, events)
      (self.start, self.clock, self.unit) = (start, clock, unit)
    }
  }

  /// The labels of the steps, with probabilities, and the events.
  public struct Prediction: Sendable, Equatable, Codable {
    /// The likeliest label at each step of the output.
    public var labels: [Int]
    /// The scores of all labels at each step of the output.
    public var scores: [[Float]]
    /// The events; empty where steps have labels.
    public var events: [LabelledEvent]
  }

  /// How long before events warnings of them are to be given; nil where events themselves are found.
  public var ahead: Double? { picker?.ahead }

  /// Steps of the output in a second.
  public var outputRate: Double { rate / Double(network.stride) }

  /// A tagger with fresh parameters.
  public func makeModel(key: RandomKey) -> SequenceTagger {
    SequenceTagger(network, labelCount: labels.count, usesCRF: usesCRF, key: key)
  }

  /// The number of parameters of network, head and CRF, by their sizes alone.
  public var parameterCount: Int {
    let count = labels.count
    return network.parameterCount + count * (network.outputSize + 1) + (usesCRF ? count * (count + 2) : 0)
  }

  /// The bytes of features and labels.
  public func memory(of example: Example) -> Int {
    example.features.byteCount + 4 * example.labels.count
  }

  /// The labels and events; of a curve also its beginning, which the report draws.
  public func withoutInput(_ example: Example) -> Example {
    var copy = example
    copy.features =
      picker != nil && featurizer.featureCount == 1
      ? example.features.part(0..<shownSteps(example)) : FeatureSequence(tokens: [])
    return copy
  }

  /// The label that the output is to give at each of its steps.
  func targets(_ example: Example, count: Int) -> [Int32] {
    (0..<count).map { step in
      let place = step * network.stride - delay
      return example.labels.indices.contains(place) ? example.labels[place] : -100
    }
  }

  /// The mean cross-entropy of the scores of a step, `[T', B, L]`, where its label is known; of a CRF the mean negative
  /// log-likelihood of the sequences of labels, a step.
  public func loss(
    _ model: SequenceTagger, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let (scores, lengths) = model(FeatureBatch(examples.map(\.features)), mode: mode)
    let (steps, batch) = (scores.shape[0], examples.count)
    var values = [Int32](repeating: -100, count: steps * batch)
    for (row, example) in examples.enumerated() {
      for (step, label) in targets(example, count: lengths[row]).enumerated() {
        values[step * batch + row] = label
      }
    }
    let known = values.count { $0 >= 0 }
    if let field = model.field {
      // the field has no gaps: steps that nobody labelled count as the first label
      let labels = Indices(values.map { max($0, 0) }, shape: [steps, batch])
      return (field.loss(scores, labels, lengths: lengths), Double(lengths.reduce(0, +)))
    }
    let weights = labelWeights.map { Tensor($0) }
    let weight = values.reduce(0) { $1 < 0 ? $0 : $0 + Double(labelWeights?[Int($1)] ?? 1) }
    let mean = crossEntropy(
      scores, Indices(values, shape: [steps, batch]), classWeights: weights, ignoredLabel: -100)
    return (mean, known > 0 ? weight : 0)
  }

  /// Labels and events.
  public func predictions(_ model: SequenceTagger, to examples: [Example]) -> [Prediction] {
    let (own, lengths) = model(FeatureBatch(examples.map(\.features)))
    var scores = own
    // strides of convolutions begin at the first step, which the opposite strand has elsewhere
    if network.stride == 1, let strands = meanOfStrands {
      scores = averaged(scores, lengths: lengths, model, examples, strands)
    }
    let paths = model.field?.decode(scores, lengths: lengths)
    let (values, batch, count) = (scores.scalars, examples.count, labels.count)
    return examples.indices.map { row in
      let own = (0..<lengths[row]).map { step in
        let start = (step * batch + row) * count
        return Array(values[start..<start + count])
      }
      return prediction(own, path: paths?[row], start: examples[row].start, clock: examples[row].clock)
    }
  }

  /// The prediction of the scores of the steps of the output, `[T', L]`.
  ///
  /// - Parameters:
  ///   - scores: of all labels at each step.
  ///   - path: the labels that a CRF decided for; nil for the likeliest of each step.
  ///   - start: the time of the first step of the features.
  ///   - clock: when these steps are, where they are not at the distance of those of the training.
  func prediction(_ scores: [[Float]], path: [Int]?, start: Double, clock: StepClock?) -> Prediction {
    let labels = path ?? scores.map(\.argmax)
    guard let picker else { return Prediction(labels: labels, scores: scores, events: []) }
    return Prediction(
      labels: labels, scores: scores,
      events: events(probabilities(scores), by: picker, start: start, clock: clock))
  }

  /// Calibrated probabilities `[T', L]`.
  func probabilities(_ scores: [[Float]]) -> [[Float]] {
    scores.map { scaling.probabilities($0).map { Float($0) } }
  }

  /// The events of probabilities `[T', L]`, by a rule.
  func events(
    _ probabilities: [[Float]], by picker: EventPicker, start: Double, clock: StepClock?
  ) -> [LabelledEvent] {
    let found = picker.events(
      probabilities, labels: labels, rate: outputRate, start: clock == nil ? start : 0,
      delay: Double(delay) / rate)
    return clock.map { timed(found, $0) } ?? found
  }

  /// Events whose times count steps at the distance of the training, by a clock.
  private func timed(_ events: [LabelledEvent], _ clock: StepClock) -> [LabelledEvent] {
    events.map { event in
      let start = clock.time(at: event.start * rate)
      return LabelledEvent(
        label: event.label, start: start,
        end: event.end > event.start ? clock.end(at: event.end * rate) : start)
    }
  }

  /// The time of a step of an example.
  func time(_ step: Int, of example: Example) -> Double {
    example.clock?.time(at: Double(step)) ?? example.start + Double(step) / rate
  }

  /// Fits the temperature, and the threshold of events to the best F1.
  ///
  /// - Throws: what reading the recordings throws.
  public mutating func calibrate(_ model: SequenceTagger, on source: ExampleSource<Example>) throws {
    guard source.count > 0 else { return }
    let (predictions, examples) = try allPredictions(model, to: source)
    var (scores, known) = ([[Float]](), [Int]())
    for (prediction, example) in zip(predictions, examples) {
      for (score, label) in zip(prediction.scores, targets(example, count: prediction.scores.count))
      where label >= 0 {
        scores.append(score)
        known.append(Int(label))
      }
    }
    scaling = TemperatureScaling(fitting: scores, labels: known, priorWeight: 4)
    guard var picker else { return }
    let truths = examples.map { $0.events ?? [] }
    let all = predictions.map { probabilities($0.scores) }
    var best = -1.0
    for threshold in stride(from: 0.15, through: 0.85, by: 0.05) {
      picker.threshold = threshold
      let found = zip(all, examples).map { own, example in
        events(own, by: picker, start: example.start, clock: example.clock)
      }
      let f1 =
        picker.ahead == nil
        ? EventMetrics(recordings: found, known: truths, by: score ?? .onset, tolerance: tolerance).f1
        : warningMetrics(found, examples).f1
      // of equal ones that nearest to the middle
      if f1 > best + 1e-9
        || (f1 > best - 1e-9 && abs(threshold - 0.5) < abs((self.picker?.threshold ?? 0) - 0.5))
      {
        best = max(best, f1)
        self.picker?.threshold = threshold
      }
    }
  }

  /// The same task without the mean of both strands, which the graph does not compute.
  var ofOneStrand: Self {
    var copy = self
    copy.augmentation.oppositeStrands = nil
    return copy
  }
}
