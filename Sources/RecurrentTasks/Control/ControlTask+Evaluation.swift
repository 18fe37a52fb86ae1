import RecurrentReports

extension ControlTask {
  /// Errors of systems that run free and one step behind measured outputs, or of drivers, beside baselines.
  public func evaluation(
    _ model: ControlModel, on source: ExampleSource<Example>, progress: (Double) throws -> Void
  ) throws -> TaskEvaluation {
    let packed = packed(model)
    let all = try allPredictions(packed, to: source, progress: progress)
    var evaluation = evaluation(
      of: all.predictions, to: all.examples, oneStep: oneStepPredictions(packed, all.examples))
    if readsPreviousAction { check(&evaluation, packed, all.predictions, all.examples) }
    try closeLoop(&evaluation, packed, all.examples)
    evaluation.stepping = stepping(packed, all.examples)
    return evaluation
  }

  /// The same without what needs the model.
  public func evaluation(of predictions: [Prediction], to examples: [Example]) -> TaskEvaluation {
    evaluation(of: predictions, to: examples, oneStep: [])
  }

  private func evaluation(
    of predictions: [Prediction], to examples: [Example],
    oneStep: [(example: Example, prediction: Prediction)]
  ) -> TaskEvaluation {
    guard moves.isEmpty else { return moveEvaluation(predictions, examples) }
    let own = ControlMetrics(self, predictions, to: examples, oneStep: oneStep)
    let isSystem = kind == .simulation
    let linear = isSystem ? "linear ARX" : "linear with memory"
    func metrics(_ suffix: String, _ mean: (_ number: (ControlMetrics.Output) -> Double?) -> Double?)
      -> [(String, Double?)]
    {
      let main: [(String, Double?)] = [("root mean squared error", mean { $0.model.rootMeanSquaredError })]
      let rest: [(String, Double?)] =
        isSystem
        ? [
          ("fit", mean { $0.model.fit }),
          ("one step root mean squared error", mean { $0.oneStep?.rootMeanSquaredError }),
          ("\(linear) root mean squared error", mean { $0.linear?.rootMeanSquaredError }),
          ("\(linear) fit", mean { $0.linear?.fit }),
          ("\(linear) one step root mean squared error", mean { $0.linearOneStep?.rootMeanSquaredError }),
        ]
        : [
          ("R2", mean { $0.model.r2 }),
          ("held action root mean squared error", mean { $0.held?.rootMeanSquaredError }),
          ("\(linear) root mean squared error", mean { $0.linear?.rootMeanSquaredError }),
          ("\(linear) R2", mean { $0.linear?.r2 }),
        ]
      return (main + rest).map { ($0.0 + suffix, $0.1) }
    }
    var all = metrics("", own.mean)
    for output in own.outputs where outputs.count > 1 {
      all += metrics(", \(output.name)") { $0(output) }
    }
    let lead =
      "\(counted(examples.count, "episode")), \(counted(own.steps, "step")) evaluated: \(protocolText)."
    return TaskEvaluation(
      metrics: all.compactMap { name, value in value.map { .init(name, $0) } },
      lines: [lead] + own.outputs.flatMap { lines($0, own.linearOrder) },
      report: report(own, predictions, examples, lead).html, details: own,
      warnings: own.outputs.compactMap { output in
        guard let beside = output.linear, beside.rootMeanSquaredError <= output.model.rootMeanSquaredError
        else {
          return nil
        }
        return
          "\(output.name): the error is no smaller than that of the \(linear) model of order \(own.linearOrder)"
      })
  }

