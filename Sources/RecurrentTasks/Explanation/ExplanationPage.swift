import RecurrentReports

/// A page that shows how networks read an example: unrolled, forwards, backwards, unit by unit.
public struct ExplanationPage: Sendable {
  /// What is shown; several are networks that are compared.
  public var explanations: [Explanation]
  /// The first step that is drawn, from 0.
  public var start: Int
  /// Steps that are drawn, at most.
  public var stepCount: Int

  /// Steps that a page draws where nothing is said, and at most.
  public static let (standardStepCount, stepLimit) = (60, 240)
  /// Letters of a prediction that are shown in large type, at most.
  static let figureLength = 24
  /// Units of a layer that are drawn in the graph, and as strips.
  static let (graphUnits, stripUnits) = (12, 16)

  /// A page.
  public init(_ explanations: [Explanation], start: Int = 0, stepCount: Int = standardStepCount) {
    self.explanations = explanations
    self.start = max(0, start)
    self.stepCount = min(max(1, stepCount), ExplanationPage.stepLimit)
  }

  /// The page.
  public var report: HTMLReport {
    let isLesson = explanations.contains { $0.initialization != nil }
    let first = explanations.first
    var report = HTMLReport(
      title: isLesson
        ? "How far gradients reach: \(explanations.map(\.name).joined(separator: ", "))"
        : "How \(first?.name ?? "the network") reads \(ExplanationPage.brief(first?.example ?? ""))",
      lead: isLesson
        ? "The same \(first?.example ?? "input") through untrained cells of equal size, with one loss behind the last step: the loop, "
          + "the loop unrolled, and the error on its way back through time."
        : "The network as a loop and unrolled over the steps of this example, what it computes forwards, and how the error "
          + "flows back step by step.",
      keyFigures: isLesson ? [] : keyFigures(explanations[0]))
    report.notes = explanations.flatMap(\.notes)
    for explanation in explanations where explanation.prediction.count > ExplanationPage.figureLength {
      let (text, most) = (explanation.prediction, 400)
      report.notes.append(
        .information("predicted: \(text.prefix(most))\(text.count > most ? "…" : "")"))
    }
    if isLesson { report.sections.append(reachSection) }
    if !isLesson, let first, !first.readings.isEmpty { report.sections.append(adviceSection(first.advice)) }
    for explanation in explanations { report.sections += sections(explanation, isLesson: isLesson) }
    return report
  }

  /// A name without the folders of a path in it.
  private static func brief(_ name: String) -> String {
    // a text stands in quotes
    guard name.first != "\"", !name.contains(" ") else { return name }
    return name.split(separator: "/").last.map(String.init) ?? name
  }

  private func keyFigures(_ explanation: Explanation) -> [HTMLReport.KeyFigure] {
    var figures = [HTMLReport.KeyFigure("loss", significant(explanation.loss))]
    if !explanation.prediction.isEmpty, explanation.prediction.count <= ExplanationPage.figureLength {
      figures.append(.init("prediction", explanation.prediction))
    }
    guard let top = explanation.top else { return figures }
    for part in explanation.readings.first?.parts.filter({ $0.layer == top.layer }) ?? [] {
      figures.append(
        .init(
          part.isReverse ? "effective memory backwards" : "effective memory", part.reach.words,
          explanation: "until less than 1 % of a step's gradient is left, uppermost layer"))
    }
    if let share = top.health.saturated {
      figures.append(
        .init(
          "saturated", percent(share), explanation: "values of hidden units beyond ±0.97, uppermost layer"))
    }
    figures.append(
      .init(
        "contributions against gradient", significant(explanation.largestDifference, 2),
        explanation:
          "the largest distance between the sum over the steps and the gradient in one piece, relative"))
    return figures
  }

  /// The reach of all cells beside each other.
  private var reachSection: HTMLReport.Section {
    let reaches = explanations.flatMap { one -> [(name: String, reach: GradientReach)] in
      let own = one.top.map { ("\(one.name), \(one.initialization ?? "")", $0.reach) }
      return [own].compactMap { $0 } + one.comparisons
    }
    return HTMLReport.Section(
      "Vanishing and exploding gradients",
      [
        .paragraph(
          "Each curve follows the error of the last step back: the norm of its gradient with respect to the state k steps "
            + "earlier, by its norm at the step itself. A straight line downwards is a gradient that vanishes exponentially."
        ),
        .paragraph(
          "Gates keep a gradient where they stand open. How they stand before training is a matter of how parameters are drawn, so "
            + "each cell is shown twice. Uniform is what PyTorch does, all numbers within ± 1 / sqrt(units): the gates stand half "
            + "open, a state halves at each step, and the gradient of an LSTM vanishes as that of a tanh network does. A forget bias "
            + "(in a GRU an update bias) of b = ln(T - 1), T the steps, opens the gate that keeps the state to 1 - 1/T (Tallec and "
            + "Ollivier 2018, arXiv:1804.11188): now much is left after all of them. A tanh network has no gate to open; orthogonal "
            + "weights, which neither stretch nor shrink, help it as far as tanh itself lets gradients through. Sections below show "
            + "the first of each cell."),
        .figures([ExplanationPage.reachFigure(reaches)]), .table(ExplanationPage.reachTable(reaches)),
      ])
  }

