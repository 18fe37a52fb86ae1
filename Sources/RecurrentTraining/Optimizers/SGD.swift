/// Stochastic gradient descent with momentum (torch.optim.SGD).
///
///     g = gradient + weightDecay p
///     m = momentum m + (1 - dampening) g          (m = g in the first step)
///     p = p - learningRate m                      (g + momentum m with Nesterov's form)
public struct SGD: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How much of the last direction is kept; 0 for none.
  public var momentum: Double
  /// How much of the gradient is held back from the direction.
  public var dampening: Double
  /// Added to the gradient, times the parameter.
  public var weightDecay: Double
  /// Whether the gradient is looked at ahead of the step (Sutskever et al. 2013).
  public var isNesterov: Bool
  /// The running statistics and the number of steps.
  public var state = OptimizerState()

  /// The rule with its numbers.
  public init(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
    isNesterov: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  /// The direction, where there is momentum.
  public var statisticsCount: Int { momentum == 0 ? 0 : 1 }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    OptimizerStep(
      rule: .sgd(momentum: momentum, dampening: dampening, isNesterov: isNesterov), step: number,
      learningRate: learningRate, weightDecay: weightDecay)
  }
}
