import RecurrentReports

extension ReinforcementTask {
  /// The page of an evaluation.
  func report(
    _ own: ReturnMetrics, _ other: ReturnMetrics?, _ records: [EpisodeRecord], _ film: [Scene],
    _ environment: String
  ) -> HTMLReport {
    func interval(_ score: ScoreInterval) -> String {
      "95 %: \(significant(score.low)) to \(significant(score.high))"
    }
    var figures = [
      HTMLReport.KeyFigure(
        "Mean return", significant(own.mean.value), interval: interval(own.mean),
        explanation: "The sum of the rewards of an episode, with the likeliest actions.")
    ]
    if let success = own.success {
      figures.append(
        .init(
          "Success", percent(success.value),
          interval: "95 %: \(percent(success.low)) to \(percent(success.high))",
          explanation: "Episodes with a return of at least \(significant(spaces.successReturn ?? 0))."))
    }
    if let other {
      figures.append(
        .init(
          "Without memory", significant(other.mean.value), interval: interval(other.mean),
          explanation: "The same network, trained alike, that forgets everything before each step."))
    }
    var sections: [HTMLReport.Section] = []
    if curve.contains(where: { $0.meanReturn != nil || $0.validationReturn != nil }) {
      sections.append(.init("Learning", [.figures([learningFigure])]))
    }
    sections.append(.init("Returns", [.figures([returnsFigure(own, other)]), .table(table(own, other))]))
    sections.append(.init("An episode", [.figures(episodeFigures(records[0], film, environment))]))
    return HTMLReport(
      title: "Reinforcement",
      lead:
        "\(counted(records.count, "episode")) in \(environment), each with a seed that was not trained on.",
      keyFigures: figures, sections: sections)
  }

  /// The course of the training.
  private var learningFigure: HTMLReport.Figure {
    func points(_ curve: [LearningPoint], _ value: (LearningPoint) -> Double?) -> [(x: Double, y: Double)] {
      curve.compactMap { point in value(point).map { (Double(point.stepCount), $0) } }
    }
    var curves = [
      LineChart.Curve(name: "in training, drawn actions", points: points(curve, \.meanReturn)),
      LineChart.Curve(
        name: "validation, likeliest actions", points: points(curve, \.validationReturn), hasMarks: true),
    ]
    if let control {
      curves.append(
        LineChart.Curve(name: "without memory, validation", points: points(control.curve, \.validationReturn))
      )
    }
    return HTMLReport.Figure(
      LineChart(
        title: "Learning curve", xLabel: "steps of experience", yLabel: "mean return",
        curves: curves.filter { !$0.points.isEmpty }),
      caption:
        "The mean return of the episodes that ended in each part of the training, and of those behind it.")
  }

  private func returnsFigure(_ own: ReturnMetrics, _ other: ReturnMetrics?) -> HTMLReport.Figure {
    func sorted(_ returns: [Double]) -> [(x: Double, y: Double)] {
      let count = Double(max(returns.count - 1, 1))
      return returns.sorted().enumerated().map { (100 * Double($0.offset) / count, $0.element) }
    }
    var curves = [LineChart.Curve(name: "policy", points: sorted(own.returns))]
    if let other { curves.append(LineChart.Curve(name: "without memory", points: sorted(other.returns))) }
    return HTMLReport.Figure(
      LineChart(
        title: "Returns by size", xLabel: "share of the episodes, %", yLabel: "return", curves: curves),
      caption: "The returns of all episodes, the least first.")
  }

  private func table(_ own: ReturnMetrics, _ other: ReturnMetrics?) -> HTMLReport.Table {
    func row(_ name: String, _ metrics: ReturnMetrics) -> [String] {
      let sorted = metrics.returns.sorted()
      return [
        name, significant(metrics.mean.value),
        "\(significant(metrics.mean.low)) – \(significant(metrics.mean.high))",
        significant(metrics.deviation), significant(sorted[0]), significant(sorted[sorted.count / 2]),
        significant(sorted[sorted.count - 1]), metrics.success.map { percent($0.value) } ?? "–",
      ]
    }
    return HTMLReport.Table(
      columns: [
        .text("policy"), .number("mean"), .number("95 %"), .number("deviation"), .number("least"),
        .number("median"), .number("largest"), .number("success"),
      ], rows: [row("with memory", own)] + (other.map { [row("without memory", $0)] } ?? []))
  }

  /// What an episode looks like: as a film where there is something to see, and what was observed and done step by step.
  private func episodeFigures(
    _ record: EpisodeRecord, _ film: [Scene], _ environment: String
  ) -> [HTMLReport.Figure] {
    var figures: [HTMLReport.Figure] = []
    if !film.isEmpty {
      figures.append(
        HTMLReport.Figure(
          strip(record, film, environment), caption: "The first episode, from left to right and downward."))
    }
    figures.append(
      HTMLReport.Figure(
        episodeChart(record), caption: "What was observed, on the scale of the network, and done."))
    return figures
  }

  /// An episode as a film.
  private func strip(
    _ record: EpisodeRecord, _ film: [Scene], _ environment: String
  ) -> SceneStripChart {
    SceneStripChart(
      title:
        "\(environment): \(counted(record.stepCount, "step")), return \(significant(record.totalReward))",
      scenes: film)
  }

  /// An episode as a picture: a film, or curves where there is nothing to see.
  func picture(of record: EpisodeRecord, _ film: [Scene], in environment: String) -> String {
    film.isEmpty ? episodeChart(record).svg : strip(record, film, environment).svg
  }

  /// The observations of an episode on the scale of the network, and its actions.
  func episodeChart(_ record: EpisodeRecord) -> LineChart {
    let observed = spaces.observations.enumerated().prefix(6).map { channel, name in
      LineChart.Curve(
        name: name,
        points: record.steps.enumerated().map {
          (Double($0.offset + 1), Double(scaler.scaled($0.element.observation[channel], channel: channel)))
        })
    }
    let names: [String]
    switch spaces.actions {
    case .discrete: names = ["action"]
    case .continuous(let bounds): names = bounds.map(\.name)
    }
    let done = names.enumerated().prefix(4).map { place, name in
      LineChart.Curve(
        name: name,
        points: record.steps.enumerated().map { (Double($0.offset + 1), Double($0.element.action[place])) },
        isStepped: true)
    }
    return LineChart(
      title: "An episode: return \(significant(record.totalReward))", xLabel: "step", yLabel: "value",
      curves: observed + done)
  }
}
