import RecurrentTasks

extension LanguageModelConfiguration {
  /// What is chosen for a text of so many tokens.
  public static func standard(unit: TextUnit, tokenCount: Int) -> LanguageModelConfiguration {
    var settings = Settings()
    settings[.unit] = unit
    return LanguageModelTask.standard(tokenCount: tokenCount, settings).configuration
  }
}

extension TaskSettings {
  /// A course of training of so many epochs, with batches of so many examples.
  public static func short(batchSize: Int, epochs: Int = 1) -> TaskSettings {
    TaskSettings(
      batchSize: batchSize, optimizer: .adam, weightDecay: 0,
      training: TrainerSettings(
        epochs: epochs, schedule: LearningRateSchedule(.cosine(final: 0.05)), clipNorm: 1))
  }
}
