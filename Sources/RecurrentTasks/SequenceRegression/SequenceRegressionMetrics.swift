/// How well the targets of steps were predicted, beside what a model has to beat.
public struct SequenceRegressionMetrics: Sendable, Equatable, Codable {
  /// Errors of predictions of one target, where both are known.
  public struct Errors: Sendable, Equatable, Codable {
    /// Steps.
    public var count: Int
    /// The root of the mean squared error.
    public var rmse: Double
    /// The mean absolute error.
    public var mae: Double
    /// The share of the variance of the target that is explained; nil where it does not vary:
    ///
    ///     R2 = 1 - mean of (y - p)² / mean of (y - m)²,   m = mean of y
    public var r2: Double?
    /// The root of the mean squared error divided by the deviation of the target; nil where it does not vary:
    ///
    ///     NRMSE = √(mean of (y - p)²) / √(mean of (y - m)²) = √(1 - R2)
    public var nrmse: Double?

    /// Compares targets with predictions; nil where there are none.
    public init?(_ pairs: [(target: Double, prediction: Double)]) {
      guard !pairs.isEmpty else { return nil }
      count = pairs.count
      let total = Double(pairs.count)
      func mean(_ number: ((target: Double, prediction: Double)) -> Double) -> Double {
        pairs.reduce(0) { $0 + number($1) } / total
      }
      let square = mean { ($0.target - $0.prediction) * ($0.target - $0.prediction) }
      rmse = square.squareRoot()
      mae = mean { abs($0.target - $0.prediction) }
      let center = mean(\.target)
      let variance = mean { ($0.target - center) * ($0.target - center) }
      guard variance > 0 else { return }
      r2 = 1 - square / variance
      nrmse = (square / variance).squareRoot()
    }
  }

  /// One target.
  public struct Target: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// The errors of the model.
    public var model: Errors
    /// The errors of the mean of the training part, predicted everywhere.
    public var mean: Errors
    /// The errors of persistence: of the target at the step before, which the model does not read; nil where no two steps that
    /// follow each other are known.
    public var persistence: Errors?
    /// The share of steps whose target lies within the bounds.
    public var coverage: Double
    /// The distance between the bounds, in the unit of the target.
    public var width: Double
  }

  /// The targets of which something is known.
  public var targets: [Target]

  /// Evaluates predictions.
  public init(
    _ task: SequenceRegressionTask, _ predictions: [SequenceRegressionTask.Prediction],
    to examples: [SequenceRegressionTask.Example]
  ) {
    targets = task.targets.enumerated().compactMap { target, name in
      var (own, mean, before) = (
        [(target: Double, prediction: Double)](), [(Double, Double)](), [(Double, Double)]()
      )
      var inside = 0
      for (prediction, example) in zip(predictions, examples) {
        var last: (step: Int, value: Double)?
        for (step, value) in task.known(target, of: example) {
          let interval = prediction.interval(target, at: step)
          own.append((value, interval.value))
          mean.append((value, task.scaler.centers[target]))
          if let last, last.step == step - 1 { before.append((value, last.value)) }
          if interval.low <= value, value <= interval.high { inside += 1 }
          last = (step, value)
        }
      }
      guard let model = Errors(own), let constant = Errors(mean) else { return nil }
      return Target(
        name: name, model: model, mean: constant, persistence: Errors(before),
        coverage: Double(inside) / Double(own.count), width: 2 * task.halfWidths[target])
    }
  }

  /// The mean of a number over the targets that have it; nil where none has.
  func mean(_ number: (Target) -> Double?) -> Double? {
    let numbers = targets.compactMap(number)
    return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}
