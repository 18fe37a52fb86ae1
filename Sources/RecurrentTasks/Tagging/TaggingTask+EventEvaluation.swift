import RecurrentReports

/// How well events were found, for programs.
struct EventEvaluation: Encodable, Sendable {
  /// By the rule that was asked for.
  var onsets: EventMetrics
  /// What that rule compares.
  var compared: String
  /// By beginnings and ends; nil where known events have no extent.
  var onsetsAndEnds: EventMetrics?
  var tolerance: Double
  /// What times count.
  var unit: String

  private enum Keys: String, CodingKey { case f1, compared, tolerance, unit, onsetsAndEnds, onsetsAndEndsF1 }

  func encode(to encoder: any Encoder) throws {
    try onsets.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(onsets.f1, forKey: .f1)
    try container.encode(compared, forKey: .compared)
    try container.encode(tolerance, forKey: .tolerance)
    try container.encode(unit, forKey: .unit)
    try container.encodeIfPresent(onsetsAndEnds, forKey: .onsetsAndEnds)
    try container.encodeIfPresent(onsetsAndEnds?.f1, forKey: .onsetsAndEndsF1)
  }
}

extension TaggingTask {
  /// What times count, in the singular.
  var unitName: String {
    let symbol = timeUnit?.symbol ?? "s"
    return symbol == "s" ? "second" : symbol
  }

  /// An amount of time with its unit.
  func amount(_ time: Double) -> String { "\(rounded(time, 3)) \(timeUnit?.symbol ?? "s")" }

  /// What the metrics of events compare.
  var scoringNote: String {
    if let score, score != .onset { return "events are scored by \(score.rule(amount(tolerance)))" }
    return "events are scored by their beginnings"
      + (picker?.hasExtent == true
        ? "; \"F1 with ends\" compares their ends too, within the same tolerance" : ", they have no ends")
  }

  /// Precision and recall of events.
  func eventEvaluation(_ predictions: [Prediction], _ examples: [Example]) -> TaskEvaluation {
    let (found, known) = (predictions.map(\.events), examples.map { $0.events ?? [] })
    let score = score ?? .onset
    let metrics = EventMetrics(recordings: found, known: known, by: score, tolerance: tolerance)
    func unlabelled(_ events: [[LabelledEvent]]) -> [[LabelledEvent]] {
      events.map { $0.map { LabelledEvent(label: "", start: $0.start, end: $0.end) } }
    }
    let anyLabel = EventMetrics(
      recordings: unlabelled(found), known: unlabelled(known), by: score, tolerance: tolerance)
    var withEnds: EventMetrics?
    if known.contains(where: { $0.contains { $0.end > $0.start } }) {
      withEnds = EventMetrics(recordings: found, known: known, tolerance: tolerance, endTolerance: tolerance)
    }
    var lines = [
      "known events          \(metrics.hits + metrics.misses)",
      "found events          \(metrics.hits + metrics.falseAlarms)",
      "precision             \(metrics.precision.map { rounded($0, 4) } ?? "-")",
      "recall                \(metrics.recall.map { rounded($0, 4) } ?? "-")",
      "F1                    \(rounded(metrics.f1, 4))   (\(score.rule(amount(tolerance))))",
    ]
    if labels.count > 2 { lines.append("F1 whatever the kind  \(rounded(anyLabel.f1, 4))") }
    if let withEnds {
      lines.append(
        "F1 with ends          \(rounded(withEnds.f1, 4))   (ends within \(amount(tolerance)) too)")
    }
    if let deviation = metrics.meanDeviation {
      lines.append("mean deviation        \(shortAmount(deviation))")
    }
    if network.isCausal { lines.append("labels delayed by     \(shortAmount(Double(delay) / rate))") }
    return TaskEvaluation(
      metrics: [.init("F1", metrics.f1), .init("F1 whatever the kind", anyLabel.f1)]
        + (withEnds.map { [.init("F1 with ends", $0.f1)] } ?? [])
        + (metrics.precision.map { [.init("precision", $0)] } ?? [])
        + (metrics.recall.map { [.init("recall", $0)] } ?? [])
        + (metrics.meanDeviation.map { [.init("mean deviation, \(timeUnit?.symbol ?? "s")", $0)] } ?? []),
      lines: lines, report: eventReport(metrics, withEnds, predictions, examples),
      details: EventEvaluation(
        onsets: metrics, compared: score.comparedName, onsetsAndEnds: withEnds, tolerance: tolerance,
        unit: timeUnit?.symbol ?? "s"))
  }

  /// A short time: seconds as milliseconds.
  private func shortAmount(_ time: Double) -> String {
    (timeUnit?.symbol ?? "s") == "s" ? "\(rounded(time * 1000, 1)) ms" : amount(time)
  }

  private func eventReport(
    _ metrics: EventMetrics, _ withEnds: EventMetrics?, _ predictions: [Prediction], _ examples: [Example]
  ) -> String {
    // recordings one after the other, too far apart to be taken for each other
    let all = (predictions.flatMap(\.events) + examples.flatMap { $0.events ?? [] }).flatMap {
      [$0.start, $0.end]
    }
    let span = (all.max() ?? 0) - (all.min() ?? 0) + 10 * tolerance + 1
    func apart(_ events: [[LabelledEvent]]) -> [LabelledEvent] {
      events.enumerated().flatMap { index, own in
        own.map {
          LabelledEvent(
            label: $0.label, start: $0.start + span * Double(index), end: $0.end + span * Double(index))
        }
      }
    }
    let byLabel = EventMetrics.byLabel(
      found: apart(predictions.map(\.events)), known: apart(examples.map { $0.events ?? [] }),
      by: score ?? .onset, tolerance: tolerance)
    let ends =
      withEnds.map {
        "Of the known events that are found by their beginnings, ends are compared in one figure alone: F1 is "
          + "\(rounded($0.f1, 4)) where they too must lie within \(amount(tolerance))."
      } ?? "Events are compared by their beginnings; they have no ends."
    return metrics.htmlReport(
      title: "Events", lead: "\(examples.count) recordings, \(labels.count - 1) kinds of events.",
      byLabel: byLabel, rule: score == .onset ? nil : score, tolerance: tolerance,
      examples: charts(predictions, examples),
      notes: [.information(ends)],
      unit: timeUnit?.symbol ?? "s"
    ).html
  }

  /// Steps of the beginning that is drawn.
  func shownSteps(_ example: Example) -> Int {
    Int(min(Double(example.features.stepCount), 10 * max(rate, 20)))
  }

  /// The beginning of the first recordings of one number a step, with what is known and what was found.
  private func charts(_ predictions: [Prediction], _ examples: [Example]) -> [EventChart] {
    guard featurizer.featureCount == 1 else { return [] }
    return zip(predictions, examples).prefix(2).map { prediction, example in
      let count = shownSteps(example)
      let end = time(count, of: example)
      let values = example.features.part(0..<count).values
      func shown(_ events: [LabelledEvent]) -> [EventChart.Event] {
        events.filter { $0.start < end }.map { ($0.label, $0.start, $0.end) }
      }
      return EventChart(
        title: "The first \(rounded(Double(count) / rate, 1)) \(unitName)s", signalLabel: "signal, scaled",
        signal: values.enumerated().map {
          (time: time($0.offset, of: example), value: Double($0.element))
        },
        known: shown(example.events ?? []), found: shown(prediction.events), timeUnit: unitName + "s")
    }
  }
}
