extension RecommendationTask: AdaptableTask {
  /// The numbers where none were chosen.
  public var standardAdaptation: Adaptation {
    Adaptation(
      dynamic: Adaptation.Dynamic(rate: 0.5, pull: 0.002, segment: 20),
      cache: NeuralCache.Settings(window: 500, flatness: 0.2, weight: 0.1),
      cacheBesideDynamic: NeuralCache.Settings(window: 500, flatness: 0.2, weight: 0.05))
  }

  /// Scores of BPR-max rank items and are no probabilities.
  public var adaptationIssue: String? {
    configuration.loss == .bprMax
      ? "the model was trained with the loss bpr-max, whose scores are no probabilities of a next item; expected cross-entropy or "
        + "sampled-softmax" : nil
  }

  /// Reads sessions one after the other: what was learnt from one is there in the next.
  public func adaptedEvaluation(
    _ model: RecommendationModel, on examples: ExampleSource<Example>, rule: Adaptation.Rule,
    states: StateFiles, progress: (Double) throws -> Void
  ) throws -> AdaptedEvaluation {
    guard states.areNone else {
      throw TaskError.unsupported("states before and behind the data are for tasks that read one long text")
    }
    let plain = try evaluation(model, on: examples, progress: { try progress(0.3 * $0) })
    var (reader, metrics, count) = (AdaptedReader(model, rule), RecommendationMetrics(self), 0)
    for number in 0..<examples.count {
      let example = try examples[number]
      count += example.items.count
      guard let rankings = rankings(of: example, number: number, by: &reader) else {
        throw TaskError.ranAway(behind: count)
      }
      for ranking in rankings { metrics.add(ranking, session: number) }
      if !rankings.isEmpty { metrics.sessions += 1 }
      try progress(0.3 + 0.7 * Double(number + 1) / Double(examples.count))
    }
    return AdaptedEvaluation(plain: plain, adapted: metrics.metrics, rule: rule)
  }

  /// The rankings of the targets of a session by a reader, which learns from all its items; nil where scores are no numbers.
  private func rankings(
    of example: Example, number: Int, by reader: inout AdaptedReader<RecommendationModel>
  ) -> [ItemRanking]? {
    let first = example.items.count - min(example.targetCount, max(0, example.items.count - 1))
    var found: [ItemRanking] = []
    reader.beginSequence()
    let nats = reader.read(
      example.items,
      scored: { place, logs in
        guard place >= first else { return }
        found += ranked([(row: 0, step: place - 1)], logs, [example], [number], 20)
      })
    return nats.haveRunAway ? nil : found
  }

  /// Chooses the numbers by sessions.
  public func tunedAdaptation(
    _ model: RecommendationModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation {
    var tuner = AdaptationTuner(model, try (0..<examples.count).map { try examples[$0].items })
    return try tuner.tuned(from: standardAdaptation, progress: progress)
  }
}
