/// How well a policy did in a part of its training.
public struct LearningPoint: Sendable, Equatable, Codable {
  /// Steps of experience at the end of the part, over all rows.
  public var stepCount: Int
  /// Episodes that ended in it, with actions that were drawn.
  public var episodeCount: Int
  /// The mean of their returns, and its 95 % confidence interval; nil where no episode ended.
  public var meanReturn, low, high: Double?
  /// The mean return of the episodes behind it, with the likeliest actions; nil where there were none.
  public var validationReturn: Double?
}

/// What the same network has learnt in the same number of steps when its state is that of the beginning before each step.
public struct ControlResult: Sendable, Equatable, Codable {
  /// The returns of the episodes that the policy is evaluated on.
  public var returns: [Double]
  /// How the training went.
  public var curve: [LearningPoint]
}

extension ReinforcementTask {
  /// Takes over how the training went, and trains the control where one is asked for.
  public mutating func conclude(
    _ trainer: Trainer<ReinforcementProblem>, _ plan: TrainingPlan<ReinforcementTask>,
    shouldStop: () -> Bool
  ) throws -> Bool {
    curve = ReinforcementTask.curve(trainer)
    guard trainsControl else { return true }
    let seeds = try plan.test.all().compactMap(\.seed)
    let model = makeModel(key: RandomKey(seed: plan.settings.training.seed).child(0))
    var other = Trainer(
      problem: ReinforcementProblem(self, in: choice, plan.settings, isMemoryless: true), model: model,
      optimizer: plan.settings.optimizer.make(
        learningRate: plan.settings.learningRate, weightDecay: plan.settings.weightDecay),
      settings: plan.settings.training)
    guard try other.run(shouldStop: shouldStop) != .interrupted else { return false }
    var runner = runner(in: choice)
    runner.isMemoryless = true
    let records = try runner.run(other.result, seeds: seeds)
    control = ControlResult(
      returns: records.map(\.totalReward), curve: ReinforcementTask.curve(other))
    return true
  }

  /// The course of a training from what it carries.
  private static func curve(_ trainer: Trainer<ReinforcementProblem>) -> [LearningPoint] {
    let (numbers, epochs) = (trainer.carry.curve.scalars.map { Double($0) }, trainer.settings.epochs)
    let done = trainer.progress.position.epoch
    let validation = trainer.progress.validationCurve
    return (0..<min(done, numbers.count / 3)).map { epoch in
      let (count, sum, squares) = (numbers[3 * epoch], numbers[3 * epoch + 1], numbers[3 * epoch + 2])
      var point = LearningPoint(
        stepCount: trainer.progress.unitCount * (epoch + 1) / max(done, 1), episodeCount: Int(count),
        meanReturn: nil, low: nil, high: nil, validationReturn: nil)
      if count > 0 {
        let mean = sum / count
        let spread = max(squares / count - mean * mean, 0).squareRoot()
        let half = 1.96 * spread / count.squareRoot()
        (point.meanReturn, point.low, point.high) = (mean, mean - half, mean + half)
      }
      if validation.count >= epochs || epoch < validation.count {
        point.validationReturn = -validation[epoch].loss
      }
      return point
    }
  }
}
