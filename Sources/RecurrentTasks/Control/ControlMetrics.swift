import RecurrentReports

/// How well the outputs of systems were simulated, or actions given, beside what a model has to beat.
public struct ControlMetrics: Sendable, Equatable, Encodable {
  /// Errors of one output, in its unit.
  public struct Errors: Sendable, Equatable, Encodable {
    /// Steps.
    public var count: Int
    /// The root of the mean squared error.
    public var rootMeanSquaredError: Double
    /// 100 (1 - RMSE / deviation of what was measured); nil where that does not vary.
    public var fit: Double?
    /// The share of the variance that is explained; nil where there is none.
    public var r2: Double?

    /// Compares what was measured with what was said; nil where there is nothing.
    init?(_ pairs: [(measured: Double, said: Double)]) {
      guard !pairs.isEmpty else { return nil }
      count = pairs.count
      let total = Double(pairs.count)
      let square = pairs.reduce(0) { $0 + ($1.measured - $1.said) * ($1.measured - $1.said) } / total
      rootMeanSquaredError = square.squareRoot()
      let center = pairs.reduce(0) { $0 + $1.measured } / total
      let variance = pairs.reduce(0) { $0 + ($1.measured - center) * ($1.measured - center) } / total
      guard variance > 0 else { return }
      fit = 100 * (1 - (square / variance).squareRoot())
      r2 = 1 - square / variance
    }
  }

  /// One output.
  public struct Output: Sendable, Equatable, Encodable {
    /// Its name.
    public var name: String
    /// The errors of the model: of a system running free.
    public var model: Errors
    /// Of a system the errors one step behind measured outputs; nil where that was not asked for.
    public var oneStep: Errors?
    /// The errors of the linear model: of a system running free.
    public var linear: Errors?
    /// Of a system those of the linear model from one measured output to the next.
    public var linearOneStep: Errors?
    /// Of a driver those of doing again what was done last.
    public var held: Errors?
  }

  /// What the figures are of.
  public var `protocol`: String
  /// The outputs of which something is known.
  public var outputs: [Output]
  /// n of the linear model.
  public var linearOrder: Int
  /// Steps that were evaluated.
  public var steps: Int

  /// Evaluates predictions of numbers.
  init(
    _ task: ControlTask, _ predictions: [ControlTask.Prediction], to examples: [ControlTask.Example],
    oneStep: [(example: ControlTask.Example, prediction: ControlTask.Prediction)]
  ) {
    let size = task.outputSize
    linearOrder = task.linear.order
    `protocol` = task.protocolText
    let linear = examples.map { task.linearValues($0, isFree: true) }
    let linearOneStep = task.kind == .simulation ? examples.map { task.linearValues($0, isFree: false) } : []
    outputs = task.outputs.enumerated().compactMap { channel, name in
      var (own, held) = ([(Double, Double)](), [(Double, Double)]())
      var (beside, besideOneStep) = (own, own)
      for (index, example) in examples.enumerated() {
        let first = max(task.firstStep, example.contextCount)
        for step in first..<max(first, example.stepCount) {
          let measured = Double(example.outputs[step * size + channel])
          guard measured.isFinite else { continue }
          own.append((measured, predictions[index].values[(step - task.firstStep) * size + channel]))
          let place = (step - first) * size + channel
          beside.append((measured, linear[index][place]))
          if task.kind == .simulation {
            besideOneStep.append((measured, linearOneStep[index][place]))
          } else if step > 0, example.outputs[(step - 1) * size + channel].isFinite {
            held.append((measured, Double(example.outputs[(step - 1) * size + channel])))
          }
        }
      }
      guard let model = Errors(own) else { return nil }
      let steps = oneStep.compactMap { pair -> (Double, Double)? in
        let measured = Double(pair.example.outputs[task.firstStep * size + channel])
        return measured.isFinite ? (measured, pair.prediction.values[channel]) : nil
      }
      return Output(
        name: name, model: model, oneStep: Errors(steps), linear: Errors(beside),
        linearOneStep: Errors(besideOneStep), held: Errors(held))
    }
    steps = outputs.map(\.model.count).max() ?? 0
  }

  /// The mean of a number over the outputs that have it; nil where none has.
  func mean(_ number: (Output) -> Double?) -> Double? {
    let numbers = outputs.compactMap(number)
    return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}

extension ControlTask {
  /// What figures are of.
  var protocolText: String {
    kind == .simulation
      ? "free run behind a warm-up of \(counted(warmUp, "sample")) with measured outputs, which do not count; "
        + "fit = 100 (1 - RMSE / deviation)"
      : "open loop: what was done for what was observed, causal from the beginning of an episode"
  }
}
