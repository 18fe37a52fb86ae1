import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The course of a training of a task: look at the data, train or go on, calibrate, judge, save.
struct TaskRun<Task: CatalogTask> {
  let request: TaskRequest<Task.Settings>
  let training: TaskTrainingOptions
  let place: TrainingPlace
  let isDryRun: Bool
  let isJSON: Bool
  /// The folder of the log; nil for none.
  let tensorBoard: String?
  /// Seconds between checkpoints.
  let checkpointSeconds: Double

  private typealias Problem = SequenceTaskProblem<Task>

  func run() throws {
    if isDryRun {
      try announce(prepared())
    } else {
      try place.holding {
        let preparation = try prepared()
        try announce(preparation)
        try checkMemory(preparation.task)
        return preparation
      } _: { preparation, isGoingOn in
        try train(preparation, isGoingOn: isGoingOn)
      }
    }
  }

  /// Reads the data and settles what the training is.
  private func prepared() throws -> TaskPreparation<Task> {
    var preparation = try loaded()
    preparation.settings = training.applied(to: preparation.settings)
    return preparation
  }

  /// Trains or goes on, and writes the bundle.
  private func train(_ preparation: TaskPreparation<Task>, isGoingOn: Bool) throws {
    let identity = RunIdentity(
      configuration: TaskIdentity(settings: request.settings, training: preparation.settings),
      sources: try TaskSource.all(of: request))
    var trainer = try trainer(preparation)
    trainer.checkpointPath = place.folder.file
    trainer.checkpointInterval = checkpointSeconds
    trainer.checkpointNotes = [runIdentityKey: try identity.text()]
    if isGoingOn {
      try identity.check(against: place.folder.file, flags: TaskIdentity<Task.Settings>.flags(Task.flags))
      try trainer.restore(from: place.folder.file)
    }
    if place.resumes, try isDone(identity.sources, preparation) { return }
    if isGoingOn {
      if !isJSON {
        let position = trainer.progress.position
        Terminal.error("going on in epoch \(position.epoch + 1), step \(position.step + 1)")
      }
    } else {
      place.folder.remove()
    }
    try crossValidate()
    do {
      let end = try train(&trainer, preparation)
      try finish(trainer, end, preparation, identity.sources)
    } catch {
      place.explain(error)
      throw error
    }
  }

  /// Reads the data; what is wrong with the training part as a whole names the files that it was made of.
  private func loaded() throws -> TaskPreparation<Task> {
    defer { Terminal.clearProgress() }
    do {
      return try Task.prepare(request) { what, share in
        if Terminal.isInteractive { Terminal.progress("\(what) \(Int(share * 100))%") }
      }
    } catch DataError.invalidSetting(let name, let expected, let found) where name == "the training part" {
      throw DataError.invalidSetting(
        name: "\(request.paths.joined(separator: ", ")): \(name)", expected: expected, found: found)
    }
  }

  private func trainer(_ preparation: TaskPreparation<Task>) throws -> Trainer<SequenceTaskProblem<Task>> {
    let settings = preparation.settings
    let problem = try Problem(
      task: preparation.task, training: preparation.training, validation: preparation.validation,
      batchSize: settings.batchSize, seed: settings.training.seed)
    return Trainer(
      problem: problem,
      model: preparation.task.initialModel(
        key: RandomKey(seed: settings.training.seed).child(0), training: preparation.training,
        validation: preparation.validation),
      optimizer: settings.optimizer.make(
        learningRate: settings.learningRate, weightDecay: settings.weightDecay), settings: settings.training)
  }

  private func train(
    _ trainer: inout Trainer<SequenceTaskProblem<Task>>, _ preparation: TaskPreparation<Task>
  ) throws -> TrainingEnd {
    var display = TrainingDisplay(
      unitName: preparation.unitName, epochs: trainer.settings.epochs, isJSON: isJSON)
    defer { Terminal.clearProgress() }
    let log = try tensorBoard.map { try TrainingLog(folder: $0, stepCount: trainer.progress.stepCount) }
    trainer.reportsParameters = log != nil
    let end = try trainer.run(
      report: { event in
        try display.show(event)
        try log?.record(event)
      }, shouldStop: { Interrupt.isRequested })
    if end == .interrupted { throw try place.sayInterrupted(trainer.progress, isJSON: isJSON) }
    return end
  }

