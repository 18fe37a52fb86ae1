import Recurrent

/// Shows the events of a training: a bar that is redrawn, plain lines when the output is no terminal, or lines of JSON.
struct TrainingDisplay {
  /// What is counted.
  let unitName: String
  let epochs: Int
  let isJSON: Bool
  /// A loss in other terms than nats; nil for none.
  let inTerms: (Double) -> String?
  private var lastShown = 0.0
  private var lastValidation: Double?

  init(
    unitName: String, epochs: Int, isJSON: Bool, inTerms: @escaping (Double) -> String? = { _ in nil }
  ) {
    self.unitName = unitName
    self.epochs = epochs
    self.isJSON = isJSON
    self.inTerms = inTerms
  }

  mutating func show(_ event: TrainingEvent) throws {
    switch event {
    case .step(let step): try show(step)
    case .epoch(let epoch): try show(epoch)
    case .checkpoint(let path):
      if isJSON { try JSONLine.output(CheckpointLine(path: path)) }
    }
  }

  private mutating func show(_ step: StepReport) throws {
    if isJSON {
      try JSONLine.output(StepLine(step))
      return
    }
    let now = Trainer<LanguageModelProblem>.seconds()
    guard now - lastShown > (Terminal.isInteractive ? 0.1 : 10) else { return }
    lastShown = now
    let stepsLeft = Double(step.totalSteps - step.stepCount)
    let perStep = step.unitsPerSecond > 0 ? Double(step.unitCount) / step.unitsPerSecond : 0
    let left = duration(stepsLeft * perStep)
    let fraction = Double(step.stepCount) / Double(max(step.totalSteps, 1))
    let filled = Int(fraction * 16)
    let bar =
      String(repeating: "━", count: filled) + String(repeating: "─", count: 16 - filled) + " "
    let norm = "  |g| \(rounded(step.gradientNorm, 2))"
    func line(hasBar: Bool, hasNorm: Bool) -> String {
      "epoch \(step.position.epoch + 1)/\(epochs) \(hasBar ? bar : "")\(Int(fraction * 100))%"
        + "  \(grouped(Int(step.unitsPerSecond))) \(unitName)/s  loss \(rounded(step.smoothedLoss, 3))"
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

  private mutating func show(_ epoch: EpochReport) throws {
    lastValidation = epoch.validation?.loss
    if isJSON {
      try JSONLine.output(EpochLine(epoch))
      return
    }
    Terminal.clearProgress()
    var line = "epoch \(epoch.epoch + 1)/\(epochs)  loss \(rounded(epoch.trainingLoss, 4))"
    if let validation = epoch.validation {
      line +=
        "  valid \(rounded(validation.loss, 4))\(inTerms(validation.loss).map { " (\($0))" } ?? "")"
        + (epoch.isBest ? "  best" : "")
    }
    Terminal.error(line + "  \(grouped(Int(epoch.unitsPerSecond))) \(unitName)/s")
  }

  private struct StepLine: Encodable {
    let event = "step"
    let epoch, step, stepsInEpoch: Int
    let loss, smoothedLoss, gradientNorm, learningRate, unitsPerSecond: Double

    init(_ step: StepReport) {
      epoch = step.position.epoch + 1
      self.step = step.position.step + 1
      stepsInEpoch = step.stepsInEpoch
      loss = step.loss
      smoothedLoss = step.smoothedLoss
      gradientNorm = step.gradientNorm
      learningRate = step.learningRate
      unitsPerSecond = step.unitsPerSecond
    }
  }

  private struct EpochLine: Encodable {
    let event = "epoch"
    let epoch: Int
    let trainingLoss: Double
    let validationLoss: Double?
    let isBest: Bool
    let unitsPerSecond: Double

    init(_ report: EpochReport) {
      epoch = report.epoch + 1
      trainingLoss = report.trainingLoss
      validationLoss = report.validation?.loss
      isBest = report.isBest
      unitsPerSecond = report.unitsPerSecond
    }
  }

  private struct CheckpointLine: Encodable {
    let event = "checkpoint"
    let path: String
  }
}

extension TextUnit {
  /// What is counted.
  var plural: String {
    switch self {
    case .character: "characters"
    case .byte: "bytes"
    case .word: "words"
    case .bpe: "tokens"
    }
  }

  /// A loss in the terms of the unit: bits for characters and bytes, perplexity for words and byte pairs.
  func inTerms(_ nats: Double) -> String {
    switch self {
    case .character: "\(rounded(nats / 0.693147180559945, 3)) bits/character"
    case .byte: "\(rounded(nats / 0.693147180559945, 3)) bits/byte"
    case .word, .bpe: "perplexity \(rounded(perplexityOfNats(nats), 1))"
    }
  }
}
