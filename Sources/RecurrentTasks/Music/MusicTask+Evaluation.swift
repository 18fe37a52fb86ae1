import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension MusicTask {
  /// Nats of a step and of an event, and how much was predicted right, of all steps but the first of each piece.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    let metrics = MusicMetrics(self, predictions, examples)
    return TaskEvaluation(
      metrics: metrics.metrics, lines: metrics.lines,
      report: report(metrics, predictions, examples).html, details: metrics, warnings: metrics.warnings)
  }

  /// Steps of a bar.
  var stepsPerBar: Int { quartersPerBar * grid.stepsPerQuarter }

  /// A piece above the probabilities of its keys.
  public func plot(_ predictions: [Prediction], of examples: [Example]) -> String? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    return chart(prediction, example).svg
  }

  private func chart(_ prediction: Prediction, _ example: Example) -> PianoRollChart {
    var chart = PianoRollChart(
      title: example.name.isEmpty ? "A piece" : example.name, example.steps, tellsHeld: tokens.tellsHeld,
      stepsPerBar: stepsPerBar)
    chart.shades = prediction.steps.map { step in
      step.probabilities.map { (key: $0.key, share: Double($0.probability)) }
    }
    return chart
  }

  private func report(
    _ metrics: MusicMetrics, _ predictions: [Prediction], _ examples: [Example]
  ) -> HTMLReport {
    let name = configuration.representation.likelihoodClass
    var pieces: [HTMLReport.Figure] = []
    for (prediction, example) in zip(predictions, examples).prefix(2) where !example.steps.isEmpty {
      pieces.append(
        HTMLReport.Figure(
          chart(prediction, example),
          caption: "Notes, and the probability of each key before it was heard, at least 5 %."))
      let nats = prediction.steps.enumerated().map { (x: Double($0.offset + 1), y: Double($0.element.nats)) }
      pieces.append(
        HTMLReport.Figure(
          LineChart(
            title: "Surprise along the piece", xLabel: "step", yLabel: "nats",
            curves: [.init(name: "nats of a step", points: nats)]),
          caption: "The first step is not scored."))
    }
    let own = MusicStyle(examples.lazy.map(\.steps))
    return HTMLReport(
      title: "Music", lead: metrics.lines[0],
      keyFigures: [
        .init(
          "Nats a step", rounded(metrics.natsPerStep.value, 3),
          interval: "95 %: \(rounded(metrics.natsPerStep.low, 3)) to \(rounded(metrics.natsPerStep.high, 3))",
          explanation: "Class: \(name). Numbers of the two classes are not comparable."),
        .init("Nats an event", rounded(metrics.natsPerEvent, 3), explanation: metrics.eventName),
        .init("Accuracy", rounded(metrics.accuracy, 4), explanation: metrics.accuracyName),
        .init(
          "Frequencies alone", rounded(metrics.baselineNatsPerStep, 3),
          explanation: "Nats a step of independent keys by how often they sound in the training part."),
      ],
      sections: [
        .init("Pieces", [.figures(pieces)]),
        .init("Beside the training part", [.figures(own.charts(beside: style, named: "training part"))]),
      ])
  }
}

/// How well music was predicted.
public struct MusicMetrics: Sendable, Equatable, Encodable {
  /// The class of likelihoods that the numbers belong to.
  public var likelihood: String
  /// Pieces.
  public var pieces: Int
  /// Steps that were scored: all but the first of each piece.
  public var steps: Int
  /// Events that were scored.
  public var events: Int
  /// Nats of a step, with the interval over pieces.
  public var natsPerStep: ScoreInterval
  /// Nats of an event.
  public var natsPerEvent: Double
  /// What was predicted right.
  public var accuracy: Double
  /// Nats of a step by the frequencies of keys alone, independent of each other.
  public var baselineNatsPerStep: Double
  /// What stands in the way of comparing the numbers.
  let warnings: [String]
  private let representation: MusicRepresentation

  private enum CodingKeys: CodingKey { case likelihood, pieces, steps, events, baselineNatsPerStep }

  init(_ task: MusicTask, _ predictions: [MusicTask.Prediction], _ examples: [MusicTask.Example]) {
    representation = task.configuration.representation
    likelihood = representation.likelihoodClass
    pieces = predictions.count
    let sums = predictions.map { MusicSums($0) }
    var total = MusicSums()
    for sum in sums { total.add(sum) }
    (steps, events) = (total.steps, total.events)
    (natsPerEvent, accuracy) = (total.natsPerEvent, total.accuracy)
    // whole numbers are drawn: millionths of a nat, at most so many that their sum fits, whatever a network scores
    let most = Double(Int.max / max(2 * pieces, 2))
    let bootstrap = SumBootstrap(
      sums.flatMap { [Int(min(most, ($0.nats * 1e6).rounded())), $0.steps] }, width: 2, seed: 1)
    natsPerStep = bootstrap.interval { Double($0[0]) / 1e6 / Double(max($0[1], 1)) }
    natsPerStep.value = total.natsPerStep
    baselineNatsPerStep = task.style.natsPerStep(of: examples.lazy.map(\.steps), keys: task.tokens.range)
    warnings =
      total.steps == 0 ? ["no piece has two steps: there is nothing to score"] : []
  }

  var eventName: String {
    representation == .events ? "Tones and ends of steps." : "Tones that sound."
  }
  var accuracyName: String {
    representation == .events
      ? "Share of events that were the likeliest."
      : "Tones that sound and were likelier than not, of those that do either (Bay et al. 2009)."
  }

  var metrics: [TaskEvaluation.Metric] {
    [
      .init("nats per step", natsPerStep), .init("nats per event", natsPerEvent), .init("accuracy", accuracy),
    ]
  }

  var lines: [String] {
    [
      "\(counted(pieces, "piece")), \(counted(steps, "step")) scored: all but the first of each.",
      "nats a step    \(rounded(natsPerStep.value, 3)) (\(likelihood); 95 %: \(rounded(natsPerStep.low, 3)) to "
        + "\(rounded(natsPerStep.high, 3)))",
      "nats an event  \(rounded(natsPerEvent, 3))",
      "accuracy       \(rounded(accuracy, 4)): \(accuracyName.prefix(1).lowercased() + accuracyName.dropFirst())",
      "nats a step by frequencies of keys alone, independent: \(rounded(baselineNatsPerStep, 3))",
    ]
  }
}

extension MusicStyle {
  /// Nats of a step, of all but the first of each piece, by the frequencies of keys alone, independent of each other; one step more of
  /// each kind than were counted.
  func natsPerStep(of pieces: some Sequence<[[MusicPiece.Tone]]>, keys range: ClosedRange<Int>) -> Double {
    var (silent, sounding) = (0.0, [Double](repeating: 0, count: 128))
    for (key, share) in zip(range, probabilities(of: range)) {
      silent -= log(1 - share)
      sounding[key] = log(1 - share) - log(share)
    }
    var (nats, count) = (0.0, 0)
    for piece in pieces {
      for step in piece.dropFirst() {
        nats += step.reduce(silent) { $0 + sounding[$1.key] }
        count += 1
      }
    }
    return nats / Double(max(count, 1))
  }
}
