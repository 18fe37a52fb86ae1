extension PerformanceTask: AdaptableTask {
  /// The numbers where none were chosen.
  public var standardAdaptation: Adaptation {
    Adaptation(
      dynamic: Adaptation.Dynamic(rate: 0.5, pull: 0.002, segment: 50),
      cache: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.1),
      cacheBesideDynamic: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.05))
  }

  /// Reads performances one after the other: what was learnt from one is there in the next.
  public func adaptedEvaluation(
    _ model: LanguageModel, on examples: ExampleSource<Example>, rule: Adaptation.Rule, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> AdaptedEvaluation {
    try adaptedEvaluation(
      model, of: model, on: examples, rule: rule, states: states, progress: progress
    ) { example, reader in
      var (grammar, events) = (PerformanceGrammar(), [EventPrediction]())
      let nats = reader.read(
        [tokens.beginning] + example.tokens,
        scored: { place, logs in
          events.append(
            logs.withUnsafeBufferPointer { measured(example.tokens[place - 1], $0, &grammar) })
        })
      return nats.haveRunAway ? nil : Prediction(events: events)
    }
  }

  /// Chooses the numbers by performances.
  public func tunedAdaptation(
    _ model: LanguageModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation {
    let sequences = try (0..<examples.count).map { [tokens.beginning] + (try examples[$0]).tokens }
    var tuner = AdaptationTuner(model, sequences)
    return try tuner.tuned(from: standardAdaptation, progress: progress)
  }
}
