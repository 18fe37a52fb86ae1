/// Gradient descent that is pulled back to the parameters that it began with, for a model that goes on learning from what it
/// reads: dynamic evaluation (Krause et al. 2018, arXiv:1709.07432, the form without statistics of gradients).
///
///     p = p + pull (p_0 - p) - learningRate gradient        where the gradient is not zero
///
/// What has no gradient stays, vectors of tokens that were not read among it: a step costs nothing for them.
public struct AnchoredSGD: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// The share of the way back to the beginning in each step.
  public var pull: Double
  /// The parameters of the beginning, and the number of steps.
  public var state = OptimizerState()

  /// The rule, which begins at the parameters of a model.
  public init<M: Module>(at model: M, learningRate: Double, pull: Double) {
    (self.learningRate, self.pull) = (learningRate, pull)
    for (name, value) in model.parameters { state.statistics[name] = [value] }
  }

  /// The parameter of the beginning.
  public var statisticsCount: Int { 1 }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    OptimizerStep(rule: .anchored(pull: pull), step: number, learningRate: learningRate)
  }
}
