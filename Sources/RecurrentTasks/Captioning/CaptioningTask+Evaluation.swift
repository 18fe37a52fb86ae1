import RecurrentReports

extension CaptioningTask {
  /// Word errors, the accuracy of slots, BLEU and chrF with their 95 % intervals.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    evaluation(of: predictions, to: examples, figures: [])
  }

  /// The same, with some of the recordings drawn on the page.
  public func evaluation(
    _ model: CaptionModel, on source: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let all = try allPredictions(model, to: source, progress: progress)
    let figures = try shown(all.predictions, all.examples).map { index in
      figure(all.predictions[index], of: try source[index], source.name(index))
    }
    return evaluation(of: all.predictions, to: all.examples, figures: figures)
  }

  private func evaluation(
    of predictions: [Prediction], to examples: [Example], figures: [HTMLReport.Figure]
  ) -> TaskEvaluation {
    let pairs = zip(predictions, examples).compactMap { prediction, example in
      example.references.isEmpty
        ? nil
        : CaptionMetrics.Pair(
          hypothesis: prediction.best.text, references: example.references, group: example.group)
    }
    let own = CaptionMetrics(pairs)
    var metrics = [TaskEvaluation.Metric("word error rate", own.words.wordErrorRate)]
    if let slots = own.slots { metrics.append(.init("slot accuracy", slots.accuracy)) }
    metrics += [
      .init("BLEU", own.texts.bleu), .init("chrF2", own.texts.chrF),
      .init("sentence error rate", own.words.sentenceErrorRate),
    ]
    var sections = own.sections
    if !figures.isEmpty {
      sections.insert(
        HTMLReport.Section(
          "Where each word looks",
          [
            .paragraph(
              "Recordings with the most errors, and the first ones. A row is a word of the caption, and the darker a place the "
                + "more it was looked at there."), .figures(figures),
          ]), at: min(1, sections.count))
    }
    let page = HTMLReport(
      title: "Captioning",
      lead: "\(counted(pairs.count, "recording")), "
        + "\(counted(pairs.reduce(0) { $0 + $1.references.count }, "reference")).",
      keyFigures: own.words.keyFigures + own.texts.keyFigures.prefix(2), sections: sections)
    let isWorse = own.words.wordErrorRate.value >= 1 && own.words.words.referenceCount > 0
    return TaskEvaluation(
      metrics: metrics, lines: own.lines, report: page.html, details: own,
      warnings: isWorse
        ? [
          "nothing at all would have no more errors: the word error rate is \(percent(own.words.wordErrorRate.value))"
        ] : [],
      inputSeconds: timeUnit == nil ? examples.reduce(0) { $0 + $1.duration } : nil)
  }

  /// The recordings that are drawn: those with the most errors for their length, and the first ones.
  private func shown(_ predictions: [Prediction], _ examples: [Example]) -> [Int] {
    TranscriptErrors.shown(
      zip(predictions, examples).map { prediction, example in
        example.references.isEmpty
          ? nil
          : CaptionMetrics.Pair(hypothesis: prediction.best.text, references: example.references).nearest
      })
  }

  // MARK: Drawings

  private func figure(_ prediction: Prediction, of example: Example, _ name: String) -> HTMLReport.Figure {
    let said = example.references.prefix(3).map { "Right: \($0)." }
    let title = String(name.split(separator: "/").last ?? "")
    return HTMLReport.Figure(
      chart(prediction, example, title),
      caption: (said + ["Written: \(prediction.best.text)."]).joined(separator: " "))
  }

  /// The best caption of the first recording, drawn.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    return chart(prediction, example, prediction.best.text).svg
  }

  private func chart(_ prediction: Prediction, _ example: Example, _ title: String) -> FilmStripChart {
    let words = prediction.best.text.split(whereSeparator: \.isWhitespace).map(String.init)
    let nearest =
      example.references.isEmpty
      ? nil : CaptionMetrics.Pair(hypothesis: prediction.best.text, references: example.references).nearest
    let marks = WordMarks(nearest?.reference, words)
    let weights = prediction.best.weights
    return FilmStripChart(
      title: title, pictures: pictures(example), duration: example.duration, unit: timeUnit?.symbol ?? "s",
      reference: marks.reference,
      rows: weights.count == words.count
        ? zip(marks.hypothesis, weights).map {
          FilmStripChart.Row(text: $0.text, isWrong: $0.isWrong, weights: $1)
        } : [])
  }

  /// The pictures of a recording as the network sees them.
  private func pictures(_ example: Example) -> [FilmStripChart.Picture] {
    guard case .pictures(let own) = featurizer else { return [] }
    return (0..<example.features.stepCount).map { step in
      FilmStripChart.Picture(
        height: own.height, width: own.width,
        grey: example.features.part(step..<step + 1).values.map { UInt8(min(max($0 * 255, 0), 255)) })
    }
  }
}
