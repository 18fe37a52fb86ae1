import RecurrentReports

extension ControlTask {
  /// The page of an evaluation of numbers.
  func report(
    _ own: ControlMetrics, _ predictions: [Prediction], _ examples: [Example], _ lead: String
  ) -> HTMLReport {
    func number(_ value: Double?) -> String { value.map { significant($0) } ?? "–" }
    let isSystem = kind == .simulation
    let rows = own.outputs.flatMap { output in
      let all: [(String, ControlMetrics.Errors?)] =
        isSystem
        ? [
          ("model, free run", output.model), ("model, one step", output.oneStep),
          ("linear ARX, free run", output.linear), ("linear ARX, one step", output.linearOneStep),
        ]
        : [
          ("model", output.model), ("linear with memory", output.linear),
          ("the last action again", output.held),
        ]
      return all.filter { $0.1 != nil }.map { name, errors in
        [output.name, name, number(errors?.rootMeanSquaredError), number(errors?.fit), number(errors?.r2)]
      }
    }
    var sections: [HTMLReport.Section] = [
      .init(
        "Errors",
        [
          .table(
            .init(
              columns: [
                .text("output"), .text("prediction"), .number("RMSE"), .number("fit in %"), .number("R²"),
              ],
              rows: rows))
        ])
    ]
    for channel in outputs.indices.prefix(8) {
      guard let course = course(channel, predictions, examples) else { continue }
      let residual = examples.indices.flatMap { index in
        residuals(channel, predictions[index], examples[index]).map(\.y)
      }
      sections.append(
        .init(
          outputs[channel],
          [
            .figures([
              .init(course, caption: "The first episode."),
              .init(
                LineChart(
                  title: "Residual", xLabel: stepLabel,
                  yLabel: "measured - \(isSystem ? "simulated" : "given")",
                  curves: [
                    .init(name: "residual", points: residuals(channel, predictions[0], examples[0]))
                  ]),
                caption: "What is left of it."),
              .init(
                ControlTask.autocorrelationChart(residual),
                caption: "Of a model that has found all there is the residuals do not depend on each other."),
            ]),
            .table(amplitudes(channel, predictions, examples)),
          ]))
    }
    return HTMLReport(
      title: isSystem ? "Simulation" : "Imitation", lead: lead,
      keyFigures: [
        .init(
          isSystem ? "RMSE, free run" : "RMSE", number(own.mean(\.model.rootMeanSquaredError)),
          explanation: "In the unit of the output; the mean over several."),
        isSystem
          ? .init(
            "Fit, free run", number(own.mean(\.model.fit)) + " %", explanation: "100 (1 - RMSE / deviation).")
          : .init(
            "R²", number(own.mean(\.model.r2)), explanation: "The share of the variance that is explained."),
        isSystem
          ? .init(
            "RMSE, one step", number(own.mean { $0.oneStep?.rootMeanSquaredError }),
            explanation: "Behind measured outputs: no simulation.")
          : .init(
            "Held action", number(own.mean { $0.held?.rootMeanSquaredError }),
            explanation: "RMSE of doing again what was done last."),
        .init(
          isSystem ? "Linear ARX, free run" : "Linear with memory",
          number(own.mean { $0.linear?.rootMeanSquaredError }),
          explanation: "RMSE of a linear model of order \(own.linearOrder)."),
      ], sections: sections)
  }

  private var stepLabel: String { interval == nil ? "step" : "time" }

  /// When a step was, in the unit of the times.
  private func time(_ step: Int) -> Double { Double(step) * (interval ?? 1) + (interval == nil ? 1 : 0) }

  private func residuals(
    _ channel: Int, _ prediction: Prediction, _ example: Example
  ) -> [(x: Double, y: Double)] {
    let first = max(firstStep, example.contextCount)
    return (first..<max(first, example.stepCount)).compactMap { step in
      let measured = Double(example.outputs[step * outputSize + channel])
      guard measured.isFinite else { return nil }
      return (time(step), measured - prediction.values[(step - firstStep) * outputSize + channel])
    }
  }

