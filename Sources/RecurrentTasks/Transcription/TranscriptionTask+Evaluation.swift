import RecurrentReports

extension TranscriptionTask {
  /// The error rates of words, characters and sentences, with their 95 % intervals.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    evaluation(of: predictions, to: examples, recordings: [])
  }

  /// The same, with some of the recordings drawn on the page.
  public func evaluation(
    _ model: SequenceTagger, on source: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let all = try allPredictions(model, to: source, progress: progress)
    let packed = packed(model)
    let (search, best) = (makeSearch(), max(5, search.best))
    let recordings = try shown(all.predictions, all.examples).map { index in
      let example = try source[index]
      let logits = emissions(packed, [example])[0]
      return ShownRecording(
        figure: figure(all.predictions[index], of: example, source.name(index), logits),
        hypotheses: HTMLReport.Table(
          of: title(source.name(index)), hypotheses: prediction(logits, search, best: best).hypotheses))
    }
    return evaluation(of: all.predictions, to: all.examples, recordings: recordings)
  }

  /// A recording on the page.
  private struct ShownRecording {
    var figure: HTMLReport.Figure
    var hypotheses: HTMLReport.Table
  }

  private func evaluation(
    of predictions: [Prediction], to examples: [Example], recordings: [ShownRecording]
  ) -> TaskEvaluation {
    let pairs = zip(predictions, examples).compactMap { prediction, example in
      example.transcript.map {
        TranscriptionMetrics.Pair(
          reference: $0, hypothesis: prediction.best.text, group: example.group,
          isKnown: knownTexts?.contains($0))
      }
    }
    let own = TranscriptionMetrics(pairs)
    let raw = TranscriptionMetrics(pairs, form: .raw)
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
        .init("word error rate", own.wordErrorRate), .init("character error rate", own.characterErrorRate),
        .init("sentence error rate", own.sentenceErrorRate), .init("substitutions", own.substitutionRate),
        .init("deletions", own.deletionRate), .init("insertions", own.insertionRate),
      ], lines: own.lines + [rawLine] + weightLines, report: page(own, raw, recordings).html,
      details: own,
      warnings: warnings, inputSeconds: timeUnit == nil ? examples.reduce(0) { $0 + $1.duration } : nil)
  }

  private func page(
    _ own: TranscriptionMetrics, _ raw: TranscriptionMetrics, _ recordings: [ShownRecording]
  ) -> HTMLReport {
    var sections = own.sections(beside: raw)
    if !recordings.isEmpty {
      sections.insert(
        HTMLReport.Section("Recordings", [.figures(recordings.map(\.figure))]), at: min(1, sections.count))
      sections.append(
        HTMLReport.Section(
          "Best hypotheses",
          [
            .paragraph(
              "Natural logarithms: the score is what the network says of all paths of a text and what the language model adds. "
                + "The posterior is the share among all hypotheses that the search still had.")
          ] + recordings.map { .table($0.hypotheses) }))
    }
    if let section = weightSection { sections.append(section) }
    return HTMLReport(
      title: "Transcription",
      lead: "\(counted(own.transcripts, "transcript")), \(counted(own.words.referenceCount, "word")).",
      keyFigures: own.keyFigures, sections: sections)
  }

  /// The recordings that are drawn: those with the most errors for their length, and the first ones.
  private func shown(_ predictions: [Prediction], _ examples: [Example]) -> [Int] {
    TranscriptErrors.shown(
      zip(predictions, examples).map { prediction, example in
        example.transcript.map { .init(reference: $0, hypothesis: prediction.best.text) }
      })
  }
}
