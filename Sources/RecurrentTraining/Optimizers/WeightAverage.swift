/// A running average of the parameters of a model, which often does better than the last ones.
public struct WeightAverage<M: Module>: Sendable {
  /// How the past counts.
  public enum Kind: Sendable, Equatable {
    /// All steps the same (Polyak and Juditsky 1992).
    case mean
    /// The past times `decay`, the present times 1 - decay.
    case exponential(decay: Double)
  }

  /// How the past counts.
  public let kind: Kind
  /// How many models have been taken in.
  public private(set) var count = 0
  /// The average so far; nil before the first.
  public private(set) var average: M?

  /// An average of nothing yet.
  public init(_ kind: Kind) { self.kind = kind }

  /// Takes a model in.
  public mutating func update(_ model: M) {
    count += 1
    guard var mean = average else {
      average = model
      return
    }
    average = nil  // the only owner changes in place
    var rule: Averaging
    switch kind {
    case .mean: rule = Averaging(learningRate: 1 / Double(count))
    case .exponential(let decay): rule = Averaging(learningRate: 1 - decay)
    }
    rule.update(&mean, model)
    average = mean
  }

  /// Goes on from an average of `count` models.
  public mutating func restore(_ average: M, count: Int) {
    self.average = average
    self.count = count
  }
}

/// The step of an average towards the present, as the step of an optimiser: one pass over all parameters.
private struct Averaging: Optimizer {
  var learningRate: Double
  var state = OptimizerState()
  var statisticsCount: Int { 0 }

  init(learningRate: Double) { self.learningRate = learningRate }

  func step(number: Int) -> OptimizerStep {
    OptimizerStep(rule: .average, step: number, learningRate: learningRate)
  }
}
