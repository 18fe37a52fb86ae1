/// Adam (Kingma and Ba 2015, arXiv:1412.6980; torch.optim.Adam), and AdamW with decoupled decay (Loshchilov and Hutter
/// 2019, arXiv:1711.05101; torch.optim.AdamW).
///
///     g = gradient + weightDecay p                         (Adam)
///     p = p (1 - learningRate weightDecay)                 (AdamW)
///     m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g²
///     p = p - learningRate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
public struct Adam: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// How slowly the mean of the gradient forgets.
  public var beta1: Double
  /// How slowly the mean of its square forgets.
  public var beta2: Double
  /// Added to the root.
  public var epsilon: Double
  /// The rate of decay.
  public var weightDecay: Double
  /// Whether decay acts on the parameter instead of on the gradient.
  public var isDecoupled: Bool
  /// Whether the largest v so far is used (Reddi et al. 2018).
  public var isAMSGrad: Bool
  /// The running statistics and the number of steps.
  public var state = OptimizerState()

  /// Adam with its numbers.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, isDecoupled: Bool = false, isAMSGrad: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
    self.isAMSGrad = isAMSGrad
  }

  /// Both moments, and with AMSGrad the largest second one.
  public var statisticsCount: Int { isAMSGrad ? 3 : 2 }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    OptimizerStep(
      rule: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, isAMSGrad: isAMSGrad), step: number,
      learningRate: learningRate, weightDecay: isDecoupled ? 0 : weightDecay,
      parameterScale: isDecoupled ? 1 - learningRate * weightDecay : 1)
  }
}
