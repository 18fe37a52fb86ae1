import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension PerformanceTask {
  /// Nats of an event, and how often the likeliest came.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let metrics = PerformanceMetrics(self, predictions, examples)
    return TaskEvaluation(
      metrics: metrics.metrics, lines: metrics.lines, report: report(metrics, predictions, examples).html,
      details: metrics,
      warnings: metrics.events > 0 && metrics.natsPerEvent.value >= metrics.baselineNatsPerEvent
        ? ["events are predicted no better than by their frequencies"] : [])
  }

  /// A performance as a piano roll.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    examples.first.map { chart($0).svg }
  }

  /// Hundredths of a second of a column of a piano roll.
  static let chartStep = 5

  private func chart(_ example: Example) -> PianoRollChart {
    PianoRollChart(
      title: example.name.isEmpty ? "A performance" : example.name, tokens.performance(of: example.tokens))
  }

  /// How often each kind of event is expected: nats by the frequencies of the training part, one more of each than was counted.
  func frequencyNats() -> [Double] {
    let total = Double(frequencies.reduce(0, +) + frequencies.count)
    return frequencies.map { -log((Double($0) + 1) / total) }
  }

  private func report(
    _ metrics: PerformanceMetrics, _ predictions: [Prediction], _ examples: [Example]
  ) -> HTMLReport {
    var figures: [HTMLReport.Figure] = []
    for (prediction, example) in zip(predictions, examples).prefix(2) where !example.tokens.isEmpty {
      figures.append(HTMLReport.Figure(chart(example), caption: "Twenty columns are a second."))
      let nats = prediction.events.enumerated().map { (x: Double($0.offset + 1), y: Double($0.element.nats)) }
      figures.append(
        HTMLReport.Figure(
          LineChart(
            title: "Surprise along the performance", xLabel: "event", yLabel: "nats",
            curves: [.init(name: "nats of an event", points: nats)]), caption: "Each after those before it."))
    }
    let own = keyStyle(examples)
    return HTMLReport(
      title: "Performance", lead: metrics.lines[0],
      keyFigures: [
        .init(
          "Nats an event", rounded(metrics.natsPerEvent.value, 3),
          interval:
            "95 %: \(rounded(metrics.natsPerEvent.low, 3)) to \(rounded(metrics.natsPerEvent.high, 3))",
          explanation: "Keys struck and released, waits, and how hard."),
        .init(
          "Accuracy", rounded(metrics.accuracy, 4), explanation: "Share of events that were the likeliest."),
        .init(
          "Frequencies alone", rounded(metrics.baselineNatsPerEvent, 3),
          explanation: "Nats an event by how often each occurs in the training part."),
      ],
      sections: [
        .init("Performances", [.figures(figures)]),
        .init(
          "Beside the training part",
          [
            .figures(
              own.charts(
                beside: MusicStyle(corpus.pieces.lazy.map { $0.map { $0.map { MusicPiece.Tone(Int($0)) } } }),
                named: "training part"))
          ]),
      ])
  }

  /// The keys of examples one after the other.
  private func keyStyle(_ examples: [Example]) -> MusicStyle {
    MusicStyle(
      examples.lazy.map { example in
        tokens.performance(of: example.tokens).notes.map { [MusicPiece.Tone($0.key)] }
      })
  }
}

extension PianoRollChart {
  /// The notes of a performance, those given at its beginning marked.
  init(title: String, _ performance: MusicPerformance, givenLength: Int = 0) {
    let step = PerformanceTask.chartStep
    self.init(
      title: title,
      notes: performance.notes.map { note in
        Note(
          key: note.key, steps: note.start / step..<max(note.start / step + 1, note.end / step),
          isGiven: note.start < givenLength)
      }, stepCount: (performance.length + step - 1) / step, stepsPerBar: nil)
  }
}

/// How well performances were predicted.
public struct PerformanceMetrics: Sendable, Equatable, Encodable {
  /// Performances.
  public var performances: Int
  /// Events that were scored: all.
  public var events: Int
  /// Nats of an event, with the interval over performances.
  public var natsPerEvent: ScoreInterval
  /// The share of events that were the likeliest.
  public var accuracy: Double
  /// Nats of an event by the frequencies of the training part.
  public var baselineNatsPerEvent: Double

  private enum CodingKeys: CodingKey { case performances, events, baselineNatsPerEvent }

  init(
    _ task: PerformanceTask, _ predictions: [PerformanceTask.Prediction],
    _ examples: [PerformanceTask.Example]
  ) {
    performances = predictions.count
    let sums = predictions.map { PerformanceSums($0) }
    var total = PerformanceSums()
    for sum in sums { total.add(sum) }
    (events, accuracy) = (total.events, total.accuracy)
    // whole numbers are drawn: millionths of a nat
    let most = Double(Int.max / max(2 * performances, 2))
    let bootstrap = SumBootstrap(
      sums.flatMap { [Int(min(most, ($0.nats * 1e6).rounded())), $0.events] }, width: 2, seed: 1)
    natsPerEvent = bootstrap.interval { Double($0[0]) / 1e6 / Double(max($0[1], 1)) }
    natsPerEvent.value = total.natsPerEvent
    let nats = task.frequencyNats()
    let all = examples.reduce(0) { $1.tokens.reduce($0) { $0 + nats[Int($1)] } }
    baselineNatsPerEvent = all / Double(max(examples.reduce(0) { $0 + $1.tokens.count }, 1))
  }

  var metrics: [TaskEvaluation.Metric] {
    [.init("nats per event", natsPerEvent), .init("accuracy", accuracy)]
  }

  var lines: [String] {
    [
      "\(counted(performances, "performance")), \(counted(events, "event")): keys struck and released, waits, and how hard.",
      "nats an event  \(rounded(natsPerEvent.value, 3)) (95 %: \(rounded(natsPerEvent.low, 3)) to "
        + "\(rounded(natsPerEvent.high, 3)))",
      "accuracy       \(rounded(accuracy, 4)): share of events that were the likeliest",
      "nats an event by frequencies alone: \(rounded(baselineNatsPerEvent, 3))",
    ]
  }
}
