#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The course of a training: read the data, plan, train or go on, calibrate, evaluate, write the bundle.
///
///     var settings = Settings()
///     settings[.epochs] = 20
///     let request = TaskRequest(["reviews/"], settings: settings)
///     let outcome = try TaskTraining<ClassificationTask>(request, output: TrainingOutput("sentiment.bundle")).run()
public struct TaskTraining<Task: SequenceTask> {
  /// Data and settings.
  public var request: TaskRequest
  /// Where the bundle and checkpoints go; nil to write nothing.
  public var output: TrainingOutput?
  /// The folder of an event file for TensorBoard and of a table of all steps; nil for none.
  public var logFolder: String?
  /// What looks at the training from inside; nil for nothing.
  public var probe: (any Probe)?
  /// Which steps are looked at for what may be wrong with the training; nil for none.
  public var watch: TrainingWatch.Interval?
  /// The ranks that train together, each with the same request; rank 0 alone writes. By default this process alone.
  public var ranks: any Communicator = SoloCommunicator()

  /// A training.
  public init(_ request: TaskRequest, output: TrainingOutput? = nil, logFolder: String? = nil) {
    (self.request, folderNote) = request.withPartsOfFolder()
    (self.output, self.logFolder) = (output, logFolder)
  }

  /// What was found about a folder with the parts.
  private let folderNote: DataNote?

  /// Reads the data and settles what the training is.
  ///
  /// - Parameter report: called with what happens.
  /// - Throws: ``TaskError``, ``DataError`` or a format error.
  public func plan(report: (TaskEvent) throws -> Void = { _ in }) throws -> TrainingPlan<Task> {
    if let issue = Task.anyIssue(of: request.settings) { throw TaskError.settings(issue) }
    var plan: TrainingPlan<Task>
    do {
      plan = try Task.plan(request) { what, fraction in try? report(.loading(what, fraction)) }
    } catch DataError.invalidSetting(let name, let expected, let found) where name == "the training part" {
      // what is wrong with the part as a whole names the files that it was made of
      throw DataError.invalidSetting(
        name: "\(request.data.map(\.name).joined(separator: ", ")): \(name)", expected: expected, found: found
      )
    }
    plan.notes = [folderNote].compactMap { $0 } + plan.notes
    if plan.validation.count == 0, plan.test.count > 0, !plan.notes.contains(where: { $0.setting == "valid" })
    {
      plan.notes.append(
        DataNote(.found, "no data are there to validate: the last epoch is taken", setting: "valid"))
    }
    plan.settings.training.shards = try shards(of: plan)
    try report(.planned(summary(plan)))
    let needed = plan.task.trainingMemory(plan.settings)
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed <= memory else {
      throw TaskError.tooLarge(parameters: plan.task.parameterCount, needed: needed, memory: memory)
    }
    return plan
  }

