/// Everything about the course of a training that is not a tensor: with the tensors it is a checkpoint.
public struct TrainingProgress: Sendable, Equatable, Codable {
  /// The next step.
  public var position = StepPosition()
  /// Steps taken since the beginning.
  public var stepCount = 0
  /// Units read since the beginning.
  public var unitCount = 0
  /// A running mean of the training loss over about fifty steps.
  public var smoothedLoss: Double?
  /// The sum of the losses of the present epoch, each times its weight.
  public private(set) var epochLossSum = 0.0
  /// The sum of these weights; nil before the first step, and in a checkpoint that was written when steps had none.
  public private(set) var epochWeightSum: Double?
  /// How often the validation loss has reached a plateau.
  public var reductions = 0
  /// Epochs since the learning rate was last lowered or the validation loss last fell.
  public var epochsOnPlateau = 0
  /// Epochs since the validation loss last fell.
  public var epochsWithoutImprovement = 0
  /// The least validation loss.
  public var bestLoss: Double?
  /// The epoch that had it.
  public var bestEpoch: Int?
  /// Points of the training curve.
  public var trainingCurve: [CurvePoint] = []
  /// Points of the validation curve, one an epoch.
  public var validationCurve: [CurvePoint] = []
  /// Seconds spent, over all runs.
  public var seconds = 0.0

  /// The beginning.
  public init() {}

  /// A point of a curve.
  public struct CurvePoint: Sendable, Equatable, Codable {
    /// Epochs done, with the fraction of the present one.
    public var epoch: Double
    /// The loss there.
    public var loss: Double

    /// A point.
    public init(epoch: Double, loss: Double) {
      self.epoch = epoch
      self.loss = loss
    }
  }

  /// The mean loss of the present epoch so far; 0 without steps.
  public var epochLoss: Double {
    let weight = epochWeightSum ?? Double(position.step)
    return weight > 0 ? epochLossSum / weight : 0
  }

  /// Forgets the losses of the epoch before.
  mutating func beginEpoch() { (epochLossSum, epochWeightSum) = (0, nil) }

  /// Counts the loss of the step at ``position``. Steps of which no weights are known weigh as much as this one.
  mutating func countLoss(_ loss: Double, weight: Double) {
    if epochWeightSum == nil { epochLossSum *= weight }
    epochWeightSum = (epochWeightSum ?? Double(position.step) * weight) + weight
    epochLossSum += loss * weight
  }

  /// Adds a point to the training curve, about five hundred over the whole training.
  mutating func record(epoch: Double, loss: Double, of totalSteps: Int) {
    if stepCount % max(1, totalSteps / 500) == 0 || stepCount == totalSteps {
      trainingCurve.append(CurvePoint(epoch: epoch, loss: loss))
    }
  }
}
