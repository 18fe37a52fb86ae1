import RecurrentReports

extension SketchTask {
  /// Nats and accuracies beside those without memory.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    evaluation(SketchMetrics(self, predictions, to: examples), sections: [])
  }

  /// The same, with drawings of the model.
  public func evaluation(
    _ model: SketchModel, on examples: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let all = try allPredictions(model, to: examples) { try progress(0.7 * $0) }
    var metrics = SketchMetrics(self, all.predictions, to: all.examples)
    let samples = draw(
      model,
      SketchRequest(count: min(500, 4 * all.examples.count), temperature: SketchTask.sampleTemperature))
    try progress(0.9)
    metrics.samples = DrawingStatistics(samples.map(\.strokes))
    metrics.sampleCount = samples.count
    metrics.endedCount = samples.count { $0.hasEnded }
    let sections = pages(model, all.examples, samples)
    try progress(1)
    return evaluation(metrics, sections: sections)
  }

  /// The temperature at which drawings are compared with the data.
  static let sampleTemperature = 0.7

  private func evaluation(_ own: SketchMetrics, sections: [HTMLReport.Section]) -> TaskEvaluation {
    func nats(_ value: Double) -> String { rounded(value, 3) }
    var metrics: [TaskEvaluation.Metric] = [
      .init("nats per point", own.natsPerPoint), .init("nats per drawing", own.natsPerDrawing),
      .init("pen accuracy", own.penAccuracy), .init("nats per point without memory", own.memoryless.total),
    ]
    var lines = [
      "\(counted(own.drawings, "drawing")), \(counted(own.points, "point")), in units of \(significant(Double(scale)))",
      "nats a point \(nats(own.natsPerPoint)) (position \(nats(own.model.position)), pen \(nats(own.model.pen))), "
        + "a drawing \(nats(own.natsPerDrawing))",
      "  without memory \(nats(own.memoryless.total)) (\(nats(own.memoryless.position)), \(nats(own.memoryless.pen))): "
        + "\(nats(own.memoryless.total - own.natsPerPoint)) more",
      "pen accuracy \(rounded(own.penAccuracy, 4)), of a pen that always goes on \(rounded(own.memorylessPenAccuracy, 4))",
      "  as sketch-rnn counts, converted with N_max = \(own.longest): \(nats(own.sketchRNNLoss))",
    ]
    var warnings: [String] = []
    if own.natsPerPoint >= own.memoryless.total {
      warnings.append("points are predicted no better than without memory")
    }
    if let brush = own.brush {
      metrics.append(.init("brush nats per point", brush.natsPerPoint))
      metrics.append(.init("brush nats per point without memory", brush.natsPerPointWithoutMemory))
      let each = brush.channels.map { name, channel in
        "\(name) \(nats(channel.model)) of \(counted(channel.values, "value")), without memory \(nats(channel.memoryless))"
      }
      lines.append(
        "the brush beside these: nats a point \(nats(brush.natsPerPoint)), without memory \(nats(brush.natsPerPointWithoutMemory)) "
          + "(\(each.joined(separator: "; ")))")
      if brush.natsPerPoint >= brush.natsPerPointWithoutMemory {
        warnings.append("the brush is predicted no better than without memory")
      }
    }
    if let latent = own.latentNatsPerDrawing {
      metrics.append(.init("latent nats per drawing", latent))
      lines.append("the latent vector has \(nats(latent)) nats a drawing")
      if latent < SketchMetrics.usedLatent { warnings.append("the latent is not used") }
    }
    if let samples = own.samples {
      lines.append(
        "\(counted(own.sampleCount, "drawing")) at temperature \(SketchTask.sampleTemperature): "
          + "\(rounded(samples.strokes, 1)) strokes and \(rounded(samples.points, 1)) points on the mean, in the training part "
          + "\(rounded(drawings.strokes, 1)) and \(rounded(drawings.points, 1)); \(own.endedCount) ended by themselves"
      )
      metrics += [
        .init("sample strokes", samples.strokes), .init("sample points", samples.points),
      ]
    }
    let page = HTMLReport(
      title: "Drawings", lead: lines[0] + ".",
      keyFigures: [
        .init(
          "Nats a point", nats(own.natsPerPoint),
          explanation:
            "\(nats(own.memoryless.total)) without memory; less is better, and a density may be above 1."),
        .init("Nats a drawing", nats(own.natsPerDrawing)),
        .init("Pen accuracy", rounded(own.penAccuracy, 4)),
      ], notes: warnings.map { .warning("\($0).") },
      sections: [likelihoods(own)] + (own.brush.map { [brushes($0)] } ?? []) + sections)
    return TaskEvaluation(
      metrics: metrics, lines: lines, report: page.html, details: own, warnings: warnings)
  }

  private func brushes(_ own: BrushMetrics) -> HTMLReport.Section {
    HTMLReport.Section(
      "The brush",
      [
        .paragraph(
          "Nats for each value that is predicted, numbers in units of their deviation; they are no part of the nats of points. Without memory "
            + "numbers come from one normal distribution, and colours by how often they are."),
        .table(
          .init(
            columns: [.text("channel"), .number("values"), .number("model"), .number("without memory")],
            rows: own.channels.map { name, channel in
              [name, "\(channel.values)", rounded(channel.model, 4), rounded(channel.memoryless, 4)]
            })),
      ])
  }

  private func likelihoods(_ own: SketchMetrics) -> HTMLReport.Section {
    func row(_ name: String, _ nats: SketchMetrics.Nats) -> [String] {
      [name, rounded(nats.position, 4), rounded(nats.pen, 4), rounded(nats.total, 4)]
    }
    var rows = [row("model", own.model), row("without memory", own.memoryless)]
    if let latent = own.latentNatsPerDrawing {
      let share = latent * Double(own.drawings) / Double(max(own.points, 1))
      rows.append(["latent vector", "", "", rounded(share, 4)])
    }
    return HTMLReport.Section(
      "Likelihood",
      [
        .paragraph(
          "Nats for each point: where it is, in units of \(significant(Double(scale))), and what the pen does there, with the end of the "
            + "drawing. Without memory each offset comes from one mixture of \(network.mixtureCount) normal distributions, which is fitted to "
            + "the training part."),
        .table(
          .init(
            columns: [.text("prediction"), .number("position"), .number("pen"), .number("together")],
            rows: rows)),
      ])
  }
}
