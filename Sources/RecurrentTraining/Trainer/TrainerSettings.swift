/// How a training runs, whatever is trained.
public struct TrainerSettings: Sendable, Equatable, Codable {
  /// Passes over the data.
  public var epochs: Int
  /// How the learning rate changes.
  public var schedule: LearningRateSchedule
  /// The largest norm of the gradient; nil for no limit.
  public var clipNorm: Double?
  /// The largest magnitude of an element of the gradient; nil for no limit.
  public var clipValue: Double?
  /// Epochs without a better validation loss after which training ends; nil for never.
  public var patience: Int?
  /// The running average of the weights that is evaluated and kept instead of the weights; nil for none.
  public var averageDecay: Double?
  /// The seed of all random numbers.
  public var seed: UInt64
  /// S: into how many shards the rows of each step are cut, see ``ShardedProblem``; nil for none, 1 is the same.
  public var shards: Int?

  /// Settings.
  public init(
    epochs: Int, schedule: LearningRateSchedule = LearningRateSchedule(.constant), clipNorm: Double? = nil,
    clipValue: Double? = nil, patience: Int? = nil, averageDecay: Double? = nil, seed: UInt64 = 1,
    shards: Int? = nil
  ) {
    self.epochs = epochs
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.clipValue = clipValue
    self.patience = patience
    self.averageDecay = averageDecay
    self.seed = seed
    self.shards = shards
  }
}