  /// Trains and judges on each part of a cross-validation in turn.
  private func crossValidate() throws {
    let folds = try Task.folds(request)
    guard !folds.isEmpty else { return }
    var values: [String: [Double]] = [:]
    var names: [String] = []
    for (name, prepare) in folds {
      var preparation = try prepare()
      preparation.settings = training.applied(to: preparation.settings)
      var trainer = try trainer(preparation)
      let end = try trainer.run(
        report: { event in
          if Terminal.isInteractive, case .step(let step) = event {
            Terminal.progress(
              "\(name): step \(step.stepCount) of \(step.totalSteps), loss \(rounded(step.smoothedLoss, 3))")
          }
        }, shouldStop: { Interrupt.isRequested })
      Terminal.clearProgress()
      guard end != .interrupted else { throw ExitCode.interrupted }
      var task = preparation.task
      task.calibrate(trainer.result, on: preparation.validation)
      let evaluation = task.evaluation(trainer.result, on: preparation.test) { _ in }
      for figure in evaluation.figures {
        if values[figure.name] == nil { names.append(figure.name) }
        values[figure.name, default: []].append(figure.value)
      }
      if isJSON {
        try JSONLine.output(
          FoldLine(
            fold: name, items: preparation.test.count, figures: evaluation.figures,
            warnings: evaluation.warnings))
      } else {
        for warning in evaluation.warnings { Terminal.error("warning: \(name): \(warning)") }
        let shown = evaluation.figures.prefix(4).map { "\($0.name) \(rounded($0.value, 4))" }
        Terminal.error("\(name): \(shown.joined(separator: ", "))")
      }
    }
    for name in names {
      let own = values[name] ?? []
      let mean = own.reduce(0, +) / Double(own.count)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(own.count - 1, 1))
      if isJSON {
        try JSONLine.output(CrossValidationLine(figure: name, mean: mean, deviation: variance.squareRoot()))
      } else {
        Terminal.output(
          "\(name), \(own.count) parts: \(rounded(mean, 4)) +- \(rounded(variance.squareRoot(), 4))")
      }
    }
  }

  private struct FoldLine: Encodable {
    let event = "fold"
    let fold: String
    let items: Int
    let figures: [TaskEvaluation.Figure]
    let warnings: [String]
  }

  private struct CrossValidationLine: Encodable {
    let event = "cross-validation"
    let figure: String
    let mean, deviation: Double
  }

  /// Whether the bundle of this very training is written already. Throws when another stands there.
  private func isDone(_ sources: [TaskSource], _ preparation: TaskPreparation<Task>) throws -> Bool {
    guard !place.overwrites, FileManager.default.fileExists(atPath: place.output) else { return false }
    guard let trained = try? TrainedTask<Task>(bundle: place.output), trained.description.sources == sources,
      trained.description.settings == preparation.settings,
      trained.task.parameterCount == preparation.task.parameterCount
    else {
      try place.checkBundle()
      return false
    }
    place.folder.remove()
    Terminal.error("the training is finished and its bundle is written: \(place.output)")
    return true
  }

  private func checkMemory(_ task: Task) throws {
    let needed = task.parameterCount * 20
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed <= memory else {
      throw RunError.tooLarge(
        parameters: task.parameterCount, needed: needed, memory: memory,
        advice: "Lower --hidden, --layers or --batch-size")
    }
  }

  private struct StartLine: Encodable {
    let event = "start"
    let task: String
    let training, validation, test, parameters: Int
    let backend: String
    let notes: [DataNote]
    let settings: TaskSettings
  }

  private func announce(_ preparation: TaskPreparation<Task>) throws {
    let (task, settings) = (preparation.task, preparation.settings)
    if isJSON {
      try JSONLine.output(
        StartLine(
          task: Task.name, training: preparation.training.count, validation: preparation.validation.count,
          test: preparation.test.count, parameters: task.parameterCount, backend: Backends.current.name,
          notes: preparation.notes, settings: settings))
      return
    }
    for note in preparation.notes { Terminal.error(note.line) }
    Terminal.error(
      "data: \(grouped(preparation.training.count)) \(preparation.unitName) to train on, "
        + "\(grouped(preparation.validation.count)) to validate, \(grouped(preparation.test.count)) to test")
    Terminal.error("model: \(grouped(task.parameterCount)) parameters; \(Backends.current.name)")
    Terminal.error(
      "training: \(counted(settings.training.epochs, "epoch")), batches of \(settings.batchSize), "
        + "\(settings.optimizer.rawValue) at \(settings.learningRate), seed \(settings.training.seed)")
  }

  private struct EndLine<Content: Encodable>: Encodable {
    let event = "end"
    let bundle: String
    let results: TaskResults
    let test: Content?
    let warnings: [String]
  }

  /// Calibrates and judges the result, writes the bundle, removes the checkpoint and shows what was reached.
  private func finish(
    _ trainer: Trainer<SequenceTaskProblem<Task>>, _ end: TrainingEnd, _ preparation: TaskPreparation<Task>,
    _ sources: [TaskSource]
  ) throws {
    let (model, progress) = (trainer.result, trainer.progress)
    var task = preparation.task
    task.calibrate(model, on: preparation.validation)
    func evaluate(_ examples: [Task.Example]) -> TaskEvaluation? {
      examples.isEmpty ? nil : task.evaluation(model, on: examples) { _ in }
    }
    let validation = evaluate(preparation.validation)
    let test = evaluate(preparation.test)
    var figures: [String: Double] = [:]
    for figure in validation?.figures ?? [] { figures["validation \(figure.name)"] = figure.value }
    for figure in test?.figures ?? [] { figures["test \(figure.name)"] = figure.value }
    let results = TaskResults(
      end: end, epochs: progress.position.epoch, bestEpoch: progress.bestEpoch.map { $0 + 1 },
      trainingLoss: progress.smoothedLoss ?? .nan, validationLoss: progress.bestLoss, figures: figures,
      parameterCount: model.parameterCount, seconds: progress.seconds)
    let (onValidation, onTest) = (
      (validation?.warnings ?? []).map { "on the validation part \($0)" },
      (test?.warnings ?? []).map { "on the test part \($0)" }
    )
    let warnings = onValidation + onTest
    let description = TaskDescription(
      task: task, settings: preparation.settings, sources: sources,
      notes: preparation.notes + warnings.map { DataNote(.warning, $0) }, results: results)
    var files = ["card.md": description.card, "loss.svg": progress.lossPlot]
    if let page = (test ?? validation)?.report, !page.isEmpty {
      // the page of the test part says itself what is wrong there
      files["report.html"] = HTMLReport.adding(
        test == nil ? [] : onValidation.map { .warning($0) }, to: page)
    }
    try TrainedTask<Task>(model: model, description: description)
      .write(to: place.output, files: files, overwrites: place.overwrites)
    place.folder.remove()
    if isJSON {
      try JSONLine.output(
        EndLine(
          bundle: place.output, results: results, test: test.map { AnyEncodable($0.json) },
          warnings: warnings))
      return
    }
    for (name, evaluation) in [("validation", validation), ("test", test)] {
      guard let evaluation else { continue }
      Terminal.output("")
      Terminal.output("on the \(name) part:")
      for line in evaluation.lines { Terminal.output(line) }
    }
    Terminal.error("")
    Terminal.error("written to \(place.output) after \(duration(progress.seconds)) of training")
  }
}

extension String {
  /// The text with settings between backticks as flags.
  var namingFlags: String {
    TaskCatalog.tasks.flatMap { $0.flags.flatMap(\.flags) }.reduce(self) {
      $0.replacing("`\($1.name)`", with: "--\($1.name)")
    }
  }
}

extension DataError {
  /// The error with settings as flags.
  var namingFlags: DataError {
    guard case .invalidSetting(let name, let expected, let found) = self else { return self }
    let own = "`\(name)`".namingFlags
    return .invalidSetting(name: own.hasPrefix("`") ? name : own, expected: expected, found: found)
  }
}

extension DataNote {
  /// The note as a line for a terminal.
  var line: String {
    let kind = kind == .warning ? "warning: " : kind == .assumed ? "assumed: " : "found: "
    return kind + text.namingFlags + (setting.map { "  (--\($0))" } ?? "")
  }
}

/// A value of a type that nobody knows.
struct AnyEncodable: Encodable {
  private let value: any Encodable

  init(_ value: any Encodable) { self.value = value }

  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
