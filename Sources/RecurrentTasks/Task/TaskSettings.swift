/// How a task is trained, whatever it is.
public struct TaskSettings: Sendable, Equatable, Codable {
  /// Examples of a step.
  public var batchSize: Int
  /// The optimiser.
  public var optimizer: OptimizerCatalog
  /// Its learning rate after warm-up.
  public var learningRate: Double
  /// The decay of the weights.
  public var weightDecay: Double
  /// The course of the training.
  public var training: TrainerSettings

  /// Settings.
  public init(
    batchSize: Int = 32, optimizer: OptimizerCatalog = .adamw, learningRate: Double = 2e-3,
    weightDecay: Double = 1e-2, training: TrainerSettings
  ) {
    (self.batchSize, self.optimizer, self.learningRate) = (batchSize, optimizer, learningRate)
    (self.weightDecay, self.training) = (weightDecay, training)
  }
}
