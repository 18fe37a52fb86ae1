import ArgumentParser
import Recurrent

/// Shows the events of a training: a bar that is redrawn, plain lines where the output is no terminal, or lines of JSON.
struct TrainingDisplay<Task: SequenceTask> {
  let isJSON: Bool
  /// The path of the bundle.
  let output: String
  /// Whether the data are looked at alone, so that there is room for what each column was taken for.
  var showsColumns = false
  private var beginning: TaskBeginning?
  private var lastShown = 0.0
  private var lastWatched = -Double.infinity
  private var lastValidation: Double?
  private var patience = LongTraining()

  init(isJSON: Bool, output: String) { (self.isJSON, self.output) = (isJSON, output) }

  /// Whether the training has begun.
  var hasBegun: Bool { beginning != nil }

  mutating func show(_ event: TaskEvent) throws {
    switch event {
    case .loading(let what, let fraction):
      if Terminal.isInteractive { Terminal.progress("\(what) \(Int(fraction * 100))%") }
    case .planned(let summary): try show(summary)
    case .nothingToResume(let path): Terminal.error("nothing to resume in \(path): starting anew")
    case .began(let own): try show(own)
    case .training(.step(let step)): try show(step)
    case .training(.epoch(let epoch)): try show(epoch)
    case .training(.checkpoint(let path)):
      if isJSON { try JSONLine.output(TrainingLines.Checkpoint(path: path)) }
    case .foldStep(let name, let step):
      if Terminal.isInteractive {
        Terminal.progress(
          "\(name): step \(step.stepCount) of \(step.totalSteps), loss \(rounded(step.smoothedLoss, 3))")
      }
    case .fold(let name, let count, let evaluation): try show(fold: name, count, evaluation)
    case .crossValidated(let spreads): try show(spreads)
    case .watched(let seen): try show(seen)
    case .advised(let advice): try show(advice)
    case .alreadyDone(let path):
      Terminal.error("the training is finished and its bundle is written: \(path)")
    }
  }

  private func show(_ summary: TaskSummary) throws {
    Terminal.clearProgress()
    if isJSON { return try JSONLine.output(TrainingLines.Start(summary: summary)) }
    for note in summary.notes { Terminal.error(note.line) }
    if showsColumns { show(summary.facts.columnRoles) }
    let settings = summary.settings
    Terminal.error(
      "data: \(grouped(summary.training)) \(summary.unit) to train on, \(grouped(summary.validation)) to validate, "
        + "\(grouped(summary.test)) to test")
    Terminal.error("model: \(grouped(summary.parameters)) parameters; \(summary.backend)")
    Terminal.error(
      "training: \(counted(settings.training.epochs, "epoch")), batches of \(settings.batchSize), "
        + "\(settings.optimizer.rawValue) at \(settings.learningRate), seed \(settings.training.seed)")
  }

  private func show(_ columns: [ColumnRole]) {
    guard !columns.isEmpty else { return }
    // a table of hundreds of values tells nobody more than its ends
    let shown = columns.count > 60 ? Array(columns.prefix(40) + columns.suffix(10)) : columns
    let rows = shown.map { column in
      [
        column.name.isEmpty ? "(no name)" : column.name, column.kind.rawValue, column.role,
        column.missing > 0 ? "\(rounded(100 * column.missing, 1)) %" : "", column.example,
        column.setting.map { "--\($0)" } ?? "",
      ]
    }
    let head = ["column", "kind", "role", "missing", "example", "changed by"]
    for line in TextTable.lines([head] + rows) { Terminal.error(line) }
    if shown.count < columns.count {
      Terminal.error("  and \(columns.count - shown.count) more between them")
    }
  }

  private mutating func show(_ own: TaskBeginning) throws {
    beginning = own
    if isJSON {
      return try JSONLine.output(
        TrainingLines.Begin(
          firstEpoch: own.position.epoch + 1, firstStep: own.position.step + 1, isResumed: own.isResumed,
          notes: own.notes))
    }
    for note in own.notes { Terminal.error(note.line) }
    if own.isResumed {
      Terminal.error("going on in epoch \(own.position.epoch + 1), step \(own.position.step + 1)")
    }
  }

  private mutating func show(_ step: StepReport) throws {
    if isJSON { return try JSONLine.output(TrainingLines.Step(step)) }
    let now = seconds()
    guard now - lastShown > (Terminal.isInteractive ? 0.1 : 10) else { return }
    lastShown = now
    if let warning = patience.warning(step.secondsLeft, at: now) {
      Terminal.clearProgress()
      Terminal.error(warning)
    }
    let left = duration(step.secondsLeft)
    let fraction = Double(step.stepCount) / Double(max(step.totalSteps, 1))
    let filled = Int(fraction * 16)
    let bar =
      String(repeating: "━", count: filled) + String(repeating: "─", count: 16 - filled) + " "
    let norm = "  |g| \(rounded(step.gradientNorm, 2))"
    func line(hasBar: Bool, hasNorm: Bool) -> String {
      "epoch \(step.position.epoch + 1)/\(beginning?.epochs ?? 0) \(hasBar ? bar : "")\(Int(fraction * 100))%"
        + "  \(grouped(Int(step.unitsPerSecond))) \(beginning?.unit ?? "")/s  loss \(rounded(step.smoothedLoss, 3))"
        + (lastValidation.map { "  valid \(rounded($0, 3))" } ?? "") + (hasNorm ? norm : "")
        + "  \(left) left"
    }
    guard Terminal.isInteractive else {
      Terminal.error(line(hasBar: false, hasNorm: true))
      return
    }
    // a narrow terminal does without the less important
    let choices = [line(hasBar: true, hasNorm: true), line(hasBar: true, hasNorm: false)]
    Terminal.progress(choices.first { $0.count < Terminal.width } ?? line(hasBar: false, hasNorm: false))
  }

