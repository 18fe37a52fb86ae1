/// The optimisers that files and settings know by name. A new one that is to have a name gets one line here.
public enum OptimizerCatalog: String, Sendable, Codable, CaseIterable {
  /// ``SGD``.
  case sgd
  /// ``Adam``.
  case adam
  /// ``Adam`` with decoupled decay.
  case adamw
  /// ``RMSprop``.
  case rmsprop
  /// ``Adagrad``.
  case adagrad
  /// ``ASGD``.
  case asgd

  /// The optimiser with PyTorch's other defaults.
  public func make(learningRate: Double, weightDecay: Double) -> any Optimizer {
    switch self {
    case .sgd: SGD(learningRate: learningRate, weightDecay: weightDecay)
    case .adam: Adam(learningRate: learningRate, weightDecay: weightDecay)
    case .adamw: Adam(learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true)
    case .rmsprop: RMSprop(learningRate: learningRate, weightDecay: weightDecay)
    case .adagrad: Adagrad(learningRate: learningRate, weightDecay: weightDecay)
    case .asgd: ASGD(learningRate: learningRate, weightDecay: weightDecay)
    }
  }

  /// A learning rate that usually works for recurrent networks.
  public var usualLearningRate: Double {
    switch self {
    case .sgd, .asgd: 1
    case .adam, .adamw, .rmsprop: 2e-3
    case .adagrad: 5e-2
    }
  }
}