  /// Trains, and writes the bundle where there is an output.
  ///
  /// - Parameters:
  ///   - report: called with what happens; the training ends where it throws.
  ///   - shouldStop: asked after each step; when it says so a checkpoint is written and the training ends.
  /// - Throws: ``TaskError``, ``DataError``, ``TrainingError``, ``BundleError`` or a format error.
  public func run(
    report: (TaskEvent) throws -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> TaskOutcome<Task> {
    guard let output, ranks.rank == 0 else {
      return try run(plan(report: report), nil, isResuming: false, report, shouldStop)
    }
    return try output.holding {
      try plan(report: report)
    } _: { plan, isResuming in
      if output.resumes, !isResuming, !output.mayBeDone {
        try report(.nothingToResume(path: output.folder.path))
      }
      return try run(plan, output, isResuming: isResuming, report, shouldStop)
    }
  }

  private func summary(_ plan: TrainingPlan<Task>) -> TaskSummary {
    TaskSummary(
      task: Task.name, training: plan.sizes.training, validation: plan.sizes.validation,
      test: plan.sizes.test,
      unit: plan.unitName, parameters: plan.task.parameterCount, backend: Backends.current.name,
      notes: plan.notes, settings: plan.settings, facts: plan.facts)
  }

  private func run(
    _ plan: TrainingPlan<Task>, _ output: TrainingOutput?, isResuming: Bool,
    _ report: (TaskEvent) throws -> Void, _ shouldStop: () -> Bool
  ) throws -> TaskOutcome<Task> {
    let sources = try TaskSource.all(of: request)
    var trainer = try trainer(plan)
    let identity = RunIdentity(
      of: Task.self, settings: request.settings.only(Task.settings), training: plan.settings,
      sources: sources)
    trainer.configuration = try compare(identity.text())
    if let output {
      trainer.checkpointPath = output.folder.file
      trainer.checkpointInterval = output.checkpointInterval
      trainer.checkpointNotes = [RunIdentity.key: try identity.text()]
      if isResuming { try identity.check(against: output.folder.file) { Task.resumes($0, plan) } }
    }
    let isResumed = try restore(&trainer, from: isResuming ? output?.folder.file : nil)
    if try agree(output.map { try $0.resumes && isDone($0, sources, plan) } ?? false) {
      if let output { try report(.alreadyDone(path: output.path)) }
      return .alreadyDone
    }
    if !isResumed { output?.folder.remove() }
    guard try crossValidate(report, shouldStop) else { return .interrupted(trainer.progress.position) }
    try report(
      .began(
        TaskBeginning(
          position: trainer.progress.position, isResumed: isResumed,
          notes: try plan.task.notes(trainer.problem, trainer.model), epochs: trainer.settings.epochs,
          unit: plan.unitName, terms: { plan.task.terms(of: $0) })))
    let end = try train(&trainer, plan, report, shouldStop)
    if end == .interrupted { return .interrupted(trainer.progress.position) }
    guard ranks.rank == 0 else { return .followed }
    return try plan.task.withinMemory(trainer.problem) {
      try finish(trainer, end, plan, sources, shouldStop)
    }
  }

  /// A trainer of a plan, before its first step.
  func trainer(_ plan: TrainingPlan<Task>) throws -> Trainer<Task.Problem> {
    let settings = plan.settings
    let model = try plan.task.initialModel(key: RandomKey(seed: settings.training.seed).child(0), plan: plan)
    var trainer = Trainer(
      problem: try plan.task.problem(plan).prepared(for: model), model: model,
      optimizer: settings.optimizer.make(
        learningRate: settings.learningRate, weightDecay: settings.weightDecay),
      settings: settings.training)
    trainer.ranks = ranks
    return trainer
  }

  private func train(
    _ trainer: inout Trainer<Task.Problem>, _ plan: TrainingPlan<Task>, _ report: (TaskEvent) throws -> Void,
    _ shouldStop: () -> Bool
  ) throws -> TrainingEnd {
    let log = try (ranks.rank == 0 ? logFolder : nil).map {
      try TrainingLog(folder: $0, stepCount: trainer.progress.stepCount)
    }
    let (task, seed) = (plan.task, plan.settings.training.seed)
    let watch = (ranks.rank == 0 ? watch : nil).map { interval in
      TrainingWatch(
        plan.settings.training, interval: interval, judgesLoss: Task.name != ReinforcementTask.name,
        settings: Set(Task.allSettings.flatMap(\.settings).map(\.name)),
        clock: Trainer<Task.Problem>.seconds)
    }
    // a training that ends in an error needs advice most
    defer { if let watch { try? report(.advised(watch.advice)) } }
    return try withoutActuallyEscaping(report) { report in
      let probes = TrainingProbes<Task>(log, watch, probe) {
        try report(.watched($0))
      } sample: {
        task.sample($0, seed: seed)
      }
      return try trainer.run(
        report: { event in
          if case .step(let step) = event { watch?.count(step) }
          try report(.training(event))
          try log?.record(event)
        }, probe: probes, shouldStop: shouldStop)
    }
  }

  /// Trains and evaluates on each fold of a cross-validation in turn.
  ///
  /// - Returns: false where it was asked to stop.
  private func crossValidate(_ report: (TaskEvent) throws -> Void, _ shouldStop: () -> Bool) throws -> Bool {
    let folds = try Task.folds(request)
    guard !folds.isEmpty else { return true }
    var (values, names) = ([String: [Double]](), [String]())
    for (name, makePlan) in folds {
      let plan = try makePlan()
      var trainer = try trainer(plan)
      let end = try trainer.run(
        report: { if case .step(let step) = $0 { try report(.foldStep(fold: name, step)) } },
        shouldStop: shouldStop)
      guard end != .interrupted else { return false }
      var task = plan.task
      try task.calibrate(trainer.result, on: plan.validation)
      let evaluation = try task.evaluation(trainer.result, on: plan.test) { _ in }
      for metric in evaluation.metrics {
        if values[metric.name] == nil { names.append(metric.name) }
        values[metric.name, default: []].append(metric.value)
      }
      try report(.fold(name: name, count: plan.test.count, evaluation))
    }
    try report(.crossValidated(names.map { MetricSpread($0, values[$0] ?? []) }))
    return true
  }

  /// Whether the bundle of this very training is written already.
  ///
  /// - Throws: ``BundleError`` where another one stands there.
  private func isDone(
    _ output: TrainingOutput, _ sources: [TaskSource], _ plan: TrainingPlan<Task>
  ) throws -> Bool {
    guard output.mayBeDone else { return false }
    guard let trained = try? TrainedTask<Task>(bundle: output.path), trained.description.sources == sources,
      trained.description.settings == plan.settings,
      trained.task.parameterCount == plan.task.parameterCount
    else {
      try output.checkBundle()
      return false
    }
    output.folder.remove()
    return true
  }
}
