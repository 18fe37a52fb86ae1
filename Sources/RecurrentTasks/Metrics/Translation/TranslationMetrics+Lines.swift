import RecurrentReports

extension TranslationMetrics {
  /// The evaluation as lines of a terminal.
  public var lines: [String] {
    func line(_ name: String, _ score: ScoreInterval) -> String {
      "\(name) \(fixed(score.value, 1)) (95 %: \(fixed(score.low, 1)) to \(fixed(score.high, 1)))"
    }
    return [
      counted(sentences, "sentence"), line("BLEU", bleu), line("chrF2", chrF), line("chrF2++", chrFPlusPlus),
    ] + signatures
  }

  /// The numbers that matter, for the head of a page.
  public var keyFigures: [HTMLReport.KeyFigure] {
    func figure(_ name: String, _ score: ScoreInterval, _ explanation: String) -> HTMLReport.KeyFigure {
      HTMLReport.KeyFigure(
        name, fixed(score.value, 1), interval: "95 %: \(fixed(score.low, 1)) to \(fixed(score.high, 1))",
        explanation: explanation)
    }
    return [
      figure(
        "BLEU", bleu, "N-grams of 1 to 4 words, \(settings.tokenizer.rawValue) tokens, with case. 0 to 100."),
      figure("chrF2", chrF, "N-grams of 1 to 6 characters, recall counted twice. 0 to 100."),
      figure("chrF2++", chrFPlusPlus, "The same with words and pairs of them. 0 to 100."),
    ]
  }

  /// The parts of a page: scores with their signatures, and those by the length of the source.
  public var sections: [HTMLReport.Section] {
    let note = warning.map { [HTMLReport.Block.note(.warning($0.text))] } ?? []
    let scores = HTMLReport.Section(
      "Scores",
      note + signatures.map(HTMLReport.Block.paragraph) + [
        .paragraph(
          "As sacrebleu computes and prints them, over the final text. The intervals are of 1,000 draws of whole sentences."
        )
      ])
    guard lengths.count > 1 else { return [scores] }
    let chart = BarChart(
      title: "BLEU by length of the source", valueLabel: "BLEU",
      bars: lengths.map {
        BarChart.Bar(name: $0.name, value: $0.bleu.value, interval: $0.bleu.low...$0.bleu.high)
      })
    let table = HTMLReport.Table(
      columns: [
        .text(""), .number("sentences"), .number("BLEU"), .number("95 %"), .number("chrF2"), .number("95 %"),
      ],
      rows: lengths.map { part in
        [part.name, grouped(part.sentences)]
          + [part.bleu, part.chrF].flatMap {
            [fixed($0.value, 1), "\(fixed($0.low, 1)) to \(fixed($0.high, 1))"]
          }
      })
    return [
      scores,
      HTMLReport.Section(
        "By length",
        [.figures([HTMLReport.Figure(chart, caption: "BLEU with 95 % intervals.")]), .table(table)]),
    ]
  }
}
