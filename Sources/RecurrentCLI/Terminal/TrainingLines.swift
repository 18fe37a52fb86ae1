import Recurrent

/// The events of a training as lines of JSON.
enum TrainingLines {
  struct Start: Encodable {
    let event = "start"
    let summary: TaskSummary

    private enum Key: CodingKey { case event }

    func encode(to encoder: any Encoder) throws {
      try summary.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(event, forKey: .event)
    }
  }

  struct Begin: Encodable {
    let event = "begin"
    let firstEpoch, firstStep: Int
    let isResumed: Bool
    let notes: [DataNote]
  }

  struct Step: Encodable {
    let event = "step"
    let epoch, step, stepsInEpoch: Int
    let loss, smoothedLoss, gradientNorm, learningRate, unitsPerSecond, secondsLeft: Double

    init(_ step: StepReport) {
      epoch = step.position.epoch + 1
      self.step = step.position.step + 1
      stepsInEpoch = step.stepsInEpoch
      loss = step.loss
      smoothedLoss = step.smoothedLoss
      gradientNorm = step.gradientNorm
      learningRate = step.learningRate
      unitsPerSecond = step.unitsPerSecond
      secondsLeft = step.secondsLeft
    }
  }

  struct Epoch: Encodable {
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

  struct Checkpoint: Encodable {
    let event = "checkpoint"
    let path: String
  }

  struct Fold: Encodable {
    let event = "fold"
    let fold: String
    let items: Int
    let figures: [TaskEvaluation.Metric]
    let warnings: [String]
  }

  struct CrossValidation: Encodable {
    let event = "cross-validation"
    let figure: String
    let mean, deviation: Double

    init(_ spread: MetricSpread) { (figure, mean, deviation) = (spread.name, spread.mean, spread.deviation) }
  }

  struct Interrupted: Encodable {
    let event = "interrupted"
    let epoch, step: Int
  }

  /// The last line: metrics of the test part, or of the validation part where there is no test, beside everything else.
  struct End: Encodable {
    let bundle: String
    let seed: UInt64
    /// The SHA-256 of the model.
    let modelHash: String
    let results: TaskResults
    let validation, test: TaskEvaluation?
    let sample: String?

    private enum Key: CodingKey {
      case event, bundle, seed, modelHash, part, results, validation, test, sample, warnings
    }

    func encode(to encoder: any Encoder) throws {
      try (test ?? validation)?.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode("end", forKey: .event)
      try container.encode(bundle, forKey: .bundle)
      try container.encode(seed, forKey: .seed)
      try container.encode(modelHash, forKey: .modelHash)
      try container.encode(results, forKey: .results)
      if test != nil || validation != nil {
        try container.encode(test == nil ? "validation" : "test", forKey: .part)
      }
      try container.encodeIfPresent(validation, forKey: .validation)
      try container.encodeIfPresent(test, forKey: .test)
      try container.encodeIfPresent(sample, forKey: .sample)
      try container.encode(
        (validation?.warnings ?? []).map { "on the validation part \($0)" }
          + (test?.warnings ?? []).map { "on the test part \($0)" }, forKey: .warnings)
    }
  }
}
