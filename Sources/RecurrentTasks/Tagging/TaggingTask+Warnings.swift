import RecurrentReports

extension TaggingTask {
  /// Makes warnings of events, so long ahead, what is found.
  ///
  /// - Throws: ``DataError`` where there are no events, or the time is shorter than a step of the output.
  mutating func setAhead(_ ahead: Double?, hasEvents: Bool) throws(DataError) {
    guard let ahead else { return }
    guard hasEvents else {
      throw .invalidSetting(
        name: "ahead", expected: "data with events, such as a table of them (`events`)",
        found: "labels of steps")
    }
    guard ahead * outputRate >= 1 else {
      throw .invalidSetting(
        name: "ahead", expected: "at least a step of the output, \(amount(1 / outputRate))",
        found: amount(ahead))
    }
    guard network.isCausal else {
      throw .invalidSetting(
        name: "ahead", expected: "a network that looks back alone (`causal`)", found: "another")
    }
    picker?.ahead = ahead
    picker?.hasExtent = true
  }

  /// Sets what found events are compared by.
  ///
  /// - Throws: ``DataError`` for a rule of ends where events have none.
  mutating func setScore(_ score: EventScore?, hasExtent: Bool) throws(DataError) {
    guard let score else { return }
    guard score == .onset || hasExtent else {
      throw .invalidSetting(
        name: "score", expected: "onset, for these events have no ends or are none", found: score.rawValue)
    }
    // what is usual is as if it were not set
    self.score = score == .onset ? nil : score
  }

  /// The labels of steps so long before events: the kind of the next event; unknown while an event lasts.
  func warningTargets(
    ahead: Double, of events: [LabelledEvent], _ clock: StepClock, count: Int
  ) -> [Int32] {
    var numbered = [Int32](repeating: 0, count: count)
    func step(_ time: Double) -> Int {
      // places are quotients: what is a whole step may be off in the last digits
      Int(min(max((clock.place(of: time) - 1e-6).rounded(.up), 0), Double(count)))
    }
    // of several the next one counts
    for event in events.sorted(by: { $0.start > $1.start }) {
      guard let number = labels.firstIndex(of: event.label) else { continue }
      let first = step(event.start - ahead)
      for place in first..<max(first, step(event.start)) { numbered[place] = Int32(number) }
    }
    for event in events {
      let first = step(event.start)
      for place in first..<max(first, min(count, max(first + 1, step(event.end)))) { numbered[place] = -100 }
    }
    return numbered
  }

  /// How well the events of recordings were announced.
  func warningMetrics(_ found: [[LabelledEvent]], _ examples: [Example]) -> WarningMetrics {
    WarningMetrics(
      zip(found, examples).map { warnings, example in
        WarningMetrics(
          warnings, known: example.events ?? [], ahead: ahead ?? 0, from: time(0, of: example),
          to: time(example.labels.count, of: example),
          step: 1 / outputRate)
      })
  }

  /// The span in which false alarms are counted: an hour, or a thousand of what times count.
  private var span: (length: Double, name: String) {
    unitName == "second" ? (3600, "an hour") : (1000, "in 1000 \(unitName)s")
  }

  /// Sensitivity, lead times and false alarms, at the threshold and over all of them.
  func warningEvaluation(_ predictions: [Prediction], _ examples: [Example]) -> TaskEvaluation {
    let metrics = warningMetrics(predictions.map(\.events), examples)
    let curve = warningCurve(predictions, examples)
    let (span, per) = span
    let alarms = metrics.falseAlarms(in: span)
    let leads = metrics.leadTimes
    let shown = metrics.medianLeadTime.map {
      "\(amount($0)), from \(amount(leads[0])) to \(amount(leads[leads.count - 1]))"
    }
    let lines = [
      "known events          \(metrics.announced + metrics.missed)",
      "announced             \(metrics.announced)   (at most \(amount(ahead ?? 0)) before)",
      "sensitivity           \(metrics.sensitivity.map { rounded($0, 4) } ?? "-")",
      "median lead time      \(shown ?? "-")",
      "false alarms          \(metrics.falseAlarms), \(rounded(alarms, 3)) \(per)",
      "time in warning       \(rounded(100 * metrics.warnedShare, 1)) %, the sensitivity of warnings at random",
      "threshold             \(rounded(picker?.threshold ?? 0, 2)), chosen on the validation part",
    ]
    return TaskEvaluation(
      metrics: [.init("F1", metrics.f1)]
        + (metrics.sensitivity.map { [.init("sensitivity", $0)] } ?? [])
        + (metrics.medianLeadTime.map { [.init("median lead time, \(timeUnit?.symbol ?? "s")", $0)] } ?? [])
        + [
          .init("false alarms \(per)", alarms), .init("time in warning", metrics.warnedShare),
        ],
      lines: lines, report: warningReport(metrics, curve, examples),
      details: WarningEvaluation(
        metrics: metrics, curve: curve, ahead: ahead ?? 0, threshold: picker?.threshold ?? 0, span: span,
        unit: timeUnit?.symbol ?? "s"))
  }

