import RecurrentData
import RecurrentReports

extension TranscriptionMetrics {
  /// The numbers that matter, for the head of a page.
  public var keyFigures: [HTMLReport.KeyFigure] {
    func figure(_ name: String, _ rate: ScoreInterval, _ explanation: String) -> HTMLReport.KeyFigure {
      HTMLReport.KeyFigure(
        name, percent(rate.value), interval: "95 %: \(percent(rate.low)) to \(percent(rate.high))",
        explanation: explanation)
    }
    return [
      figure(
        "Word error rate", wordErrorRate,
        "\(counted(words.substitutions, "substitution")), \(counted(words.deletions, "deletion")) and "
          + "\(counted(words.insertions, "insertion")) in \(counted(words.referenceCount, "word"))."),
      figure(
        "Character error rate", characterErrorRate,
        "Of \(grouped(characters.referenceCount)) characters, with blanks between words."),
      figure(
        "Sentence error rate", sentenceErrorRate,
        "\(grouped(wrongTranscripts)) of \(counted(transcripts, "transcript")) have an error."),
    ]
  }

  /// The parts of a page: rates, those by speaker and by length, and the commonest confusions.
  ///
  /// - Parameter other: the metrics of the same transcripts compared in another form; nil for none.
  public func sections(beside other: TranscriptionMetrics? = nil) -> [HTMLReport.Section] {
    [HTMLReport.Section("Error rates", rateBlocks(beside: other))]
      + [
        partSection("By speaker or writer", groups), partSection("By length", lengths),
        partSection("By what was trained on", texts), confusionSection,
      ].compactMap { $0 }
  }

  private func rateBlocks(beside other: TranscriptionMetrics?) -> [HTMLReport.Block] {
    let forms = [self] + [other].compactMap { $0 }
    let rows: [(name: String, path: KeyPath<TranscriptionMetrics, ScoreInterval>)] = [
      ("word errors", \.wordErrorRate), ("substitutions", \.substitutionRate),
      ("deletions", \.deletionRate), ("insertions", \.insertionRate),
      ("character errors", \.characterErrorRate), ("sentences with errors", \.sentenceErrorRate),
    ]
    let table = HTMLReport.Table(
      columns: [.text("rate")] + forms.flatMap { [.number($0.form.rawValue), .number("95 %")] },
      rows: rows.map { row in
        [row.name]
          + forms.flatMap { form -> [String] in
            let rate = form[keyPath: row.path]
            return [percent(rate.value), "\(percent(rate.low)) to \(percent(rate.high))"]
          }
      })
    let explanations = forms.map(\.form.explanation).joined(separator: "; ")
    return [
      .table(table),
      .paragraph(
        "Texts were compared \(explanations). Words are aligned as sclite does it; the intervals are of 1,000 draws of "
          + "whole transcripts."),
    ]
  }

  private func partSection(_ title: String, _ parts: [Part]) -> HTMLReport.Section? {
    guard parts.count > 1 else { return nil }
    let shown =
      parts.count <= 40 ? parts : Array(parts.sorted { ($1.words, $0.name) < ($0.words, $1.name) }.prefix(40))
    let chart = BarChart(
      title: "Word error rate", valueLabel: "errors for each word",
      bars: shown.map {
        BarChart.Bar(
          name: $0.name, value: $0.words > 0 ? $0.wordErrorRate.value : nil,
          interval: $0.wordErrorRate.low...$0.wordErrorRate.high)
      })
    let table = HTMLReport.Table(
      columns: [
        .text(""), .number("transcripts"), .number("words"), .number("word error rate"), .number("95 %"),
        .number("character error rate"), .number("95 %"),
      ],
      rows: shown.map {
        [
          $0.name, grouped($0.transcripts), grouped($0.words), percent($0.wordErrorRate.value),
          "\(percent($0.wordErrorRate.low)) to \(percent($0.wordErrorRate.high))",
          percent($0.characterErrorRate.value),
          "\(percent($0.characterErrorRate.low)) to \(percent($0.characterErrorRate.high))",
        ]
      })
    let rest =
      parts.count > shown.count ? " The \(shown.count) with the most words of \(parts.count) are shown." : ""
    return HTMLReport.Section(
      title,
      [
        .figures([HTMLReport.Figure(chart, caption: "Word errors for each word, with 95 % intervals.\(rest)")]
        ),
        .table(table),
      ])
  }

  private var confusionSection: HTMLReport.Section? {
    guard !confusions.isEmpty else { return nil }
    return HTMLReport.Section(
      "Commonest confusions",
      [
        .table(
          HTMLReport.Table(
            columns: [.text("reference"), .text("hypothesis"), .number("count")],
            rows: confusions.prefix(25).map {
              [$0.reference ?? "(nothing)", $0.hypothesis ?? "(nothing)", "\($0.count)"]
            }
          ))
      ])
  }
}

extension HTMLReport.Table {
  /// The best hypotheses of a recording, a row each, with the parts of their scores.
  ///
  /// - Parameters:
  ///   - name: of the recording.
  ///   - hypotheses: the best first.
  public init(of name: String, hypotheses: [DecodedHypothesis]) {
    func number(_ value: Double) -> String { rounded(value, 2) }
    self.init(
      caption: name,
      columns: [
        .text("text"), .number("score"), .number("network"), .number("language"), .number("posterior"),
      ],
      rows: hypotheses.map {
        [
          $0.text, number($0.score), number($0.networkScore), number($0.scorerScore), percent($0.posterior),
        ]
      })
  }
}