  private func lines(_ output: ControlMetrics.Output, _ order: Int) -> [String] {
    func number(_ value: Double?) -> String { value.map { significant($0) } ?? "-" }
    guard kind == .simulation else {
      return [
        "\(output.name): RMSE \(number(output.model.rootMeanSquaredError)), R2 \(number(output.model.r2))",
        "  holding the last action: RMSE \(number(output.held?.rootMeanSquaredError)); linear with memory (\(order) steps): RMSE "
          + "\(number(output.linear?.rootMeanSquaredError)), R2 \(number(output.linear?.r2))",
      ]
    }
    return [
      "\(output.name), free run: RMSE \(number(output.model.rootMeanSquaredError)), fit \(number(output.model.fit)) %; "
        + "one step: RMSE \(number(output.oneStep?.rootMeanSquaredError))",
      "  linear ARX of order \(order), free run: RMSE \(number(output.linear?.rootMeanSquaredError)), fit "
        + "\(number(output.linear?.fit)) %; one step: RMSE \(number(output.linearOneStep?.rootMeanSquaredError))",
    ]
  }

  /// What reads the steps of the first episode, again and again.
  private func stepping(_ packed: ControlModel, _ examples: [Example]) -> (@Sendable () -> () -> Void)? {
    guard let example = examples.first, example.stepCount > 0, let session = session(packed) else {
      return nil
    }
    let steps = steps(of: example)
    return {
      var (session, next) = (session, 0)
      return {
        session.read(steps[next])
        next = (next + 1) % steps.count
      }
    }
  }

  // MARK: One step

  /// Places of which one step behind measured outputs is predicted, at most.
  private static let oneStepCount = 1000

  /// Predictions of a system for one step behind a warm-up, at many places of the episodes.
  private func oneStepPredictions(
    _ packed: ControlModel, _ examples: [Example]
  ) -> [(example: Example, prediction: Prediction)] {
    guard kind == .simulation, warmUp > 0 else { return [] }
    let counts = examples.map { max(0, $0.stepCount - max(warmUp, $0.contextCount)) }
    let stride = max(1, counts.reduce(0, +) / ControlTask.oneStepCount)
    let width = inputNames.count
    var windows: [Example] = []
    for example in examples {
      let first = max(warmUp, example.contextCount)
      for step in Swift.stride(from: first, to: max(first, example.stepCount), by: stride) {
        let steps = step - warmUp..<step + 1
        windows.append(
          Example(
            features: example.features.part(steps),
            inputs: Array(example.inputs[steps.lowerBound * width..<steps.upperBound * width]),
            outputs: Array(example.outputs[steps.lowerBound * outputSize..<steps.upperBound * outputSize])))
      }
    }
    return Array(zip(windows, batchedPredictions(packed, to: windows)))
  }

  // MARK: Copycats

  /// Says what a driver that reads its last action does when that is the recorded one; warns where its own lead it astray.
  private func check(
    _ evaluation: inout TaskEvaluation, _ packed: ControlModel, _ predictions: [Prediction],
    _ examples: [Example]
  ) {
    var recorded = self
    recorded.feedsRecordedActions = true
    func error(_ all: [Prediction]) -> Double {
      var (sum, count) = (0.0, 0)
      for (prediction, example) in zip(all, examples) {
        for place in example.contextCount
          * outputSize..<max(example.outputs.count, example.contextCount * outputSize)
        {
          let (said, done) = (prediction.values[place], Double(example.outputs[place]))
          guard done.isFinite else { continue }
          let difference = (said - done) / scaler.scales[place % outputSize]
          sum += moves.isEmpty ? difference * difference : said == done ? 0 : 1
          count += 1
        }
      }
      return count > 0 ? (moves.isEmpty ? (sum / Double(count)).squareRoot() : sum / Double(count)) : 0
    }
    let (own, given) = (error(predictions), error(recorded.batchedPredictions(packed, to: examples)))
    let name = moves.isEmpty ? "RMSE in deviations of the actions" : "share of wrong moves"
    evaluation.metrics.append(.init("error with own last actions", own))
    evaluation.metrics.append(.init("error with recorded last actions", given))
    evaluation.lines.append(
      "  \(name): \(significant(own)) with its own last actions, \(significant(given)) with recorded ones")
    if own > 1.5 * given {
      evaluation.warnings.append(
        "with its own last actions the error is \(significant(own)), with recorded ones \(significant(given)): the driver goes on with what was "
          + "done (a copycat); train without the last action")
    }
  }
}
