/// Labels a recording while it comes in: labels and events are those of the whole, each given out as soon as nothing that may
/// still come can change it.
public struct TaggingStream: SequenceStream {
  /// The task whose predictions these are.
  public typealias Task = TaggingTask

  /// A label and a step of the output that it belongs to.
  public struct StepLabel: Sendable, Equatable {
    /// The step of the input, from 0; below 0 where the network was to say something before the recording began.
    public var step: Int
    /// The number of the label.
    public var label: Int
    /// The scores of all labels.
    public var scores: [Float]
  }

  /// Each prediction is what was added.
  public static let isIncremental = true

  private let task: TaggingTask
  private let model: SequenceTagger
  private var network: SequenceNetworkStream
  private var tracker: EventTracker?
  private var decoder: ConditionalRandomField.Decoder?
  /// Scores of the steps whose label is not decided yet.
  private var undecided: [[Float]] = []
  /// Steps of the output that have a label.
  private var decidedCount = 0
  /// Steps of the features so far.
  public private(set) var stepCount = 0
  /// What the last step or the end has added.
  public private(set) var prediction = TaggingTask.Prediction(labels: [], scores: [], events: [])
  /// The labels that were decided last; those of the steps before are given out already.
  public private(set) var labels: [StepLabel] = []

  init?(task: TaggingTask, model: SequenceTagger) {
    guard let network = SequenceNetworkStream(model.network) else { return nil }
    self.task = task
    self.model = model
    self.network = network
    tracker = task.picker.map {
      EventTracker($0, labels: task.labels, rate: task.outputRate, start: -Double(task.delay) / task.rate)
    }
    decoder = model.field.map { ConditionalRandomField.Decoder($0) }
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) {
    stepCount += 1
    prediction = TaggingTask.Prediction(labels: [], scores: [], events: [])
    guard let (_, output) = network.push(step) else { return }
    let scores = model.head(output).scalars
    prediction.scores = [scores]
    undecided.append(scores)
    decide(decoder?.push(scores) ?? [TaggingTask.best(scores)])
    prediction.events = tracker?.push(task.scaling.probabilities(scores).map { Float($0) }) ?? []
  }

  /// Decides what waited for further steps.
  public mutating func finish() {
    prediction = TaggingTask.Prediction(labels: [], scores: [], events: tracker?.finish() ?? [])
    decide(decoder?.finish() ?? [])
  }

  private mutating func decide(_ own: [Int]) {
    prediction.labels = own
    guard !own.isEmpty else { return }
    labels = zip(own, undecided).enumerated().map { offset, pair in
      StepLabel(
        step: (decidedCount + offset) * task.network.stride - task.delay, label: pair.0, scores: pair.1)
    }
    decidedCount += own.count
    undecided.removeFirst(own.count)
  }

  /// All labels, scores and events, one after the other.
  public static func joined(_ parts: [TaggingTask.Prediction]) -> TaggingTask.Prediction {
    TaggingTask.Prediction(
      labels: parts.flatMap(\.labels), scores: parts.flatMap(\.scores), events: parts.flatMap(\.events))
  }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get {
      let last = labels.last.map { [Int64($0.step), Int64($0.label)] } ?? []
      return StreamState(
        tensors: [
          (name: "undecided", value: Tensor(undecided.flatMap { $0 })),
          (name: "field.best", value: Tensor(decoder?.best ?? [])),
          (name: "lastScores", value: Tensor(labels.last?.scores ?? [])),
        ],
        integers: [
          (name: "steps", values: [Int64(stepCount), Int64(decidedCount)]), (name: "lastLabel", values: last),
          (name: "field", values: decoder?.state ?? []), (name: "events", values: tracker?.state ?? []),
        ]) + network.state
    }
    set {
      let (scores, width) = (newValue.tensor("undecided").scalars, task.labels.count)
      undecided = stride(from: 0, to: scores.count, by: width).map { Array(scores[$0..<$0 + width]) }
      let steps = newValue.integers("steps").map { Int($0) }
      (stepCount, decidedCount) = (steps[0], steps[1])
      let last = newValue.integers("lastLabel").map { Int($0) }
      labels =
        last.isEmpty
        ? [] : [StepLabel(step: last[0], label: last[1], scores: newValue.tensor("lastScores").scalars)]
      decoder?.restore(best: newValue.tensor("field.best").scalars, state: newValue.integers("field"))
      tracker?.state = newValue.integers("events")
      network.state = newValue
      prediction = TaggingTask.Prediction(labels: [], scores: [], events: [])
    }
  }
}
