import RecurrentReports

extension ClassificationReport {
  /// The evaluation as a page.
  ///
  /// - Parameters:
  ///   - title: its headline.
  ///   - lead: what was evaluated on what.
  ///   - notes: remarks on the whole, such as on the data.
  public func htmlReport(title: String, lead: String, notes: [HTMLReport.Note] = []) -> HTMLReport {
    var sections = [classSection]
    if count > 0 { sections.append(confusionSection) }
    if !curves.isEmpty { sections.append(thresholdSection) }
    if count > 0 { sections.append(calibrationSection) }
    return HTMLReport(
      title: title, lead: lead, keyFigures: keyFigures, notes: notes + ownNotes, sections: sections)
  }

  private var keyFigures: [HTMLReport.KeyFigure] {
    func figure(_ name: String, _ own: ScoreInterval, _ explanation: String) -> HTMLReport.KeyFigure {
      HTMLReport.KeyFigure(
        name, rounded(own.value, 4), interval: "95 %: \(rounded(own.low, 4)) to \(rounded(own.high, 4))",
        explanation: explanation)
    }
    var figures = [
      figure(
        "Accuracy", accuracy,
        "The share of correct predictions; the most frequent class alone makes \(rounded(majorityShare, 4))."),
      figure(
        "Macro F1", macroF1, "The mean F1 of the classes that occur; rare ones count as much as others."),
      HTMLReport.KeyFigure(
        "Calibration error", rounded(calibrationErrorAfter, 4),
        interval: "before the temperature: \(rounded(calibrationErrorBefore, 4))",
        explanation: "The mean distance of confidence and share of right predictions."),
    ]
    for k in [3, 5] where k < classes.count && k <= topK.count {
      figures.append(
        HTMLReport.KeyFigure(
          "Among the top \(k)", rounded(topK[k - 1], 4),
          explanation: "The share of items whose class is among the \(k) likeliest."))
    }
    figures.append(HTMLReport.KeyFigure("Items", "\(count)", explanation: "In \(classes.count) classes."))
    return figures
  }

  private var ownNotes: [HTMLReport.Note] {
    var notes: [HTMLReport.Note] = []
    if count == 0 { notes.append(.warning("There were no items.")) }
    notes += warnings.map { .warning($0.prefix(1).uppercased() + $0.dropFirst() + ".") }
    if invalidCount > 0 {
      notes.append(
        .warning(
          "\(invalidCount) of \(count) items have scores that are not numbers; these count as the lowest."))
    }
    let missing = classes.filter { $0.support == 0 }.map(\.name)
    if count > 0, !missing.isEmpty {
      let names = missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? ", ..." : "")
      notes.append(
        .warning(
          "No items of \(missing.count) of \(classes.count) classes, which nothing is known about: \(names).")
      )
    }
    let rare = classes.filter { (1..<10).contains($0.support) }.count
    if rare > 0 {
      notes.append(.information("\(rare) classes have fewer than 10 items; their figures may be chance."))
    }
    return notes
  }

  private var classSection: HTMLReport.Section {
    func share(_ value: Double?) -> String { value.map { rounded($0, 4) } ?? "–" }
    let table = HTMLReport.Table(
      columns: [
        .text("class"), .number("items"), .number("precision"), .number("recall"), .number("F1"),
        .number("area under ROC"), .number("average precision"),
      ],
      rows: classes.map { own in
        [
          own.name, "\(own.support)", share(own.precision), share(own.recall), rounded(own.f1, 4),
          share(own.areaUnderROC), share(own.averagePrecision),
        ]
      })
    var blocks = [HTMLReport.Block.table(table)]
    if (2...40).contains(classes.count) {
      let chart = BarChart(
        title: "F1 by class", valueLabel: "F1",
        bars: classes.map { BarChart.Bar(name: $0.name, value: $0.support > 0 ? $0.f1 : nil) }, range: 0...1)
      blocks.append(
        .figures([
          HTMLReport.Figure(
            chart, caption: "The harmonic mean of precision and recall; – for classes without items.")
        ]))
    }
    return HTMLReport.Section("Classes", blocks)
  }

  private var confusionSection: HTMLReport.Section {
    var blocks: [HTMLReport.Block] = []
    if classes.count <= 50 {
      let chart = ConfusionMatrixChart(
        title: "Confusion matrix", names: classes.map(\.name), counts: confusion)
      blocks.append(
        .figures([
          HTMLReport.Figure(
            chart, caption: "Items by their class (rows) and the class they were given (columns).")
        ]))
    }
    let frequent = frequentConfusions(limit: 20)
    if frequent.isEmpty {
      blocks.append(.paragraph("No item was given a wrong class."))
    } else {
      blocks.append(
        .table(
          HTMLReport.Table(
            caption: "The most frequent confusions",
            columns: [.text("known"), .text("given"), .number("items"), .number("of the known class")],
            rows: frequent.map { [$0.known, $0.given, "\($0.count)", percent($0.share)] })))
    }
    return HTMLReport.Section("Confusions", blocks)
  }

  private var thresholdSection: HTMLReport.Section {
    func points(_ own: [CurvePoint]) -> [(x: Double, y: Double)] { own.map { ($0.x, $0.y) } }
    let roc = LineChart(
      title: "ROC", xLabel: "false positives, share", yLabel: "true positives, share",
      curves: curves.map { LineChart.Curve(name: $0.name, points: points($0.roc)) }, xRange: 0...1,
      yRange: 0...1, hasDiagonal: true, isSquare: true)
    let precisionRecall = LineChart(
      title: "Precision and recall", xLabel: "recall", yLabel: "precision",
      curves: curves.map { own in
        // the precision of the first point holds from the left on
        let first = own.precisionRecall.first.map { [(x: 0.0, y: $0.y)] } ?? []
        return LineChart.Curve(name: own.name, points: first + points(own.precisionRecall), isStepped: true)
      }, xRange: 0...1, yRange: 0...1, isSquare: true)
    var blocks: [HTMLReport.Block] = [
      .figures([
        HTMLReport.Figure(roc, caption: "Each class against all others; chance is the dashed line."),
        HTMLReport.Figure(precisionRecall, caption: "Each class against all others."),
      ])
    ]
    if curves.count < classes.count {
      blocks.append(.paragraph("The curves are those of the \(curves.count) classes with the most items."))
    }
    return HTMLReport.Section("Thresholds", blocks)
  }

  private var calibrationSection: HTMLReport.Section {
    let chart = ReliabilityChart(
      title: "Reliability",
      series: [
        ("before the temperature", reliabilityBefore), ("after", reliability),
      ].map { name, bins in
        ReliabilityChart.Series(name: name, bins: bins.map { ($0.confidence, $0.accuracy, $0.count) })
      })
    return HTMLReport.Section(
      "Calibration",
      [
        .paragraph(
          "The scores are divided by \(rounded(temperature, 3)) before they become probabilities. Where "
            + "confidence and share of right predictions agree, a probability means what it says; below the "
            + "line the network is too sure."
        ),
        .figures([HTMLReport.Figure(chart, caption: "Predictions by their confidence, in 15 ranges.")]),
      ])
  }
}
