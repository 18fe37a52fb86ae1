/// Every rule of ``OptimizerStep`` with its variants.
public enum OptimizerCase {
  /// A rule and the number of running statistics that it keeps.
  public static let all: [(rule: OptimizerStep.Rule, statistics: Int)] = [
    (.sgd(momentum: 0, dampening: 0, isNesterov: false), 0),
    (.sgd(momentum: 0.9, dampening: 0.2, isNesterov: false), 1),
    (.sgd(momentum: 0.9, dampening: 0, isNesterov: true), 1),
    (.adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, isAMSGrad: false), 2),
    (.adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-4, isAMSGrad: true), 3),
    (.rmsprop(smoothing: 0.9, epsilon: 1e-6, momentum: 0, isCentered: false), 1),
    (.rmsprop(smoothing: 0.9, epsilon: 1e-6, momentum: 0.9, isCentered: false), 2),
    (.rmsprop(smoothing: 0.9, epsilon: 1e-3, momentum: 0, isCentered: true), 2),
    (.rmsprop(smoothing: 0.9, epsilon: 1e-3, momentum: 0.5, isCentered: true), 3),
    (.adagrad(epsilon: 1e-6), 1), (.asgd(averageWeight: 0.3), 1), (.asgd(averageWeight: 1), 1),
    (.anchored(pull: 0.02), 1), (.anchored(pull: 0), 1), (.average, 0),
  ]
}
