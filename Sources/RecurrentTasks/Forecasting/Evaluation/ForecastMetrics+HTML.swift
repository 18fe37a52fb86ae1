import RecurrentReports

extension ForecastMetrics {
  /// The evaluation of a model beside what it has to beat, as a page.
  ///
  /// - Parameters:
  ///   - title: its headline.
  ///   - lead: what was evaluated on what.
  ///   - model: the model.
  ///   - baselines: what it has to beat.
  ///   - examples: forecasts of parts of the data.
  ///   - notes: remarks on the whole, such as on the data.
  public static func htmlReport(
    title: String, lead: String, model: NamedForecastMetrics, baselines: [NamedForecastMetrics],
    examples: [FanChart] = [], notes: [HTMLReport.Note] = []
  ) -> HTMLReport {
    let all = [model] + baselines
    var sections = [comparisonSection(all, hasQuantiles: model.metrics.crps != nil)]
    if all.contains(where: { $0.steps.count > 1 }) { sections.append(stepSection(all)) }
    if !model.metrics.coverages.isEmpty { sections.append(coverageSection(model.metrics.coverages)) }
    if !examples.isEmpty {
      let caption = "The bands hold the truth with the shares in the legend."
      sections.append(
        HTMLReport.Section(
          "Examples", [.figures(examples.map { HTMLReport.Figure($0, caption: caption) })]))
    }
    return HTMLReport(
      title: title, lead: lead, keyFigures: keyFigures(model.metrics, baselines),
      notes: notes + ownNotes(all), sections: sections)
  }

  private static func keyFigures(
    _ own: ForecastMetrics, _ baselines: [NamedForecastMetrics]
  ) -> [HTMLReport.KeyFigure] {
    var figures = [HTMLReport.KeyFigure("MAE", significant(own.mae), explanation: "The mean absolute error.")]
    let known = baselines.filter { $0.metrics.count > 0 && $0.metrics.mae > 0 }
    if own.count > 0, let best = known.min(by: { $0.metrics.mae < $1.metrics.mae }) {
      let share = 1 - own.mae / best.metrics.mae
      figures.append(
        HTMLReport.KeyFigure(
          share >= 0 ? "Better by" : "Worse by", percent(abs(share)),
          explanation: "The mean absolute error, compared with the best baseline: \(best.name)."))
    }
    if let mase = own.mase {
      figures.append(
        HTMLReport.KeyFigure(
          "MASE", significant(mase),
          explanation:
            "The absolute error in units of that of the seasonal-naive forecast; below 1 is better."))
    }
    if let crps = own.crps {
      figures.append(
        HTMLReport.KeyFigure("CRPS", significant(crps), explanation: "The error of the whole distribution."))
    }
    if let coverage = own.coverages.last {
      figures.append(
        HTMLReport.KeyFigure(
          "Within \(percent(coverage.nominal))", percent(coverage.actual),
          explanation: "The share of truths within the interval of \(percent(coverage.nominal))."))
    }
    figures.append(
      HTMLReport.KeyFigure(
        "Predicted values", grouped(own.count), explanation: "Steps and targets whose value is known."))
    return figures
  }

  private static func ownNotes(_ all: [NamedForecastMetrics]) -> [HTMLReport.Note] {
    all.compactMap { own in
      let total = own.metrics.count + own.metrics.missing
      if own.metrics.count == 0 { return .warning("\(own.name): there were no numbers to evaluate.") }
      guard own.metrics.missing > 0 else { return nil }
      return .warning(
        "\(own.name): \(own.metrics.missing) of \(total) numbers were left out, "
          + "for the truth or the forecast is missing."
      )
    }
  }

  private static func comparisonSection(
    _ all: [NamedForecastMetrics], hasQuantiles: Bool
  ) -> HTMLReport.Section {
    func number(_ value: Double?) -> String { value.map { significant($0) } ?? "–" }
    let rows = all.map { named -> [String] in
      let own = named.metrics
      guard own.count > 0 else { return [named.name] + [String](repeating: "–", count: 7) }
      return [
        named.name, number(own.mae), number(own.rmse), number(own.mse), number(own.mase),
        rounded(own.smape, 2),
        number(own.weightedQuantileLoss), number(own.crps),
      ]
    }
    let chart = BarChart(
      title: "Mean absolute error", valueLabel: "mean absolute error",
      bars: all.enumerated().map { index, own in
        BarChart.Bar(
          name: own.name, value: own.metrics.count > 0 ? own.metrics.mae : nil, isReference: index > 0)
      })
    let points =
      "Of the model, MAE, MASE and sMAPE are those of the median, RMSE and MSE those of the mean, and wQL and CRPS those of "
      + "all quantiles. Baselines are points: their wQL is the sum of absolute errors divided by that of absolute values, "
      + "and their CRPS is their MAE."
    return HTMLReport.Section(
      "Errors",
      (hasQuantiles ? [.paragraph(points)] : []) + [
        .table(
          HTMLReport.Table(
            columns: [
              .text("forecast"), .number("MAE"), .number("RMSE"), .number("MSE"), .number("MASE"),
              .number("sMAPE, %"), .number("wQL"), .number("CRPS"),
            ], rows: rows)),
        .figures([HTMLReport.Figure(chart, caption: "Shorter is better; baselines are outlines.")]),
      ])
  }

  private static func stepSection(_ all: [NamedForecastMetrics]) -> HTMLReport.Section {
    let chart = LineChart(
      title: "Error by step", xLabel: "step of the horizon", yLabel: "mean absolute error",
      curves: all.filter { !$0.steps.isEmpty }.map { own in
        LineChart.Curve(
          name: own.name,
          points: own.steps.enumerated().filter { $0.element.count > 0 }.map {
            (Double($0.offset + 1), $0.element.mae)
          }, hasMarks: own.steps.count <= 30)
      })
    return HTMLReport.Section(
      "Horizon", [.figures([HTMLReport.Figure(chart, caption: "How the error grows with the distance.")])])
  }

  private static func coverageSection(_ coverages: [Coverage]) -> HTMLReport.Section {
    let table = HTMLReport.Table(
      columns: [
        .text("interval"), .number("nominal"), .number("actual"), .number("difference"),
        .number("mean width"),
      ],
      rows: coverages.map { own in
        [
          percent(own.nominal), percent(own.nominal), percent(own.actual),
          rounded((own.actual - own.nominal) * 100, 1) + " points", significant(own.width),
        ]
      })
    return HTMLReport.Section(
      "Intervals",
      [
        .paragraph("How often the truth lay in an interval around the median, and how often it should have."),
        .table(table),
      ])
  }
}
