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

  /// What a watch saw in a step.
  struct Watch: Encodable {
    struct Layer: Encodable { let name: String, gradientNorm, weightNorm: Double }
    struct Gate: Encodable { let name: String, mean, closed, open: Double }
    struct Cell: Encodable {
      let name, cell: String
      let units, steps: Int
      /// The norm of the gradient by lag, from 0.
      let gradientByLag: [Double]
      let effectiveMemory, explodesAt: Int?
      let saturated: Double?
      let deadUnits: Int
      let gates: [Gate]
    }

    let event = "watch"
    let epoch, step, stepCount: Int
    let layers: [Layer]
    let cells: [Cell]
    let clippedShare: Double?
    let advice: [Advice]

    init(_ seen: WatchReport) {
      (epoch, step, stepCount) = (seen.position.epoch + 1, seen.position.step + 1, seen.stepCount)
      layers = seen.layers.map { Layer(name: $0.name, gradientNorm: $0.gradientNorm, weightNorm: $0.norm) }
      cells = seen.cells.map { cell in
        Cell(
          name: seen.label(cell), cell: cell.cell, units: cell.size, steps: cell.stepCount,
          gradientByLag: cell.reach.byLag, effectiveMemory: cell.reach.memory,
          explodesAt: cell.reach.explosion,
          saturated: cell.saturated, deadUnits: cell.deadCount,
          gates: cell.gates.map { Gate(name: $0.name, mean: $0.mean, closed: $0.closed, open: $0.open) })
      }
      (clippedShare, advice) = (seen.clippedShare, seen.advice)
    }
  }

  /// What a watch has to say at the end.
  struct AdviceAtEnd: Encodable {
    let event = "advice"
    let advice: [Advice]
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
