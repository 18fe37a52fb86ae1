import Synchronization

/// The training of a task on examples that are in memory: batches of nearly equal lengths in another order every epoch.
public struct SequenceTaskProblem<Task: SequenceTask>: TrainingProblem {
  /// Nothing is carried from step to step: each example is read whole.
  public struct Carry: RecurrentState {
    /// None.
    public var tensors: [Tensor]

    /// Nothing.
    public init(tensors: [Tensor] = []) { self.tensors = tensors }
  }

  /// What is learnt.
  public let task: Task
  /// To learn from.
  public let training: [Task.Example]
  /// To choose by; empty for none.
  public let validation: [Task.Example]
  private let batches: BucketedBatches
  private let seed: UInt64
  private let plan = EpochPlan()

  /// The examples of all batches of the epoch that was asked for last.
  private final class EpochPlan: Sendable {
    private let latest = Mutex<(epoch: Int, batches: [[Int]])?>(nil)

    func batches(_ epoch: Int, _ make: () -> [[Int]]) -> [[Int]] {
      latest.withLock { latest in
        if let latest, latest.epoch == epoch { return latest.batches }
        let batches = make()
        latest = (epoch, batches)
        return batches
      }
    }
  }

  /// A training.
  ///
  /// - Throws: ``DataError`` without examples.
  public init(
    task: Task, training: [Task.Example], validation: [Task.Example], batchSize: Int, seed: UInt64
  ) throws(DataError) {
    self.task = task
    self.training = training
    self.validation = validation
    self.seed = seed
    batches = try BucketedBatches(
      lengths: training.map { task.stepCount(of: $0) }, batchSize: batchSize, seed: seed)
  }

  /// Batches.
  public func stepCount(epoch: Int) -> Int { batches.count }

  /// Nothing.
  public func initialCarry(_ model: Task.Model) -> Carry { Carry() }

  /// The mean loss of a batch.
  public func loss(
    _ model: Task.Model, at position: StepPosition, carry: Carry, mode: Mode
  ) -> StepLoss<Carry> {
    let numbers = plan.batches(position.epoch) { batches.batches(epoch: position.epoch) }[position.step]
    let key = RandomKey(seed: seed).child(3).child(position.epoch)
    let examples = numbers.map { task.varied(training[$0], key: key.child($0)) }
    let (mean, _) = task.loss(model, examples, mode: mode)
    return StepLoss(loss: mean, carry: carry, unitCount: numbers.count)
  }

  /// The mean loss of the validation examples.
  public func validate(_ model: Task.Model) -> Validation? {
    guard !validation.isEmpty else { return nil }
    let prepared = task.prepared(model)
    var (total, weight) = (0.0, 0.0)
    for batch in SequenceTaskProblem.batches(of: validation.map { task.stepCount(of: $0) }) {
      let (mean, own) = task.loss(prepared, batch.map { validation[$0] }, mode: .inference)
      total += Double(mean.scalar) * own
      weight += own
    }
    return Validation(loss: total / Swift.max(weight, 1))
  }

  /// Batches of nearly equal lengths that keep memory small.
  static func batches(of lengths: [Int], rows: Int = 64, steps: Int = 1 << 14) -> [[Int]] {
    var batches: [[Int]] = []
    var current: [Int] = []
    for index in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) }) {
      if !current.isEmpty, current.count == rows || (current.count + 1) * lengths[index] > steps {
        batches.append(current)
        current = []
      }
      current.append(index)
    }
    if !current.isEmpty { batches.append(current) }
    return batches
  }
}

extension SequenceTask {
  /// What the model says about each of many examples, in their order.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - examples: any number.
  ///   - progress: hears the share that is done.
  public func allAnswers(
    _ model: Model, to examples: [Example], progress: (Double) -> Void = { _ in }
  ) -> [Answer] {
    let prepared = prepared(model)
    var answers = [Answer?](repeating: nil, count: examples.count)
    var done = 0
    for batch in SequenceTaskProblem<Self>.batches(of: examples.map { stepCount(of: $0) }) {
      for (index, answer) in zip(batch, self.answers(prepared, to: batch.map { examples[$0] })) {
        answers[index] = answer
      }
      done += batch.count
      progress(Double(done) / Double(examples.count))
    }
    return answers.compactMap { $0 }
  }
}
