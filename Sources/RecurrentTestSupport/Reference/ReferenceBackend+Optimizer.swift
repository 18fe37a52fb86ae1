#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ReferenceBackend {
  /// One step of an optimiser on one parameter, by the formulas of ``OptimizerStep``.
  public func optimize(
    _ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor]
  ) {
    var values = numbers(of: parameter)
    let gradients = numbers(of: gradient)
    var kept = statistics.map { numbers(of: $0) }
    for i in values.indices {
      var numbers = kept.map { $0[i] }
      values[i] = updated(values[i], gradients[i] * step.gradientScale, step, &numbers)
      for (index, number) in numbers.enumerated() { kept[index][i] = number }
    }
    parameter = tensor(values, shape: parameter.shape)
    for (index, numbers) in kept.enumerated() { statistics[index] = tensor(numbers, shape: parameter.shape) }
  }

  /// The new value of a parameter p with gradient g and running statistics `s`, in the order of ``OptimizerStep``.
  private func updated(_ p: Double, _ g: Double, _ step: OptimizerStep, _ s: inout [Double]) -> Double {
    let rate = step.learningRate
    var p = p
    if case .adam = step.rule { p *= step.parameterScale }
    let undecayed = g
    let g = g + step.weightDecay * p
    switch step.rule {
    case .sgd(let momentum, let dampening, let isNesterov):
      guard momentum != 0 else { return p - rate * g }
      s[0] = step.step == 1 ? g : momentum * s[0] + (1 - dampening) * g
      return p - rate * (isNesterov ? g + momentum * s[0] : s[0])
    case .adam(let beta1, let beta2, let epsilon, let isAMSGrad):
      s[0] = beta1 * s[0] + (1 - beta1) * g
      s[1] = beta2 * s[1] + (1 - beta2) * g * g
      var second = s[1]
      if isAMSGrad {
        s[2] = max(s[2], s[1])
        second = s[2]
      }
      let mean = s[0] / (1 - pow(beta1, Double(step.step)))
      let square = second / (1 - pow(beta2, Double(step.step)))
      return p - rate * mean / (square.squareRoot() + epsilon)
    case .rmsprop(let smoothing, let epsilon, let momentum, let isCentered):
      s[0] = smoothing * s[0] + (1 - smoothing) * g * g
      var variance = s[0]
      if isCentered {
        s[s.count - 1] = smoothing * s[s.count - 1] + (1 - smoothing) * g
        variance -= s[s.count - 1] * s[s.count - 1]
      }
      var change = g / (variance.squareRoot() + epsilon)
      if momentum != 0 {
        s[1] = momentum * s[1] + change
        change = s[1]
      }
      return p - rate * change
    case .adagrad(let epsilon):
      s[0] += g * g
      return p - rate * g / (s[0].squareRoot() + epsilon)
    case .asgd(let averageWeight):
      p = p * step.parameterScale - rate * g
      s[0] += averageWeight * (p - s[0])
      return p
    case .anchored(let pull):
      return g == 0 ? p : p + pull * (s[0] - p) - rate * g
    case .average: return p + rate * (undecayed - p)
    }
  }
}
