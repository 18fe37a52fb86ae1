/// Trains a model step by step and reports events; it never prints.
///
/// The course is a function of the problem, the settings and the first parameters alone: it can be stopped anywhere,
/// written down as a ``Checkpoint`` and continued to the same bits.
public struct Trainer<Problem: TrainingProblem>: Sendable {
  /// What is trained on.
  public private(set) var problem: Problem
  /// How.
  public let settings: TrainerSettings
  /// The parameters now.
  public private(set) var model: Problem.Model
  /// The parameters with the least validation loss, when there is validation data.
  public private(set) var best: Problem.Model?
  /// Where the training stands.
  public private(set) var progress = TrainingProgress()
  /// Where checkpoints go; nil for nowhere.
  public var checkpointPath: String?
  /// Seconds between checkpoints; one is also written when the training is asked to stop.
  public var checkpointInterval: Double = 30
  /// What checkpoints carry besides.
  public var checkpointNotes: [String: String] = [:]
  /// The ranks that compute the shards of each step together; by default this one computes them all.
  public var ranks: any Communicator = SoloCommunicator()
  /// Tells the data and settings of this training from others, for ranks to compare; 0 where nothing is known.
  public var configuration: UInt64 = 0

  /// What the next step begins with.
  public private(set) var carry: Problem.Carry

  private var optimizer: any Optimizer
  private var average: WeightAverage<Problem.Model>?
  private let baseLearningRate: Double

