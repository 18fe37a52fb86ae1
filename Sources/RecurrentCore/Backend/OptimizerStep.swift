/// A parameter with what an optimiser needs to change it.
public struct ParameterUpdate: Sendable {
  /// Changed by the step.
  public var parameter: Tensor
  /// Of the shape of the parameter.
  public var gradient: Tensor
  /// Running statistics of the shape of the parameter, changed by the step.
  public var statistics: [Tensor]

  /// Puts them together.
  public init(parameter: Tensor, gradient: Tensor, statistics: [Tensor]) {
    self.parameter = parameter
    self.gradient = gradient
    self.statistics = statistics
  }
}

/// One update of one parameter, by PyTorch's rules (torch.optim).
///
/// With p the parameter, g its gradient times `gradientScale`, and decay added first: g += weightDecay p.
public struct OptimizerStep: Sendable {
  /// The rule and its numbers.
  public enum Rule: Sendable {
    /// m = momentum m + (1 - dampening) g, or g in the first step; p -= rate (g + momentum m) with Nesterov's form,
    /// else rate m; without momentum p -= rate g. Statistics: m, when momentum is not zero.
    case sgd(momentum: Double, dampening: Double, isNesterov: Bool)
    /// Adam (Kingma and Ba 2015, arXiv:1412.6980); the larger of all second moments with AMSGrad (Reddi et al. 2018).
    /// Statistics: first and second moment, and the largest second moment with AMSGrad.
    case adam(beta1: Double, beta2: Double, epsilon: Double, isAMSGrad: Bool)
    /// RMSprop (Hinton 2012). Statistics: mean square, momentum when not zero, mean when centered.
    case rmsprop(smoothing: Double, epsilon: Double, momentum: Double, isCentered: Bool)
    /// Adagrad (Duchi et al. 2011). Statistics: sum of squares.
    case adagrad(epsilon: Double)
    /// Averaged gradient descent (Polyak and Juditsky 1992); `averageWeight` is what the new value counts in the
    /// average. Statistics: the average.
    case asgd(averageWeight: Double)
    /// Gradient descent that is pulled back to where it began (Krause et al. 2018, arXiv:1709.07432): with the anchor a,
    /// p += pull (a - p) - rate g, where g is not zero. Statistics: the anchor, which stays as it is.
    case anchored(pull: Double)
    /// A running average: the parameter is the mean so far and the gradient what it is moved towards, p += rate (g - p), without
    /// decay. No statistics.
    case average
  }

  /// The rule.
  public var rule: Rule
  /// The number of this step, from 1.
  public var step: Int
  /// The step size.
  public var learningRate: Double
  /// Multiplies the gradient, to clip its norm.
  public var gradientScale: Double
  /// Added to the gradient, times the parameter.
  public var weightDecay: Double
  /// Multiplies the parameter before the step: AdamW's decoupled decay, ASGD's shrinking.
  public var parameterScale: Double

  /// A step.
  public init(
    rule: Rule, step: Int, learningRate: Double, gradientScale: Double = 1, weightDecay: Double = 0,
    parameterScale: Double = 1
  ) {
    self.rule = rule
    self.step = step
    self.learningRate = learningRate
    self.gradientScale = gradientScale
    self.weightDecay = weightDecay
    self.parameterScale = parameterScale
  }
}
