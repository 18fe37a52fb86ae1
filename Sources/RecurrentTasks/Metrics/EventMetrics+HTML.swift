import RecurrentReports

extension EventMetrics {
  /// The evaluation as a page.
  ///
  /// - Parameters:
  ///   - title: its headline.
  ///   - lead: what was evaluated on what.
  ///   - byLabel: the events of each label, which this is the sum of.
  ///   - score: by what events were compared; nil for the tolerances.
  ///   - tolerance: of the beginnings, in seconds.
  ///   - endTolerance: of the ends; nil where the beginnings alone were compared.
  ///   - examples: parts of recordings.
  ///   - notes: remarks on the whole, such as on the data.
  ///   - unit: what times count.
  public func htmlReport(
    title: String, lead: String, byLabel: [String: EventMetrics], rule score: EventScore? = nil,
    tolerance: Double,
    endTolerance: Double? = nil, examples: [EventChart] = [], notes: [HTMLReport.Note] = [],
    unit: String = "s"
  ) -> HTMLReport {
    let ends = endTolerance.map { " and ends within \(significant($0)) \(unit) of its end" } ?? ""
    let rule =
      score.map {
        "A known event counts as found by \($0.rule("\(significant(tolerance)) \(unit)")) of one of its label; each "
          + "stands for at most one."
      }
      ?? "A known event counts as found when one of its label begins within "
      + "\(significant(tolerance)) \(unit) of it\(ends); each stands for at most one."
    var sections = [labelSection(byLabel.sorted { $0.key < $1.key }, rule: rule, unit)]
    if !examples.isEmpty {
      let caption = "Found events above the signal, known ones below it."
      sections.append(
        HTMLReport.Section(
          "Examples", [.figures(examples.map { HTMLReport.Figure($0, caption: caption) })]))
    }
    return HTMLReport(
      title: title, lead: lead, keyFigures: keyFigures(unit),
      notes: notes + (hits + misses == 0 ? [.warning("There were no known events.")] : []),
      sections: sections)
  }

  private func keyFigures(_ unit: String) -> [HTMLReport.KeyFigure] {
    [
      HTMLReport.KeyFigure(
        "F1", rounded(f1, 4), explanation: "The harmonic mean of precision and recall."),
      HTMLReport.KeyFigure(
        "Precision", EventMetrics.share(precision),
        explanation: "Of what was found the share that is known."),
      HTMLReport.KeyFigure(
        "Recall", EventMetrics.share(recall), explanation: "Of what is known the share that was found."),
      HTMLReport.KeyFigure(
        "Mean delay", EventMetrics.time(meanDelay, unit),
        interval: meanDeviation.map { "without the sign: \(EventMetrics.time($0, unit))" },
        explanation: "Found time less known time."),
    ]
  }

  private func labelSection(
    _ parts: [(key: String, value: EventMetrics)], rule: String, _ unit: String
  ) -> HTMLReport.Section {
    let rows = (parts + [(key: "all", value: self)]).map { label, own in
      [
        label, "\(own.hits)", "\(own.falseAlarms)", "\(own.misses)", EventMetrics.share(own.precision),
        EventMetrics.share(own.recall), rounded(own.f1, 4), EventMetrics.time(own.meanDelay, unit),
        EventMetrics.time(own.meanDeviation, unit),
      ]
    }
    var blocks: [HTMLReport.Block] = [
      .paragraph(rule),
      .table(
        HTMLReport.Table(
          columns: [
            .text("label"), .number("hits"), .number("false alarms"), .number("misses"), .number("precision"),
            .number("recall"), .number("F1"), .number("mean delay"), .number("mean deviation"),
          ], rows: rows)),
    ]
    if (2...40).contains(parts.count) {
      let chart = BarChart(
        title: "F1 by label", valueLabel: "F1",
        bars: parts.map { BarChart.Bar(name: $0.key, value: $0.value.f1) },
        range: 0...1)
      blocks.append(
        .figures([HTMLReport.Figure(chart, caption: "The harmonic mean of precision and recall.")]))
    }
    return HTMLReport.Section("Labels", blocks)
  }

  private static func share(_ value: Double?) -> String { value.map { rounded($0, 4) } ?? "–" }

  private static func time(_ value: Double?, _ unit: String) -> String {
    value.map { significant($0, 3) + " " + unit } ?? "–"
  }
}
