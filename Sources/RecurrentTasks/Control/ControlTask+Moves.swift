import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ControlTask {
  /// How often a driver makes the move that was made, beside making the last one again and a linear model with memory.
  func moveEvaluation(_ predictions: [Prediction], _ examples: [Example]) -> TaskEvaluation {
    var (logits, labels) = ([[Float]](), [Int]())
    var held = (right: 0, count: 0)
    var linearRight = 0
    for (prediction, example) in zip(predictions, examples) {
      let linear = linearValues(example, isFree: true)
      for step in example.contextCount..<max(example.contextCount, example.stepCount) {
        let move = example.outputs[step]
        guard move.isFinite else { continue }
        labels.append(Int(move))
        logits.append(
          prediction.spreads[step * moves.count..<(step + 1) * moves.count].map { Float(log(max($0, 1e-30))) }
        )
        if linear[step - example.contextCount] == Double(move) { linearRight += 1 }
        if step > 0, example.outputs[step - 1].isFinite {
          held.count += 1
          if example.outputs[step - 1] == move { held.right += 1 }
        }
      }
    }
    let own = ClassificationReport(
      logits: logits, labels: labels, names: moves, scaling: TemperatureScaling())
    let lead =
      "\(counted(examples.count, "episode")), \(counted(labels.count, "step")) evaluated: \(protocolText)."
    var evaluation = own.evaluation(title: "Imitation", lead: lead)
    let shares = (
      held: Double(held.right) / Double(max(held.count, 1)),
      linear: Double(linearRight) / Double(max(labels.count, 1))
    )
    evaluation.metrics += [
      .init("held move accuracy", shares.held), .init("linear with memory accuracy", shares.linear),
    ]
    evaluation.lines =
      [lead] + evaluation.lines + [
        "making the last move again: accuracy \(rounded(shares.held, 4)); linear with memory (\(linear.order) steps): "
          + "accuracy \(rounded(shares.linear, 4))"
      ]
    if own.accuracy.value <= shares.linear, own.count > 0 {
      evaluation.warnings.append("a linear model with memory is right as often")
    }
    var page = own.htmlReport(title: "Imitation", lead: lead)
    page.sections.insert(
      .init(
        "Baselines",
        [
          .table(
            .init(
              columns: [.text("driver"), .number("accuracy")],
              rows: [
                ["model", rounded(own.accuracy.value, 4)],
                ["linear with memory, \(linear.order) steps", rounded(shares.linear, 4)],
                ["the last move again", rounded(shares.held, 4)],
              ]))
        ]), at: 0)
    if let chart = moveChart(predictions, examples) {
      page.sections.append(
        .init("Course", [.figures([.init(chart, caption: "Moves of the first episode by their numbers.")])]))
    }
    evaluation.report = page.html
    return evaluation
  }

  /// Moves of the first episode by their numbers.
  func moveChart(_ predictions: [Prediction], _ examples: [Example]) -> LineChart? {
    guard let prediction = predictions.first, let example = examples.first else { return nil }
    let steps = example.contextCount..<max(example.contextCount, example.stepCount)
    func curve(_ name: String, _ value: (Int) -> Double) -> LineChart.Curve {
      .init(
        name: name, points: steps.map { (x: Double($0 + 1), y: value($0)) }.filter(\.y.isFinite),
        isStepped: true)
    }
    return LineChart(
      title: outputs[0], xLabel: "step", yLabel: "number of the move",
      curves: [
        curve("driver") { Double(example.outputs[$0]) }, curve("model") { prediction.values[$0] },
      ])
  }
}
