#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Averaged stochastic gradient descent (Polyak and Juditsky 1992; torch.optim.ASGD).
///
///     g = gradient + weightDecay p
///     eta = learningRate / (1 + shrinkage learningRate (t - 1))^exponent
///     p = p (1 - shrinkage eta) - eta g
///     average = average + (p - average) / max(1, t - 1 - start)
///
/// With the default start of a million steps the average is the parameter itself; set `start` to begin averaging, as
/// AWD-LSTM does when the validation loss stops to improve.
public struct ASGD: Optimizer {
  /// The step size.
  public var learningRate: Double
  /// PyTorch's lambd.
  public var shrinkage: Double
  /// PyTorch's alpha.
  public var exponent: Double
  /// PyTorch's t0: the step at which averaging begins.
  public var start: Double
  /// Added to the gradient, times the parameter.
  public var weightDecay: Double
  /// The running statistics and the number of steps.
  public var state = OptimizerState()

  /// The rule with its numbers.
  public init(
    learningRate: Double = 1e-2, shrinkage: Double = 1e-4, exponent: Double = 0.75, start: Double = 1e6,
    weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.shrinkage = shrinkage
    self.exponent = exponent
    self.start = start
    self.weightDecay = weightDecay
  }

  /// The average.
  public var statisticsCount: Int { 1 }

  /// The step with number `number`, counted from 1.
  public func step(number: Int) -> OptimizerStep {
    let before = Double(number - 1)
    let rate = learningRate / pow(1 + shrinkage * learningRate * before, exponent)
    return OptimizerStep(
      rule: .asgd(averageWeight: number == 1 ? 1 : 1 / Swift.max(1, before - start)), step: number,
      learningRate: rate, weightDecay: weightDecay, parameterScale: 1 - shrinkage * rate)
  }

  /// The model with the averages in place of the parameters.
  public func averaged<M: Module>(_ model: M) -> M {
    model.mappingParameters { name, value in state.statistics[name]?[0] ?? value }
  }
}
