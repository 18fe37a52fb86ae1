/// Labels a recording while it comes in, with the bits that the whole gives.
public struct TaggingStream: SequenceStream {
  /// The task whose answers these are.
  public typealias Task = TaggingTask

  private let task: TaggingTask
  private let model: SequenceTagger
  private var network: SequenceNetworkStream
  /// The scores of all steps of the output so far.
  public private(set) var scores: [[Float]] = []
  /// The event that the last step was the end of; nil where none ended there. Events that would be joined to it are others
  /// here.
  public private(set) var finished: LabelledEvent?
  /// Where among the scores something began that goes on.
  private var beginning: Int?
  /// Steps of the features so far.
  public private(set) var stepCount = 0

  init?(task: TaggingTask, model: SequenceTagger) {
    guard let network = SequenceNetworkStream(model.network) else { return nil }
    self.task = task
    self.model = model
    self.network = network
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) {
    stepCount += 1
    finished = nil
    guard let (_, output) = network.push(step) else { return }
    scores.append(model.head(output).scalars)
    follow()
  }

  /// Watches for the beginning and the end of an event.
  private mutating func follow() {
    guard let picker = task.picker, let last = scores.last else { return }
    if picker.isOn(probabilities(last)) {
      beginning = beginning ?? scores.count - 1
    } else if let first = beginning {
      beginning = nil
      let run = scores[first..<scores.count - 1].map(probabilities)
      let start = Double(first) / task.outputRate - Double(task.delay) / task.rate
      finished = picker.events(run, labels: task.labels, rate: task.outputRate, start: start).last
    }
  }

  private func probabilities(_ scores: [Float]) -> [Float] {
    task.scaling.probabilities(scores).map { Float($0) }
  }

  /// The labels and events of the steps so far.
  public var answer: TaggingTask.Answer {
    let flat = Tensor(scores.flatMap { $0 }, shape: [scores.count, 1, task.labels.count])
    let path = scores.isEmpty ? nil : model.field?.decode(flat)[0]
    return task.answer(scores, path: path, start: 0)
  }

  /// The state, to be kept and gone on with.
  public var tensors: [Tensor] {
    get {
      [
        Tensor([Float(stepCount)]), Tensor(scores.flatMap { $0 }, shape: [scores.count, task.labels.count]),
      ] + network.tensors
    }
    set {
      stepCount = Int(newValue[0].scalar)
      let (values, width) = (newValue[1].scalars, task.labels.count)
      scores = (0..<newValue[1].shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
      network.tensors = Array(newValue[2...])
      finished = nil
      beginning = nil
      if let picker = task.picker {
        let isOff = scores.lastIndex { !picker.isOn(probabilities($0)) }
        let first = isOff.map { $0 + 1 } ?? 0
        beginning = first < scores.count ? first : nil
      }
    }
  }
}