  /// A training from the beginning.
  public init(problem: Problem, model: Problem.Model, optimizer: any Optimizer, settings: TrainerSettings) {
    self.problem = problem
    self.model = model
    self.optimizer = optimizer
    self.settings = settings
    baseLearningRate = optimizer.learningRate
    carry = problem.initialCarry(model)
    average = settings.averageDecay.map { WeightAverage(.exponential(decay: $0)) }
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: a format error, or ``ParameterError`` when the file belongs to another model or another optimiser. The
  ///   trainer is then unchanged.
  public mutating func restore(from path: String) throws {
    let checkpoint = try Checkpoint<Problem>(path: path, model: model, carry: carry)
    for (name, statistics) in checkpoint.optimizer.statistics where checkpoint.optimizer.stepCount > 0 {
      let count = optimizer.statisticsCount
      if statistics.count < count {
        throw ParameterError.missing(path: path, name: "optimizer.\(name).\(statistics.count)")
      }
      if statistics.count > count {
        throw ParameterError.unexpected(path: path, name: "optimizer.\(name).\(count)")
      }
    }
    if (checkpoint.average == nil) != (settings.averageDecay == nil || checkpoint.progress.stepCount == 0) {
      let name = "average.\(model.parameters.first?.name ?? "")"
      throw checkpoint.average == nil
        ? ParameterError.missing(path: path, name: name) : ParameterError.unexpected(path: path, name: name)
    }
    model = checkpoint.model
    optimizer.state = checkpoint.optimizer
    carry = checkpoint.carry
    best = checkpoint.best
    progress = checkpoint.progress
    if let average = checkpoint.average { self.average?.restore(average, count: progress.stepCount) }
  }

  /// The result: the parameters with the least validation loss, or the last ones (or their average) without validation.
  public var result: Problem.Model { best ?? average?.average ?? model }

  /// Trains until all epochs are done, the validation loss stops to improve, or `shouldStop` says so after a step.
  ///
  /// - Parameters:
  ///   - report: called with every event.
  ///   - probe: shown the parameters and the gradient of the steps that it asks for.
  ///   - shouldStop: asked after every step; of several ranks, before it, and all end behind it.
  ///   - clock: seconds that only grow; for speeds and the interval of checkpoints.
  /// - Throws: ``TrainingError`` when the loss is not a number any more, ``ShardError``, ``CommunicationError``, and what the
  ///   problem, the checkpoint, the probe and the report throw.
  public mutating func run(
    report: (TrainingEvent) throws -> Void = { _ in }, probe: (any Probe)? = nil,
    shouldStop: () -> Bool = { false }, clock: () -> Double = Trainer.seconds
  ) throws -> TrainingEnd {
    problem = try problem.prepared(for: model)
    let sharded = try shardedSteps()
    var meter = SpeedMeter(now: clock())
    var lastCheckpoint = clock()
    var lastTime = clock()
    while progress.position.epoch < settings.epochs {
      // asked here so that a training that has ended does not go on when it is continued
      if hasLostPatience { return .stoppedEarly }
      let epoch = progress.position.epoch
      let steps = try problem.stepCount(epoch: epoch)
      if progress.position.step == 0 {
        if epoch == 0 { carry = problem.initialCarry(model) }
        progress.beginEpoch()
      }
      var epochMeter = SpeedMeter(now: clock())
      while progress.position.step < steps {
        let isProbed = probe?.wantsStep(at: progress.position, of: steps) ?? false
        var wishes: StepHeader.Wishes = []
        if ranks.size > 1 {
          if shouldStop() { wishes.insert(.stop) }
          if checkpointPath != nil, clock() - lastCheckpoint >= checkpointInterval {
            wishes.insert(.checkpoint)
          }
        }
        let observer = isProbed ? probe?.observer(at: progress.position) : nil
        var (step, gradient) = try takeStep(
          sharded, &wishes, stepsInEpoch: steps, keepsGradient: isProbed, observer)
        let now = clock()
        progress.seconds += now - lastTime
        lastTime = now
        step.unitsPerSecond = meter.add(units: step.unitCount, now: now)
        _ = epochMeter.add(units: step.unitCount, now: now)
        try report(.step(step))
        if let probe, let seen = gradient {
          gradient = nil
          try probe.see(step, model: model, gradient: seen)
          lastTime = clock()
        }
        if ranks.size == 1 {
          if shouldStop() { wishes.insert(.stop) }
          if now - lastCheckpoint >= checkpointInterval { wishes.insert(.checkpoint) }
        }
        if !wishes.isEmpty {
          try checkParameters()
          try gatherCarry(sharded)
          try writeCheckpoint(report)
          lastCheckpoint = clock()
        }
        if wishes.contains(.stop) { return .interrupted }
      }
      try endEpoch(sharded, unitsPerSecond: epochMeter.total(now: clock()), report)
      lastTime = clock()
    }
    return hasLostPatience ? .stoppedEarly : .completed
  }

  private var hasLostPatience: Bool {
    settings.patience.map { progress.position.step == 0 && progress.epochsWithoutImprovement >= $0 } ?? false
  }

  /// How steps are cut into shards; nil where they are not.
  private func shardedSteps() throws -> ShardedSteps? {
    let shards = settings.shards ?? 1
    guard shards > 1 || ranks.size > 1 else { return nil }
    guard problem is any ShardedProblem<Problem.Model, Problem.Carry> else { throw ShardError.notSharded }
    return try ShardedSteps(ranks, shards: shards, configuration: configuration)
  }

  /// The loss and the gradient of one step, by one tape or in shards.
  private func computeStep(
    _ sharded: ShardedSteps?, _ wishes: StepHeader.Wishes, _ observer: RecurrentObserver?
  ) throws -> ShardedSteps.Result<Problem.Model, Problem.Carry> {
    let key = RandomKey(seed: settings.seed).child(1).child(progress.stepCount)
    if let sharded, let problem = problem as? any ShardedProblem<Problem.Model, Problem.Carry> {
      return try sharded.step(
        problem, model, at: progress.position, carry: carry, key: key, stepCount: progress.stepCount,
        wishes: wishes, observer: observer)
    }
    let result = try problem.gradient(
      model, at: progress.position, carry: carry, mode: .training(key, observer: observer))
    let step = result.step
    return ShardedSteps.Result(
      loss: Double(step.loss.scalar), weight: step.weight, unitCount: step.unitCount,
      learningRateFactor: step.learningRateFactor, gradient: result.gradient, carry: step.carry,
      wishes: wishes)
  }

  /// Makes the carry whole, of which each rank has its rows.
  private mutating func gatherCarry(_ sharded: ShardedSteps?) throws {
    guard let sharded, let problem = problem as? any ShardedProblem<Problem.Model, Problem.Carry> else {
      return
    }
    carry = try sharded.gathered(carry, of: problem)
  }

  /// The gradient, clipped, and the update of one step.
  private mutating func takeStep(
    _ sharded: ShardedSteps?, _ wishes: inout StepHeader.Wishes, stepsInEpoch: Int, keepsGradient: Bool,
    _ observer: RecurrentObserver?
  ) throws -> (StepReport, gradient: Problem.Model?) {
    let position = progress.position
    let step = try computeStep(sharded, wishes, observer)
    wishes = step.wishes
    let (loss, gradient) = (step.loss, step.gradient)
    let norm = gradient.norm
    guard loss.isFinite else { throw TrainingError.diverged(position, "the loss is \(words(loss))") }
    guard norm.isFinite else { throw TrainingError.diverged(position, "the gradient is \(words(norm))") }
    carry = step.carry
    let totalSteps = Swift.max(stepsInEpoch * settings.epochs, progress.stepCount + 1)
    let factor = settings.schedule.factor(
      step: progress.stepCount, stepCount: totalSteps, epoch: position.epoch, reductions: progress.reductions)
    optimizer.learningRate = baseLearningRate * factor * step.learningRateFactor
    let applied = settings.clipValue.map { gradient.clipped(value: $0) } ?? gradient
    let scale = settings.clipNorm.map { clippingScale(norm: norm, limit: $0) } ?? 1
    optimizer.update(&model, applied, gradientScale: scale)
    average?.update(model)

    progress.countLoss(loss, weight: step.weight)
    progress.position.step += 1
    progress.stepCount += 1
    progress.unitCount += step.unitCount
    let weight = 1 / Swift.min(50, Double(progress.stepCount))
    let smoothed = (progress.smoothedLoss ?? loss) * (1 - weight) + loss * weight
    progress.smoothedLoss = smoothed
    let fraction = Double(position.epoch) + Double(progress.position.step) / Double(stepsInEpoch)
    progress.record(epoch: fraction, loss: smoothed, of: totalSteps)
    let report = StepReport(
      position: position, stepsInEpoch: stepsInEpoch, stepCount: progress.stepCount, totalSteps: totalSteps,
      loss: loss, smoothedLoss: smoothed, gradientNorm: norm, learningRate: optimizer.learningRate,
      unitCount: step.unitCount, unitsPerSecond: 0)
    return (report, keepsGradient ? gradient : nil)
  }

  private mutating func endEpoch(
    _ sharded: ShardedSteps?, unitsPerSecond: Double, _ report: (TrainingEvent) throws -> Void
  ) throws {
    let epoch = progress.position.epoch
    try checkParameters()
    let candidate = average?.average ?? model
    let validation = try validate(candidate)
    if let loss = validation?.loss, !loss.isFinite {
      throw TrainingError.diverged(lastPosition, "the validation loss is \(words(loss))")
    }
    var isBest = false
    if let validation {
      progress.validationCurve.append(.init(epoch: Double(epoch + 1), loss: validation.loss))
      isBest = validation.loss < progress.bestLoss ?? .infinity
      if isBest {
        progress.bestLoss = validation.loss
        progress.bestEpoch = epoch
        progress.epochsWithoutImprovement = 0
        progress.epochsOnPlateau = 0
        best = candidate
      } else {
        progress.epochsWithoutImprovement += 1
        progress.epochsOnPlateau += 1
        if case .plateau(let patience, _) = settings.schedule.shape, progress.epochsOnPlateau > patience {
          progress.reductions += 1
          progress.epochsOnPlateau = 0
        }
      }
    }
    let mean = progress.epochLoss
    progress.position = StepPosition(epoch: epoch + 1)
    try gatherCarry(sharded)
    carry = problem.nextCarry(model, after: carry)
    try report(
      .epoch(
        EpochReport(
          epoch: epoch, trainingLoss: mean, validation: validation, isBest: isBest,
          unitsPerSecond: unitsPerSecond)))
    try writeCheckpoint(report)
  }

  private func validate(_ candidate: Problem.Model) throws -> Validation? {
    guard ranks.size > 1, let problem = problem as? any ShardedProblem<Problem.Model, Problem.Carry> else {
      return try problem.validate(candidate)
    }
    return try problem.validate(candidate, among: ranks)
  }

  private var lastPosition: StepPosition {
    StepPosition(epoch: progress.position.epoch, step: Swift.max(progress.position.step, 1) - 1)
  }

  /// The step before may have spoilt the parameters; such ones are not to be kept.
  private func checkParameters() throws {
    guard model.norm.isFinite else {
      throw TrainingError.diverged(lastPosition, "the parameters are not finite")
    }
  }

  private func writeCheckpoint(_ report: (TrainingEvent) throws -> Void) throws {
    guard let checkpointPath else { return }
    let checkpoint = Checkpoint<Problem>(
      model: model, optimizer: optimizer.state, carry: carry, best: best, average: average?.average,
      progress: progress)
    try checkpoint.write(to: checkpointPath, notes: checkpointNotes)
    try report(.checkpoint(path: checkpointPath))
  }
}

private func words(_ value: Double) -> String { value.isNaN ? "not a number" : "infinite" }
