import Synchronization

/// The training of a task on batches of examples of nearly equal cost, in another order every epoch.
///
/// It is generic over model and example and not over the task: a task names its problem, and a problem that named the task would
/// be defined by itself.
public struct BatchedProblem<Model: Module, Example: Sendable>: TrainingProblem {
  /// Nothing is carried from step to step: each example is read whole.
  public struct Carry: RecurrentState {
    /// No tensors.
    public var tensors: [Tensor]

    /// The carry that holds nothing; tensors are for the protocol alone.
    public init(tensors: [Tensor] = []) { self.tensors = tensors }
  }

  /// The examples to train on.
  public let training: ExampleSource<Example>
  /// The examples to validate with; empty for none.
  public let validation: ExampleSource<Example>
  private let augmented: @Sendable (Example, RandomKey) -> Example
  private let mean: @Sendable (Model, [Example], Mode) -> (mean: Tensor, weight: Double)
  private let stepMean: @Sendable (Model, [Example], Mode, Double) -> (mean: Tensor, weight: Double)
  private let packed: @Sendable (Model) -> Model
  private let validationBatches: [[Int]]
  private let batches: BucketedBatches
  private let seed: UInt64
  private let order = EpochCache<[[Int]]>()
  private let ahead = ReadAhead<Example>()

  /// The training of a plan.
  ///
  /// - Throws: ``DataError`` without examples, or what reading them throws.
  public init<Task: BatchedTask>(_ task: Task, _ plan: TrainingPlan<Task>) throws
  where Task.Model == Model, Task.Example == Example {
    augmented = { task.augmented($0, key: $1) }
    mean = { task.loss($0, $1, mode: $2) }
    stepMean = { task.loss($0, $1, mode: $2, epoch: $3) }
    packed = { task.packed($0) }
    (training, validation, seed) = (plan.training, plan.validation, plan.settings.training.seed)
    batches = try BucketedBatches(
      lengths: try training.costs { task.cost(of: $0) }, batchSize: plan.settings.batchSize,
      costLimit: task.batchCost, seed: seed)
    validationBatches = BatchedExamples.batches(of: try validation.costs { task.cost(of: $0) })
  }

  /// How many batches an epoch has.
  public func stepCount(epoch: Int) -> Int { epochBatches(epoch).count }

  private func epochBatches(_ epoch: Int) -> [[Int]] {
    order.value(epoch) { batches.batches(epoch: epoch) }
  }

  /// The carry that holds nothing.
  public func initialCarry(_ model: Model) -> Carry { Carry() }

  /// The mean loss of a batch.
  ///
  /// - Throws: what reading the examples throws.
  public func loss(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepLoss<Carry> {
    let all = epochBatches(position.epoch)
    let numbers = all[position.step]
    let read = try ahead.take(numbers, of: training)
    if position.step + 1 < all.count { ahead.begin(all[position.step + 1], of: training) }
    let key = RandomKey(seed: seed).child(3).child(position.epoch)
    let examples = zip(read, numbers).map { augmented($0, key.child($1)) }
    let epoch = Double(position.epoch) + Double(position.step) / Double(all.count)
    let (loss, weight) = stepMean(model, examples, mode, epoch)
    return StepLoss(loss: loss, carry: carry, unitCount: numbers.count, weight: weight)
  }

  /// The mean loss of the validation examples.
  ///
  /// - Throws: what reading them throws.
  public func validate(_ model: Model) throws -> Validation? {
    guard validation.count > 0 else { return nil }
    let model = packed(model)
    var (total, weight) = (0.0, 0.0)
    for batch in validationBatches {
      let (loss, own) = mean(model, try batch.map { try validation[$0] }, .inference)
      total += Double(loss.scalar) * own
      weight += own
    }
    return Validation(loss: total / Swift.max(weight, 1))
  }
}