  /// What there is at each threshold, from high ones on.
  private func warningCurve(_ predictions: [Prediction], _ examples: [Example]) -> [WarningEvaluation.Point] {
    guard var picker else { return [] }
    let all = predictions.map { probabilities($0.scores) }
    return Swift.stride(from: 0.95, through: 0.045, by: -0.05).map { threshold in
      picker.threshold = threshold
      let found = zip(all, examples).map { own, example in
        events(own, by: picker, start: example.start, clock: example.clock)
      }
      let metrics = warningMetrics(found, examples)
      return WarningEvaluation.Point(
        threshold: (threshold * 100).rounded() / 100, sensitivity: metrics.sensitivity ?? 0,
        falseAlarms: metrics.falseAlarms(in: span.length), medianLeadTime: metrics.medianLeadTime)
    }
  }

  private func warningReport(
    _ metrics: WarningMetrics, _ curve: [WarningEvaluation.Point], _ examples: [Example]
  ) -> String {
    let per = span.name
    let points = curve.map { (x: $0.falseAlarms, y: $0.sensitivity) }.sorted { $0 < $1 }
    let chart = LineChart(
      title: "Sensitivity and false alarms", xLabel: "false alarms \(per)", yLabel: "sensitivity",
      curves: [LineChart.Curve(name: "thresholds from 0.95 to 0.05", points: points, hasMarks: true)],
      yRange: 0...1)
    let rows = curve.map { point in
      [
        rounded(point.threshold, 2), rounded(point.sensitivity, 4), rounded(point.falseAlarms, 3),
        point.medianLeadTime.map { rounded($0, 3) } ?? "–",
      ]
    }
    let leads = metrics.leadTimes
    return HTMLReport(
      title: "Warnings",
      lead:
        "\(examples.count) recordings, warnings of \(labels.count - 1) kinds of events at most \(amount(ahead ?? 0)) ahead.",
      keyFigures: [
        HTMLReport.KeyFigure(
          "Sensitivity", metrics.sensitivity.map { rounded($0, 4) } ?? "–",
          explanation: "Of the events the share that was announced."),
        HTMLReport.KeyFigure(
          "Median lead time", metrics.medianLeadTime.map(amount) ?? "–",
          interval: leads.isEmpty ? nil : "\(amount(leads[0])) to \(amount(leads[leads.count - 1]))",
          explanation: "From the first right warning to the event."),
        HTMLReport.KeyFigure(
          "False alarms \(per)", rounded(metrics.falseAlarms(in: span.length), 3),
          explanation: "Warnings that no event followed, in the time without events."),
        HTMLReport.KeyFigure(
          "Time in warning", "\(rounded(100 * metrics.warnedShare, 1)) %",
          explanation: "Warnings at random would announce as large a share of the events."),
      ],
      notes: metrics.announced + metrics.missed == 0 ? [.warning("There were no known events.")] : [],
      sections: [
        HTMLReport.Section(
          "Thresholds",
          [
            .paragraph(
              "A warning is given where the probability of an event passes the threshold, "
                + "\(rounded(picker?.threshold ?? 0, 2)) by the validation part, and stands for \(amount(ahead ?? 0))."
            ),
            .figures([HTMLReport.Figure(chart, caption: "Each point is a threshold.")]),
            .table(
              HTMLReport.Table(
                columns: [
                  .number("threshold"), .number("sensitivity"), .number("false alarms \(per)"),
                  .number("median lead time"),
                ], rows: rows)),
          ])
      ]
    ).html
  }
}

/// How well events were announced, for programs.
struct WarningEvaluation: Encodable, Sendable {
  /// A threshold.
  struct Point: Encodable, Sendable {
    var threshold, sensitivity, falseAlarms: Double
    var medianLeadTime: Double?
  }

  var metrics: WarningMetrics
  var curve: [Point]
  var ahead, threshold: Double
  /// The time in which false alarms are counted.
  var span: Double
  var unit: String

  private enum Keys: String, CodingKey {
    case sensitivity, medianLeadTime, falseAlarmsInSpan, warnedShare, curve, ahead, threshold, span, unit
  }

  func encode(to encoder: any Encoder) throws {
    try metrics.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encodeIfPresent(metrics.sensitivity, forKey: .sensitivity)
    try container.encodeIfPresent(metrics.medianLeadTime, forKey: .medianLeadTime)
    try container.encode(metrics.falseAlarms(in: span), forKey: .falseAlarmsInSpan)
    try container.encode(metrics.warnedShare, forKey: .warnedShare)
    try container.encode(curve, forKey: .curve)
    try container.encode(ahead, forKey: .ahead)
    try container.encode(threshold, forKey: .threshold)
    try container.encode(span, forKey: .span)
    try container.encode(unit, forKey: .unit)
  }
}
