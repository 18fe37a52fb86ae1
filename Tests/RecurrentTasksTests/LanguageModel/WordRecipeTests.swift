import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// What the recipe of Zaremba and others needs beyond the defaults.
@Suite struct WordRecipeTests {
  @Test func allParametersAreDrawnFromARange() throws {
    var settings = Settings()
    (settings[.initialRange], settings[.unit], settings[.layers]) = (0.1, .word, 2)
    #expect(LanguageModelTask.anyIssue(of: settings) == nil)
    let configuration = LanguageModelTask.standard(tokenCount: 1000, settings).configuration
    let models = [1, 2].map { LanguageModel(configuration, vocabularySize: 30, key: RandomKey(seed: $0)) }
    for (own, other) in zip(models[0].parameters, models[1].parameters) {
      let numbers = own.value.scalars
      #expect(numbers.allSatisfy { abs($0) <= 0.1 } && numbers != other.value.scalars, "\(own.name)")
      #expect(numbers.contains { abs($0) > 0.05 } && Set(numbers).count > numbers.count / 2, "\(own.name)")
    }
    settings[.initialization] = .orthogonal
    #expect(LanguageModelTask.anyIssue(of: settings)?.contains("initial-range") == true)
  }

  @Test func ratesFallBehindTheFirstEpochs() {
    func schedule(_ change: (inout Settings) -> Void) -> LearningRateSchedule.Shape {
      var settings = Settings()
      change(&settings)
      #expect(LanguageModelTask.anyIssue(of: settings) == nil)
      return TaskSettings.short(batchSize: 4).applying(settings).training.schedule.shape
    }
    #expect(schedule { $0[.schedule] = .decay } == .decay(after: 4, factor: 0.5))
    #expect(schedule { $0[.decayAfter] = 6 } == .decay(after: 6, factor: 0.5))
    #expect(schedule { $0[.decayFactor] = 0.8 } == .decay(after: 4, factor: 0.8))
    var settings = Settings()
    (settings[.schedule], settings[.decayAfter]) = (.cosine, 3)
    #expect(LanguageModelTask.anyIssue(of: settings)?.contains("decay-after") == true)
  }
}
