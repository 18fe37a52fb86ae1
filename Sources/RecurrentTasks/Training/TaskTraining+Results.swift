import RecurrentReports

extension TaskTraining {
  /// Thrown where an evaluation is asked to stop.
  private struct Stopped: Error {}

  /// Calibrates and evaluates the result, writes the bundle and removes the checkpoint.
  func finish(
    _ trainer: Trainer<Task.Problem>, _ end: TrainingEnd, _ plan: TrainingPlan<Task>, _ sources: [TaskSource],
    _ shouldStop: () -> Bool
  ) throws -> TaskOutcome<Task> {
    let (model, progress) = (trainer.result, trainer.progress)
    var task = plan.task
    guard try task.conclude(trainer, plan, shouldStop: shouldStop) else { return .interruptedAtEnd }
    try task.calibrate(model, on: plan.validation)
    func evaluate(_ examples: ExampleSource<Task.Example>) throws -> TaskEvaluation? {
      guard examples.count > 0 else { return nil }
      return try task.evaluation(model, on: examples) { _ in if shouldStop() { throw Stopped() } }
    }
    let validation: TaskEvaluation?
    let test: TaskEvaluation?
    do {
      (validation, test) = (try evaluate(plan.validation), try evaluate(plan.test))
    } catch is Stopped {
      return .interruptedAtEnd
    }
    var metrics: [String: Double] = [:]
    for (name, evaluation) in [("validation", validation), ("test", test)] {
      for metric in evaluation?.metrics ?? [] { metrics["\(name) \(metric.name)"] = metric.value }
    }
    let results = TaskResults(
      end: end, epochs: progress.position.epoch, bestEpoch: progress.bestEpoch.map { $0 + 1 },
      trainingLoss: progress.smoothedLoss ?? .nan, validationLoss: progress.bestLoss, figures: metrics,
      parameterCount: model.parameterCount, seconds: progress.seconds)
    let onValidation = (validation?.warnings ?? []).map { "on the validation part \($0)" }
    let onTest = (test?.warnings ?? []).map { "on the test part \($0)" }
    let sample = task.sample(model, seed: plan.settings.training.seed)
    let trained = TrainedTask<Task>(
      model: model,
      description: TaskDescription(
        task: task, settings: plan.settings, sources: sources,
        notes: plan.notes + (onValidation + onTest).map { DataNote(.warning, $0) }, results: results))
    if let output {
      var files = ["card.md": Task.card(trained.description, sample: sample), "loss.svg": progress.lossPlot]
      if let page = (test ?? validation)?.report, !page.isEmpty {
        // the page of the test part says itself what is wrong there
        files["report.html"] = HTMLReport.adding(
          test == nil ? [] : onValidation.map { .warning($0) }, to: page)
      }
      try trained.write(to: output.path, files: files, overwrites: output.overwrites)
      output.folder.remove()
    }
    return .finished(trained, validation: validation, test: test, sample: sample)
  }
}

extension TrainingProgress {
  /// The course of the losses as a plot.
  var lossPlot: String {
    var curves = [
      LineChart.Curve(name: "training (smoothed)", points: trainingCurve.map { ($0.epoch, $0.loss) })
    ]
    if !validationCurve.isEmpty {
      curves.append(
        LineChart.Curve(
          name: "validation", points: validationCurve.map { ($0.epoch, $0.loss) }, hasMarks: true))
    }
    return LineChart(title: "Loss", xLabel: "epoch", yLabel: "loss", curves: curves).svg
  }
}
