import RecurrentReports

extension TranslationTask {
  /// BLEU and chrF of the final texts against the references as they are, with their 95 % intervals.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let known = examples.indices.filter { !examples[$0].references.isEmpty }
    let pairs = known.map { index in
      TranslationMetrics.Pair(
        source: examples[index].source, hypothesis: predictions[index].best.text,
        references: examples[index].references)
    }
    let own = TranslationMetrics(pairs)
    let words = UnknownWordCounts(known.map { (predictions[$0].best, examples[$0].source) }, units)
    let sentences = own.sentenceSection(pairs) { place in
      let index = known[place]
      return chart(predictions[index].best, of: examples[index].source).map {
        [HTMLReport.Figure($0, caption: "Where each word looked.")]
      } ?? []
    }
    let page = HTMLReport(
      title: "Translation", lead: "\(counted(own.sentences, "sentence")).", keyFigures: own.keyFigures,
      sections: own.sections + [words?.section, sentences].compactMap { $0 })
    return TaskEvaluation(
      metrics: [.init("BLEU", own.bleu), .init("chrF2", own.chrF)],
      lines: own.lines + [words?.line].compactMap { $0 },
      report: page.html, details: Details(metrics: own, unknownWords: words),
      warnings: [own.warning?.text, TranslationMetrics.sidesWarning(pairs)].compactMap { $0 })
  }

  /// Where the words of a translation looked; nil where there are none.
  private func chart(_ translation: TextHypothesis, of source: String) -> AttentionChart? {
    let (from, to) = (units.wordTexts(source), units.wordTexts(translation.text))
    guard !to.isEmpty, translation.weights.count == to.count,
      translation.weights.allSatisfy({ $0.count == from.count })
    else { return nil }
    return AttentionChart(
      title: translation.text, source: from, target: to, weights: translation.weights)
  }

  /// Where the words of the first translation looked.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    return chart(prediction.best, of: example.source)?.svg
  }

  /// The references alone.
  public func withoutInput(_ example: Example) -> Example {
    var copy = example
    (copy.sourceTokens, copy.targetTokens) = ([], [])
    return copy
  }
}
