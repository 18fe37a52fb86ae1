/// Throws unless a task keeps what is promised for all tasks.
///
/// Checked are: that `walk` forgets nothing, and that the number of parameters is the one computed before; the gradient of the loss in
/// double; that some steps of training give the same bits with every instruction set and number of threads; that a training
/// that is interrupted and gone on with ends in the same bits, and so does one in shards that are shared by ranks, where its steps
/// are cut by rows; that every row of a batch has the bits of the row alone, in
/// whatever order rows stand and however long the longest is, and counts in the mean loss by its weight; that a bundle gives
/// the predictions of the model that was written; that a causal task has a session: single steps and the end give the bits of
/// the whole, also where the state goes through a file, and a damaged state traps nowhere; and that the graph of a model gives
/// what the model gives.
///
/// - Parameters:
///   - task: with a small model.
///   - examples: at least three of different lengths, one of a single step among them. Those without steps are trained on as
///     little as the task does.
///   - point: where gradients are checked; nil for fresh parameters, which may be zeros that hide others.
public func checkTask<Task: BatchedTask>(
  _ task: Task, examples: [Task.Example], gradientsAt point: Task.Model? = nil
) throws {
  let checker = TaskChecker(task: task, examples: examples, point: point)
  try checker.check()
  try checker.checkLosses()
}

/// The same for a task that learns from something else than batches: without the loss of single rows.
public func checkTask<Task: SequenceTask>(_ task: Task, examples: [Task.Example]) throws {
  try TaskChecker(task: task, examples: examples, point: nil).check()
}

/// The same for a task that learns from rollouts: the gradient is that of the loss over one rollout, which does not change with the
/// parameters.
public func checkTask<Task: SequenceTask>(
  _ task: Task, examples: [Task.Example]
) throws where Task.Problem: RolloutProblem {
  try TaskChecker(task: task, examples: examples, point: nil) { problem, model in
    try problem.collected(model, at: StepPosition(), carry: problem.initialCarry(model))
  }.check()
}

private struct TaskChecker<Task: SequenceTask>: Sendable {
  let task: Task
  let examples: [Task.Example]
  let point: Task.Model?
  /// What the first step begins with, whatever the parameters are; nil where it is a function of them.
  var collect: (@Sendable (Task.Problem, Task.Model) throws -> Task.Problem.Carry)?
  let key = RandomKey(seed: 71)

  private var model: Task.Model { task.makeModel(key: key) }
  private var settings: TrainerSettings {
    TrainerSettings(epochs: 2, clipNorm: 1, averageDecay: 0.9, seed: 5)
  }

  func check() throws {
    try require(
      Set(examples.map { task.steps(of: $0).count }).count >= 3,
      "\(Task.name): give examples of three lengths or more")
    try require(
      examples.contains { task.steps(of: $0).count == 1 }, "\(Task.name): give an example of a single step")
    try mirrorCheck(model)
    try require(
      model.parameterCount == task.parameterCount,
      "\(Task.name): \(model.parameterCount) parameters, expected \(task.parameterCount)")
    try checkGradients()
    try checkSameBits("\(Task.name): two epochs of training") {
      var trainer = try trainer()
      _ = try trainer.run()
      return trainer.model.parameters.map(\.value)
    }
    try checkInterruption()
    try checkShards()
    try checkRows()
    try checkBundle()
    try checkSessions(task, model, examples)
    try checkGraphs(task, model)
  }

  private var plan: TrainingPlan<Task> {
    TrainingPlan(
      task: task, training: ExampleSource(examples), validation: ExampleSource(Array(examples.prefix(2))),
      test: ExampleSource([]),
      suggested: TaskSettings(batchSize: 2, learningRate: 1e-2, training: settings),
      settings: Settings.seeded(5), unitName: "examples")
  }

  private func trainer() throws -> Trainer<Task.Problem> {
    Trainer(
      problem: try task.problem(plan), model: model,
      optimizer: OptimizerCatalog.adamw.make(learningRate: 1e-2, weightDecay: 1e-2),
      settings: settings)
  }

  private func checkGradients() throws {
    var tolerance = GradientTolerance()
    (tolerance.elements, tolerance.smallTensor) = (2, 2)
    let problem = try task.problem(plan)
    let collected = try collect?(problem, point ?? model)
    try checkGradient(of: point ?? model, inputs: [], tolerance: tolerance) { model, _ in
      let carry =
        collected.map { Task.Problem.Carry(tensors: $0.tensors.map { Tensor($0.scalars, shape: $0.shape) }) }
        ?? problem.initialCarry(model)
      let step = try? problem.loss(model, at: StepPosition(), carry: carry, mode: .training(key))
      return step?.loss ?? Tensor(.nan)
    }
  }

