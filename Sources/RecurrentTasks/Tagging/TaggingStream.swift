/// Labels a recording while it comes in, with the bits that the whole gives.
public struct TaggingStream: SequenceStream {
  /// The task whose answers these are.
  public typealias Task = TaggingTask

  private let task: TaggingTask
  private let model: SequenceTagger
  private var network: SequenceNetworkStream
  /// The scores of all steps of the output so far.
  public private(set) var scores: [[Float]] = []
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
    guard let (_, output) = network.push(step) else { return }
    scores.append(model.head(output).scalars)
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
    }
  }
}
