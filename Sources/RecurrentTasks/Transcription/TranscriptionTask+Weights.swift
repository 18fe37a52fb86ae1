import RecurrentReports

extension TranscriptionTask {
  /// Recordings that weights are searched with, and hypotheses that are kept for that.
  private static let (recordingLimit, searchBeam) = (200, 16)

  /// Finds the weights of the language model that read recordings best. The network reads them once.
  ///
  /// - Throws: what reading the recordings throws.
  mutating func searchWeights(_ model: SequenceTagger, on source: ExampleSource<Example>) throws {
    guard language.hasModel, !language.areWeightsGiven else { return }
    let packed = packed(model)
    var (emissions, texts) = ([[Float]](), [String]())
    for index in 0..<min(source.count, TranscriptionTask.recordingLimit) {
      let example = try source[index]
      guard let text = example.transcript else { continue }
      emissions += self.emissions(packed, [example])
      texts.append(text)
    }
    guard !texts.isEmpty else { return }
    let units = spelling
    var settings = search.settings
    settings.beamWidth = min(settings.beamWidth, TranscriptionTask.searchBeam)
    let (language, bounds) = (language, settings)
    let result = WeightSearch().run { alpha, beta in
      let search = language.search(units, bounds, weights: (alpha, beta))
      let pairs = zip(emissions, texts).map { logits, text in
        TranscriptionMetrics.Pair(
          reference: text, hypothesis: (try? search.decode(logits))?.first?.text ?? "")
      }
      let own = TranscriptErrors(pairs)
      return own.wordErrorRate + own.characterErrorRate / 10
    }
    (self.language.alpha, self.language.beta) = (result.best.alpha, result.best.beta)
    self.language.trials = result.trials.map {
      WeightTrial(alpha: $0.alpha, beta: $0.beta, error: min($0.error, 1e9))
    }
  }

  /// The weights, as lines of a terminal.
  var weightLines: [String] {
    guard language.hasModel else { return [] }
    return [
      "\(language.name): weight \(rounded(language.alpha, 3)), "
        + "\(rounded(language.beta, 3)) for each \(language.areCharacters ? "character" : "word")"
    ]
  }

  /// The search for the weights as a part of a page; nil where there was none.
  var weightSection: HTMLReport.Section? {
    let (best, trials) = (language, language.trials)
    guard !trials.isEmpty else { return nil }
    func curve(_ name: String, _ points: [(x: Double, y: Double)]) -> LineChart.Curve {
      LineChart.Curve(name: name, points: points.sorted { $0.x < $1.x }, hasMarks: true)
    }
    let alphas = trials.filter { $0.beta == best.beta }.map { (x: $0.alpha, y: $0.error) }
    let betas = trials.filter { $0.alpha == best.alpha }.map { (x: $0.beta, y: $0.error) }
    return HTMLReport.Section(
      "Language model",
      [
        .paragraph(
          "The weight \(rounded(best.alpha, 3)) of its logarithms and \(rounded(best.beta, 3)) for each word were found on "
            + "the validation part in \(counted(trials.count, "trial")). The error is the word error rate and a tenth of the "
            + "character error rate."),
        .figures([
          HTMLReport.Figure(
            LineChart(
              title: "Weight", xLabel: "weight of the logarithms", yLabel: "error",
              curves: [curve("weight", alphas)]), caption: "At \(rounded(best.beta, 3)) for each word."),
          HTMLReport.Figure(
            LineChart(
              title: "Bonus", xLabel: "added for each word", yLabel: "error", curves: [curve("bonus", betas)]),
            caption: "At the weight \(rounded(best.alpha, 3))."),
        ]),
      ])
  }
}
