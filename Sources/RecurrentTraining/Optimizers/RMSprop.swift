/// RMSprop (Hinton 2012; torch.optim.RMSprop).
///
///     g = gradient + weightDecay p,   v = smoothing v + (1 - smoothing) g²
///     centered: a = smoothing a + (1 - smoothing) g,   v - a² instead of v
///     b = momentum b + g / (sqrt(v) + epsilon),   p = p - learningRate b
public struct RMSprop: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How slowly the mean square forgets.
  public var smoothing: Double
  /// Added to the root.
  public var epsilon: Double
  /// Added to the gradient, times the parameter.
  public var weightDecay: Double
  /// How much of the last direction is kept; 0 for none.
  public var momentum: Double
  /// Whether the variance is used instead of the mean square.
  public var isCentered: Bool
  /// The running statistics and the number of steps.
  public var state = OptimizerState()

  /// The rule with its numbers.
  public init(
    learningRate: Double = 1e-2, smoothing: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentum: Double = 0, isCentered: Bool = false
  ) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.isCentered = isCentered
  }

  /// The mean square, and where they are used the momentum and the mean.
  public var statisticsCount: Int { 1 + (momentum == 0 ? 0 : 1) + (isCentered ? 1 : 0) }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    OptimizerStep(
      rule: .rmsprop(smoothing: smoothing, epsilon: epsilon, momentum: momentum, isCentered: isCentered),
      step: number, learningRate: learningRate, weightDecay: weightDecay)
  }
}
