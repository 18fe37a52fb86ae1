/// A training that lets the model act and learns from what comes of it.
public protocol RolloutProblem: TrainingProblem {
  /// The carry with a new rollout, where a step is the first one that learns from it; else as it is.
  ///
  /// - Throws: what ends the training.
  func collected(_ model: Model, at position: StepPosition, carry: Carry) throws -> Carry
}

/// A training by proximal policy optimisation: an epoch is a number of rollouts, a step one update on rows of the last one.
public struct ReinforcementProblem: RolloutProblem {
  private let task: ReinforcementTask
  private let choice: EnvironmentChoice
  private let collector: RolloutCollector
  private let objective: PPOLoss
  private let key: RandomKey
  /// Rows of an update.
  private let batchRows: Int
  private let epochs: Int
  private let isMemoryless: Bool

  /// A training.
  ///
  /// - Parameters:
  ///   - task: with the sizes and settings.
  ///   - choice: the environment.
  ///   - settings: of the training; a batch is a number of rows.
  ///   - isMemoryless: whether the policy forgets everything before each step.
  init(
    _ task: ReinforcementTask, in choice: EnvironmentChoice, _ settings: TaskSettings,
    isMemoryless: Bool = false
  ) {
    (self.task, self.choice, self.isMemoryless) = (task, choice, isMemoryless)
    key = RandomKey(seed: settings.training.seed).child(2)
    (batchRows, epochs) = (min(settings.batchSize, task.ppo.rowCount), settings.training.epochs)
    collector = RolloutCollector(
      worker: RolloutWorker(choice, key: key.child(0), rowCount: task.ppo.rowCount),
      spaces: task.spaces, scaler: task.scaler, settings: task.ppo, rewardScale: task.rewardScale,
      isMemoryless: isMemoryless)
    objective = PPOLoss(actions: task.spaces.actions, settings: task.ppo, isMemoryless: isMemoryless)
  }

  /// Updates on one rollout.
  private var updateCount: Int { task.ppo.passCount * ((task.ppo.rowCount + batchRows - 1) / batchRows) }

  /// Rollouts of an epoch, at least 1: the steps of all epochs are at least those that are set.
  private var rolloutCount: Int {
    let size = task.ppo.rowCount * task.ppo.rolloutSteps * epochs
    return max(1, (task.ppo.stepCount + size - 1) / size)
  }

  /// The updates on all rollouts of an epoch.
  public func stepCount(epoch: Int) -> Int { rolloutCount * updateCount }

  /// All rows before their first episode.
  public func initialCarry(_ model: PolicyModel) -> RolloutCarry {
    let (steps, rows) = (task.ppo.rolloutSteps, task.ppo.rowCount)
    let (inputs, width) = (task.spaces.observations.count, task.spaces.actions.size)
    func state(_ part: SequenceTagger) -> [Tensor] {
      part.network.recurrent.initialState(batch: rows).detached.tensors
    }
    let (actor, critic) = (state(model.actor), state(model.critic))
    let zeros = Tensor(zeros: [steps, rows])
    let rollout = Rollout(
      observations: Tensor(zeros: [steps, rows, inputs]), actions: Tensor(zeros: [steps, rows, width]),
      logProbabilities: zeros, advantages: zeros, returns: zeros, starts: zeros, actorState: actor,
      criticState: critic)
    return RolloutCarry(
      rollout: rollout, actorState: actor, criticState: critic, places: Tensor(zeros: [rows, 2]),
      log: Tensor(zeros: [rows, task.spaces.stepLimit, width]), curve: Tensor(zeros: [epochs, 3]))
  }

  /// Episodes go on from epoch to epoch.
  public func nextCarry(_ model: PolicyModel, after carry: RolloutCarry) -> RolloutCarry { carry }

  /// The carry with a new rollout, where an update is the first one on it.
  ///
  /// - Throws: ``EnvironmentError``.
  public func collected(
    _ model: PolicyModel, at position: StepPosition, carry: RolloutCarry
  ) throws -> RolloutCarry {
    guard position.step % updateCount == 0 else { return carry }
    let number = position.epoch * rolloutCount + position.step / updateCount
    return try collector(model, carry, epoch: position.epoch, key: key.child(1).child(number))
  }

  /// The loss of an update on rows of the rollout in the carry.
  public func loss(
    _ model: PolicyModel, at position: StepPosition, carry: RolloutCarry, mode: Mode
  ) -> StepLoss<RolloutCarry> {
    let rows = rows(at: position)
    let rollout = rows.count == task.ppo.rowCount ? carry.rollout : carry.rollout.rows(rows)
    let total = Double(epochs * stepCount(epoch: 0))
    let done = Double(position.epoch * stepCount(epoch: 0) + position.step) / total
    let value = objective(model, rollout, clipRange: max(task.ppo.clipRange * (1 - done), 1e-6), mode: mode)
    // the steps of a rollout, however often they are learnt from, shared out among its updates
    let (update, size) = (position.step % updateCount, task.ppo.rowCount * task.ppo.rolloutSteps)
    return StepLoss(
      loss: value, carry: carry, unitCount: size * (update + 1) / updateCount - size * update / updateCount)
  }

  /// Collects where that is due, and computes the gradient.
  ///
  /// - Throws: ``EnvironmentError``.
  public func gradient(
    _ model: PolicyModel, at position: StepPosition, carry: RolloutCarry, mode: Mode
  ) throws -> StepGradient<PolicyModel, RolloutCarry> {
    let carry = try collected(model, at: position, carry: carry)
    let (_, step, gradient) = valueAndGradient(of: model) { model in
      var step = loss(model, at: position, carry: carry, mode: mode)
      let value = step.loss
      step.loss = value.detached
      return (value, step)
    }
    return StepGradient(step: step, gradient: gradient)
  }

  /// The rows of an update: in each pass all of them, in another order.
  private func rows(at position: StepPosition) -> [Int] {
    let count = task.ppo.rowCount
    let perPass = (count + batchRows - 1) / batchRows
    guard perPass > 1 else { return Array(0..<count) }
    let pass = position.step / perPass
    let uniforms = key.child(2).child(position.epoch).child(pass).uniforms(count)
    let order = (0..<count).sorted { (uniforms[$0], $0) < (uniforms[$1], $1) }
    let first = position.step % perPass * batchRows
    return Array(order[first..<min(first + batchRows, count)])
  }

  /// The mean return of some episodes with the likeliest actions, negative, for the least loss is the best; nil where none are
  /// asked for.
  ///
  /// - Throws: ``EnvironmentError``.
  public func validate(_ model: PolicyModel) throws -> Validation? {
    let count = task.ppo.validationEpisodes
    guard count > 0 else { return nil }
    var runner = task.runner(in: choice)
    runner.isMemoryless = isMemoryless
    let records = try runner.run(model, seeds: task.seeds(count, 1))
    return Validation(loss: -records.reduce(0) { $0 + $1.totalReward } / Double(count))
  }
}
