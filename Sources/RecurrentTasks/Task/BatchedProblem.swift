/// The training of a task on batches of examples of nearly equal cost, in another order every epoch.
///
/// It is generic over model and example and not over the task: a task names its problem, and a problem that named the task would
/// be defined by itself.
public struct BatchedProblem<Model: Module, Example: Sendable>: ShardedProblem {
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
    let next = position.step + 1 < all.count ? all[position.step + 1] : []
    return loss(model, try examples(all[position.step], at: position, next: next), at: position, mode: mode)
  }

  /// The gradient of the mean loss over the examples of a shard.
  ///
  /// - Throws: what reading the examples throws.
  public func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
  ) throws -> StepGradient<Model, Carry>? {
    try gradient(model, at: position, carry: carry, mode: mode, of: shard, whole: nil)
  }

  /// The same, which tells of gradients when they are whole.
  ///
  /// - Throws: what reading the examples throws.
  public func gradient(
    _ model: Model, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard,
    whole: WholeGradient?
  ) throws -> StepGradient<Model, Carry>? {
    let all = epochBatches(position.epoch)
    func numbers(_ step: Int) -> [Int] {
      step < all.count ? Array(all[step][shard.rows(of: all[step].count)]) : []
    }
    let (own, next) = (numbers(position.step), numbers(position.step + 1))
    guard !own.isEmpty else { return nil }
    let examples = try examples(own, at: position, next: next)
    // known when the loss is, before any gradient
    var weight = 0.0
    let told = whole.map { whole in { whole($0, $1, weight) } as Tape.WholeGradient }
    let (_, result, gradient) = valueAndGradient(of: model, whole: told) { model in
      var step = loss(model, examples, at: position, mode: mode)
      weight = step.weight
      let value = step.loss
      step.loss = value.detached
      return (value, step)
    }
    return StepGradient(step: result, gradient: gradient)
  }

  /// Reads some examples as the training sees them, and begins with those that follow.
  private func examples(_ numbers: [Int], at position: StepPosition, next: [Int]) throws -> [Example] {
    let read = try ahead.take(numbers, of: training)
    if !next.isEmpty { ahead.begin(next, of: training) }
    let key = RandomKey(seed: seed).child(3).child(position.epoch)
    return zip(read, numbers).map { augmented($0, key.child($1)) }
  }

  private func loss(
    _ model: Model, _ examples: [Example], at position: StepPosition, mode: Mode
  ) -> StepLoss<Carry> {
    let epoch =
      Double(position.epoch) + Double(position.step) / Double(epochBatches(position.epoch).count)
    let (loss, weight) = stepMean(model, examples, mode, epoch)
    return StepLoss(loss: loss, carry: Carry(), unitCount: examples.count, weight: weight)
  }

  /// The mean loss of the validation examples.
  ///
  /// - Throws: what reading them throws.
  public func validate(_ model: Model) throws -> Validation? {
    try validate(model, among: SoloCommunicator())
  }

  /// The same by several ranks: batches are dealt out in turn, and their losses added in the order of the batches.
  ///
  /// - Throws: what reading the examples throws, or ``CommunicationError``.
  public func validate(_ model: Model, among ranks: any Communicator) throws -> Validation? {
    guard validation.count > 0 else { return nil }
    let model = packed(model)
    let numbers = Array(stride(from: ranks.rank, to: validationBatches.count, by: ranks.size))
    var own: [UInt64] = []
    try Backends.current.concurrently(numbers.count) { place in
      let examples = try validationBatches[numbers[place]].map { try validation[$0] }
      let (loss, weight) = mean(model, examples, .inference)
      return [Double(loss.scalar).bitPattern, weight.bitPattern]
    } inOrder: {
      own += $0
    }
    let all = try ranks.gather(own.withUnsafeBytes { Array($0) }).map { bytes in
      bytes.withUnsafeBytes { $0.bindMemory(to: UInt64.self).map { Double(bitPattern: $0) } }
    }
    var (total, weight) = (0.0, 0.0)
    for batch in validationBatches.indices {
      let (own, place) = (all[batch % ranks.size], 2 * (batch / ranks.size))
      total += own[place] * own[place + 1]
      weight += own[place + 1]
    }
    return Validation(loss: total / Swift.max(weight, 1))
  }
}