  private func checkInterruption() throws {
    var whole = try trainer()
    _ = try whole.run()
    let folder = try ScratchFolder()
    let path = try folder.file("checkpoint.safetensors")
    var first = try trainer()
    first.checkpointPath = path
    var steps = 0
    let end = try first.run(shouldStop: {
      steps += 1
      return steps == 3
    })
    try require(end == .interrupted, "\(Task.name): the training did not stop")
    var second = try trainer()
    try second.restore(from: path)
    _ = try second.run()
    try requireSameBits(
      second.model.parameters.map(\.value), whole.model.parameters.map(\.value),
      "\(Task.name): a training that was interrupted")
  }

  /// Two shards on one rank and on two, stopped in between.
  private func checkShards() throws {
    guard Task.Problem.self is any ShardedProblem.Type else { return }
    let folder = try ScratchFolder()
    func parameters(ranks: Int, stopsAfter: Int?) throws -> [Tensor] {
      let path = folder.path + "/\(ranks).safetensors"
      @Sendable func trainer(_ ranks: any Communicator) throws -> Trainer<Task.Problem> {
        var settings = settings
        settings.shards = 2
        var trainer = Trainer(
          problem: try task.problem(plan), model: model,
          optimizer: OptimizerCatalog.adamw.make(learningRate: 1e-2, weightDecay: 1e-2), settings: settings)
        trainer.ranks = ranks
        return trainer
      }
      if let stopsAfter {
        _ = try ThreadRanks.run(ranks) { own in
          var first = try trainer(own)
          first.checkpointPath = own.rank == 0 ? path : nil
          var steps = 0
          _ = try first.run(shouldStop: {
            steps += 1
            return steps == stopsAfter
          })
        }
      }
      return try ThreadRanks.run(ranks) { own in
        var last = try trainer(own)
        if stopsAfter != nil { try last.restore(from: path) }
        _ = try last.run()
        return last.model.parameters.map(\.value)
      }[ranks - 1]
    }
    let alone = try parameters(ranks: 1, stopsAfter: nil)
    try requireSameBits(
      parameters(ranks: 2, stopsAfter: 2), alone, "\(Task.name): two shards on two ranks, interrupted")
    try requireSameBits(
      parameters(ranks: 1, stopsAfter: 2), alone, "\(Task.name): two shards on one rank, interrupted")
  }

  /// A prediction with every number to its last bit; equality takes 0 and -0 for the same.
  private func bits(_ prediction: Task.Prediction) -> String { String(reflecting: prediction) }

  private func checkRows() throws {
    let model = model
    let alone = examples.map { bits(task.predictions(model, to: [$0])[0]) }
    let longest =
      examples.indices.max { task.cost(of: examples[$0]) < task.cost(of: examples[$1]) } ?? 0
    var batches = [Array(examples.indices), examples.indices.reversed()]
    batches += examples.indices.map { [$0, longest] } + examples.indices.map { [longest, $0, $0] }
    for batch in batches {
      let together = task.predictions(model, to: batch.map { examples[$0] }).map(bits)
      for (row, index) in batch.enumerated() {
        try require(
          together[row] == alone[index],
          "\(Task.name): example \(index) gets \(together[row]) in the batch \(batch), alone \(alone[index])")
      }
    }
    try require(
      task.allPredictions(model, to: examples).map(bits) == alone,
      "\(Task.name): predictions in batches of equal lengths are others than those alone")
  }

  private func checkBundle() throws {
    let folder = try ScratchFolder()
    let results = TaskResults(
      end: .completed, epochs: 1, bestEpoch: nil, trainingLoss: 1, validationLoss: nil, figures: [:],
      parameterCount: task.parameterCount, seconds: 0)
    let description = TaskDescription(
      task: task, settings: TaskSettings(training: settings), sources: [], notes: [], results: results)
    let path = folder.path + "/task.bundle"
    try TrainedTask(model: model, description: description).write(to: path, files: [:], overwrites: false)
    let read = try TrainedTask<Task>(bundle: path)
    try require(
      read.predictions(to: examples) == task.allPredictions(model, to: examples),
      "\(Task.name): a bundle gives other predictions than the model that was written")
  }
}

extension TaskChecker where Task: BatchedTask {
  /// The mean loss of a batch is that of its rows alone, by their weights.
  func checkLosses() throws {
    let model = model
    let (mean, weight) = task.loss(model, examples, mode: .inference)
    let own = examples.map { task.loss(model, [$0], mode: .inference) }
    let total = own.reduce(0) { $0 + $1.weight }
    let expected = own.reduce(0) { $0 + Double($1.mean.scalar) * $1.weight } / max(total, 1e-9)
    try require(
      abs(weight - total) <= 1e-5 * total
        && abs(Double(mean.scalar) - expected) <= 1e-4 * max(abs(expected), 1e-2),
      "\(Task.name): the loss of a batch is \(mean.scalar) over \(weight), that of its rows \(expected) over \(total)"
    )
  }
}

extension Settings {
  fileprivate static func seeded(_ seed: UInt64) -> Settings {
    var settings = Settings()
    settings[.seed] = seed
    return settings
  }
}
