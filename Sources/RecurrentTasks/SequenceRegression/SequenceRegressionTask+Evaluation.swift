import RecurrentReports

extension SequenceRegressionTask {
  /// Errors of each target and their means over all targets, beside those of the mean of the training part and of persistence.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let own = SequenceRegressionMetrics(self, predictions, to: examples)
    var metrics = [
      ("root mean squared error", own.mean(\.model.rmse)), ("mean absolute error", own.mean(\.model.mae)),
      ("R2", own.mean(\.model.r2)), ("NRMSE", own.mean(\.model.nrmse)),
      ("root mean squared error of the mean", own.mean(\.mean.rmse)),
      ("root mean squared error of persistence", own.mean { $0.persistence?.rmse }),
      ("coverage", own.mean(\.coverage)),
    ]
    for target in own.targets where targets.count > 1 {
      metrics += [
        ("root mean squared error, \(target.name)", target.model.rmse),
        ("mean absolute error, \(target.name)", target.model.mae), ("R2, \(target.name)", target.model.r2),
        ("NRMSE, \(target.name)", target.model.nrmse), ("coverage, \(target.name)", target.coverage),
      ]
    }
    let steps = examples.reduce(0) { $0 + stepCount(of: $1) }
    let lead = "\(counted(examples.count, "sequence")), \(counted(steps, "step"))."
    return TaskEvaluation(
      metrics: metrics.compactMap { name, value in value.map { .init(name, $0) } },
      lines: [lead] + own.targets.flatMap(lines), report: report(own, predictions, examples, lead).html,
      details: own,
      warnings: own.targets.filter { $0.model.rmse >= $0.mean.rmse }.map {
        "\($0.name) is predicted no better than by its mean in the training part"
      })
  }

  /// The steps at which a target is known.
  private func stepCount(of example: Example) -> Int {
    stride(from: 0, to: example.targets.count, by: targets.count).count { start in
      example.targets[start..<start + targets.count].contains { $0.isFinite }
    }
  }

  private func lines(_ target: SequenceRegressionMetrics.Target) -> [String] {
    func number(_ value: Double?) -> String { value.map { significant($0) } ?? "-" }
    return [
      "\(target.name): RMSE \(number(target.model.rmse)), MAE \(number(target.model.mae)), "
        + "R2 \(number(target.model.r2)), NRMSE \(number(target.model.nrmse)), "
        + "coverage \(rounded(target.coverage, 3)) (nominal: \(ConformalIntervals.regressionCoverage))",
      "  RMSE of the mean of the training part \(number(target.mean.rmse)), "
        + "of persistence, which needs the target of the step before, \(number(target.persistence?.rmse))",
    ]
  }

  private func report(
    _ own: SequenceRegressionMetrics, _ predictions: [Prediction], _ examples: [Example], _ lead: String
  ) -> HTMLReport {
    func number(_ value: Double?) -> String { value.map { significant($0) } ?? "–" }
    let rows = own.targets.flatMap { target in
      [("model", target.model), ("the mean", target.mean), ("persistence", target.persistence)].map {
        name, errors in
        [
          target.name, name, number(errors?.rmse), number(errors?.mae), number(errors?.r2),
          number(errors?.nrmse),
        ]
      }
    }
    let nominal = ConformalIntervals.regressionCoverage
    let bounds = own.targets.map { [$0.name, percent(nominal), percent($0.coverage), significant($0.width)] }
    let figures = targets.indices.prefix(8).compactMap { target in
      chart(predictions, examples, [target]).map {
        HTMLReport.Figure($0, caption: "The first sequence.")
      }
    }
    return HTMLReport(
      title: "Sequence regression", lead: lead,
      keyFigures: [
        .init(
          "RMSE", number(own.mean(\.model.rmse)), explanation: "The mean over the targets, as the others."),
        .init(
          "R²", number(own.mean(\.model.r2)), explanation: "The share of the variance that is explained."),
        .init("NRMSE", number(own.mean(\.model.nrmse)), explanation: "RMSE in deviations of the target."),
        .init(
          "Coverage", number(own.mean(\.coverage)),
          explanation: "The nominal coverage is \(rounded(100 * nominal, 0)) %."),
      ],
      sections: [
        .init(
          "Errors",
          [
            .paragraph(
              "The mean is that of the training part. Persistence is the target of the step before, which the model does not read."
            ),
            .table(
              .init(
                columns: [
                  .text("target"), .text("prediction"), .number("RMSE"), .number("MAE"), .number("R²"),
                  .number("NRMSE"),
                ], rows: rows)),
          ]),
        .init(
          "Bounds",
          [
            .table(
              .init(
                columns: [.text("target"), .number("nominal"), .number("actual"), .number("width")],
                rows: bounds))
          ]),
        .init("Course", [.figures(Array(figures))]),
      ])
  }

  /// Targets and predictions of the first sequence; several targets in deviations from their means.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    chart(predictions, examples, Array(targets.indices))?.svg
  }

  private func chart(_ predictions: [Prediction], _ examples: [Example], _ shown: [Int]) -> LineChart? {
    guard let prediction = predictions.first, let example = examples.first, !prediction.values.isEmpty else {
      return nil
    }
    let isScaled = shown.count > 1
    let curves = shown.flatMap { target -> [LineChart.Curve] in
      func point(_ step: Int, _ value: Double) -> (x: Double, y: Double) {
        (Double(step + 1), isScaled ? (value - scaler.centers[target]) / scaler.scales[target] : value)
      }
      let known = known(target, of: example).map { point($0.step, $0.value) }
      let own = (0..<prediction.values.count / targets.count).map {
        point($0, prediction.interval(target, at: $0).value)
      }
      return (known.isEmpty ? [] : [.init(name: targets[target], points: known)])
        + [.init(name: targets[target] + ", predicted", points: own)]
    }
    return LineChart(
      title: isScaled ? "Targets and predictions" : targets[shown[0]], xLabel: "step",
      yLabel: isScaled ? "deviations from the mean" : targets[shown[0]], curves: curves)
  }
}
