import RecurrentReports

extension ExplanationPage {
  /// The graph, and the extents of its weights.
  func unrolled(_ explanation: Explanation, _ reading: ReadingView) -> [HTMLReport.Block] {
    let own = window(of: reading, in: explanation)
    let layers = reading.parts.map { part in
      let units = part.followed.prefix(ExplanationPage.graphUnits).map(\.unit)
      let largest = part.hidden.joined().reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
      let scale = largest > 1 ? 1 / largest : 1
      return UnrolledChart.Layer(
        name: part.name, inputWeights: extents(explanation, part, "weight_ih", "W"),
        stateWeights: extents(explanation, part, "weight_hh", "U"), isReverse: part.isReverse, units: units,
        values: own.map { step in units.map { part.hidden[step][$0] * scale } })
    }
    let chart = UnrolledChart(
      title: "\(explanation.name) over \(counted(own.count, "step"))",
      inputs: names(explanation, reading),
      outputs: predictions(explanation, reading), layers: layers)
    var blocks = windowNote(explanation, reading)
    blocks.append(
      .paragraph(
        "On the left the network as a loop, with the extents of its weights; on the right the same network unrolled, a column for "
          + "each step. Arrows of one colour are the same weights, used again at every step. Inside each box are values of units, "
          + "those that follow something best: blue above zero, orange below."))
    blocks.append(
      .figures([
        HTMLReport.Figure(
          chart,
          caption:
            "The network unrolled over \(counted(own.count, "step")): inputs below, \(layersText(reading)), outputs above."
        )
      ]))
    return blocks
  }

  /// How many layers there are.
  private func layersText(_ reading: ReadingView) -> String {
    let isBidirectional = reading.parts.contains(where: \.isReverse)
    return counted(Set(reading.parts.map(\.layer)).count, "layer")
      + (isBidirectional ? " in two directions, which stand above each other and read the same" : "")
  }

  /// A weight of a cell with its extents; empty where it has none of the name.
  private func extents(
    _ explanation: Explanation, _ part: ReadingView.Part, _ name: String, _ letter: String
  ) -> String {
    let suffix = "\(name)_l\(part.layer)" + (part.isReverse ? "_reverse" : "")
    guard let own = explanation.contributions.first(where: { $0.name.hasSuffix(suffix) }) else { return "" }
    return "\(letter) [\(own.shape.map { "\($0)" }.joined(separator: " × "))]"
  }

  /// Losses and probabilities by step.
  func forwards(_ explanation: Explanation, _ reading: ReadingView) -> [HTMLReport.Block] {
    let count = explanation.steps.count
    let own = window(count)
    let steps = own.map { explanation.steps[$0] }
    var rows: [StepBarsChart.Row] = []
    if steps.contains(where: { $0.loss != nil }) {
      rows.append(.init("loss", steps.map { $0.loss ?? .nan }))
    }
    if steps.contains(where: { $0.confidence != nil }) {
      rows.append(
        .init("how sure", remark: "probability of the prediction", steps.map { $0.confidence ?? .nan }))
    }
    var blocks = windowNote(explanation, count)
    if !rows.isEmpty {
      let chart = StepBarsChart(title: "Step by step", steps: steps.map(\.input), rows: rows)
      blocks.append(
        .figures([HTMLReport.Figure(chart, caption: "What each step costs and how sure the model is.")]))
    }
    return blocks + [.table(stepTable(explanation, count))]
  }