  /// What is conspicuous about the network.
  private func adviceSection(_ advice: [Advice]) -> HTMLReport.Section {
    HTMLReport.Section(
      "What is conspicuous",
      advice.isEmpty
        ? [
          .paragraph(
            "Nothing: gradients neither vanish within this example nor explode, and no large part of the units is dead or saturated."
          )
        ] : advice.map { .note(.information($0.line(areFlags: true))) })
  }

  static func reachFigure(_ reaches: [(name: String, reach: GradientReach)]) -> HTMLReport.Figure {
    HTMLReport.Figure(
      LineChart(
        title: "Gradient by lag", xLabel: "steps back, k", yLabel: "log10 of the norm, relative",
        curves: reaches.map { .init(name: $0.name, points: $0.reach.points) }),
      caption: "Norm of dL_t/dh_(t-k) by the norm at k = 0, on a scale of powers of ten; -2 is a hundredth.")
  }

  static func reachTable(_ reaches: [(name: String, reach: GradientReach)]) -> HTMLReport.Table {
    let lags = [1, 2, 5, 10, 20, 50, 100].filter { lag in reaches.contains { $0.reach.byLag.count > lag } }
    return HTMLReport.Table(
      caption: "What is left of a gradient after k steps",
      columns: [.text("cell")] + lags.map { .number("k = \($0)") } + [.number("effective memory")],
      rows: reaches.map { name, reach in
        [name] + lags.map { reach.byLag.count > $0 ? significant(reach.byLag[$0], 2) : "" } + [reach.words]
      })
  }

  private func sections(_ explanation: Explanation, isLesson: Bool) -> [HTMLReport.Section] {
    var sections: [HTMLReport.Section] = []
    for (index, reading) in explanation.readings.prefix(2).enumerated() {
      func section(_ title: String, _ blocks: [HTMLReport.Block]) {
        let own =
          isLesson ? "\(explanation.name): \(title.prefix(1).lowercased())\(title.dropFirst())" : title
        sections.append(HTMLReport.Section(own + (index > 0 ? ", reading \(index + 1)" : ""), blocks))
      }
      section("The loop, unrolled", unrolled(explanation, reading))
      if index == 0, !isLesson, !explanation.steps.isEmpty {
        section("Forwards", forwards(explanation, reading))
      }
      section("Backwards through time", backwards(explanation, reading, isLesson: isLesson))
      section("Gates and units", units(explanation, reading))
    }
    if explanation.readings.isEmpty, !explanation.steps.isEmpty {
      sections.append(
        HTMLReport.Section("Forwards", [.table(stepTable(explanation, explanation.steps.count))]))
    }
    if !isLesson, !explanation.comparisons.isEmpty, let top = explanation.top {
      let all: [(name: String, reach: GradientReach)] =
        [("this model, \(top.health.cell)", top.reach)] + explanation.comparisons
      sections.append(
        HTMLReport.Section(
          "The same input through other cells",
          [
            .paragraph(
              "Elman, LSTM and GRU of equal size with fresh parameters read what the first layer read; the loss is a random "
                + "projection of the last output. Each is there with parameters as PyTorch draws them, uniform, and as they are drawn "
                + "to remember: orthogonal weights, or a bias that opens the gate that keeps the state."),
            .figures([ExplanationPage.reachFigure(all)]), .table(ExplanationPage.reachTable(all)),
          ]))
    }
    return sections
  }

  /// The steps as a table.
  func stepTable(_ explanation: Explanation, _ count: Int) -> HTMLReport.Table {
    let (own, first) = (window(count), explanation.firstStep)
    let steps = own.map { explanation.steps[$0] }
    var columns: [HTMLReport.Table.Column] = [.number("step"), .text("input")]
    var cells: [(StepView) -> String] = [{ StepText.visible($0.input) }]
    func add(
      _ column: HTMLReport.Table.Column, _ has: (StepView) -> Bool, _ cell: @escaping (StepView) -> String
    ) {
      guard steps.contains(where: has) else { return }
      columns.append(column)
      cells.append(cell)
    }
    func number(_ value: Double?) -> String { value.map { rounded($0, 3) } ?? "" }
    add(.text("prediction"), { !$0.prediction.isEmpty }) { StepText.visible($0.prediction) }
    add(.number("probability"), { $0.confidence != nil }) { number($0.confidence) }
    add(.text("target"), { !$0.target.isEmpty }) { StepText.visible($0.target) }
    add(.number("probability of the target"), { $0.targetProbability != nil }) {
      number($0.targetProbability)
    }
    add(.number("loss"), { $0.loss != nil }) { number($0.loss) }
    var table = HTMLReport.Table(
      caption: "Steps \(first + own.lowerBound + 1) to \(first + own.upperBound)", columns: columns,
      rows: zip(own, steps).map { number, step in ["\(first + number + 1)"] + cells.map { $0(step) } })
    table.scrolls = true
    return table
  }
}
