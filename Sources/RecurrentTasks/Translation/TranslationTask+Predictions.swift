extension TranslationTask {
  /// The translations of texts. A text without tokens has an empty one.
  public func predictions(_ model: TranslationModel, to examples: [Example]) -> [Prediction] {
    let filled = examples.indices.filter { !examples[$0].sourceTokens.isEmpty }
    let nothing = Translation(text: "", score: 0, logProbability: 0, weights: [])
    var predictions = [Prediction](repeating: Prediction(translations: [nothing]), count: examples.count)
    guard !filled.isEmpty else { return predictions }
    let sources = filled.map { examples[$0].sourceTokens }
    let steps = TranslationSteps(model: model, units: units)
    let found = BeamSearch(settings: search).decode(
      steps, from: steps.start(sources), sourceLengths: sources.map(\.count))
    for (place, hypotheses) in zip(filled, found) where !hypotheses.isEmpty {
      predictions[place] = Prediction(
        translations: hypotheses.map { translation($0, of: examples[place].sourceTokens) })
    }
    return predictions
  }

  private func translation(_ hypothesis: BeamHypothesis, of source: [Int32]) -> Translation {
    Translation(
      text: units.text(of: hypothesis.tokens), score: hypothesis.score,
      logProbability: hypothesis.logProbability, weights: weights(hypothesis, source))
  }

  /// How much words looked at words: the sums over the tokens of the source, the means over those of the translation.
  private func weights(_ hypothesis: BeamHypothesis, _ source: [Int32]) -> [[Float]] {
    let (from, to) = (units.words(of: source), units.words(of: hypothesis.tokens))
    var weights = [[Float]](
      repeating: [Float](repeating: 0, count: (from.max() ?? -1) + 1), count: (to.max() ?? -1) + 1)
    for (token, word) in to.enumerated() where word >= 0 {
      let share = 1 / Float(to.count { $0 == word })
      for (place, own) in from.enumerated() where own >= 0 {
        weights[word][own] += hypothesis.attention[token][place] * share
      }
    }
    return weights
  }

  /// The best translation.
  public func text(of prediction: Prediction, to example: Example) -> String { prediction.best.text }

  /// A row for each translation, with its rank where there are several.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    prediction.translations.enumerated().map { rank, own in
      [Field("input", .text(name))] + (search.best > 1 ? [Field("rank", .integer(rank + 1))] : []) + [
        Field("text", .text(own.text)), Field("score", .number(own.score)),
        Field("logProbability", .number(own.logProbability)), Field("alignment", .text(own.alignment.text)),
      ]
    }
  }

  /// Several translations of a text, where they are asked for.
  public static var hasManyRows: Bool { true }

  /// The task with another search, where settings ask for one.
  public func predicting(with settings: Settings) throws -> TranslationTask {
    var own = self
    own.search = search.applying(settings)
    return own
  }
}
