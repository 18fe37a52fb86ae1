/// The labels and events of a recording while it comes in: those of the whole, each given out as soon as nothing that may still
/// come can change it.
public struct TaggingHead: SessionHead {
  /// A label and a step of the output that it belongs to.
  public struct StepLabel: Sendable, Equatable {
    /// The step of the input, from 0; below 0 where a label that is delayed is that of a step before the recording.
    public var step: Int
    /// The number of the label.
    public var label: Int
    /// The scores of all labels.
    public var scores: [Float]
  }

  private let task: TaggingTask
  private var tracker: EventTracker?
  private var decoder: ConditionalRandomField.Decoder?
  /// Steps of the features so far.
  public private(set) var stepCount = 0
  /// Steps of the output whose labels were given out before the last step.
  private var decidedCount = 0
  /// The labels that the last step or the end has decided.
  private var decided: [Int] = []
  /// The scores of the steps of the output from there on, `[steps, L]`.
  private var scores: [Float] = []
  /// Whether the last step has added scores.
  private var hasScores = false
  private var probabilities: [Double]
  /// The last label that was given out before ``decided``; -1 before the first one.
  private var lastLabel = -1
  private var lastScores: [Float]

  private var labelCount: Int { task.labels.count }

  init(_ task: TaggingTask, _ field: ConditionalRandomField?) {
    self.task = task
    tracker = task.picker.map {
      EventTracker(
        $0, labels: task.labels, rate: task.outputRate, start: 0, delay: Double(task.delay) / task.rate)
    }
    decoder = field.map { ConditionalRandomField.Decoder($0) }
    probabilities = [Double](repeating: 0, count: task.labels.count)
    lastScores = [Float](repeating: 0, count: task.labels.count)
  }

  /// Takes the scores of a step.
  public mutating func read(_ step: FeatureSequence, _ stepper: SequenceNetworkStepper, row: Int) {
    forgetDecided()
    stepCount += 1
    hasScores = stepper.hasOutput(row: row)
    tracker?.clear()
    guard hasScores else { return }
    stepper.withOutput(row: row) { own in
      scores.append(contentsOf: own)
      if decoder == nil {
        decided.append(own.argmax)
      } else {
        decoder?.read(own)
      }
      task.scaling.write(own, to: &probabilities)
      tracker?.push(probabilities)
    }
    if let decoder { decided.append(contentsOf: decoder.labels) }
  }

  /// Decides what waited for further steps.
  public mutating func end() {
    forgetDecided()
    hasScores = false
    decoder?.finish()
    if let decoder { decided.append(contentsOf: decoder.labels) }
    tracker?.finish()
  }

  /// The labels that were given out are those of steps before.
  private mutating func forgetDecided() {
    guard !decided.isEmpty else { return }
    let (count, width) = (decided.count, labelCount)
    lastLabel = decided[count - 1]
    for label in 0..<width { lastScores[label] = scores[(count - 1) * width + label] }
    decidedCount += count
    scores.removeFirst(count * width)
    decided.removeAll(keepingCapacity: true)
  }

  /// What the last step or the end has added to the prediction.
  public var outputs: [TaggingTask.Prediction] {
    [
      TaggingTask.Prediction(
        labels: decided, scores: hasScores ? [Array(scores.suffix(labelCount))] : [],
        events: tracker?.events ?? [])
    ]
  }

  /// The labels that the last step or the end has decided.
  public var labels: [StepLabel] {
    decided.indices.map { place in
      StepLabel(
        step: (decidedCount + place) * task.network.stride - task.delay, label: decided[place],
        scores: Array(scores[place * labelCount..<(place + 1) * labelCount]))
    }
  }

  /// The label that was given out last; nil before the first one.
  public var last: StepLabel? {
    if let last = labels.last { return last }
    guard lastLabel >= 0 else { return nil }
    return StepLabel(
      step: (decidedCount - 1) * task.network.stride - task.delay, label: lastLabel, scores: lastScores)
  }

  /// What is kept.
  public var state: SessionState {
    var own = self
    own.forgetDecided()
    var state = SessionState(
      tensors: [
        (name: "undecided", value: Tensor(own.scores)), (name: "last.scores", value: Tensor(own.lastScores)),
      ],
      integers: [
        (name: "steps", values: [Int64(stepCount), Int64(own.decidedCount)]),
        (name: "last.label", values: [Int64(own.lastLabel)]),
      ])
    if let decoder {
      state.tensors.append((name: "crf.best", value: Tensor(decoder.best)))
      state.integers.append((name: "crf", values: decoder.state))
    }
    if let tracker { state.integers.append((name: "events", values: tracker.stored)) }
    return state
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another model, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    // a label waits as long as a field decides, a little less than this
    scores = try state.rows("undecided", width: labelCount, atMost: 1 << 13)
    let steps = try state.integers("steps", count: 2, in: 0...1 << 42)
    (stepCount, decidedCount) = (steps[0], steps[1])
    lastLabel = try state.integers("last.label", count: 1, in: -1...labelCount - 1)[0]
    lastScores = try state.tensor("last.scores", [labelCount]).scalars
    (decided, hasScores) = ([], false)
    if decoder != nil {
      let best = try state.rows("crf.best", width: 1, atMost: labelCount)
      let isRestored = decoder?.restore(best: best, state: try state.integers("crf"))
      try state.check(isRestored ?? false, "its conditional random field is impossible")
    }
    try state.check(
      scores.count == (decoder?.pendingCount ?? 0) * labelCount, "its undecided labels are impossible")
    guard tracker != nil else { return }
    var numbers = StoredNumbers(try state.integers("events"))
    tracker?.restore(&numbers)
    try state.check(numbers.areWhole, "its events are impossible")
  }
}
