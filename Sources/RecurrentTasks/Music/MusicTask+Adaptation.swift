extension MusicTask: AdaptableTask {
  /// The numbers where none were chosen.
  public var standardAdaptation: Adaptation {
    Adaptation(
      dynamic: Adaptation.Dynamic(rate: 0.5, pull: 0.002, segment: 50),
      cache: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.1),
      cacheBesideDynamic: NeuralCache.Settings(window: 2000, flatness: 0.4, weight: 0.05))
  }

  /// Keys that are predicted by themselves are no tokens, and what is read of a piece of a style is no token alone.
  public var adaptationIssue: String? {
    if configuration.representation == .roll {
      return
        "the model predicts each key by itself and no next token, from which it could go on learning; expected one of "
        + "events"
    }
    return labels == nil
      ? nil : "the model tells pieces apart by styles; expected one without, for it to go on learning"
  }

  /// Reads pieces one after the other: what was learnt from one is there in the next.
  public func adaptedEvaluation(
    _ model: MusicModel, on examples: ExampleSource<Example>, rule: Adaptation.Rule, states: StateFiles,
    progress: (Double) throws -> Void
  ) throws -> AdaptedEvaluation {
    try adaptedEvaluation(
      model, of: language(model), on: examples, rule: rule, states: states, progress: progress
    ) { example, reader in
      let own = example.steps.flatMap { tokens.tokens(of: $0) }
      var (meter, steps) = (MusicMeter(tokens, after: []), [MusicStepPrediction]())
      let nats = reader.read(
        [tokens.beginning] + own,
        scored: { place, logs in
          logs.withUnsafeBufferPointer { meter.push(own[place - 1], $0) }
          guard own[place - 1] == tokens.stepEnd else { return }
          steps.append(meter.prediction)
          meter = MusicMeter(tokens, after: example.steps[steps.count - 1])
        })
      return nats.haveRunAway ? nil : Prediction(steps: steps)
    }
  }

  /// Chooses the numbers by pieces.
  public func tunedAdaptation(
    _ model: MusicModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation {
    let sequences = try (0..<examples.count).map { index in
      [tokens.beginning] + (try examples[index]).steps.flatMap { tokens.tokens(of: $0) }
    }
    var tuner = AdaptationTuner(language(model), sequences)
    return try tuner.tuned(from: standardAdaptation, progress: progress)
  }

  private func language(_ model: MusicModel) -> LanguageModel {
    guard let own = model.events else { fatalError("MusicTask: a model of events has no part of events") }
    return own
  }
}
