/// How a policy is trained where nothing is set: what suits most environments, and what was found for those built in.
struct ReinforcementRecipe {
  var ppo = PPOSettings()
  var learningRate = 1e-3
  /// Rows of an update; nil for all.
  var batchRows: Int?
  var cell = CellCatalog.gru

  /// The recipe for an environment.
  init(_ environment: String) {
    if environment.hasPrefix("cartpole") {
      ppo.validationEpisodes = 50
      batchRows = 2
    } else if environment.hasPrefix("pendulum") {
      (ppo.rowCount, ppo.rolloutSteps, ppo.discount) = (4, 256, 0.9)
      batchRows = 1
    } else if let length = EnvironmentCatalog.mazeLength(environment) {
      (ppo.rowCount, ppo.rolloutSteps) = (16, max(64, 2 * length + 28))
      (ppo.entropyWeight, ppo.memory) = (0.01, length)
      batchRows = 4
    } else if environment.hasPrefix("mountain-car") {
      ppo.rolloutSteps = 256
      batchRows = 2
    } else if EnvironmentCatalog.isCommand(environment) {
      (ppo.rowCount, ppo.validationEpisodes) = (4, 5)
      batchRows = 1
    } else {
      batchRows = 2
    }
  }

  /// The settings of the algorithm, with what is set in their place.
  func applying(_ settings: Settings) -> PPOSettings {
    var own = ppo
    own.stepCount = settings[.experience] ?? own.stepCount
    own.rowCount = settings[.rows] ?? own.rowCount
    own.rolloutSteps = settings[.rolloutSteps] ?? own.rolloutSteps
    own.passCount = settings[.passes] ?? own.passCount
    own.discount = settings[.discount] ?? own.discount
    own.trace = settings[.trace] ?? own.trace
    own.clipRange = settings[.clipRange] ?? own.clipRange
    own.valueWeight = settings[.valueWeight] ?? own.valueWeight
    own.entropyWeight = settings[.entropyWeight] ?? own.entropyWeight
    own.memory = settings[.memory] ?? own.memory
    own.validationEpisodes = settings[.validationEpisodes] ?? own.validationEpisodes
    return own
  }

  /// How it is trained otherwise, for so many rows.
  func training(rows: Int) -> TaskSettings {
    TaskSettings(
      batchSize: min(batchRows ?? rows, rows), optimizer: ReinforcementTask.standardOptimizer,
      learningRate: learningRate, weightDecay: 0,
      training: TrainerSettings(
        epochs: 20, schedule: LearningRateSchedule(.cosine(final: 0.05)), clipNorm: 0.5))
  }
}