  private func course(_ channel: Int, _ predictions: [Prediction], _ examples: [Example]) -> LineChart? {
    guard let prediction = predictions.first, let example = examples.first, !prediction.values.isEmpty else {
      return nil
    }
    let measured = (0..<example.stepCount).map {
      (x: time($0), y: Double(example.outputs[$0 * outputSize + channel]))
    }.filter(\.y.isFinite)
    let said = (firstStep..<max(firstStep, example.stepCount)).map {
      (x: time($0), y: prediction.values[($0 - firstStep) * outputSize + channel])
    }
    let isSystem = kind == .simulation
    return LineChart(
      title: outputs[channel], xLabel: stepLabel, yLabel: outputs[channel],
      curves: (measured.isEmpty ? [] : [.init(name: isSystem ? "measured" : "driver", points: measured)])
        + [.init(name: isSystem ? "simulated" : "model", points: said)])
  }

  /// What was measured and said of the first episode; several outputs one after the other are a page.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    moves.isEmpty ? course(0, predictions, examples)?.svg : moveChart(predictions, examples)?.svg
  }

  /// Lags of an autocorrelation.
  private static let lagCount = 50

  private static func autocorrelationChart(_ residuals: [Double]) -> LineChart {
    let mean = residuals.reduce(0, +) / Double(max(residuals.count, 1))
    let centered = residuals.map { $0 - mean }
    let power = centered.reduce(0) { $0 + $1 * $1 }
    let lags = 0...min(lagCount, max(residuals.count - 1, 0))
    let points = lags.map { lag -> (x: Double, y: Double) in
      var sum = 0.0
      for place in lag..<max(centered.count, lag) { sum += centered[place] * centered[place - lag] }
      return (Double(lag), power > 0 ? sum / power : 0)
    }
    let bound = 1.96 / Double(max(residuals.count, 1)).squareRoot()
    func line(_ name: String, _ y: Double) -> LineChart.Curve {
      .init(name: name, points: [(0, y), (Double(lags.upperBound), y)])
    }
    return LineChart(
      title: "Autocorrelation of the residual", xLabel: "lag in steps", yLabel: "correlation",
      curves: [
        .init(name: "residual", points: points), line("95 % lie below, if independent,", bound),
        line("and above", -bound),
      ])
  }

  /// Errors by how large the output is, in fifths of its range.
  private func amplitudes(
    _ channel: Int, _ predictions: [Prediction], _ examples: [Example]
  ) -> HTMLReport.Table {
    var pairs: [(measured: Double, residual: Double)] = []
    for (prediction, example) in zip(predictions, examples) {
      let first = max(firstStep, example.contextCount)
      for step in first..<max(first, example.stepCount) {
        let measured = Double(example.outputs[step * outputSize + channel])
        guard measured.isFinite else { continue }
        pairs.append((measured, measured - prediction.values[(step - firstStep) * outputSize + channel]))
      }
    }
    let (low, high) = (pairs.map(\.measured).min() ?? 0, pairs.map(\.measured).max() ?? 0)
    let rows = (0..<5).map { part -> [String] in
      let range = (low + (high - low) * Double(part) / 5, low + (high - low) * Double(part + 1) / 5)
      let own = pairs.filter { $0.measured >= range.0 && ($0.measured < range.1 || part == 4) }
      let square = own.reduce(0) { $0 + $1.residual * $1.residual } / Double(max(own.count, 1))
      return [
        "\(significant(range.0)) to \(significant(range.1))", "\(own.count)",
        own.isEmpty ? "–" : significant(square.squareRoot()),
      ]
    }
    return .init(
      caption: "Error by amplitude", columns: [.text("measured"), .number("steps"), .number("RMSE")],
      rows: rows)
  }
}