  private mutating func show(_ seen: WatchReport) throws {
    if isJSON { return try JSONLine.output(TrainingLines.Watch(seen)) }
    let now = seconds()
    guard now - lastWatched > 10 || !seen.advice.isEmpty else { return }
    lastWatched = now
    Terminal.clearProgress()
    for line in seen.lines { Terminal.error(line) }
    for advice in seen.advice { Terminal.error("watch: \(advice.line(areFlags: true))") }
  }

  private func show(_ advice: [Advice]) throws {
    if isJSON { return try JSONLine.output(TrainingLines.AdviceAtEnd(advice: advice)) }
    Terminal.clearProgress()
    for one in advice { Terminal.error("advice: \(one.line(areFlags: true))") }
    if advice.isEmpty { Terminal.error("advice: none, nothing conspicuous was seen") }
  }

  private mutating func show(_ epoch: EpochReport) throws {
    lastValidation = epoch.validation?.loss
    if isJSON { return try JSONLine.output(TrainingLines.Epoch(epoch)) }
    Terminal.clearProgress()
    var line =
      "epoch \(epoch.epoch + 1)/\(beginning?.epochs ?? 0)  loss \(rounded(epoch.trainingLoss, 4))"
    if let validation = epoch.validation {
      line +=
        "  valid \(rounded(validation.loss, 4))\(beginning?.terms(validation.loss).map { " (\($0))" } ?? "")"
        + (epoch.isBest ? "  best" : "")
    }
    Terminal.error(line + "  \(grouped(Int(epoch.unitsPerSecond))) \(beginning?.unit ?? "")/s")
  }

  private func show(fold name: String, _ count: Int, _ evaluation: TaskEvaluation) throws {
    Terminal.clearProgress()
    if isJSON {
      return try JSONLine.output(
        TrainingLines.Fold(
          fold: name, items: count, figures: evaluation.metrics, warnings: evaluation.warnings))
    }
    for warning in evaluation.warnings { Terminal.error("warning: \(name): \(warning)") }
    let shown = evaluation.metrics.prefix(4).map { "\($0.name) \(rounded($0.value, 4))" }
    Terminal.error("\(name): \(shown.joined(separator: ", "))")
  }

  private func show(_ spreads: [MetricSpread]) throws {
    for spread in spreads {
      if isJSON {
        try JSONLine.output(TrainingLines.CrossValidation(spread))
      } else {
        Terminal.output(
          "\(spread.name), \(spread.count) parts: \(rounded(spread.mean, 4)) +- \(rounded(spread.deviation, 4))"
        )
      }
    }
  }

  /// Shows how the training ended.
  ///
  /// - Throws: ``ExitCode/interrupted`` where it was asked to stop.
  func show(_ outcome: TaskOutcome<Task>) throws {
    Terminal.clearProgress()
    switch outcome {
    case .alreadyDone, .followed: return
    case .interrupted(let position):
      if isJSON {
        try JSONLine.output(TrainingLines.Interrupted(epoch: position.epoch + 1, step: position.step))
      }
      Terminal.error(
        "interrupted in epoch \(position.epoch + 1) after step \(position.step); everything is saved: repeat the command "
          + "with --resume to go on")
      throw ExitCode.interrupted
    case .interruptedAtEnd:
      Terminal.error(
        "interrupted after the last epoch; everything is saved: repeat the command with --resume to write the bundle"
      )
      throw ExitCode.interrupted
    case .finished(let trained, let validation, let test, let sample):
      let results = trained.description.results
      if isJSON {
        return try JSONLine.output(
          TrainingLines.End(
            bundle: output, seed: trained.description.settings.training.seed,
            modelHash: try SHA256.hash(file: output + "/model.safetensors"), results: results,
            validation: validation, test: test, sample: sample))
      }
      for (name, evaluation) in [("validation", validation), ("test", test)] {
        guard let evaluation else { continue }
        Terminal.output("")
        Terminal.output("on the \(name) part:")
        for line in evaluation.lines { Terminal.output(line) }
      }
      if let sample {
        Terminal.output("")
        Terminal.output("a sample at temperature 0.8:")
        Terminal.output("")
        Terminal.output(text: sample)
      }
      Terminal.error("")
      Terminal.error("written to \(output) after \(duration(results.seconds)) of training")
      Terminal.error(
        sample == nil
          ? "next: \(Task.uses(of: output)[0])"
          : "next: recurrent generate \(output) --prompt \"...\" --length 400 --temperature 0.8")
    }
  }

  private func seconds() -> Double { Trainer<Task.Problem>.seconds() }
}

extension StepReport {
  /// How long the steps that remain take at the present speed, in seconds.
  var secondsLeft: Double {
    unitsPerSecond > 0 ? Double(totalSteps - stepCount) * Double(unitCount) / unitsPerSecond : 0
  }
}

extension DataNote {
  /// The note as a line for a terminal.
  var line: String {
    let kind = kind == .warning ? "warning: " : kind == .assumed ? "assumed: " : "found: "
    return kind + text.namingFlags + (setting.map { "  (--\($0))" } ?? "")
  }
}
