/// The training of a recommender: sessions side by side, each row with a state of its own that begins anew with every session.
public struct RecommendationProblem: ShardedProblem {
  /// The states of all rows, as a flat list.
  public struct Carry: RecurrentState {
    /// The parts of the states of all layers, in their order.
    public var tensors: [Tensor]

    /// A state of the given parts.
    public init(tensors: [Tensor]) { self.tensors = tensors }
  }

  /// The sessions of the training part.
  public let windows: SessionWindows
  private let validation: ExampleSource<RecommendationTask.Example>
  private let task: RecommendationTask
  private let sampler: ClassSampler?
  /// Scores that a validation computes at most; of more only some sessions are validated with.
  private static let validationScores = 1 << 33

  /// The training of a plan.
  ///
  /// - Throws: ``DataError`` where no session has two items, or what reading the examples throws.
  init(_ task: RecommendationTask, _ plan: TrainingPlan<RecommendationTask>) throws {
    var sessions = SessionSequences()
    for index in 0..<plan.training.count { sessions.append(try plan.training[index].items) }
    windows = try SessionWindows(
      sessions, rowCount: plan.settings.batchSize, windowLength: task.configuration.windowLength,
      order: task.configuration.order, seed: plan.settings.training.seed)
    self.task = task
    let costs = try plan.validation.costs { $0.items.count }
    let events = costs.reduce(0, +)
    let distance = max(1, events * task.items.count / RecommendationProblem.validationScores)
    validation = plan.validation.chosen(Array(stride(from: 0, to: costs.count, by: distance)))
    sampler =
      task.configuration.loss == .crossEntropy
      ? nil : ClassSampler(counts: task.counts, power: task.configuration.samplePower)
  }

  /// Windows of an epoch.
  public func stepCount(epoch: Int) -> Int { windows.count(epoch: epoch) }

  /// Zero: all rows begin with a session.
  public func initialCarry(_ model: RecommendationModel) -> Carry {
    Carry(tensors: model.initialState(batch: windows.rowCount).detached.tensors)
  }

  /// The mean loss of the targets of a window. A window at the end of an epoch, where rows have run out of sessions, counts by
  /// its targets.
  public func loss(
    _ model: RecommendationModel, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepLoss<Carry> {
    loss(model, at: position, rows: 0..<windows.rowCount, carry: carry, mode: mode)
  }

  /// The gradient of the mean loss over the rows of a shard; sampled items are drawn for each by itself.
  public func gradient(
    _ model: RecommendationModel, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
  ) -> StepGradient<RecommendationModel, Carry>? {
    let rows = shard.rows(of: windows.rowCount)
    guard !rows.isEmpty else { return nil }
    let (_, step, gradient) = valueAndGradient(of: model) { model in
      var step = loss(model, at: position, rows: rows, carry: carry, mode: mode)
      let value = step.loss
      (step.loss, step.carry) = (value.detached, step.carry.detached)
      return (value, step)
    }
    return StepGradient(step: step, gradient: gradient)
  }

  private func loss(
    _ model: RecommendationModel, at position: StepPosition, rows: Range<Int>, carry: Carry, mode: Mode
  ) -> StepLoss<Carry> {
    let window = windows.window(position.step, epoch: position.epoch)
    func part<T>(_ values: [T]) -> [T] {
      if rows.count == windows.rowCount { return values }
      return stride(from: 0, to: values.count, by: windows.rowCount).flatMap {
        values[$0 + rows.lowerBound..<$0 + rows.upperBound]
      }
    }
    func part(_ ids: Indices) -> Indices { Indices(part(ids.values), shape: [ids.shape[0], rows.count]) }
    let lengths = Array(window.lengths[rows])
    let beginning = model.initialState(batch: rows.count).replacing(carry.tensors)
    let (hidden, state) = model.read(
      part(window.inputs), lengths: lengths, resets: part(window.resets), state: beginning, mode: mode)
    let full = windows.rowCount * windows.windowLength
    let count = lengths.reduce(0, +)
    return StepLoss(
      loss: loss(model, hidden, part(window.targets), mode), carry: Carry(tensors: state.tensors),
      unitCount: count, weight: Double(count),
      learningRateFactor: min(1, Double(window.targetCount) / Double(full) * 2))
  }

  private func loss(
    _ model: RecommendationModel, _ hidden: Tensor, _ targets: Indices, _ mode: Mode
  ) -> Tensor {
    let weight = model.embedding.weight
    guard let sampler, let key = mode.rowKey else {
      return linearCrossEntropy(hidden, weight: weight, bias: model.bias, targets)
    }
    let sampled = sampler.classes(targets, count: task.configuration.sampleCount, key: key.child(9))
    if task.configuration.loss == .bprMax, sampled.classes.count > 1 {
      return bprMax(
        hidden, weight: weight, bias: model.bias, sampled, regularization: task.configuration.regularization)
    }
    return sampledSoftmax(hidden, weight: weight, bias: model.bias, sampled)
  }

  /// One minus the mean reciprocal rank of the validation targets among all items, up to 20: what a recommender is for.
  ///
  /// - Throws: what reading the examples throws.
  public func validate(_ model: RecommendationModel) throws -> Validation? {
    guard validation.count > 0 else { return nil }
    var totals = RankTotals()
    try task.forEachRanking(model, validation, topCount: 0) { ranking, _ in totals.add(ranking.rank) }
    guard totals.events > 0 else { return nil }
    return Validation(loss: 1 - totals.metrics(.conservative).mrrAt20)
  }
}
