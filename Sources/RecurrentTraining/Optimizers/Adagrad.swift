/// Adagrad (Duchi, Hazan and Singer 2011; torch.optim.Adagrad).
///
///     g = gradient + weightDecay p,   s = s + g²
///     p = p - learningRate / (1 + (t - 1) rateDecay) g / (sqrt(s) + epsilon)
public struct Adagrad: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How the step size shrinks with the number of steps.
  public var rateDecay: Double
  /// Added to the gradient, times the parameter.
  public var weightDecay: Double
  /// Added to the root.
  public var epsilon: Double
  /// The running statistics and the number of steps.
  public var state = OptimizerState()

  /// The rule with its numbers.
  public init(
    learningRate: Double = 1e-2, rateDecay: Double = 0, weightDecay: Double = 0, epsilon: Double = 1e-10
  ) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.weightDecay = weightDecay
    self.epsilon = epsilon
  }

  /// The sum of squares.
  public var statisticsCount: Int { 1 }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    OptimizerStep(
      rule: .adagrad(epsilon: epsilon), step: number,
      learningRate: learningRate / (1 + Double(number - 1) * rateDecay), weightDecay: weightDecay)
  }
}
