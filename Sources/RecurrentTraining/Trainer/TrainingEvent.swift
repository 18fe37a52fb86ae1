/// What a training reports while it runs. Who listens decides how it looks: a progress bar, lines of JSON, a test.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case step(StepReport)
  /// An epoch has ended and was evaluated.
  case epoch(EpochReport)
  /// A checkpoint was written.
  case checkpoint(path: String)
}

/// One step.
public struct StepReport: Sendable {
  /// Which.
  public var position: StepPosition
  /// Steps in this epoch.
  public var stepsInEpoch: Int
  /// Steps since the beginning, this one included.
  public var stepCount: Int
  /// Steps of the whole training, as far as it is known.
  public var totalSteps: Int
  /// The loss of the step.
  public var loss: Double
  /// A running mean of the loss.
  public var smoothedLoss: Double
  /// The norm of the gradient before clipping.
  public var gradientNorm: Double
  /// The learning rate of the step.
  public var learningRate: Double
  /// Units that the step read.
  public var unitCount: Int
  /// Units that this run reads in a second, over the last seconds.
  public var unitsPerSecond: Double
}

/// The end of an epoch.
public struct EpochReport: Sendable {
  /// Which, from 0.
  public var epoch: Int
  /// The mean loss of its steps, each counted with its weight.
  public var trainingLoss: Double
  /// The evaluation, when there is validation data.
  public var validation: Validation?
  /// Whether the validation loss is the least so far.
  public var isBest: Bool
  /// Units read in a second, in this epoch.
  public var unitsPerSecond: Double
}

/// How a training ended.
public enum TrainingEnd: String, Sendable, Codable {
  /// All epochs are done.
  case completed
  /// The validation loss did not improve any more.
  case stoppedEarly
  /// It was asked to stop; a checkpoint was written.
  case interrupted
}

/// Why a training cannot go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss, the gradient or the parameters are not numbers any more after the step at a position; the text says which.
  case diverged(StepPosition, String)

  /// What happened and what helps.
  public var description: String {
    switch self {
    case .diverged(let position, let reason):
      "training diverged in epoch \(position.epoch + 1), step \(position.step + 1): \(reason); lower the learning rate, "
        + "limit the norm of the gradient to 1 or less, or add warm-up"
    }
  }
}
