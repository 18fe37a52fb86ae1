import RecurrentReports

extension TranscriptionTask {
  /// The error rates of words, characters and sentences, with their 95 % intervals.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    evaluation(of: predictions, to: examples, figures: [])
  }

  /// The same, with some of the recordings drawn on the page.
  public func evaluation(
    _ model: SequenceTagger, on source: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let all = try allPredictions(model, to: source, progress: progress)
    let packed = packed(model)
    let figures = try shown(all.predictions, all.examples).compactMap { index in
      let example = try source[index]
      return figure(all.predictions[index], of: example, source.name(index), packed)
    }
    return evaluation(of: all.predictions, to: all.examples, figures: figures)
  }

  private func evaluation(
    of predictions: [Prediction], to examples: [Example], figures: [HTMLReport.Figure]
  ) -> TaskEvaluation {
    let pairs = zip(predictions, examples).compactMap { prediction, example in
      example.transcript.map {
        TranscriptionMetrics.Pair(reference: $0, hypothesis: prediction.best.text, group: example.group)
      }
    }
    let own = TranscriptionMetrics(pairs)
    let raw = TranscriptionMetrics(pairs, form: .raw)
    func metric(_ name: String, _ rate: TranscriptionMetrics.Rate) -> TaskEvaluation.Metric {
      TaskEvaluation.Metric(name, rate.value, low: rate.low, high: rate.high)
    }
    let rawLine =
      "as written: word error rate \(percent(raw.wordErrorRate.value)), character error rate "
      + percent(raw.characterErrorRate.value)
    let warnings =
      own.wordErrorRate.value >= 1 && own.words.referenceCount > 0
      ? [
        "nothing at all would have no more errors: the word error rate is \(percent(own.wordErrorRate.value))"
      ]
      : []
    return TaskEvaluation(
      metrics: [
        metric("word error rate", own.wordErrorRate), metric("character error rate", own.characterErrorRate),
        metric("sentence error rate", own.sentenceErrorRate), metric("substitutions", own.substitutionRate),
        metric("deletions", own.deletionRate), metric("insertions", own.insertionRate),
      ], lines: own.lines + [rawLine] + weightLines, report: page(own, raw, figures, warnings).html,
      details: own,
      warnings: warnings, inputSeconds: timeUnit == nil ? examples.reduce(0) { $0 + $1.duration } : nil)
  }

  private func page(
    _ own: TranscriptionMetrics, _ raw: TranscriptionMetrics, _ figures: [HTMLReport.Figure],
    _ warnings: [String]
  ) -> HTMLReport {
    var sections = own.sections(beside: raw)
    if !figures.isEmpty {
      sections.insert(HTMLReport.Section("Recordings", [.figures(figures)]), at: min(1, sections.count))
    }
    if let section = weightSection { sections.append(section) }
    return HTMLReport(
      title: "Transcription",
      lead: "\(counted(own.transcripts, "transcript")), \(counted(own.words.referenceCount, "word")).",
      keyFigures: own.keyFigures, sections: sections)
  }

  /// The recordings that are drawn: those with the most errors for their length, and the first ones.
  private func shown(_ predictions: [Prediction], _ examples: [Example]) -> [Int] {
    let shares = examples.indices.map { index -> Double in
      guard let text = examples[index].transcript else { return -1 }
      let pair = TranscriptionMetrics([.init(reference: text, hypothesis: predictions[index].best.text)])
      return pair.wordErrorRate.value
    }
    let worst = examples.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }.prefix(3)
    let first = examples.indices.filter { shares[$0] >= 0 && !worst.contains($0) }.prefix(3)
    return worst.filter { shares[$0] >= 0 } + first
  }
}