  /// What steps add to gradients, and how far errors reach.
  func backwards(_ explanation: Explanation, _ reading: ReadingView, isLesson: Bool) -> [HTMLReport.Block] {
    let own = window(of: reading, in: explanation)
    let weights = explanation.contributions.filter { weight in
      weight.norm > 0 && weight.steps.contains { $0.reading == reading.number }
    }
    guard !weights.isEmpty else {
      return [.paragraph("No gradient goes back through these steps.")]
    }
    let shares = weights.map { explanation.shares(of: $0, in: reading) }
    let rows = zip(weights, shares).map { weight, shares in
      StepBarsChart.Row(
        ExplanationPage.short(weight.name),
        remark: "sum \(rounded(weight.steps.reduce(0) { $0 + $1.share }, 4))",
        own.map { shares[$0] })
    }
    let gradient = reading.parts.map { part in
      StepBarsChart.Row(
        "dL/dh, layer \(part.layer + 1)\(part.isReverse ? ", backwards" : "")",
        own.map { part.stateGradient[$0] })
    }
    let inputs = names(explanation, reading)
    var blocks: [HTMLReport.Block] = [
      .paragraph(
        "The weights are the same at every step, so their gradient is a sum over the steps. Each bar is the share of one step: the "
          + "shares of a row sum to 1, and the sum of what the steps add is the gradient that training computes in one piece."
      ),
      .figures([
        HTMLReport.Figure(
          StepBarsChart(title: "What each step adds to the gradients", steps: inputs, rows: rows),
          caption: "The share of each step in the gradient of each weight."),
        HTMLReport.Figure(
          StepBarsChart(title: "The error at each state", steps: inputs, rows: gradient),
          caption: "The norm of the gradient of the whole loss with respect to the state behind each step."),
      ]),
      .table(
        HTMLReport.Table(
          caption:
            "The sum over the steps beside the gradient in one piece: its norm, the sum of the shares, the relative difference",
          columns: [
            .text("weight"), .number("extents"), .number("norm"), .number("sum of shares"),
            .number("difference"), .number("most at step"),
          ],
          rows: zip(weights, shares).map { weight, shares in
            [
              weight.name, weight.shape.map { "\($0)" }.joined(separator: " × "), significant(weight.norm),
              rounded(weight.steps.reduce(0) { $0 + $1.share }, 5), significant(weight.difference, 2),
              "\(explanation.number(of: shares.indices.max { shares[$0] < shares[$1] } ?? 0, in: reading))",
            ]
          })),
    ]
    let reaches = reading.parts.map { (name: $0.name, reach: $0.reach) }.filter { !$0.reach.byLag.isEmpty }
    let curves = reading.parts.map { part in
      (name: "layer \(part.layer + 1)" + (part.isReverse ? ", backwards" : ""), reach: part.reach)
    }.filter { !$0.reach.byLag.isEmpty }
    if !isLesson, !reaches.isEmpty {
      let isOfEnd = reading.parts.contains { $0.health.isLossAtEnd }
      blocks += [
        .paragraph(
          isOfEnd
            ? "How far back the error reaches, which comes in behind the last step"
              + (reading.parts.contains(where: \.isReverse) ? " of each direction." : ".")
            : "How far back the error of single steps reaches: the mean over up to \(ReadingView.lossLimit) steps of the second half of "
              + "what is read."
        ),
        .figures([ExplanationPage.reachFigure(curves)]), .table(ExplanationPage.reachTable(reaches)),
      ]
    }
    return blocks
  }

  /// A name without what all weights of a network begin with.
  static func short(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

  /// Units by what they follow, their gates, and how saturated all of it is.
  func units(_ explanation: Explanation, _ reading: ReadingView) -> [HTMLReport.Block] {
    let own = window(of: reading, in: explanation)
    let inputs = names(explanation, reading)
    var blocks: [HTMLReport.Block] = []
    for part in reading.parts.reversed() {
      let shown = part.followed.prefix(ExplanationPage.stripUnits)
      func strips(_ values: [[Float]]) -> [UnitStripsChart.Strip] {
        let largest = values.joined().reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
        let scale = largest > 1 ? 1 / largest : 1
        return shown.filter { $0.unit < values.first?.count ?? 0 }.map { unit in
          .init(
            unit.signal.isEmpty
              ? "unit \(unit.unit)" : "unit \(unit.unit): \(unit.signal) \(rounded(unit.correlation, 2))",
            own.map { values[$0][unit.unit] * scale })
        }
      }
      let charts = ([("hidden", part.hidden)] + part.others).map { name, values in
        HTMLReport.Figure(
          UnitStripsChart(title: "\(part.name): \(name)", steps: inputs, strips: strips(values)),
          caption: "\(name) of the units that follow something best, with the correlation.")
      }
      blocks.append(.figures(charts))
    }
    blocks.append(.table(saturationTable(reading)))
    return blocks
  }

  private func saturationTable(_ reading: ReadingView) -> HTMLReport.Table {
    HTMLReport.Table(
      caption:
        "Saturation: hidden values beyond ±0.97, gates nearly closed (below 0.03) and open (above 0.97)",
      columns: [
        .text("layer"), .text("values"), .number("saturated or open"), .number("closed"),
        .number("dead units"),
      ],
      rows: reading.parts.flatMap { part in
        [[part.name, "hidden", part.health.saturated.map(percent) ?? "", "", "\(part.health.deadCount)"]]
          + part.health.gates.map { ["", $0.name, percent($0.open), percent($0.closed), ""] }
      })
  }
}

/// Texts of steps.
enum StepText {
  /// A token with what cannot be seen written out.
  static func visible(_ text: String) -> String { text == " " ? "␣" : text.replacing("\n", with: "⏎") }
}
